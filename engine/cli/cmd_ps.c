/* SPDX-License-Identifier: Apache-2.0 */
/* kist ps */
#include "engine/cli/cmd.h"
#include "engine/cli/listing.h"
#include "engine/docker/texts.h"
#include "engine/docker/units.h"
#include "engine/verb/ports.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "lib/size.h"

struct ps_options {
	bool all, latest, no_trunc, quiet, size;
	int64_t last;
	const char *format;
	struct strv filter;
};

static const struct format_column columns[] = {
	{"Command", "COMMAND"},
	{"CreatedAt", "CREATED AT"},
	{"ID", "CONTAINER ID"},
	{"Image", "IMAGE"},
	{"Label", "LABEL"},
	{"Labels", "LABELS"},
	{"LocalVolumes", "LOCAL VOLUMES"},
	{"Mounts", "MOUNTS"},
	{"Names", "NAMES"},
	{"Networks", "NETWORKS"},
	{"Ports", "PORTS"},
	{"RunningFor", "CREATED"},
	{"Size", "SIZE"},
	{"State", "STATE"},
	{"Status", "STATUS"},
};

#define TABLE                                                                                      \
	"{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}"

static const char *size_text(const struct container_summary *row, struct arena *a)
{
	char own_size[SIZE_TEXT_MAX], all[SIZE_TEXT_MAX];

	size_decimal(row->upper, 3, own_size);
	size_decimal(row->upper + row->layers, 3, all);
	return arena_printf(a, "%s (virtual %s)", own_size, all);
}

static struct json *label_map(const struct string_map *labels, struct arena *a)
{
	struct json *map = json_new_object(a);

	for (size_t i = 0; i < labels->count; i++)
		json_set_string(a, map, labels->items[i].key, labels->items[i].value);
	return map;
}

static struct json *make_row(const struct listing *l, const struct result *result, struct arena *a)
{
	const struct ps_options *o = l->options;
	const struct container_summary *c = result->container;
	const struct docker_container *d = &c->docker;
	const char *id = c->record->id, *image = c->record->image;
	char text[UNITS_TEXT_MAX];
	struct json *r = json_new_object(a);
	int volumes = 0;

	for (size_t i = 0; i < d->mounts.count; i++)
		volumes += d->mounts.items[i].name != NULL;
	json_set_string(a, r, "ID", o->no_trunc ? id : arena_strndup(a, id, 12));
	json_set_string(a, r, "Image", image ? image : "");
	json_set_string(a, r, "Command", texts_quote(texts_command(d, o->no_trunc, a), a));
	units_date(c->record->created, text);
	json_set_string(a, r, "CreatedAt", text);
	units_age(c->record->created, text);
	json_set_string(a, r, "RunningFor", text);
	json_set_string(a, r, "State", container_status_name(c->state.status));
	json_set_string(a, r, "Status", container_status_text(&c->state, a));
	json_set_string(a, r, "Ports", c->running ? ports_text(d, &c->ports, a) : "");
	json_set_string(a, r, "Names", c->record->name);
	json_set_string(a, r, "Labels", texts_labels(&d->config.labels, a));
	json_set(a, r, "Label", label_map(&d->config.labels, a));
	json_set_string(a, r, "LocalVolumes", arena_printf(a, "%d", volumes));
	json_set_string(a, r, "Mounts", texts_mounts(d, o->no_trunc, a));
	json_set_string(a, r, "Networks", texts_network(d));
	json_set_string(a, r, "Size", o->size ? size_text(c, a) : "0B");
	return r;
}

static int run_ps(const struct cli_call *call, struct err *err)
{
	const struct ps_options *o = call->options;
	const struct format_kind kind = {"*formatter.ContainerContext", columns, ARRAY_LEN(columns),
		o->size ? TABLE "\t{{.Size}}" : TABLE};
	const struct ps_request rq = {.all = o->all,
		.size = o->size,
		.last = o->latest ? 1 : o->last,
		.filter = o->filter};
	own_listing struct listing l = {0};

	if (listing_open(&l, call, make_row, err) < 0 ||
		verb_ps(&l.mouth.engine, &rq, &l.mouth.sink, err) < 0)
		return -err->code;
	return listing_print(&l, &kind, o->quiet ? "{{.ID}}" : NULL, o->format, err);
}

static const struct cli_option options[] = {
	OPT_FLAG(struct ps_options, all, "all", 'a', "also those that do not run"),
	OPT_LIST(
		struct ps_options, filter, "filter", 'f', "KEY=VALUE", "only those, status=exited"),
	OPT_STRING(
		struct ps_options, format, "format", 0, "FORMAT", "table, json or a Go template"),
	OPT_INT(struct ps_options, last, "last", 'n', "N", "the last N that were made"),
	OPT_FLAG(struct ps_options, latest, "latest", 'l', "the last one that was made"),
	OPT_FLAG(struct ps_options, no_trunc, "no-trunc", 0, "nothing shortened"),
	OPT_FLAG(struct ps_options, quiet, "quiet", 'q', "ids alone"),
	OPT_FLAG(struct ps_options, size, "size", 's', "with the size on disk"),
};

const struct cli_command cmd_ps = {
	.name = "ps",
	.synopsis = "[OPTIONS]",
	.help = "List containers",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct ps_options),
	.run = run_ps,
};
