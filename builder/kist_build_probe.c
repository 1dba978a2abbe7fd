/* SPDX-License-Identifier: Apache-2.0 */
/* kist-build-probe: is what begins on stdin a tar, plain or compressed? Prints "tar" or "other". */
#include <stdlib.h>
#include <string.h>

#include "builder/sandbox.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/stream.h"

#define BLOCK       512
#define CHECKSUM_AT 148

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
static size_t first_block(unsigned char block[BLOCK])
{
	own_stream struct stream *s = stream_inflate(stream_from_fd(0), NULL);
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

int main(void)
{
	unsigned char block[BLOCK];
	const char *answer;
	struct err err = {0};

	io_start();
	if (sandbox_enter(&err) < 0)
		return err_report("kist-build-probe", &err);
	answer = first_block(block) == BLOCK && is_tar_header(block) ? "tar\n" : "other\n";
	return io_write_full(1, answer, strlen(answer)) < 0;
}
