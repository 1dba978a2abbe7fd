/* SPDX-License-Identifier: Apache-2.0 */
/* What fuzz targets have in common: properties that are asserted, a file of the input, its cost. */
#ifndef KIST_TESTS_FUZZ_H
#define KIST_TESTS_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                                                                      \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* Is it an error as library code returns one: a negative code, which stands in *err, too? */
static inline void fuzz_check_error(int r, const struct err *err)
{
	FUZZ_CHECK(r < 0 && err->code == -r && *err->msg);
}

/* The text of a value. */
static inline void fuzz_encode(const struct schema *schema, const void *value, struct buf *out)
{
	own_arena struct arena a = {0};

	json_write(schema_encode(schema, value, &a), JSON_COMPACT, out);
}

/* Read a document: as the function of spec/ or the like for it. */
typedef int fuzz_reader(
	const char *text, size_t len, void *value, struct arena *a, struct err *err);

/*
 * A value that was accepted: what is written of it is accepted, and is then written the same way.
 * room: for another such value.
 */
static inline void fuzz_check_stable(
	const struct schema *schema, const void *value, fuzz_reader *read, void *room)
{
	own_arena struct arena a = {0};
	own_buf struct buf once = {0}, twice = {0};
	struct err err = {0};

	fuzz_encode(schema, value, &once);
	if (once.len > JSON_DOCUMENT_MAX)
		return; /* \u0001 for one byte: what is written may be longer than what was read */
	if (read(buf_str(&once), once.len, room, &a, &err) < 0) {
		fprintf(stderr, "%s\n%s\n", buf_str(&once), err.msg);
		abort();
	}
	fuzz_encode(schema, room, &twice);
	if (strcmp(buf_str(&once), buf_str(&twice)) != 0) {
		fprintf(stderr, "%s\n%s\n", buf_str(&once), buf_str(&twice));
		abort();
	}
}

/* The input as a file, from its beginning; the caller closes it. */
static inline int fuzz_file(const void *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || io_write_full(fd, data, size) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		abort();
	return fd;
}

#define FUZZ_PATH_MAX 40

static inline void fuzz_path(int fd, char path[FUZZ_PATH_MAX])
{
	snprintf(path, FUZZ_PATH_MAX, "/proc/self/fd/%d", fd);
}

/* The lines of the input as strings, in the arena. */
static inline struct strings fuzz_lines(const uint8_t *data, size_t size, struct arena *a)
{
	struct strings lines = {0};
	const char *at = (const char *)data, *end = at + size;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((lf ? lf : end) - at);

		strings_add(a, &lines, arena_strndup(a, at, n));
		at += n + 1;
	}
	return lines;
}

/* ---- cost ---- */

/* Milliseconds of this thread. */
static inline int64_t fuzz_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * What input may cost: a second, and 50 us for each byte. It is an order of magnitude more than
 * anything needs under sanitizers, and less than what grows with the square of some 10,000 entries.
 */
static inline void fuzz_check_cost(int64_t began, size_t size)
{
	FUZZ_CHECK(fuzz_clock() - began <= 1000 + (int64_t)(size / 20));
}

/* For one input of 256, always the same: what is too slow for each of them. */
static inline bool fuzz_sometimes(const uint8_t *data, size_t size)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < size; i++)
		h = (h ^ data[i]) * 16777619u;
	return h % 256 == 0;
}

/* Some inputs again, so often that they fill size_wanted bytes: their cost grows with the size. */
static inline void fuzz_repeat(const uint8_t *data, size_t size, size_t size_wanted,
	void (*use)(const char *text, size_t len))
{
	own_buf struct buf all = {0};
	int64_t began;

	if (!size || !fuzz_sometimes(data, size))
		return;
	while (all.len < size_wanted) {
		buf_add(&all, data, size);
		buf_addc(&all, '\n');
	}
	began = fuzz_clock();
	use(buf_str(&all), all.len);
	fuzz_check_cost(began, all.len);
}

/*
 * Each list of at most few elements that stands in the value gets count copies of its first one, so
 * that entries come in numbers. Lists within lists stay as they are.
 */
static inline void fuzz_widen(struct json *value, size_t count, struct arena *a)
{
	size_t n = value->count;

	if (value->type == JSON_ARRAY && n)
		while (value->count < count)
			json_append(value, json_copy(a, value->first));
	else
		json_each_member (member, value)
			fuzz_widen(member, count, a);
}

#endif
