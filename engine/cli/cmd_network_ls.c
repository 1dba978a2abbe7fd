/* SPDX-License-Identifier: Apache-2.0 */
/* kist network ls */
#include "engine/cli/cmd.h"
#include "engine/cli/listing.h"
#include "engine/docker/texts.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct ls_options {
	bool quiet, no_trunc;
	const char *format;
	struct strv filter;
};

static const struct format_column columns[] = {
	{"CreatedAt", "CREATED AT"},
	{"Driver", "DRIVER"},
	{"ID", "NETWORK ID"},
	{"IPv6", "IPV6"},
	{"Internal", "INTERNAL"},
	{"Labels", "LABELS"},
	{"Name", "NAME"},
	{"Scope", "SCOPE"},
};

static const struct format_kind kind = {"*formatter.networkContext", columns, ARRAY_LEN(columns),
	"{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}"};

static struct json *make_row(const struct listing *l, const struct result *result, struct arena *a)
{
	const struct ls_options *o = l->options;
	const struct network_summary *n = result->network;
	struct json *row = json_new_object(a);
	const char *created = n->built_in ? NULL : n->d.created;

	json_set_string(a, row, "CreatedAt", created ? created : "0001-01-01 00:00:00 +0000 UTC");
	json_set_string(a, row, "Driver", n->d.driver);
	json_set_string(a, row, "ID", o->no_trunc ? n->id : arena_strndup(a, n->id, 12));
	json_set_string(a, row, "IPv6", "false");
	json_set_string(a, row, "Internal", n->d.internal ? "true" : "false");
	json_set_string(a, row, "Labels", texts_labels(&n->d.labels, a));
	json_set_string(a, row, "Name", n->d.name);
	json_set_string(a, row, "Scope", "local");
	return row;
}

static int run_ls(const struct cli_call *call, struct err *err)
{
	const struct ls_options *o = call->options;
	const struct network_ls_request rq = {o->filter};
	own_listing struct listing l = {0};
	int status;

	if (listing_open(&l, call, make_row, err) < 0)
		return -err->code;
	status = verb_network_ls(&l.mouth.engine, &rq, &l.mouth.sink, err);
	if (status < 0 || listing_print(&l, &kind, o->quiet ? "{{.ID}}" : NULL, o->format, err) < 0)
		return -err->code;
	return status;
}

#define LS struct ls_options

static const struct cli_option ls_options[] = {
	OPT_LIST(LS, filter, "filter", 'f', "KEY=VALUE", "only those, driver=bridge"),
	OPT_STRING(LS, format, "format", 0, "FORMAT", "table, json or a Go template"),
	OPT_FLAG(LS, no_trunc, "no-trunc", 0, "nothing shortened"),
	OPT_FLAG(LS, quiet, "quiet", 'q', "ids alone"),
};

const struct cli_command cmd_network_ls = {
	.name = "network ls",
	.synopsis = "[OPTIONS]",
	.help = "List networks",
	.options = ls_options,
	.noptions = ARRAY_LEN(ls_options),
	.options_size = sizeof(struct ls_options),
	.run = run_ls,
};
