/* SPDX-License-Identifier: Apache-2.0 */
/* kist volume ls */
#include "engine/cli/cmd.h"
#include "engine/cli/listing.h"
#include "engine/docker/texts.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct ls_options {
	bool quiet;
	const char *format;
	struct strv filter;
};

static const struct format_column columns[] = {
	{"Availability", "AVAILABILITY"},
	{"Driver", "DRIVER"},
	{"Group", "GROUP"},
	{"Labels", "LABELS"},
	{"Links", "LINKS"},
	{"Mountpoint", "MOUNTPOINT"},
	{"Name", "VOLUME NAME"},
	{"Scope", "SCOPE"},
	{"Size", "SIZE"},
	{"Status", "STATUS"},
};

static const struct format_kind kind = {
	"*formatter.volumeContext", columns, ARRAY_LEN(columns), "{{.Driver}}\t{{.Name}}"};

static struct json *make_row(const struct listing *l, const struct result *result, struct arena *a)
{
	const struct volume *v = result->volume->volume;
	struct json *row = json_new_object(a), *map = json_new_object(a);

	(void)l;
	for (size_t i = 0; i < v->labels.count; i++)
		json_set_string(a, map, v->labels.items[i].key, v->labels.items[i].value);
	json_set_string(a, row, "Availability", "N/A");
	json_set_string(a, row, "Driver", "local");
	json_set_string(a, row, "Group", "N/A");
	json_set_string(a, row, "Labels", texts_labels(&v->labels, a));
	json_set(a, row, "Label", map);
	json_set_string(a, row, "Links", "N/A");
	json_set_string(a, row, "Mountpoint", v->path);
	json_set_string(a, row, "Name", v->name);
	json_set_string(a, row, "Scope", "local");
	json_set_string(a, row, "Size", "N/A");
	json_set_string(a, row, "Status", "N/A");
	return row;
}

static int run_ls(const struct cli_call *call, struct err *err)
{
	const struct ls_options *o = call->options;
	const struct volume_ls_request rq = {o->filter};
	own_listing struct listing l = {0};

	if (listing_open(&l, call, make_row, err) < 0 ||
		verb_volume_ls(&l.mouth.engine, &rq, &l.mouth.sink, err) < 0)
		return -err->code;
	return listing_print(&l, &kind, o->quiet ? "{{.Name}}" : NULL, o->format, err);
}

static const struct cli_option options[] = {
	OPT_LIST(
		struct ls_options, filter, "filter", 'f', "KEY=VALUE", "only those, dangling=true"),
	OPT_STRING(
		struct ls_options, format, "format", 0, "FORMAT", "table, json or a Go template"),
	OPT_FLAG(struct ls_options, quiet, "quiet", 'q', "names alone"),
};

const struct cli_command cmd_volume_ls = {
	.name = "volume ls",
	.synopsis = "[OPTIONS]",
	.help = "List volumes",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct ls_options),
	.run = run_ls,
};
