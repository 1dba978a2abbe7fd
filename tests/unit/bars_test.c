/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/bars.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

#define LABEL "0123456789ab"

static void bars(void)
{
	own_buf struct buf half = {0}, none = {0}, full = {0}, word = {0};

	bars_line(LABEL, "Downloading", 50, 100, 80, &half);
	UNIT_STRING(buf_str(&half),
		"0123456789ab: Downloading [===================>                    ]  50B/100B");
	bars_line(LABEL, "Downloading", 0, 100, 79, &none);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&none), "[   "));
	bars_line(LABEL, "Downloading", 100, 100, 79, &full);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&full), "=>]"));
	bars_line(LABEL, "Pull complete", 100, 0, 79, &word);
	UNIT_STRING(buf_str(&word), "0123456789ab: Pull complete");
}

static void narrow(void)
{
	for (int width = 1; width < 200; width++) {
		own_buf struct buf line = {0};

		bars_line(LABEL, "Downloading", 12345678, 987654321, width, &line);
		CU_ASSERT_TRUE(line.len <= (size_t)width);
	}
}

/* Into a pipe: lines that have changed are drawn over those of before. */
static void drawing(void)
{
	struct bars b = {0};
	own_buf struct buf text = {0};
	struct err err;
	int ends[2];

	CU_ASSERT_FATAL(pipe(ends) == 0);
	b.fd = ends[1];
	bars_draw(&b);
	bars_update(&b, "one", "Waiting", 0, 0);
	bars_update(&b, "two", "Waiting", 0, 0);
	bars_draw(&b);
	bars_draw(&b);
	bars_update(&b, "one", "Done", 0, 0);
	bars_draw(&b);
	bars_release(&b);
	close(ends[1]);
	UNIT_OK(io_read_fd(ends[0], 4096, "bars", &text, &err), &err);
	close(ends[0]);
	UNIT_STRING(buf_str(&text),
		"\r\033[Kone: Waiting\n\r\033[Ktwo: Waiting\n"
		"\033[2A\r\033[Kone: Done\n\r\033[Ktwo: Waiting\n");
}

UNIT_TESTS(bars) = {
	{"a bar shows how far it is", bars},
	{"a line never exceeds the terminal's width", narrow},
	{"what has changed is drawn over what was there", drawing},
};
UNIT_COUNT(bars)
