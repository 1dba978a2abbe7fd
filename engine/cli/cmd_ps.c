/* SPDX-License-Identifier: Apache-2.0 */
/* kist ps */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/docker/filter.h"
#include "engine/docker/units.h"
#include "engine/verb/disk_usage.h"
#include "engine/verb/ports.h"
#include "engine/verb/state.h"
#include "lib/io.h"
#include "lib/own.h"

struct ps_options {
	bool all, latest, no_trunc, quiet, size;
	int64_t last;
	const char *format;
	struct strv filter;
};

/* One container with all that a row or a filter may ask for. */
struct ps_row {
	const struct container_record *record;
	struct docker_container docker;
	struct container_state state;
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

static const char *status_text(const struct container_state *s, struct arena *a)
{
	char time[UNITS_TEXT_MAX];

	switch (s->status) {
	case STATUS_RUNNING:
	case STATUS_PAUSED:
		units_since(s->started_at, time);
		return arena_printf(
			a, "Up %s%s", time, s->status == STATUS_PAUSED ? " (Paused)" : "");
	case STATUS_EXITED:
		if (s->unsettled) /* nobody knows when */
			return arena_printf(a, "Exited (%lld)", (long long)s->exit_code);
		units_age(s->finished_at, time);
		return arena_printf(a, "Exited (%lld) %s", (long long)s->exit_code, time);
	case STATUS_CREATED:
		break;
	}
	return "Created";
}

/* As Go quotes: an image's command may hold anything. */
static const char *quote(const char *text, struct arena *a)
{
	own_buf struct buf out = {0};

	buf_addc(&out, '"');
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_addf(&out, "\\%c", *c);
		else if (*c == '\n' || *c == '\t' || *c == '\r')
			buf_addf(&out, "\\%c", *c == '\n' ? 'n' : *c == '\t' ? 't' : 'r');
		else if (*c < 0x20 || *c == 0x7f)
			buf_addf(&out, "\\x%02x", *c);
		else
			buf_addc(&out, (char)*c);
	}
	buf_addc(&out, '"');
	return arena_strdup(a, buf_str(&out));
}

/* Where the nth character (from 0) of UTF-8 text begins; the end when there are fewer. */
static size_t character(const char *text, size_t n)
{
	size_t i = 0;

	while (text[i] && n > 0) {
		i++;
		while (((unsigned char)text[i] & 0xc0) == 0x80)
			i++;
		n--;
	}
	return i;
}

/* In quotes, cut to 20 characters with an ellipsis unless all is wanted. */
static const char *command_text(const struct docker_container *d, bool whole, struct arena *a)
{
	own_buf struct buf text = {0};

	buf_adds(&text, d->path ? d->path : "");
	for (size_t i = 0; i < d->args.count; i++)
		buf_addf(&text, " %s", d->args.items[i]);
	if (!whole && character(buf_str(&text), 20) < text.len) {
		text.len = character(text.data, 19);
		text.data[text.len] = '\0';
		buf_adds(&text, "…");
	}
	return quote(buf_str(&text), a);
}

static const char *labels_text(const struct string_map *labels, struct arena *a)
{
	own_buf struct buf text = {0};

	for (size_t i = 0; i < labels->count; i++)
		buf_addf(&text, "%s%s=%s", i ? "," : "", labels->items[i].key,
			labels->items[i].value);
	return arena_strdup(a, buf_str(&text));
}

static const char *mounts_text(const struct docker_container *d, bool whole, struct arena *a)
{
	own_buf struct buf text = {0};

	for (size_t i = 0; i < d->mounts.count; i++) {
		const struct docker_mount *m = &d->mounts.items[i];
		const char *name = m->name ? m->name : m->source;

		if (strcmp(m->type, "tmpfs") == 0)
			continue;
		buf_addf(&text, "%s%.*s%s", text.len ? "," : "",
			whole || strlen(name) <= 15 ? (int)strlen(name) : 14, name,
			whole || strlen(name) <= 15 ? "" : "…");
	}
	return arena_strdup(a, buf_str(&text));
}

static const char *size_text(struct engine *e, const struct ps_row *row)
{
	char own_size[UNITS_TEXT_MAX], all[UNITS_TEXT_MAX];
	int64_t upper, layers;

	disk_usage_container(e, row->record, &upper, &layers);
	units_size(upper, 3, own_size);
	units_size(upper + layers, 3, all);
	return arena_printf(&e->arena, "%s (virtual %s)", own_size, all);
}

static struct json *label_map(const struct string_map *labels, struct arena *a)
{
	struct json *map = json_new_object(a);

