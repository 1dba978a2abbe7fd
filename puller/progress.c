/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/progress.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/bars.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "puller/http.h"

#define JSON_INTERVAL_MS 200
#define SHORT_ID_LEN     12

struct row {
	char *digest;
	enum progress_status status;
	int64_t current, total;
	int64_t told; /* when a JSON line was last written about it */
};

struct progress {
	enum progress_mode mode;
	enum progress_verb verb;
	bool quiet;
	int fd; /* of JSON lines */
	const struct reference *ref;
	struct row *rows;
	size_t count;
	struct bars bars;
	int failed; /* errno of a write of lines */
};

struct progress *progress_new(const struct progress_options *o)
{
	struct progress *p = xcalloc(1, sizeof(*p));
	enum progress_mode mode = o->mode;

	if (mode == PROGRESS_AUTO && !o->stdout_taken)
		mode = isatty(1) ? PROGRESS_BARS : PROGRESS_JSON;
	else if (mode == PROGRESS_AUTO)
		mode = isatty(2) ? PROGRESS_BARS : PROGRESS_NONE;
	if (o->fd)
		mode = PROGRESS_JSON;
	/* who reads the lines shows them on the stdout that is taken */
	if (o->stdout_taken && mode != PROGRESS_BARS)
		mode = PROGRESS_NONE;
	p->mode = mode;
	p->verb = o->verb;
	p->fd = o->fd ? o->fd : 1;
	p->bars.fd = 2;
	p->quiet = o->quiet || (mode == PROGRESS_BARS && !isatty(2));
	return p;
}

void progress_free(struct progress *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->count; i++)
		free(p->rows[i].digest);
	free(p->rows);
	bars_release(&p->bars);
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

	if (r < 0 && fd == p->fd)
		p->failed = -r;
}

static void put_line(struct progress *p, const struct progress_line *line)
{
	own_buf struct buf text = {0};

	progress_line_write(line, &text);
	put(p, p->fd, &text);
}

void progress_start(struct progress *p, const struct reference *ref)
{
	bool pull = p->verb == PROGRESS_PULL;
	own_arena struct arena a = {0};
	own_buf struct buf line = {0};
	const char *name = reference_canonical(ref, &a);

	p->ref = ref;
	if (p->quiet)
		return;
	if (p->mode == PROGRESS_JSON)
		put_line(p,
			&(struct progress_line){
				.status = pull ? PROGRESS_RESOLVING : PROGRESS_PUSHING,
				.reference = name,
				.default_tag = ref->default_tag});
	if (p->mode != PROGRESS_PLAIN && p->mode != PROGRESS_BARS)
		return;
	buf_addf(&line, "%s: %s\n", name, pull ? "resolving" : "pushing");
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
	*r = (struct row){.digest = xstrdup(digest)};
	return r;
}

static bool is_moving(enum progress_status status)
{
	return status == PROGRESS_DOWNLOADING || status == PROGRESS_UPLOADING;
}

static const char *word_of(enum progress_status status)
{
	switch (status) {
	case PROGRESS_WAITING:
		return "waiting";
	case PROGRESS_DOWNLOADING:
		return "downloading";
	case PROGRESS_UPLOADING:
		return "uploading";
	case PROGRESS_UNPACKING:
		return "unpacking";
	case PROGRESS_EXISTS:
		return "is there";
	default:
		return "done";
	}
}

static void tell_json(struct progress *p, struct row *r, bool turned)
{
	struct progress_line line = {.status = r->status, .digest = r->digest};
	int64_t now = http_now();

	if (is_moving(r->status) || r->status == PROGRESS_UNPACKING) {
		if (!turned && now - r->told < JSON_INTERVAL_MS && r->current < r->total)
			return;
		line.current = r->current;
		line.total = r->total;
	} else if (!turned) {
		return;
	}
	r->told = now;
	put_line(p, &line);
}

static void tell_plain(struct progress *p, const struct row *r)
{
	own_buf struct buf line = {0};

	if (is_moving(r->status))
		return;
	buf_addf(&line, "%.*s: %s\n", SHORT_ID_LEN, r->digest + DIGEST_PREFIX_LEN,
		word_of(r->status));
	put(p, 1, &line);
}

static void tell_bar(struct progress *p, const struct row *r)
{
	own_mem char *label = xasprintf("%.*s", SHORT_ID_LEN, r->digest + DIGEST_PREFIX_LEN);

	bars_update(&p->bars, label, word_of(r->status), r->current,
		is_moving(r->status) || r->status == PROGRESS_UNPACKING ? r->total : 0);
}

void progress_update(struct progress *p, const char *digest, enum progress_status status,
	int64_t current, int64_t total)
{
	struct row *r = find_row(p, digest);
	bool turned = r->status != status;

	if (!turned && r->current == current)
		return;
	r->status = status;
	r->current = current;
	r->total = total;
	if (p->quiet)
		return;
	if (p->mode == PROGRESS_JSON)
		tell_json(p, r, turned);
	else if (p->mode == PROGRESS_PLAIN && turned)
		tell_plain(p, r);
	else if (p->mode == PROGRESS_BARS)
		tell_bar(p, r);
}

void progress_tick(struct progress *p)
{
	bars_tick(&p->bars);
}

void progress_stop(struct progress *p)
{
	bars_draw(&p->bars);
}

static void finish_json(struct progress *p, const struct progress_result *result)
{
	bool pull = p->verb == PROGRESS_PULL;
	own_arena struct arena a = {0};
	const struct progress_line whole = {.status = pull ? PROGRESS_PULLED : PROGRESS_PUSHED,
		.reference = reference_canonical(p->ref, &a),
		.digest = result->digest,
		.size = pull ? 0 : result->descriptor.size,
		.changed = pull && result->changed};

	/* who reads stdout of a quiet one wants the descriptor alone */
	if (!p->quiet || p->fd != 1)
		put_line(p, &whole);
	put_line(p,
		&(struct progress_line){
			.status = PROGRESS_RESULT, .descriptor = result->descriptor});
}

static void finish_words(struct progress *p, const struct progress_result *result)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	const char *name = reference_canonical(p->ref, &a);

	if (p->quiet)
		buf_addf(&text, "%s\n", name);
	else
		buf_addf(&text, "%s: %s, %s\n", name,
			p->verb == PROGRESS_PUSH  ? "pushed"
				: result->changed ? "pulled"
						  : "up to date",
			result->digest);
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
	return err_errno(
		err, "cannot write to %s", p->fd == 1 ? "standard output" : "--progress-fd");
}

int progress_report(int fd, const char *reference, const struct err *err)
{
	const struct progress_line line = {.status = PROGRESS_FAILED,
		.reference = reference,
		.error = err->msg,
		.code = err->code};
	own_buf struct buf text = {0};

	progress_line_write(&line, &text);
	/* nobody reads any more: there is nobody to tell that */
	io_write_full(fd, text.data, text.len);
	return err_status(err);
}
