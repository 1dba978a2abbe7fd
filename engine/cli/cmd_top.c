/* SPDX-License-Identifier: Apache-2.0 */
/* kist top */
#include <stdio.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/cli/table.h"
#include "engine/verb/verb.h"

static void add_cells(const struct json *cells, struct buf *out)
{
	json_each (cell, cells)
		buf_addf(out, "%s%s", cell == cells->first ? "" : "\t", cell->text);
	buf_addc(out, '\n');
}

static int show(struct sink *sink, const struct result *result, struct err *err)
{
	const struct json *processes = json_get(result->document, "Processes");
	own_buf struct buf rows = {0}, out = {0};

	(void)sink;
	(void)err;
	add_cells(json_get(result->document, "Titles"), &rows);
	json_each (process, processes)
		add_cells(process, &rows);
	table_align_wide(buf_str(&rows), 20, 1, &out);
	fputs(buf_str(&out), stdout);
	return 0;
}

static int run_top(const struct cli_call *call, struct err *err)
{
	const struct top_request rq = {
		call->args[0], (const char *const *)call->args + 1, call->nargs - 1};
	own_mouth struct mouth m = {0};

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	m.sink.result = show;
	return verb_top(&m.engine, &rq, &m.sink, err);
}

const struct cli_command cmd_top = {
	.name = "top",
	.synopsis = "CONTAINER [PS-OPTIONS]",
	.help = "List a container's processes, with the host's pids",
	.min_args = 1,
	.max_args = -1,
	.options_first = true,
	.run = run_top,
};
