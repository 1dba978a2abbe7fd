/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/pull_tags.h"

#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "puller/url.h"

#define TAGS_MAX  10000
#define PAGES_MAX 1000
#define TAG_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

/* [A-Za-z0-9_][A-Za-z0-9._-]{0,127} */
static bool tag_valid(const char *tag)
{
	size_t n = strlen(tag);

	return n >= 1 && n <= 128 && strspn(tag, TAG_CHARS) == n && *tag != '.' && *tag != '-';
}

static bool is_known(const struct strv *tags, const char *tag)
{
	for (size_t i = tags->count; i-- > 0;)
		if (strcmp(tags->items[i], tag) == 0)
			return true;
	return false;
}

/* Returns how many of the page's tags are new. */
static int take_page(const struct buf *body, struct strv *tags, struct err *err)
{
	own_arena struct arena a = {0};
	struct json *doc = json_parse(&a, buf_str(body), body->len, JSON_DOCUMENT_MAX, err);
	struct json *list = json_get(doc, "tags");
	int added = 0;

	if (!doc)
		return err_wrap(err, "the list of tags");
	json_each (item, list) {
		if (item->type != JSON_STRING || !tag_valid(item->text) ||
			is_known(tags, item->text))
			continue;
		if (tags->count >= TAGS_MAX)
			return err_set(
				err, E_LIMIT, "the repository has more than %d tags", TAGS_MAX);
		strv_add(tags, item->text);
		added++;
	}
	return added;
}

/*
 * The tags of the registry's repository (distribution-spec, "Listing Tags"), page by page, in the
 * registry's order. What is no valid tag is left out. A server that leads from page to page must
 * come to an end: each page has a tag that is new. Returns 0.
 */
static int list_tags(struct registry *registry, struct strv *tags, struct err *err)
{
	own_mem char *path = xasprintf("/v2/%s/tags/list?n=1000", registry_repository(registry));

	for (int page = 0; path; page++) {
		own_call struct call c = {0};
		own_mem char *link = NULL;
		int added;

		c.http.method = HTTP_GET;
		c.http.max_body = JSON_DOCUMENT_MAX;
		c.path = give(path);
		if (registry_run(registry, &c, err) < 0 || !call_good(&c))
			return call_failure(&c, err);
		added = take_page(&c.http.text, tags, err);
		if (added < 0)
			return added;
		link = c.http.reply.link ? url_next_page(c.http.reply.link) : NULL;
		if (link && (!added || page + 1 >= PAGES_MAX))
			return err_set(err, E_LIMIT, "the registry's list of tags does not end");
		if (link && url_resolve(c.http.url, link, &path, err) < 0)
			return -err->code;
	}
	return 0;
}

int pull_all_tags(struct store *store, struct registry *registry, const struct reference *ref,
	const struct pull_store_options *options, struct progress *progress, struct err *err)
{
	own_strv struct strv tags = {0};

	if (list_tags(registry, &tags, err) < 0)
		return -err->code;
	if (!tags.count)
		return err_set(err, E_NOT_FOUND, "the repository has no tags");
	for (size_t i = 0; i < tags.count; i++) {
		struct reference one = *ref;

		one.tag = tags.items[i];
		one.default_tag = false;
		if (pull_to_store(store, registry, &one, options, progress, err) < 0)
			return err_wrap(err, "tag '%s'", one.tag);
	}
	return 0;
}
