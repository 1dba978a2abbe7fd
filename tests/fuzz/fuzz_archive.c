/* SPDX-License-Identifier: Apache-2.0 */
/* An archive of images: whatever the bytes are, no crash, and nothing stays in the store. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/archive_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char directory[] = "/tmp/kist-fuzz-XXXXXX";
static struct store *store;

static void remove_store(void)
{
	struct err err;

	store_close(store);
	path_remove_tree(AT_FDCWD, directory, &err);
}

static void open_once(void)
{
	own_mem char *run = NULL;
	struct err err = {0};

	if (store)
		return;
	if (!mkdtemp(directory))
		abort();
	run = xasprintf("%s/run", directory);
	if (store_open(directory, run, 0, &store, &err) < 0)
		abort();
	atexit(remove_store);
}

/* Everything but unpacking, which is kist-layer's. */
static int parse_only(struct archive_scan *scan, const struct image_tagging *tag,
	struct archive_tags *tags, struct err *err)
{
	own_buf struct buf text = {0};
	struct manifest manifest;
	struct digest id;
	int r = archive_scan_document(scan, &tag->manifest, &text, err);

	if (r == 0)
		r = manifest_parse(text.data, text.len, &manifest, scan->arena, err);
	if (r == 0)
		r = digest_parse(manifest.config.digest, &id, err);
	if (r == 0)
		archive_tags_add(scan, tags, tag, &id);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	own(archive_scan_release) struct archive_scan scan = {.arena = &a, .add = parse_only};
	struct archive_tags tags = {0};
	own_fd int fd = memfd_create("archive", MFD_CLOEXEC);
	struct err err = {0};

	open_once();
	if (fd < 0 || io_write_full(fd, data, size) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		abort();
	scan.store = store;
	scan.batch = store_batch_new(store);
	if (archive_scan_read(&scan, fd, &err) == 0) {
		archive_load_oci(&scan, &tags, &err);
		archive_load_docker(&scan, &tags, &err);
	}
	store_batch_discard(scan.batch);
	return 0;
}
