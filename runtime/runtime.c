/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/runtime.h"

#include <stdio.h>
#include <string.h>

#include "lib/log.h"
#include "lib/own.h"
#include "lib/place.h"
#include "runtime/runtime_log.h"

const char *runtime_root(const struct cli_call *call)
{
	struct runtime_options *o = call->global;
	own_mem char *run = NULL;

	if (o->root)
		return o->root;
	/* what does not fit is no path either: opening it says so */
	run = place_find_run(NULL);
	snprintf(o->default_root, sizeof(o->default_root), "%s/runtime", run);
	return o->default_root;
}

int runtime_begin(const struct cli_call *call, struct err *err)
{
	const struct runtime_options *o = call->global;

	if (runtime_log_start(o, err) < 0)
		return -err->code;
	if (o->systemd_cgroup)
		return err_set(err, E_UNSUPPORTED,
			"--systemd-cgroup is not supported: use the cgroupfs driver");
	if (o->log_format && strcmp(o->log_format, "text") != 0 &&
		strcmp(o->log_format, "json") != 0)
		return err_set(
			err, E_USAGE, "--log-format must be text or json, not '%s'", o->log_format);
	if (o->rootless && strcmp(o->rootless, "true") != 0 && strcmp(o->rootless, "false") != 0 &&
		strcmp(o->rootless, "auto") != 0)
		return err_set(err, E_USAGE, "--rootless must be true, false or auto, not '%s'",
			o->rootless);
	log_debug("kist-runtime " KIST_VERSION ": %s %s", call->command->name,
		call->nargs ? call->args[0] : "");
	return 0;
}
