/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/progress.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/size.h"
#include "puller/http.h"

#define JSON_INTERVAL_MS 200
#define BARS_INTERVAL_MS 100
#define SHORT_ID_LEN     12
#define BAR_MAX          50

struct row {
	char *digest;
	enum progress_state state;
	int64_t current, total;
	int64_t told; /* when a JSON line was last written about it */
};

struct progress {
	enum progress_mode mode;
	enum progress_verb verb;
	bool quiet;
	const struct reference *ref;
	struct arena arena;
	struct row *rows;
	size_t count;
	size_t drawn; /* lines of bars above the cursor */
	int64_t drawn_at;
	bool dirty;
	int failed; /* errno of a write to stdout */
};

static const char *const words[][5] = {
	[PROGRESS_PULL] = {"Pulling fs layer", "Downloading", "Extracting", "Already exists",
		"Pull complete"},
	[PROGRESS_PUSH] = {"Waiting", "Pushing", "Pushing", "Layer already exists", "Pushed"},
};

struct progress *progress_new(
	enum progress_mode mode, enum progress_verb verb, bool quiet, bool stdout_taken)
{
	struct progress *p = xcalloc(1, sizeof(*p));

	if (mode == PROGRESS_AUTO && !stdout_taken)
		mode = isatty(1) ? PROGRESS_BARS : PROGRESS_JSON;
	else if (mode == PROGRESS_AUTO)
		mode = isatty(2) ? PROGRESS_BARS : PROGRESS_NONE;
	if (stdout_taken && mode != PROGRESS_BARS)
		mode = PROGRESS_NONE;
	p->mode = mode;
	p->verb = verb;
	p->quiet = quiet || (mode == PROGRESS_BARS && !isatty(2));
	return p;
}

void progress_free(struct progress *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->count; i++)
		free(p->rows[i].digest);
	free(p->rows);
	arena_release(&p->arena);
	free(p);
}

int progress_parse_mode(const char *value, void *mode, struct err *err)
{
	static const char *const names[] = {"auto", "plain", "json", NULL, "none"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i] && strcmp(value, names[i]) == 0) {
			*(enum progress_mode *)mode = (enum progress_mode)i;
			return 0;
		}
	}
	return err_set(err, E_USAGE, "expected auto, plain, json or none");
}

static void put(struct progress *p, int fd, const struct buf *text)
{
	int r = io_write_full(fd, buf_str(text), text->len);

	if (r < 0 && fd == 1)
		p->failed = -r;
}

static void put_json(struct progress *p, const struct json *value)
{
	own_buf struct buf line = {0};

	json_write(value, JSON_COMPACT, &line);
	buf_addc(&line, '\n');
	put(p, 1, &line);
}

void progress_start(struct progress *p, const struct reference *ref)
{
	own_arena struct arena a = {0};
	own_buf struct buf line = {0};
	struct json *o;

	p->ref = ref;
	if (p->quiet)
		return;
	if (p->mode == PROGRESS_JSON) {
		o = json_new_object(&a);
		json_set_string(&a, o, "status", "resolving");
		json_set_string(&a, o, "reference", reference_canonical(ref, &a));
		put_json(p, o);
	}
	if (p->mode != PROGRESS_PLAIN && p->mode != PROGRESS_BARS)
		return;
	if (p->verb == PROGRESS_PULL)
		buf_addf(&line, "%s: Pulling from %s\n", ref->tag ? ref->tag : ref->digest.text,
			ref->repository);
	else
		buf_addf(&line, "The push refers to repository [%s/%s]\n", ref->registry,
			ref->repository);
	put(p, p->mode == PROGRESS_PLAIN ? 1 : 2, &line);
}

static struct row *find_row(struct progress *p, const char *digest)
{
	struct row *r;

	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->rows[i].digest, digest) == 0)
			return &p->rows[i];
	p->rows = xreallocarray(p->rows, p->count + 1, sizeof(*p->rows));
	r = &p->rows[p->count++];
	*r = (struct row){.digest = xstrdup(digest), .state = -1};
	return r;
}

static void tell_json(struct progress *p, struct row *r, bool turned)
{
	static const char *const names[] = {NULL, "downloading", NULL, "exists", "done"};
	const char *name = r->state == PROGRESS_MOVING && p->verb == PROGRESS_PUSH
		? "uploading"
		: names[r->state];
	int64_t now = http_now();
	own_arena struct arena a = {0};
	struct json *o;

	if (!name)
		return;
	if (r->state == PROGRESS_MOVING && now - r->told < JSON_INTERVAL_MS &&
		r->current < r->total)
		return;
	if (!turned && r->state != PROGRESS_MOVING)
		return;
	r->told = now;
	o = json_new_object(&a);
	json_set_string(&a, o, "status", name);
	json_set_string(&a, o, "digest", r->digest);
	if (r->state == PROGRESS_MOVING) {
		json_set_int(&a, o, "current", r->current);
		json_set_int(&a, o, "total", r->total);
	}
	put_json(p, o);
}