	for (size_t i = 0; i < labels->count; i++)
		json_set_string(a, map, labels->items[i].key, labels->items[i].value);
	return map;
}

static struct json *make_row(struct engine *e, const struct ps_options *o, const struct ps_row *row)
{
	struct arena *a = &e->arena;
	const struct docker_container *d = &row->docker;
	const char *id = row->record->id, *image = row->record->image;
	bool running = row->state.status == STATUS_RUNNING || row->state.status == STATUS_PAUSED;
	char text[UNITS_TEXT_MAX];
	struct json *r = json_new_object(a);
	int volumes = 0;

	for (size_t i = 0; i < d->mounts.count; i++)
		volumes += d->mounts.items[i].name != NULL;
	json_set_string(a, r, "ID", o->no_trunc ? id : arena_strndup(a, id, 12));
	json_set_string(a, r, "Image", image ? image : "");
	json_set_string(a, r, "Command", command_text(d, o->no_trunc, a));
	units_date(row->record->created, text);
	json_set_string(a, r, "CreatedAt", text);
	units_age(row->record->created, text);
	json_set_string(a, r, "RunningFor", text);
	json_set_string(a, r, "State", container_status_name(row->state.status));
	json_set_string(a, r, "Status", status_text(&row->state, a));
	json_set_string(a, r, "Ports", running ? ports_text(e, id, d) : "");
	json_set_string(a, r, "Names", row->record->name);
	json_set_string(a, r, "Labels", labels_text(&d->config.labels, a));
	json_set(a, r, "Label", label_map(&d->config.labels, a));
	json_set_string(a, r, "LocalVolumes", arena_printf(a, "%d", volumes));
	json_set_string(a, r, "Mounts", mounts_text(d, o->no_trunc, a));
	json_set_string(a, r, "Networks",
		d->host_config.network_mode && strcmp(d->host_config.network_mode, "default") != 0
			? d->host_config.network_mode
			: "bridge");
	json_set_string(a, r, "Size", o->size ? size_text(e, row) : "0B");
	return r;
}

static const char *const filter_keys[] = {"ancestor", "before", "exited", "expose", "id", "label",
	"name", "network", "publish", "since", "status", "volume", NULL};

static bool match_exited(const void *row, const char *value)
{
	const struct ps_row *r = row;

	return r->state.status == STATUS_EXITED && strtoll(value, NULL, 10) == r->state.exit_code;
}

static bool match_volume(const void *row, const char *value)
{
	const struct ps_row *r = row;

	for (size_t i = 0; i < r->docker.mounts.count; i++) {
		const struct docker_mount *m = &r->docker.mounts.items[i];

		if ((m->name && strcmp(m->name, value) == 0) || strcmp(m->destination, value) == 0)
			return true;
	}
	return false;
}

static bool match_network(const void *row, const char *value)
{
	const char *mode = ((const struct ps_row *)row)->docker.host_config.network_mode;

	if (!mode || strcmp(mode, "default") == 0)
		mode = "bridge";
	return strcmp(mode, value) == 0;
}

static bool match_ancestor(const void *row, const char *value)
{
	const struct container_record *r = ((const struct ps_row *)row)->record;
	const char *image = r->image ? r->image : "", *id = r->image_id ? r->image_id : "";
	size_t n = strlen(value);

	if (strcmp(image, value) == 0 || (strncmp(image, value, n) == 0 && image[n] == ':'))
		return true;
	return n >= 4 &&
		(strncmp(id, value, n) == 0 ||
			(strncmp(id, "sha256:", 7) == 0 && strncmp(id + 7, value, n) == 0));
}

static bool match_port(const void *row, const char *value)
{
	const struct docker_config *c = &((const struct ps_row *)row)->docker.config;
	own_arena struct arena a = {0};
	struct port_list ports;

	return publish_read_exposed(&c->exposed_ports, &ports, &a, &(struct err){0}) == 0 &&
		publish_matches(&ports, value, &a);
}

/* publish: exposed and bound */
static bool match_publish(const void *row, const char *value)
{
	const struct docker_host_config *h = &((const struct ps_row *)row)->docker.host_config;
	own_arena struct arena a = {0};
	struct port_list ports;

	return publish_read_bindings(h->port_bindings, &ports, &a, &(struct err){0}) == 0 &&
		publish_matches(&ports, value, &a);
}

