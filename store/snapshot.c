/* SPDX-License-Identifier: Apache-2.0 */
#include "store/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/snapshot_record.h"
#include "store/layer_store.h"
#include "store/overlay.h"
#include "store/record_file.h"
#include "store/store_private.h"

#define SNAPSHOT_NAME "snapshot.json"
#define LAYERS_MAX    500 /* overlayfs takes no more (OVL_MAX_STACK) */

static int parse_layer(const struct strings *layers, size_t i, struct digest *id, struct err *err)
{
	int r = digest_parse(layers->items[i], id, err);

	return r < 0 ? err_wrap(err, "layer %zu", i) : 0;
}

/* The merged root has the attributes of the topmost directory: the upper one's. */
static int copy_root_attributes(
	struct store *store, int dir, const struct strings *layers, struct err *err)
{
	own_fd int fs = -1;
	struct digest id;
	struct stat st;
	int r;

	if (!layers->count)
		return 0;
	r = parse_layer(layers, layers->count - 1, &id, err);
	if (r < 0)
		return r;
	fs = layer_store_open(store, &id, err);
	if (fs < 0)
		return fs;
	if (fstat(fs, &st) < 0 || fchownat(dir, "upper", st.st_uid, st.st_gid, 0) < 0 ||
		fchmodat(dir, "upper", st.st_mode & 07777, 0) < 0)
		return err_errno(err, "cannot set the attributes of 'upper'");
	return 0;
}

int snapshot_prepare(struct store *store, int dir, const struct strings *layers, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	const struct snapshot_record s = {.version = SNAPSHOT_RECORD_VERSION, .layers = *layers};
	int r;

	for (size_t i = 0; i < layers->count; i++) {
		struct digest id;

		r = parse_layer(layers, i, &id, err);
		if (r < 0)
			return r;
		if (!layer_store_has(store, &id))
			return err_set(err, E_NOT_FOUND, "no such layer: %s (pull its image again)",
				id.text);
	}
	json_write(schema_encode(&snapshot_record_schema, &s, &a), JSON_COMPACT, &text);
	r = io_publish_file(dir, SNAPSHOT_NAME, text.data, text.len, 0600, 0, err);
	if (r < 0)
		return r;
	if ((mkdirat(dir, "upper", 0755) < 0 && errno != EEXIST) ||
		(mkdirat(dir, "work", 0700) < 0 && errno != EEXIST) ||
		fchmodat(dir, "upper", 0755, 0) < 0)
		return err_errno(err, "cannot make the snapshot's directories");
	return copy_root_attributes(store, dir, layers, err);
}

int snapshot_layers(int dir, struct strings *layers, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	struct snapshot_record s;

	if (record_file_read(dir, SNAPSHOT_NAME, &text, err) < 0)
		return -err->code;
	if (snapshot_record_decode(buf_str(&text), text.len, &s, a, err) < 0)
		return record_file_blame(dir, SNAPSHOT_NAME, err);
	*layers = s.layers;
	return 0;
}

/*
 * Does a layer above this one have the same content? Then it hides all of this one, and overlayfs
 * refuses one directory twice. (Old images have an empty layer many times.)
 */
static bool is_repeated(const struct strings *layers, size_t i)
{
	for (size_t k = i + 1; k < layers->count; k++)
		if (strcmp(layers->items[k], layers->items[i]) == 0)
			return true;
	return false;
}

/* Lower directories, topmost first, as overlayfs wants them. Each is checked to be there. */
static int add_layers(
	struct store *store, struct overlay *o, const struct strings *layers, struct err *err)
{
	for (size_t i = layers->count; i-- > 0;) {
		own_mem char *path = NULL;
		own_fd int fs = -1;
		struct digest id;
		int r = parse_layer(layers, i, &id, err);

		if (r < 0)
			return r;
		if (is_repeated(layers, i))
			continue;
		fs = layer_store_open(store, &id, err);
		if (fs < 0)
			return fs;
		path = layer_store_path(store, &id);
		overlay_add_lower(o, path, give_fd(fs));
	}
	if (o->count > LAYERS_MAX)
		return err_set(err, E_UNSUPPORTED,
			"an image of %zu layers cannot be mounted: the kernel's limit is %d",
			o->count, LAYERS_MAX);
	return 0;
}

/*
 * overlayfs wants at least one lower directory, and two without an upper one: empty directories
 * stand in.
 */
static int add_empty(struct store *store, struct overlay *o, const char *name, struct err *err)
{
	own_mem char *path = xasprintf("%s/cache/empty/%s", store->root_path, name);
	own_fd int dir = path_make_dirs(path, 0755, err);

	if (dir < 0)
		return dir;
	overlay_add_lower(o, path, give_fd(dir));
	return 0;
}

int snapshot_mount(struct store *store, int dir, unsigned flags, struct err *err)
{
	own_arena struct arena a = {0};
	own(overlay_release) struct overlay o = {.upper = -1, .work = -1};
	bool writable = !(flags & SNAPSHOT_READ_ONLY);
	struct strings layers;
	int r = snapshot_layers(dir, &layers, &a, err);

	if (r < 0)
		return r;
	r = add_layers(store, &o, &layers, err);
	if (r == 0 && o.count < 1)
		r = add_empty(store, &o, "lower", err);
	if (r == 0 && o.count < 2 && !writable)
		r = add_empty(store, &o, "lowest", err);
	if (r < 0)
		return r;
	if (writable) {
		o.upper = openat(dir, "upper", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		o.work = openat(dir, "work", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (o.upper < 0 || o.work < 0)
			return err_errno(err, "cannot open the snapshot's directories");
	}
	r = overlay_mount(&o, err);
	return r < 0 ? err_wrap(err, "cannot mount the snapshot") : r;
}

int snapshot_attach(int mount, const char *target, struct err *err)
{
	if (move_mount(mount, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return err_errno(err, "cannot mount on '%s'", target);
	return 0;
}

int snapshot_enter_private(struct err *err)
{
	int r = unshare(CLONE_NEWNS);

	if (r < 0 && errno == EPERM)
		return err_set(err, EPERM,
			"cannot enter a mount namespace: not permitted (be root, or in a user namespace "
			"of your own: unshare --user --map-root-user)");
	/* slave, not private: what the host unmounts later must go here, too, or it stays busy */
	if (r < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return err_errno(err, "cannot enter a mount namespace");
	return 0;
}
