/* SPDX-License-Identifier: Apache-2.0 */
/* kist volume create, ls, rm and prune */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/cli/prune.h"
#include "engine/docker/filter.h"
#include "engine/docker/units.h"
#include "engine/verb/inspect.h"
#include "engine/verb/prune.h"
#include "engine/verb/state.h"
#include "lib/own.h"
#include "store/disk_usage.h"

#define LABEL_ANONYMOUS "com.docker.volume.anonymous"

/* ---- create ---- */

struct create_options {
	const char *driver, *name;
	struct strv label, opt;
};

static int run_create(const struct cli_call *call, struct err *err)
{
	const struct create_options *o = call->options;
	const char *name = call->nargs ? call->args[0] : o->name;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	struct string_map labels = {0};
	struct volume volume;

	if (o->driver && strcmp(o->driver, "local") != 0)
		return err_set(err, E_UNSUPPORTED,
			"create %s: error looking up volume plugin %s: plugin \"%s\" not found",
			name ? name : "", o->driver, o->driver);
	if (o->opt.count)
		return err_set(err, E_UNSUPPORTED, "volume create: kist has no --opt: %s",
			o->opt.items[0]);
	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	for (size_t i = 0; i < o->label.count; i++) {
		size_t key = strcspn(o->label.items[i], "=");

		string_map_set(&e->arena, &labels, arena_strndup(&e->arena, o->label.items[i], key),
			o->label.items[i][key] ? o->label.items[i] + key + 1 : "");
	}
	if (volume_create(e->store, name, &labels, &volume, &e->arena, err) < 0)
		return -err->code;
	printf("%s\n", volume.name);
	return 0;
}

static const struct cli_option create_options[] = {
	{.name = "driver",
		.letter = 'd',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct create_options, driver),
		.arg = "NAME",
		.help = "only local"},
	{.name = "label",
		.kind = CLI_STRINGS,
		.offset = CLI_FIELD(struct create_options, label),
		.arg = "KEY=VALUE",
		.help = "set a label"},
	{.name = "name",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct create_options, name),
		.arg = "NAME",
		.help = "the same as the argument",
		.flags = CLI_HIDDEN},
	{.name = "opt",
		.letter = 'o',
		.kind = CLI_STRINGS,
		.offset = CLI_FIELD(struct create_options, opt),
		.arg = "KEY=VALUE",
		.help = "not in kist yet",
		.flags = CLI_HIDDEN},
};

const struct cli_command cmd_volume_create = {
	.name = "volume create",
	.synopsis = "[OPTIONS] [VOLUME]",
	.help = "Make a volume",
	.options = create_options,
	.noptions = ARRAY_LEN(create_options),
	.options_size = sizeof(struct create_options),
	.max_args = 1,
	.run = run_create,
};

/* ---- who uses a volume ---- */

struct users {
	struct docker_container *items;
	struct container_records records;
};

static int read_users(struct engine *e, struct users *u, struct err *err)
{
	if (stored_container_list(e->store, &u->records, &e->arena, err) < 0)
		return -err->code;
	u->items = arena_array(&e->arena, u->records.count, sizeof(*u->items));
	for (size_t i = 0; i < u->records.count; i++)
		if (container_docker(&u->records.items[i], &u->items[i], &e->arena, err) < 0)
			return -err->code;
	return 0;
}

/* The id of a container that has the volume, or NULL. */
static const char *user_of(const struct users *u, const char *name)
{
	for (size_t i = 0; i < u->records.count; i++)
		for (size_t k = 0; k < u->items[i].mounts.count; k++) {
			const char *volume = u->items[i].mounts.items[k].name;

			if (volume && strcmp(volume, name) == 0)
				return u->records.items[i].id;
		}
	return NULL;
}

/* ---- ls ---- */

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

static struct json *make_row(struct engine *e, const struct volume *v)
{
	struct arena *a = &e->arena;
	struct json *row = json_new_object(a), *map = json_new_object(a);
	own_buf struct buf labels = {0};

	for (size_t i = 0; i < v->labels.count; i++) {
		buf_addf(&labels, "%s%s=%s", i ? "," : "", v->labels.items[i].key,
			v->labels.items[i].value);
		json_set_string(a, map, v->labels.items[i].key, v->labels.items[i].value);
	}
	json_set_string(a, row, "Availability", "N/A");
	json_set_string(a, row, "Driver", "local");
	json_set_string(a, row, "Group", "N/A");
	json_set_string(a, row, "Labels", buf_str(&labels));
	json_set(a, row, "Label", map);
	json_set_string(a, row, "Links", "N/A");
	json_set_string(a, row, "Mountpoint", v->path);
	json_set_string(a, row, "Name", v->name);
	json_set_string(a, row, "Scope", "local");
	json_set_string(a, row, "Size", "N/A");
	json_set_string(a, row, "Status", "N/A");
	return row;
}

static bool match_dangling(const void *used, const char *value)
{
	bool dangling = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;

	return dangling != *(const bool *)used;
}

