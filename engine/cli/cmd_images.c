/* SPDX-License-Identifier: Apache-2.0 */
/* kist images */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/docker/filter.h"
#include "engine/docker/units.h"
#include "engine/verb/engine.h"
#include "lib/io.h"
#include "lib/own.h"
#include "store/image.h"

struct images_options {
	bool all, digests, no_trunc, quiet;
	const char *format;
	struct strv filter;
};

static const struct format_column columns[] = {
	{"Containers", "CONTAINERS"},
	{"CreatedAt", "CREATED AT"},
	{"CreatedSince", "CREATED"},
	{"Digest", "DIGEST"},
	{"ID", "IMAGE ID"},
	{"Repository", "REPOSITORY"},
	{"SharedSize", "SHARED SIZE"},
	{"Size", "SIZE"},
	{"Tag", "TAG"},
	{"UniqueSize", "UNIQUE SIZE"},
	{"VirtualSize", "VIRTUAL SIZE"},
};

#define TABLE "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"
#define TABLE_DIGESTS                                                                              \
	"{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"

/* One line of the listing. */
struct row {
	const struct image_entry *entry;
	const char *name, *tag; /* docker's short form; "<none>" */
};

static void split_reference(struct row *row, struct arena *a)
{
	struct reference ref;

	row->name = row->tag = "<none>";
	if (row->entry->reference &&
		reference_parse(row->entry->reference, &ref, a, &(struct err){0}) == 0) {
		row->name = reference_familiar_name(&ref, a);
		row->tag = ref.tag ? ref.tag : "<none>";
	}
}

static struct json *make_row(struct engine *e, const struct images_options *o, const struct row *r)
{
	struct arena *a = &e->arena;
	const struct image_entry *entry = r->entry;
	const char *id = entry->id.text;
	struct json *row = json_new_object(a);
	char text[UNITS_TEXT_MAX];

	json_set_string(a, row, "Containers", "N/A");
	units_date(entry->created, text);
	json_set_string(a, row, "CreatedAt", text);
	units_age(entry->created, text);
	json_set_string(a, row, "CreatedSince", text);
	json_set_string(a, row, "Digest", entry->repo_digest ? entry->repo_digest : "<none>");
	json_set_string(
		a, row, "ID", o->no_trunc ? id : arena_strndup(a, id + DIGEST_PREFIX_LEN, 12));
	json_set_string(a, row, "Repository", r->name);
	json_set_string(a, row, "SharedSize", "N/A");
	units_size(entry->size, 3, text);
	json_set_string(a, row, "Size", text);
	json_set_string(a, row, "Tag", r->tag);
	json_set_string(a, row, "UniqueSize", "N/A");
	json_set_string(a, row, "VirtualSize", text);
	return row;
}

/* "alpine", "alpine:3", "registry/app*": docker's patterns match the short name, with or without
 * tag */
static bool match_reference(const void *row, const char *pattern)
{
	const struct row *r = row;
	own_mem char *whole = xasprintf("%s:%s", r->name, r->tag);

	return fnmatch(pattern, whole, FNM_PATHNAME) == 0 ||
		fnmatch(pattern, r->name, FNM_PATHNAME) == 0;
}

static bool match_dangling(const void *row, const char *value)
{
	bool dangling = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;

	return dangling == (((const struct row *)row)->entry->reference == NULL);
}

static bool match_until(const void *row, const char *value)
{
	const struct image_entry *entry = ((const struct row *)row)->entry;
	int64_t limit, created;
	long nanoseconds;

	return entry->created &&
		units_parse_time(value, &limit, &nanoseconds, &(struct err){0}) == 0 &&
		io_time_parse(entry->created, &created, &nanoseconds) == 0 && created < limit;
}

/* Labels and times of other images are in documents that a listing does not open otherwise. */
static int match_documents(
	struct engine *e, const struct filters *f, const struct row *r, struct err *err)
{
	struct image image;

	if (!filters_have(f, "label"))
		return 1;
	if (image_read(e->store, r->entry, &image, &e->arena, err) < 0)
		return -err->code;
	return filters_match(f, "label", filter_label, &image.config.config.labels);
}

static int bound(struct engine *e, const char *name, const char **created, struct err *err)
{
	struct image_entry entry;

	*created = NULL;
	if (!name)
		return 0;
	if (image_lookup(e->store, name, &entry, &e->arena, err) < 0)
		return -err->code;
	*created = entry.created ? entry.created : "";
	return 0;
}

