/* SPDX-License-Identifier: Apache-2.0 */
/* kist system df */
#include "engine/cli/cmd.h"
#include "engine/cli/listing.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "lib/size.h"

struct df_options {
	const char *format;
};

static const struct format_column columns[] = {{"Active", "ACTIVE"}, {"Reclaimable", "RECLAIMABLE"},
	{"Size", "SIZE"}, {"TotalCount", "TOTAL"}, {"Type", "TYPE"}};

static const struct format_kind kind = {"*formatter.diskUsageContext", columns, ARRAY_LEN(columns),
	"{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}"};

static struct json *make_row(const struct listing *l, const struct result *result, struct arena *a)
{
	const struct usage_summary *u = result->usage;
	struct json *row = json_new_object(a);
	char size[SIZE_TEXT_MAX], reclaimable[SIZE_TEXT_MAX];

	(void)l;
	size_decimal(u->size, 4, size);
	size_decimal(u->reclaimable, 4, reclaimable);
	json_set_string(a, row, "Type", u->type);
	json_set_string(a, row, "TotalCount", arena_printf(a, "%zu", u->total));
	json_set_string(a, row, "Active", arena_printf(a, "%zu", u->active));
	json_set_string(a, row, "Size", size);
	json_set_string(a, row, "Reclaimable",
		u->size ? arena_printf(a, "%s (%d%%)", reclaimable,
				  (int)(u->reclaimable * 100 / u->size))
			: reclaimable);
	return row;
}

static int run_df(const struct cli_call *call, struct err *err)
{
	const struct df_options *o = call->options;
	own_listing struct listing l = {0};

	/* it looks into directories of the containers' users */
	if (mouth_enter(call, err) < 0 || listing_open(&l, call, make_row, err) < 0 ||
		verb_system_df(&l.mouth.engine, &l.mouth.sink, err) < 0)
		return -err->code;
	return listing_print(&l, &kind, NULL, o->format, err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct df_options, format, "format", 'f', "FORMAT", "json or a Go template"),
};

const struct cli_command cmd_system_df = {
	.name = "system df",
	.synopsis = "[OPTIONS]",
	.help = "Print how much room images, containers and volumes take",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct df_options),
	.run = run_df,
};
