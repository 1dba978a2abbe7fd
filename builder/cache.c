/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "builder/build.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "store/blob.h"
#include "store/layer_store.h"

#define KEY_VERSION "1" /* changes when the same fields mean something else */

void cache_key_add(struct cache_key *k, const char *field)
{
	char head[24];

	snprintf(head, sizeof(head), "%zd ", field ? (ssize_t)strlen(field) : (ssize_t)-1);
	sha256_update(&k->sha, head, strlen(head));
	if (field)
		sha256_update(&k->sha, field, strlen(field));
}

void cache_key_add_all(struct cache_key *k, const struct strings *fields)
{
	char count[24];

	snprintf(count, sizeof(count), "%zu", fields->count);
	cache_key_add(k, count);
	for (size_t i = 0; i < fields->count; i++)
		cache_key_add(k, fields->items[i]);
}

void cache_key_begin(struct cache_key *k, const struct stage *s, const char *kind)
{
	char count[24];

	sha256_init(&k->sha);
	cache_key_add(k, KEY_VERSION);
	cache_key_add(k, kind);
	cache_key_add(k, platform_host());
	snprintf(count, sizeof(count), "%zu", s->layers.count);
	cache_key_add(k, count);
	for (size_t i = 0; i < s->layers.count; i++)
		cache_key_add(k, s->layers.items[i].diff_id);
	cache_key_add(k, s->config.config.working_dir);
	cache_key_add(k, s->config.config.user);
}

void cache_key_end(struct cache_key *k)
{
	sha256_finish(&k->sha, k->hex);
	sha256_release(&k->sha);
}

/* A directory of the cache, made when it is missing. The caller closes it. */
static int open_table(struct build *b, const char *name, struct err *err)
{
	int fd;

	if (mkdirat(b->work.build, name, 0700) < 0 && errno != EEXIST)
		return err_errno(err, "cannot make the build cache's '%s'", name);
	fd = openat(b->work.build, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? err_errno(err, "cannot open the build cache's '%s'", name) : fd;
}

/* One entry as JSON. A damaged one (a full disk, an older program) is as good as none. */
static const struct json *read_entry(
	struct build *b, const char *table, const char *key, struct err *err)
{
	own_fd int dir = open_table(b, table, err);

	return dir < 0 ? NULL : json_read_file(&b->arena, dir, key, err);
}

static int write_entry(struct build *b, const char *table, const char *key,
	const struct json *entry, struct err *err)
{
	own_fd int dir = open_table(b, table, err);
	own_buf struct buf text = {0};

	if (dir < 0)
		return dir;
	json_write(entry, JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	if (io_publish_file(dir, key, buf_str(&text), text.len, 0600, 0, err) < 0)
		return err_wrap(err, "cannot write to the build cache");
	return 0;
}

int cache_find(struct build *b, const struct cache_key *k, struct cache_entry *e, struct err *err)
{
	const struct json *entry;
	struct digest id;

	if (b->options->no_cache)
		return 0;
	entry = read_entry(b, "steps", k->hex, err);
	if (!entry)
		return 0;
	e->diff_id = json_get_string(entry, "diff_id");
	e->created = json_get_string(entry, "created");
	if (!e->created)
		return 0;
	if (!e->diff_id)
		return 1;
	return digest_parse(e->diff_id, &id, err) == 0 && layer_store_has(b->store, &id);
}

int cache_add(
	struct build *b, const struct cache_key *k, const struct cache_entry *e, struct err *err)
{
	struct json *entry = json_new_object(&b->arena);

	json_set_string(&b->arena, entry, "diff_id", e->diff_id);
	json_set_string(&b->arena, entry, "created", e->created);
	return write_entry(b, "steps", k->hex, entry, err);
}

int cache_find_blob(struct build *b, const char *diff_id, struct descriptor *blob, struct err *err)
{
	const struct json *entry = read_entry(b, "blobs", diff_id + DIGEST_PREFIX_LEN, err);
	struct descriptor found;
	struct digest digest;
	int64_t size;

	if (!entry || schema_decode(&descriptor_schema, entry, &found, &b->arena, err) < 0)
		return 0;
	if (digest_parse(found.digest, &digest, err) < 0 ||
		!blob_exists(b->store, &digest, &size) || size != found.size)
		return 0;
	*blob = found;
	return 1;
}

int cache_add_blob(
	struct build *b, const char *diff_id, const struct descriptor *blob, struct err *err)
{
	return write_entry(b, "blobs", diff_id + DIGEST_PREFIX_LEN,
		schema_encode(&descriptor_schema, blob, &b->arena), err);
}