/* The argument: a repository, or one image with its tag. */
static bool is_asked_for(const char *text, const struct row *r, struct arena *a)
{
	struct reference ref;

	if (!text)
		return true;
	if (strpbrk(text, "*?["))
		return match_reference(r, text);
	if (reference_parse(text, &ref, a, &(struct err){0}) < 0)
		return false;
	if (strcmp(reference_familiar_name(&ref, a), r->name) != 0)
		return false;
	/* without a tag in the argument all of them are shown */
	return !strchr(strrchr(text, '/') ? strrchr(text, '/') : text, ':') ||
		(ref.tag && strcmp(ref.tag, r->tag) == 0);
}

static int compare_created(const void *a, const void *b)
{
	const struct image_entry *x = *(const struct image_entry *const *)a;
	const struct image_entry *y = *(const struct image_entry *const *)b;

	return strcmp(y->created ? y->created : "", x->created ? x->created : "");
}

struct bounds {
	const char *before, *since;
};

static int consider(struct engine *e, const struct images_options *o, const char *asked,
	const struct filters *f, const struct bounds *b, const struct image_entry *entry,
	struct json *rows, struct err *err)
{
	struct row row = {.entry = entry};
	const char *created = entry->created ? entry->created : "";
	int r;

	split_reference(&row, &e->arena);
	if (!is_asked_for(asked, &row, &e->arena) ||
		!filters_match(f, "reference", match_reference, &row) ||
		!filters_match(f, "dangling", match_dangling, &row) ||
		!filters_match(f, "until", match_until, &row) ||
		(b->before && strcmp(created, b->before) >= 0) ||
		(b->since && strcmp(created, b->since) <= 0))
		return 0;
	r = match_documents(e, f, &row, err);
	if (r > 0)
		json_append(rows, make_row(e, o, &row));
	return r < 0 ? r : 0;
}

static int gather(struct engine *e, const struct images_options *o, const char *asked,
	struct json *rows, struct err *err)
{
	static const char *const keys[] = {
		"before", "dangling", "label", "reference", "since", "until", NULL};
	const struct image_entry **sorted;
	struct image_list list;
	struct bounds b;
	struct filters f;

	if (filters_parse(&o->filter, keys, &f, err) < 0 ||
		bound(e, filters_value(&f, "before"), &b.before, err) < 0 ||
		bound(e, filters_value(&f, "since"), &b.since, err) < 0 ||
		image_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	sorted = arena_array(&e->arena, list.count, sizeof(*sorted));
	for (size_t i = 0; i < list.count; i++)
		sorted[i] = &list.items[i];
	qsort(sorted, list.count, sizeof(*sorted), compare_created);
	for (size_t i = 0; i < list.count; i++)
		if (consider(e, o, asked, &f, &b, sorted[i], rows, err) < 0)
			return -err->code;
	return 0;
}

static int run_images(const struct cli_call *call, struct err *err)
{
	const struct images_options *o = call->options;
	const struct format_kind kind = {"*formatter.imageContext", columns, ARRAY_LEN(columns),
		o->digests ? TABLE_DIGESTS : TABLE};
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_buf struct buf out = {0};
	struct json *rows;

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	rows = json_new_array(&e->arena);
	if (gather(e, o, call->nargs ? call->args[0] : NULL, rows, err) < 0)
		return -err->code;
	if (format_rows(&kind, o->quiet && !o->format ? "{{.ID}}" : o->format, rows, &out, err) < 0)
		return -err->code;
	format_print(&out);
	return 0;
}

#define OPTION(name_, letter_, kind_, member, arg_, help_)                                         \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .kind = (kind_),                             \
		.offset = CLI_FIELD(struct images_options, member), .arg = (arg_), .help = (help_) \
	}

static const struct cli_option options[] = {
	OPTION("all", 'a', CLI_FLAG, all, NULL, "all images: kist keeps no intermediate ones"),
	OPTION("digests", 0, CLI_FLAG, digests, NULL, "with the registry's digests"),
	OPTION("filter", 'f', CLI_STRINGS, filter, "KEY=VALUE", "only those, dangling=true"),
	OPTION("format", 0, CLI_STRING, format, "FORMAT", "table, json or a Go template"),
	OPTION("no-trunc", 0, CLI_FLAG, no_trunc, NULL, "nothing shortened"),
	OPTION("quiet", 'q', CLI_FLAG, quiet, NULL, "ids alone"),
};

const struct cli_command cmd_images = {
	.name = "images",
	.synopsis = "[OPTIONS] [REPOSITORY[:TAG]]",
	.help = "List images",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct images_options),
	.max_args = 1,
	.run = run_images,
};
