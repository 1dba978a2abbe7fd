/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/lock.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/place.h"
#include "store/store_private.h"

#define LEASE_NAME "lease.lock"

static const char oci_layout[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
static const char empty_index[] = "{\"schemaVersion\":2,\"mediaType\":"
				  "\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}";

/* Make and open path below ROOT; every part of it is ours. */
static int open_below(const struct store *s, const char *path, int *fd, struct err *err)
{
	if (mkdirat(s->root, path, 0700) < 0 && errno != EEXIST)
		return err_errno(err, "cannot make '%s/%s'", s->root_path, path);
	*fd = openat(s->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *fd < 0 ? err_errno(err, "cannot open '%s/%s'", s->root_path, path) : 0;
}

/* Two who find it missing write the same bytes. */
static int ensure_file(int dir, const char *name, const char *text, struct err *err)
{
	if (faccessat(dir, name, F_OK, 0) == 0)
		return 0;
	if (errno != ENOENT)
		return err_errno(err, "cannot access '%s'", name);
	if (io_publish_file(dir, name, text, strlen(text), 0644, IO_EXCLUSIVE, err) == -E_EXISTS)
		return 0;
	return faccessat(dir, name, F_OK, 0) == 0 ? 0 : -err->code;
}

static int open_trees(struct store *s, struct err *err)
{
	own_fd int parent = -1;
	int r = 0;

	s->root = path_make_dirs(s->root_path, 0700, err);
	if (s->root < 0)
		return err_wrap(err, "cannot open the store (--root or KIST_ROOT moves it)");
	s->run = path_make_dirs(s->run_path, 0700, err);
	if (s->run < 0)
		return err_wrap(err, "cannot open the run directory (--run or KIST_RUN moves it)");
	if ((r = open_below(s, "images", &s->images, err)) < 0 ||
		(r = open_below(s, "images/blobs", &parent, err)) < 0 ||
		(r = open_below(s, "images/blobs/sha256", &s->blobs, err)) < 0 ||
		(r = open_below(s, "layers", &s->layers, err)) < 0 ||
		(r = open_below(s, "containers", &s->containers, err)) < 0 ||
		(r = open_below(s, "names", &s->names, err)) < 0 ||
		(r = open_below(s, "volumes", &s->volumes, err)) < 0 ||
		(r = open_below(s, "cache", &s->cache, err)) < 0)
		return r;
	r = ensure_file(s->images, "oci-layout", oci_layout, err);
	if (r == 0)
		r = ensure_file(s->images, "index.json", empty_index, err);
	return r < 0 ? err_wrap(err, "cannot make the store '%s'", s->root_path) : 0;
}

int store_open(
	const char *root, const char *run, unsigned flags, struct store **store, struct err *err)
{
	own_store struct store *s = xcalloc(1, sizeof(*s));
	own_place struct place place = {0};
	int r;

	if (flags)
		return err_set(err, EINVAL, "store_open: unknown flags");
	s->root = s->run = s->images = s->blobs = s->layers = -1;
	s->containers = s->names = s->volumes = s->cache = -1;
	r = place_find(root, run, &place, err);
	if (r < 0)
		return r;
	s->root_path = give(place.root);
	s->run_path = give(place.run);
	r = open_trees(s, err);
	if (r < 0)
		return r;
	*store = give(s);
	return 0;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	int *const fds[] = {&s->root, &s->run, &s->images, &s->blobs, &s->layers, &s->containers,
		&s->names, &s->volumes, &s->cache};

	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		own_fd_release(fds[i]);
	free(s->root_path);
	free(s->run_path);
	free(s);
}

const char *store_root_path(const struct store *store)
{
	return store->root_path;
}

const char *store_run_path(const struct store *store)
{
	return store->run_path;
}

int store_lease(struct store *store, enum store_lease kind, struct err *err)
{
	int fd = kind == STORE_LEASE_ADD ? lock_file(store->root, LEASE_NAME, LOCK_SHARED_MODE, err)
					 : lock_file(store->root, LEASE_NAME, LOCK_TRY, err);

	if (fd == -E_IN_USE)
		return err_set(err, E_IN_USE,
			"images are being added to '%s' right now: try again when that has ended",
			store->root_path);
	return fd;
}

int store_sync(struct store *store, struct err *err)
{
	if (syncfs(store->root) < 0)
		return err_errno(err, "cannot write '%s' to disk", store->root_path);
	return 0;
}
