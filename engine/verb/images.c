/* SPDX-License-Identifier: Apache-2.0 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/filter.h"
#include "engine/docker/units.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/io.h"
#include "lib/own.h"
#include "spec/reference.h"

static void split_reference(struct image_summary *row, struct arena *a)
{
	struct reference ref;

	row->name = row->tag = "<none>";
	if (row->entry->reference &&
		reference_parse(row->entry->reference, &ref, a, &(struct err){0}) == 0) {
		row->name = reference_familiar_name(&ref, a);
		row->tag = ref.tag ? ref.tag : "<none>";
	}
}

/* "alpine", "alpine:3", "registry/app*": docker's patterns match the short name, with or without
 * tag */
static bool match_reference(const void *row, const char *pattern)
{
	const struct image_summary *r = row;
	own_mem char *whole = xasprintf("%s:%s", r->name, r->tag);

	return fnmatch(pattern, whole, FNM_PATHNAME) == 0 ||
		fnmatch(pattern, r->name, FNM_PATHNAME) == 0;
}

static bool match_dangling(const void *row, const char *value)
{
	bool dangling = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;

	return dangling == (((const struct image_summary *)row)->entry->reference == NULL);
}

static bool match_until(const void *row, const char *value)
{
	const struct image_entry *entry = ((const struct image_summary *)row)->entry;
	int64_t limit, created;
	long nanoseconds;

	return entry->created &&
		units_parse_time(value, &limit, &nanoseconds, &(struct err){0}) == 0 &&
		io_time_parse(entry->created, &created, &nanoseconds) == 0 && created < limit;
}

/* Labels and times of other images are in documents that a listing does not open otherwise. */
static int match_documents(
	struct engine *e, const struct filters *f, const struct image_summary *r, struct err *err)
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
		return sentence_for(ABOUT_IMAGE, name, err);
	*created = entry.created ? entry.created : "";
	return 0;
}

/* The argument: a repository, or one image with its tag. */
static bool is_asked_for(const char *text, const struct image_summary *r, struct arena *a)
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

static int consider(struct engine *e, const char *asked, const struct filters *f,
	const struct bounds *b, struct image_summary *row, struct err *err)
{
	const char *created = row->entry->created ? row->entry->created : "";

	split_reference(row, &e->arena);
	if (!is_asked_for(asked, row, &e->arena) ||
		!filters_match(f, "reference", match_reference, row) ||
		!filters_match(f, "dangling", match_dangling, row) ||
		!filters_match(f, "until", match_until, row) ||
		(b->before && strcmp(created, b->before) >= 0) ||
		(b->since && strcmp(created, b->since) <= 0))
		return 0;
	return match_documents(e, f, row, err);
}

int verb_images(
	struct engine *e, const struct images_request *rq, struct sink *sink, struct err *err)
{
	static const char *const keys[] = {
		"before", "dangling", "label", "reference", "since", "until", NULL};
	const struct image_entry **sorted;
	struct image_list list;
	struct bounds b;
	struct filters f;

	if (filters_parse(&rq->filter, keys, &f, err) < 0 ||
		bound(e, filters_value(&f, "before"), &b.before, err) < 0 ||
		bound(e, filters_value(&f, "since"), &b.since, err) < 0 ||
		image_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	sorted = arena_array(&e->arena, list.count, sizeof(*sorted));
	for (size_t i = 0; i < list.count; i++)
		sorted[i] = &list.items[i];
	qsort(sorted, list.count, sizeof(*sorted), compare_created);
	for (size_t i = 0; i < list.count; i++) {
		struct image_summary row = {.entry = sorted[i]};
		const struct result result = {.kind = RESULT_IMAGE, .image = &row};
		int r = consider(e, rq->repository, &f, &b, &row, err);

		if (r > 0)
			r = sink_result(sink, &result, err);
		if (r < 0)
			return r;
	}
	return 0;
}