static int run_ls(const struct cli_call *call, struct err *err)
{
	static const char *const keys[] = {"dangling", "driver", "label", "name", NULL};
	const struct ls_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_buf struct buf out = {0};
	struct volume_list list;
	struct filters f;
	struct users users;
	struct json *rows;

	if (mouth_open_looking(&m, call, err) < 0 || filters_parse(&o->filter, keys, &f, err) < 0 ||
		volume_list(e->store, &list, &e->arena, err) < 0 || read_users(e, &users, err) < 0)
		return -err->code;
	rows = json_new_array(&e->arena);
	for (size_t i = 0; i < list.count; i++) {
		const struct volume *v = &list.items[i];
		bool used = user_of(&users, v->name);

		if (filters_match(&f, "name", filter_name, v->name) &&
			filters_match(&f, "label", filter_label, &v->labels) &&
			filters_match(&f, "driver", filter_equal, "local") &&
			filters_match(&f, "dangling", match_dangling, &used))
			json_append(rows, make_row(e, v));
	}
	if (format_rows(&kind, o->quiet && !o->format ? "{{.Name}}" : o->format, rows, &out, err) <
		0)
		return -err->code;
	format_print(&out);
	return 0;
}

static const struct cli_option ls_options[] = {
	{.name = "filter",
		.letter = 'f',
		.kind = CLI_STRINGS,
		.offset = CLI_FIELD(struct ls_options, filter),
		.arg = "KEY=VALUE",
		.help = "only those, dangling=true"},
	{.name = "format",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct ls_options, format),
		.arg = "FORMAT",
		.help = "table, json or a Go template"},
	{.name = "quiet",
		.letter = 'q',
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct ls_options, quiet),
		.help = "names alone"},
};

const struct cli_command cmd_volume_ls = {
	.name = "volume ls",
	.synopsis = "[OPTIONS]",
	.help = "List volumes",
	.options = ls_options,
	.noptions = ARRAY_LEN(ls_options),
	.options_size = sizeof(struct ls_options),
	.run = run_ls,
};

/* ---- rm ---- */

struct rm_options {
	bool force;
};

static int remove_one(
	struct engine *e, const struct users *users, const char *name, struct err *err)
{
	const char *user = user_of(users, name);

	if (user)
		return err_set(err, E_IN_USE, "remove %s: volume is in use - [%s]", name, user);
	return volume_remove(e->store, name, err);
}

static int run_rm(const struct cli_call *call, struct err *err)
{
	const struct rm_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	struct users users;
	int status = 0;

	if (mouth_open_looking(&m, call, err) < 0 || read_users(e, &users, err) < 0)
		return -err->code;
	for (size_t i = 0; i < call->nargs; i++) {
		int r = remove_one(e, &users, call->args[i], err);

		if (r < 0 && !(o->force && err->code == E_NOT_FOUND))
			mouth_complain(&m, err, &status);
		else
			printf("%s\n", call->args[i]);
	}
	return status;
}

static const struct cli_option rm_options[] = {
	{.name = "force",
		.letter = 'f',
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct rm_options, force),
		.help = "one that is not there is no error"},
};

const struct cli_command cmd_volume_rm = {
	.name = "volume rm",
	.synopsis = "[OPTIONS] VOLUME [VOLUME...]",
	.help = "Remove volumes that no container has",
	.options = rm_options,
	.noptions = ARRAY_LEN(rm_options),
	.options_size = sizeof(struct rm_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_rm,
};

/* ---- prune ---- */

static bool is_anonymous(const struct volume *v)
{
	return v->anonymous || filter_label(&v->labels, LABEL_ANONYMOUS);
}

static int prune_volumes(struct mouth *m, const struct prune_options *o, struct err *err)
{
	static const char *const keys[] = {"all", "label", "label!", NULL};
	struct engine *e = &m->engine;
	struct volume_list list;
	struct filters f;
	struct users users;
	int64_t freed = 0;
	size_t n = 0;

	if (filters_parse(&o->filter, keys, &f, err) < 0 || read_users(e, &users, err) < 0 ||
		volume_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		const struct volume *v = &list.items[i];
		bool all = o->all ||
			(filters_value(&f, "all") && strcmp(filters_value(&f, "all"), "true") == 0);
		int64_t bytes;

		if (user_of(&users, v->name) || !(all || is_anonymous(v)) ||
			!prune_wanted(&f, &v->labels, v->created))
			continue;
		bytes = disk_usage_volume(e->store, v->name);
		if (volume_remove(e->store, v->name, err) < 0)
			return -err->code;
		printf("%s%s\n", n++ ? "" : "Deleted Volumes:\n", v->name);
		freed += bytes;
	}
	prune_total(freed, n > 0);
	return 0;
}

static int run_prune(const struct cli_call *call, struct err *err)
{
	const struct prune_options *o = call->options;

	return prune_run(call, prune_volumes,
		o->all ? "all volumes not used by at least one container"
		       : "anonymous local volumes not used by at least one container",
		err);
}

const struct cli_command cmd_volume_prune = PRUNE_COMMAND(
	"volume prune", "Remove volumes that no container has", run_prune);