static void tell_plain(struct progress *p, const struct row *r)
{
	own_buf struct buf line = {0};

	if (r->state == PROGRESS_MOVING)
		return;
	buf_addf(&line, "%.*s: %s\n", SHORT_ID_LEN, r->digest + DIGEST_PREFIX_LEN,
		r->state == PROGRESS_UNPACKING ? "Download complete" : words[p->verb][r->state]);
	put(p, 1, &line);
}

void progress_update(struct progress *p, const char *digest, enum progress_state state,
	int64_t current, int64_t total)
{
	struct row *r = find_row(p, digest);
	bool turned = r->state != state;

	if (!turned && r->current == current)
		return;
	r->state = state;
	r->current = current;
	r->total = total;
	p->dirty = true;
	if (p->quiet)
		return;
	if (p->mode == PROGRESS_JSON)
		tell_json(p, r, turned);
	else if (p->mode == PROGRESS_PLAIN && turned)
		tell_plain(p, r);
}

void progress_bar(const char *digest, const char *word, int64_t current, int64_t total, int width,
	struct buf *out)
{
	own_buf struct buf line = {0};
	char have[SIZE_TEXT_MAX], all[SIZE_TEXT_MAX];
	int room, full;

	if (strncmp(digest, DIGEST_PREFIX, DIGEST_PREFIX_LEN) == 0)
		digest += DIGEST_PREFIX_LEN;
	buf_addf(&line, "%.*s: %s", SHORT_ID_LEN, digest, word);
	if (total > 0) {
		size_decimal(current, 4, have);
		size_decimal(total, 4, all);
		room = width - (int)line.len - (int)strlen(have) - (int)strlen(all) - 8;
		room = room > BAR_MAX ? BAR_MAX : room;
		if (room >= 5) {
			full = current >= total
				? room
				: (int)((double)room * (double)current / (double)total);
			buf_addf(&line, " [%.*s%s%*s]", full ? full - 1 : 0,
				"==================================================",
				full ? ">" : "", room - full, "");
		}
		buf_addf(&line, "  %s/%s", have, all);
	}
	buf_add(out, buf_str(&line), line.len < (size_t)width ? line.len : (size_t)width);
}

static void add_row_line(const struct progress *p, const struct row *r, int width, struct buf *out)
{
	bool moving = r->state == PROGRESS_MOVING || r->state == PROGRESS_UNPACKING;

	progress_bar(
		r->digest, words[p->verb][r->state], r->current, moving ? r->total : 0, width, out);
}

static void draw(struct progress *p)
{
	struct winsize size = {0};
	own_buf struct buf out = {0};
	size_t first, rows;

	ioctl(2, TIOCGWINSZ, &size);
	/* terminals that do not know their size say 0 */
	size.ws_row = size.ws_row > 1 ? size.ws_row : 24;
	size.ws_col = size.ws_col > 1 ? size.ws_col : 80;
	rows = size.ws_row - 1u;
	first = p->count > rows ? p->count - rows : 0;
	if (p->drawn)
		buf_addf(&out, "\033[%zuA", p->drawn);
	for (size_t i = first; i < p->count; i++) {
		buf_adds(&out, "\r\033[K");
		add_row_line(p, &p->rows[i], size.ws_col - 1, &out);
		buf_addc(&out, '\n');
	}
	p->drawn = p->count - first;
	p->drawn_at = http_now();
	p->dirty = false;
	put(p, 2, &out);
}

void progress_tick(struct progress *p)
{
	if (p->mode != PROGRESS_BARS || p->quiet || !p->dirty)
		return;
	if (http_now() - p->drawn_at >= BARS_INTERVAL_MS)
		draw(p);
}

void progress_stop(struct progress *p)
{
	if (p->mode == PROGRESS_BARS && !p->quiet && p->dirty)
		draw(p);
}

static void finish_json(struct progress *p, const struct progress_result *result)
{
	own_arena struct arena a = {0};

	put_json(p, schema_encode(&descriptor_schema, &result->descriptor, &a));
}

static void finish_words(struct progress *p, const struct progress_result *result)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};

	if (p->verb == PROGRESS_PUSH && !p->quiet)
		buf_addf(&text, "%s: digest: %s size: %lld\n", p->ref->tag ? p->ref->tag : "",
			result->digest, (long long)result->descriptor.size);
	else if (!p->quiet)
		buf_addf(&text, "Digest: %s\nStatus: %s for %s\n", result->digest,
			result->changed ? "Downloaded newer image" : "Image is up to date",
			reference_familiar(p->ref, &a));
	if (p->verb == PROGRESS_PULL || p->quiet)
		buf_addf(&text, "%s\n", reference_canonical(p->ref, &a));
	put(p, 1, &text);
}

int progress_finish(struct progress *p, const struct progress_result *result, struct err *err)
{
	progress_stop(p);
	if (p->mode == PROGRESS_JSON)
		finish_json(p, result);
	else if (p->mode == PROGRESS_PLAIN || (p->mode == PROGRESS_BARS && isatty(1)))
		finish_words(p, result);
	if (!p->failed)
		return 0;
	errno = p->failed;
	return err_errno(err, "cannot write to standard output");
}
