/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/utsname.h>

#include "engine/verb/verb.h"
#include "spec/image.h"

static struct json *version_part(struct arena *a, const char *os, const char *arch)
{
	struct json *d = json_new_object(a);

	json_set_string(a, d, "Version", KIST_VERSION);
	json_set_string(a, d, "ApiVersion", VERB_API_VERSION);
	json_set_string(a, d, "GoVersion", "none (C)");
	json_set_string(a, d, "GitCommit", "");
	json_set_string(a, d, "Os", os);
	json_set_string(a, d, "Arch", arch);
	return d;
}

int verb_version(struct engine *e, struct sink *sink, struct err *err)
{
	struct arena *a = &e->arena;
	const char *arch = strchr(platform_host(), '/') + 1;
	struct json *d = json_new_object(a);
	const struct result result = {.kind = RESULT_DOCUMENT, .document = d};
	struct utsname u;

	if (uname(&u) < 0)
		return err_errno(err, "cannot ask the kernel for its version");
	json_set(a, d, "Client", version_part(a, "linux", arch));
	json_set(a, d, "Server", version_part(a, "linux", arch));
	json_set_string(a, json_get(d, "Server"), "KernelVersion", u.release);
	return sink_result(sink, &result, err);
}
