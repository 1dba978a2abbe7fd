/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/step_refuse.h"

#include <string.h>

#include "builder/build.h"
#include "builder/run_mount.h"
#include "lib/own.h"

static int refuse(const struct instruction *in, const char *flag, struct err *err)
{
	return err_set(err, E_UNSUPPORTED, "%s --%s is not executed yet", in->name, flag);
}

static int refuse_copy(const struct instruction *in, struct err *err)
{
	static const char *const names[] = {"link", "parents", "keep-git-dir"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (instruction_flag_true(in, names[i]))
			return refuse(in, names[i], err);
	if (instruction_flag(in, "checksum"))
		return refuse(in, "checksum", err); /* it belongs to remote sources */
	return 0;
}

static int refuse_run(struct stage *s, const struct instruction *in, struct err *err)
{
	const char *security = instruction_flag(in, "security");

	if (instruction_flag(in, "device"))
		return refuse(in, "device", err);
	if (security && strcmp(security, "sandbox") != 0)
		return err_set(
			err, E_UNSUPPORTED, "RUN --security=%s is not executed yet", security);
	for (size_t i = 0; i < in->flags.count; i++)
		if (strcmp(in->flags.items[i].name, "mount") == 0 &&
			run_mount_check_type(in->flags.items[i].value, &s->vars, err) < 0)
			return -err->code;
	return 0;
}

int step_refuse(struct stage *s, const struct instruction *in, struct err *err)
{
	switch (in->kind) {
	case INSTRUCTION_COPY:
	case INSTRUCTION_ADD:
		return refuse_copy(in, err);
	case INSTRUCTION_RUN:
		return refuse_run(s, in, err);
	default:
		return 0;
	}
}
