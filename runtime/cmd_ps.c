/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "runtime/cgroup.h"
#include "runtime/instance.h"
#include "runtime/runtime.h"

#define PS_OUTPUT_MAX (16u << 20)

struct ps_command {
	const char *format;
};

static const struct cli_option options[] = {
	OPT_STRING(struct ps_command, format, "format", 'f', "FORMAT",
		"table or json (default table)"),
};

static bool is_member(const pid_t *pids, size_t count, long pid)
{
	for (size_t i = 0; i < count; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* Which column of ps(1)'s head line is the pid; -1 when there is none. */
static int pid_column(const char *head)
{
	int column = 0;

	for (const char *p = head + strspn(head, " "); *p; column++) {
		size_t n = strcspn(p, " ");

		if (n == 3 && strncmp(p, "PID", 3) == 0)
			return column;
		p += n;
		p += strspn(p, " ");
	}
	return -1;
}

static long number_in_column(const char *line, int column)
{
	const char *p = line + strspn(line, " ");

	while (column--) {
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	return strtol(p, NULL, 10);
}

/* ps(1) of everything, less the lines of others. */
static int table(const struct cli_call *call, const pid_t *pids, size_t count, struct buf *out,
	struct err *err)
{
	own_strv struct strv argv = {0};
	own_buf struct buf text = {0};
	struct spawn sp = {0};
	char *save = NULL;
	int column = -1;

	strv_add(&argv, "ps");
	for (size_t i = 1; i < call->nargs; i++)
		strv_add(&argv, call->args[i]);
	if (call->nargs == 1)
		strv_add(&argv, "-ef");
	sp.argv = (const char *const *)argv.items;
	if (spawn_capture(&sp, PS_OUTPUT_MAX, &text, err) < 0)
		return -err->code;
	for (char *line = text.data ? strtok_r(text.data, "\n", &save) : NULL; line;
		line = strtok_r(NULL, "\n", &save)) {
		if (column < 0) {
			column = pid_column(line);
			if (column < 0)
				return err_set(err, E_USAGE, "the output of ps has no PID column");
		} else if (!is_member(pids, count, number_in_column(line, column))) {
			continue;
		}
		buf_addf(out, "%s\n", line);
	}
	return 0;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct ps_command *o = call->options;
	const char *format = o->format ? o->format : "table";
	own_instance struct instance c = INSTANCE_INIT;
	own_buf struct buf out = {0};
	own_mem pid_t *pids = NULL;
	size_t count;
	int r;

	if (runtime_begin(call, err) < 0)
		return -err->code;
	if (strcmp(format, "table") != 0 && strcmp(format, "json") != 0)
		return err_set(err, E_USAGE, "--format must be table or json, not '%s'", format);
	if (instance_open(&c, runtime_root(call), call->args[0], false, err) < 0 ||
		cgroup_pids(&c.record.cgroups, &pids, &count, err) < 0)
		return -err->code;
	if (strcmp(format, "json") == 0) {
		buf_addc(&out, '[');
		for (size_t i = 0; i < count; i++)
			buf_addf(&out, "%s%d", i ? "," : "", (int)pids[i]);
		buf_adds(&out, "]\n");
	} else if (table(call, pids, count, &out, err) < 0) {
		return -err->code;
	}
	r = io_write_full(1, buf_str(&out), out.len);
	return r < 0 ? err_set(err, -r, "cannot write the list of processes") : 0;
}

const struct cli_command runtime_ps_command = {
	.name = "ps",
	.synopsis = "[OPTIONS] CONTAINER [PS-OPTION...]",
	.help = "List the processes of a container",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct ps_command),
	.min_args = 1,
	.max_args = -1,
	.options_first = true,
	.run = run,
};
