/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever a layer's bytes are: no crash, and nothing appears outside of the directory. The first
 * byte chooses how whiteouts are treated.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "store/layer/layer_list.h"
#include "store/layer/layer_unpack.h"
#include "tests/unit/memory_stream.h"

#define ENTRIES_MAX 200
#define SIZE_LIMIT  (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The directory that holds the root must hold nothing else. */
static void check_outside(int top)
{
	struct layer_list list;
	struct err err;

	if (layer_list_read(&list, top, &err) < 0 || list.count != 1)
		abort();
	layer_list_release(&list);
}

static void unpack(int root, const uint8_t *data, size_t size)
{
	const struct layer_unpack_target target = {
		.root = root,
		.whiteouts = *data & 1 ? LAYER_WHITEOUTS_OVERLAY : LAYER_WHITEOUTS_APPLY,
		.user_xattrs = true,
		.implied_fd = -1,
		.max_entries = ENTRIES_MAX,
	};
	own_stream struct stream *in = stream_limit(
		stream_from_memory(data + 1, size - 1), SIZE_LIMIT, "input");
	own_tar_reader struct tar_reader *tar = tar_reader_new(in);
	struct layer_result result = {0};
	const char *warning;
	struct err err;

	layer_unpack_entries(tar, &target, &result, &warning, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* a file system in memory, where there is one: this is about names, not about the disk */
	char name[40];
	own_fd int top = -1, root = -1;
	struct err err;

	if (size == 0)
		return 0;
	umask(0);
	snprintf(name, sizeof(name), "%s/kist-fuzz-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(name))
		abort();
	top = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top < 0 || mkdirat(top, "root", 0755) < 0)
		abort();
	root = openat(top, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		abort();
	unpack(root, data, size);
	check_outside(top);
	/* the layer may have given its root a mode that keeps even us out */
	fchmod(root, 0700);
	if (path_remove_tree(AT_FDCWD, name, &err) < 0)
		abort();
	return 0;
}
