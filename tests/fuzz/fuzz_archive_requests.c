/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody who has taken kist-archive over may say to the store: no crash, and no image whose
 * name, digest or registry are not by the rules.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/reference.h"
#include "store/archive_intake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char directory[] = "/tmp/kist-fuzz-XXXXXX";
static struct store *store;
static int nobody = -1;

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
	nobody = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nobody < 0 || store_open(directory, run, 0, &store, &err) < 0)
		abort();
	atexit(remove_store);
}

static int image(void *arg, const struct image_tagging *tag, struct err *err)
{
	own_arena struct arena a = {0};
	struct reference ref;

	(void)arg;
	if (!digest_valid(tag->manifest.text) || !tag->media_type ||
		!media_type_is_manifest(tag->media_type))
		abort();
	if (tag->reference && reference_parse(tag->reference, &ref, &a, err) < 0)
		abort();
	if (!tag->repo_name != !tag->repo_digest ||
		(tag->repo_digest && !digest_valid(tag->repo_digest)))
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	own_fd int fd = memfd_create("requests", MFD_CLOEXEC);
	struct archive_intake in = {.arena = &a, .image = image};
	struct err err = {0};

	open_once();
	if (fd < 0 || io_write_full(fd, data, size) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		abort();
	in.store = store;
	in.batch = store_batch_new(store);
	if (archive_intake_serve(&in, fd, nobody, &err) < 0 && !err.code)
		abort();
	store_batch_discard(in.batch);
	return 0;
}
