/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main() of a fuzz target without libFuzzer: feed it every file of its corpus,
 * tests/fuzz/corpus/NAME, and each file's prefixes and single-bit changes at a few places.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

#define INPUT_MAX (16u << 20)
#define VARIANTS  64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed(const char *data, size_t size)
{
	/* an exact copy, so that a read past the end is one past the allocation */
	own_mem char *copy = xmalloc(size);

	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput((const uint8_t *)copy, size);
}

static void feed_variants(struct buf *input)
{
	feed(input->data, input->len);
	for (size_t i = 0; i < VARIANTS && i < input->len; i++) {
		size_t at = input->len * i / VARIANTS;

		feed(input->data, at);
		input->data[at] ^= (char)(1 << (i % 8));
		feed(input->data, input->len);
		input->data[at] ^= (char)(1 << (i % 8));
	}
}

int main(int argc, char **argv)
{
	struct err ignored;
	const char *name = strrchr(argv[0], '/');
	const char *source = getenv("KIST_SOURCE");
	own_mem char *path = NULL;
	own_dir DIR *dir = NULL;
	struct dirent *e;
	size_t count = 0;

	name = name ? name + 1 : argv[0];
	path = argc > 1 ? xstrdup(argv[1])
			: xasprintf("%s/tests/fuzz/corpus/%s", source ? source : ".", name);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		own_buf struct buf input = {0};

		if (e->d_name[0] == '.')
			continue;
		if (io_read_file(dirfd(dir), e->d_name, INPUT_MAX, &input, &ignored) < 0)
			return 1;
		buf_reserve(&input, 1);
		feed_variants(&input);
		count++;
	}
	printf("%s: %zu inputs from %s\n", name, count, path);
	return count ? 0 : 1; /* no corpus: nothing was tested */
}
