/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/bars.h"

#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/size.h"

#define INTERVAL_MS 100
#define BAR_MAX     50

struct bar {
	char *label, *word;
	int64_t current, total;
};

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void bars_release(struct bars *b)
{
	for (size_t i = 0; i < b->count; i++) {
		free(b->items[i].label);
		free(b->items[i].word);
	}
	free(give(b->items));
	b->count = b->drawn = 0;
}

static struct bar *find(struct bars *b, const char *label)
{
	struct bar *bar;

	for (size_t i = 0; i < b->count; i++)
		if (strcmp(b->items[i].label, label) == 0)
			return &b->items[i];
	b->items = xreallocarray(b->items, b->count + 1, sizeof(*b->items));
	bar = &b->items[b->count++];
	*bar = (struct bar){.label = xstrdup(label), .word = xstrdup("")};
	return bar;
}

void bars_update(
	struct bars *b, const char *label, const char *word, int64_t current, int64_t total)
{
	struct bar *bar = find(b, label);

	if (strcmp(bar->word, word) != 0) {
		free(bar->word);
		bar->word = xstrdup(word);
	}
	bar->current = current;
	bar->total = total;
	b->dirty = true;
}

void bars_line(const char *label, const char *word, int64_t current, int64_t total, int width,
	struct buf *out)
{
	own_buf struct buf line = {0};
	char have[SIZE_TEXT_MAX], all[SIZE_TEXT_MAX];
	int room, full;

	buf_addf(&line, "%s: %s", label, word);
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

void bars_draw(struct bars *b)
{
	struct winsize size = {0};
	own_buf struct buf out = {0};
	size_t first, rows;

	if (!b->dirty)
		return;
	ioctl(b->fd, TIOCGWINSZ, &size);
	/* terminals that do not know their size say 0 */
	size.ws_row = size.ws_row > 1 ? size.ws_row : 24;
	size.ws_col = size.ws_col > 1 ? size.ws_col : 80;
	rows = size.ws_row - 1u;
	first = b->count > rows ? b->count - rows : 0;
	if (b->drawn)
		buf_addf(&out, "\033[%zuA", b->drawn);
	for (size_t i = first; i < b->count; i++) {
		const struct bar *bar = &b->items[i];

		buf_adds(&out, "\r\033[K");
		bars_line(bar->label, bar->word, bar->current, bar->total, size.ws_col - 1, &out);
		buf_addc(&out, '\n');
	}
	b->drawn = b->count - first;
	b->drawn_at = now();
	b->dirty = false;
	io_write_full(b->fd, buf_str(&out), out.len);
}

void bars_tick(struct bars *b)
{
	if (b->dirty && now() - b->drawn_at >= INTERVAL_MS)
		bars_draw(b);
}
