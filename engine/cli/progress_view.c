/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/progress_view.h"

#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

#define SHORT_ID_LEN 12

/* What was last said of a blob. */
struct progress_view_row {
	char id[SHORT_ID_LEN + 1];
	enum progress_status status;
};

void progress_view_release(struct progress_view *v)
{
	bars_draw(&v->bars);
	bars_release(&v->bars);
	free(give(v->rows));
	v->count = 0;
}

static struct progress_view_row *find(struct progress_view *v, const char *digest)
{
	struct progress_view_row row = {.status = PROGRESS_OTHER};

	memcpy(row.id, digest + DIGEST_PREFIX_LEN, SHORT_ID_LEN);
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->rows[i].id, row.id) == 0)
			return &v->rows[i];
	v->rows = xreallocarray(v->rows, v->count + 1, sizeof(*v->rows));
	v->rows[v->count] = row;
	return &v->rows[v->count++];
}

static void put(const struct progress_view *v, const struct buf *text)
{
	/* who does not read any more still gets the image */
	if (text->len && io_write_full(v->fd, text->data, text->len) < 0)
		return;
}

/* Lines of text: each step of a blob once, and no line for every block that came. */
static void say_blob(struct progress_view *v, struct progress_view_row *row, const char *word,
	enum progress_status status)
{
	own_buf struct buf text = {0};

	if (row->status == status || status == PROGRESS_DOWNLOADING || status == PROGRESS_UPLOADING)
		return;
	buf_addf(&text, "%s: %s\n", row->id,
		status == PROGRESS_UNPACKING ? "Download complete" : word);
	put(v, &text);
}

static void tell_blob(
	struct progress_view *v, enum subject_kind about, const struct progress_line *line)
{
	const char *word = sentence_progress(about, line->status);
	struct progress_view_row *row;

	if (!word || !line->digest || !digest_valid(line->digest))
		return;
	row = find(v, line->digest);
	if (isatty(v->fd)) {
		v->bars.fd = v->fd;
		bars_update(&v->bars, row->id, word, line->current, line->total);
		bars_tick(&v->bars);
	} else {
		say_blob(v, row, word, line->status);
	}
	row->status = line->status;
}

void progress_view_tell(
	struct progress_view *v, enum subject_kind about, const struct progress_line *line)
{
	own_buf struct buf text = {0};

	switch (line->status) {
	case PROGRESS_RESOLVING:
	case PROGRESS_PUSHING:
		v->began = true;
		break;
	case PROGRESS_PULLED:
	case PROGRESS_PUSHED:
		/* the next image of "-a" begins beneath */
		progress_view_release(v);
		break;
	default:
		tell_blob(v, about, line);
		return;
	}
	sentence_whole(line, !v->began, &text);
	put(v, &text);
}

struct reading {
	struct progress_view view;
	enum subject_kind about;
	struct err failed;
};

static int take_line(void *arg, const char *text, size_t len, struct err *err)
{
	struct reading *r = arg;
	own_arena struct arena a = {0};
	struct progress_line line;

	/* what is no such line is of a newer program: it is left out */
	if (progress_line_read(text, len, &line, &a, err) < 0)
		return 0;
	if (line.status == PROGRESS_FAILED) {
		progress_line_error(&line, &r->failed);
		sentence_for(r->about, line.reference, &r->failed);
	} else {
		progress_view_tell(&r->view, r->about, &line);
	}
	return 0;
}

int progress_view_run(enum subject_kind about, int in, int out, struct err *err)
{
	struct reading r = {.view = {.fd = out}, .about = about};
	int read = io_each_line(in, JSON_LINE_MAX, take_line, &r, err);

	progress_view_release(&r.view);
	if (read == 0 && r.failed.code)
		*err = r.failed;
	return read == 0 ? -r.failed.code : read;
}