static bool wanted(const struct filters *f, const struct ps_row *row)
{
	return filters_match(f, "id", filter_prefix, row->record->id) &&
		filters_match(f, "name", filter_name, row->record->name) &&
		filters_match(f, "label", filter_label, &row->docker.config.labels) &&
		filters_match(
			f, "status", filter_equal, container_status_name(row->state.status)) &&
		filters_match(f, "exited", match_exited, row) &&
		filters_match(f, "volume", match_volume, row) &&
		filters_match(f, "network", match_network, row) &&
		filters_match(f, "ancestor", match_ancestor, row) &&
		filters_match(f, "expose", match_port, row) &&
		filters_match(f, "publish", match_publish, row);
}

/* The creation time that before and since compare with. */
static int bound(struct engine *e, const char *name, const char **created, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	int r;

	*created = NULL;
	if (!name)
		return 0;
	r = stored_container_find(e->store, name, 0, &c, err);
	if (r == 0)
		*created = arena_strdup(&e->arena, c.record.created);
	return r;
}

struct ps_bounds {
	const char *before, *since;
};

/* Is it to be listed, by what was asked for? Reads its state. Returns 1, 0 or an error. */
static int consider(struct engine *e, const struct ps_options *o, const struct filters *f,
	const struct ps_bounds *b, struct ps_row *row, struct err *err)
{
	bool all = o->all || o->latest || o->last > 0 || filters_have(f, "status") ||
		filters_have(f, "exited");
	int r = container_state_read(e, &row->record[0], &row->state, err);

	if (r < 0)
		return err->code == E_NOT_FOUND ? 0 : r; /* it went while we looked */
	if (row->state.unreadable)
		fprintf(stderr, "kist: %s\n", row->state.error);
	if (container_docker(row->record, &row->docker, &e->arena, err) < 0)
		return -err->code;
	if (!all && row->state.status != STATUS_RUNNING && row->state.status != STATUS_PAUSED)
		return 0;
	if ((b->before && strcmp(row->record->created, b->before) >= 0) ||
		(b->since && strcmp(row->record->created, b->since) <= 0))
		return 0;
	return wanted(f, row);
}

static int gather(struct engine *e, const struct ps_options *o, struct json *rows, struct err *err)
{
	struct container_records records;
	struct filters f;
	struct ps_bounds b;
	int64_t left = o->latest ? 1 : o->last > 0 ? o->last : INT64_MAX;

	if (filters_parse(&o->filter, filter_keys, &f, err) < 0 ||
		bound(e, filters_value(&f, "before"), &b.before, err) < 0 ||
		bound(e, filters_value(&f, "since"), &b.since, err) < 0 ||
		stored_container_list(e->store, &records, &e->arena, err) < 0)
		return -err->code;
	/* newest first */
	for (size_t i = records.count; i-- > 0 && left > 0;) {
		struct ps_row row = {.record = &records.items[i]};
		int r = consider(e, o, &f, &b, &row, err);

		if (r < 0)
			return r;
		if (r > 0) {
			json_append(rows, make_row(e, o, &row));
			left--;
		}
	}
	return 0;
}

static int run_ps(const struct cli_call *call, struct err *err)
{
	const struct ps_options *o = call->options;
	const struct format_kind kind = {"*formatter.ContainerContext", columns, ARRAY_LEN(columns),
		o->size ? TABLE "\t{{.Size}}" : TABLE};
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_buf struct buf out = {0};
	struct json *rows;

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	rows = json_new_array(&e->arena);
	if (gather(e, o, rows, err) < 0)
		return -err->code;
	if (format_rows(&kind, o->quiet && !o->format ? "{{.ID}}" : o->format, rows, &out, err) < 0)
		return -err->code;
	format_print(&out);
	return 0;
}

#define OPTION(name_, letter_, kind_, member, arg_, help_)                                         \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .kind = (kind_),                             \
		.offset = CLI_FIELD(struct ps_options, member), .arg = (arg_), .help = (help_)     \
	}

static const struct cli_option options[] = {
	OPTION("all", 'a', CLI_FLAG, all, NULL, "also those that do not run"),
	OPTION("filter", 'f', CLI_STRINGS, filter, "KEY=VALUE", "only those, status=exited"),
	OPTION("format", 0, CLI_STRING, format, "FORMAT", "table, json or a Go template"),
	OPTION("last", 'n', CLI_INT, last, "N", "the last N that were made"),
	OPTION("latest", 'l', CLI_FLAG, latest, NULL, "the last one that was made"),
	OPTION("no-trunc", 0, CLI_FLAG, no_trunc, NULL, "nothing shortened"),
	OPTION("quiet", 'q', CLI_FLAG, quiet, NULL, "ids alone"),
	OPTION("size", 's', CLI_FLAG, size, NULL, "with the size on disk"),
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
