/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first bytes of a file of a build context: is it a tar, plain or behind a compression? The
 * first byte says which of kist-build-probe's ways is taken.
 */
#include "tests/fuzz/fuzz.h"

int probe_main(int argc, char **argv);

#define main probe_main
#include "builder/kist_build_probe.c"
#undef main

#define READ_MAX (8u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_fd int fd = -1;
	own_stream struct stream *s = NULL;
	unsigned char block[BLOCK];
	struct err err = {0};
	const void *more;
	size_t total = 0;
	ssize_t n = 0;

	if (!size)
		return 0;
	fd = fuzz_file(data + 1, size - 1);
	s = data[0] & 1 ? foreign_stream(fd) : stream_inflate(stream_from_fd(fd), NULL);
	if (first_block(s, block) == BLOCK)
		is_tar_header(block);
	/* and the rest, as --inflate has it */
	while (total < READ_MAX && (n = stream_next(s, &more, &err)) > 0)
		total += (size_t)n;
	if (n < 0)
		fuzz_check_error((int)n, &err);
	return 0;
}
