/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist-build-probe: is what begins on stdin a tar, plain or compressed? Prints "tar" or "other".
 * kist-build-probe --inflate: stdin is bzip2 or xz, stdout gets what is in it.
 * Both parse bytes from a build context, so both shut themselves in first.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "builder/foreign.h"
#include "builder/probe.h"
#include "lib/confine.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/stream.h"

#define BLOCK       512
#define CHECKSUM_AT 148

#define INFLATE_MEMORY_MAX (512u << 20)

/* The sum over a header with its checksum field as blanks is what that field says, in octal. */
static bool is_tar_header(const unsigned char *h)
{
	unsigned long sum = 0;
	char field[9] = "";

	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= CHECKSUM_AT && i < CHECKSUM_AT + 8 ? ' ' : h[i];
	memcpy(field, h + CHECKSUM_AT, 8);
	return strspn(field, " 01234567") > 0 && strtoul(field, NULL, 8) == sum && sum > 8 * ' ';
}

/* The first 512 bytes behind any compression. Errors of the stream mean that it is something else.
 */
static size_t first_block(struct stream *s, unsigned char block[BLOCK])
{
	const void *data;
	size_t have = 0;
	struct err err;
	ssize_t n;

	while (have < BLOCK && (n = stream_next(s, &data, &err)) > 0) {
		size_t take = (size_t)n < BLOCK - have ? (size_t)n : BLOCK - have;

		memcpy(block + have, data, take);
		have += take;
	}
	return have;
}

static int answer(bool foreign)
{
	own_stream struct stream *s = foreign ? foreign_stream(0)
					      : stream_inflate(stream_from_fd(0), NULL);
	unsigned char block[BLOCK];
	bool tar = first_block(s, block) == BLOCK && is_tar_header(block);
	const char *word = tar ? "tar\n" : "other\n";

	return io_write_full(1, word, strlen(word)) < 0;
}

static int inflate(struct err *err)
{
	own_stream struct stream *s = foreign_stream(0);
	const void *data;
	ssize_t n;

	while ((n = stream_next(s, &data, err)) > 0) {
		int r = io_write_full(1, data, (size_t)n);

		if (r < 0)
			return err_set(err, -r, "cannot write to standard output");
	}
	return (int)n;
}

/* xz may ask for as much memory as its header says. */
static int limit_memory(struct err *err)
{
#ifndef __SANITIZE_ADDRESS__
	const struct rlimit limit = {INFLATE_MEMORY_MAX, INFLATE_MEMORY_MAX};

	if (setrlimit(RLIMIT_AS, &limit) < 0)
		return err_errno(err, "cannot limit memory");
#endif
	(void)err;
	return 0;
}

int main(int argc, char **argv)
{
	struct err err = {0};

	io_start();
	if (limit_memory(&err) < 0 || confine_enter(CONFINE_BUILD_PROBE, NULL, &err) < 0)
		return err_report("kist-build-probe", &err);
	if (argc > 1 && strcmp(argv[1], "--inflate") == 0)
		return inflate(&err) < 0 ? err_report("kist-build-probe", &err) : 0;
	return answer(argc > 1 && strcmp(argv[1], "--foreign") == 0);
}
