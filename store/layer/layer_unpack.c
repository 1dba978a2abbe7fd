/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/layer/layer_name.h"
#include "store/layer/layer_parent.h"
#include "store/layer/layer_remove.h"
#include "store/layer/layer_seen.h"
#include "store/layer/layer_xattr.h"

struct unpacker {
	const struct layer_unpack_target *target;
	struct tar_reader *tar;
	struct layer_parent parent;
	struct layer_seen seen; /* only when whiteouts are applied */
	uint64_t skipped;
	const char *warning;
	char path[TAR_PATH_MAX + 1]; /* of the entry, cleaned */
	char link[TAR_PATH_MAX + 1]; /* target of a hard link, cleaned */
};

static int cannot(const struct unpacker *u, const char *what, struct err *err)
{
	return err_errno(err, "cannot %s '%s'", what, u->path);
}

/* A user namespace has not all ids. */
static int cannot_set_owner(const struct unpacker *u, const struct tar_entry *e, struct err *err)
{
	int code = errno;

	cannot(u, "set the owner of", err);
	if (code != EINVAL)
		return -code;
	return err_wrap(err, "owner %u:%u is not among this user's ids (/etc/subuid, /etc/subgid)",
		e->uid, e->gid);
}

/* Remember what this layer made, where whiteouts have to know it. */
static int note(struct unpacker *u, int dirfd, const char *name, struct err *err)
{
	struct stat st;

	if (u->target->whiteouts != LAYER_WHITEOUTS_APPLY)
		return 0;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return cannot(u, "stat", err);
	layer_seen_add(&u->seen, &st);
	return 0;
}

static bool is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

static const char *opaque_xattr(const struct unpacker *u)
{
	return u->target->user_xattrs ? "user.overlay.opaque" : "trusted.overlay.opaque";
}

static int set_opaque(struct unpacker *u, int fd, struct err *err)
{
	if (fsetxattr(fd, opaque_xattr(u), "y", 1, 0) < 0)
		return err_errno(err, "cannot mark the directory of '%s' opaque", u->path);
	return 0;
}

/* Something is in the way of an entry: the last one of a name wins. */
static int make_way(struct unpacker *u, const char *name, struct err *err)
{
	if (unlinkat(u->parent.fd, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return cannot(u, "replace", err);
	/* the open parent stays valid: what is removed lies beneath it */
	return path_remove_tree(u->parent.fd, name, err);
}

static int set_xattrs(struct unpacker *u, int fd, const struct tar_entry *e, struct err *err)
{
	for (size_t i = 0; i < e->nxattrs; i++) {
		const struct tar_xattr *x = &e->xattrs[i];

		if (!layer_xattr_kept(x->name) || fsetxattr(fd, x->name, x->value, x->len, 0) == 0)
			continue;
		if (errno == ENOTSUP || (errno == EPERM && !u->target->owners))
			u->warning = "the file system does not keep all extended attributes of the "
				     "layer (file capabilities, ACLs, user.*)";
		else
			return err_errno(
				err, "cannot set attribute '%s' of '%s'", x->name, u->path);
	}
	return 0;
}

static bool needs_owner(const struct unpacker *u, const struct tar_entry *e)
{
	return u->target->owners && (e->uid || e->gid || u->parent.setgid);
}

/* Owner, mode, attributes and time of an open file or directory; a fresh one has most already. */
static int set_attributes(
	struct unpacker *u, int fd, const struct tar_entry *e, bool fresh, struct err *err)
{
	struct timespec times[2] = {
		{.tv_nsec = UTIME_OMIT}, {.tv_sec = e->mtime, .tv_nsec = e->mtime_ns}};

	if (u->target->owners && (!fresh || needs_owner(u, e)) && fchown(fd, e->uid, e->gid) < 0)
		return cannot_set_owner(u, e, err);
	/* special bits: chown and write take them away, mkdir never sets them */
	if ((!fresh || (e->mode & 07000) || u->parent.setgid) && fchmod(fd, e->mode) < 0)
		return cannot(u, "set the mode of", err);
	if (e->nxattrs && set_xattrs(u, fd, e, err) < 0)
		return -err->code;
	if (futimens(fd, times) < 0)
		return cannot(u, "set the time of", err);
	return 0;
}

static int write_data(struct unpacker *u, int fd, const struct tar_entry *e, struct err *err)
{
	uint64_t at = 0, offset;
	const void *data;
	ssize_t n;

	while ((n = tar_reader_data(u->tar, &data, &offset, err)) > 0) {
		int r;

		if (offset != at && lseek(fd, (off_t)offset, SEEK_SET) < 0)
			return cannot(u, "write", err);
		r = io_write_full(fd, data, (size_t)n);
		if (r < 0) {
			errno = -r;
			return cannot(u, "write", err);
		}
		at = offset + (uint64_t)n;
	}
	if (n < 0)
		return err_wrap(err, "cannot unpack '%.200s'", u->path);
	if (at < e->size && ftruncate(fd, (off_t)e->size) < 0) /* a hole at the end */
		return cannot(u, "write", err);
	return 0;
}

static int make_file(
	struct unpacker *u, const char *name, const struct tar_entry *e, struct err *err)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int dirfd = u->parent.fd;
	own_fd int fd = openat(dirfd, name, flags, e->mode & 0777);

	if (fd < 0 && errno == EEXIST) {
		if (make_way(u, name, err) < 0)
			return -err->code;
		fd = openat(dirfd, name, flags, e->mode & 0777);
	}
	if (fd < 0)
		return cannot(u, "create", err);
	if (write_data(u, fd, e, err) < 0 || set_attributes(u, fd, e, true, err) < 0)
		return -err->code;
	return note(u, dirfd, name, err);
}

static int update_dir(struct unpacker *u, int dirfd, const char *name, const struct tar_entry *e,
	bool fresh, bool opaque, struct err *err)
{
	own_fd int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return cannot(u, "open directory", err);
	if (opaque && set_opaque(u, fd, err) < 0)
		return -err->code;
	if (set_attributes(u, fd, e, fresh, err) < 0)
		return -err->code;
	return note(u, dirfd, name, err);
}

/* A fresh directory without anything special needs no descriptor of its own. */
static int make_plain_dir(
	struct unpacker *u, int dirfd, const char *name, const struct tar_entry *e, struct err *err)
{
	struct timespec times[2] = {
		{.tv_nsec = UTIME_OMIT}, {.tv_sec = e->mtime, .tv_nsec = e->mtime_ns}};

	if (utimensat(dirfd, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return cannot(u, "set the time of", err);
	return note(u, dirfd, name, err);
}

static int make_dir(
	struct unpacker *u, const char *name, const struct tar_entry *e, struct err *err)
{
	int dirfd = u->parent.fd;
	bool opaque = false;
	struct stat st;

	if (mkdirat(dirfd, name, e->mode & 0777) == 0) {
		if (e->nxattrs || (e->mode & 07000) || needs_owner(u, e))
			return update_dir(u, dirfd, name, e, true, false, err);
		return make_plain_dir(u, dirfd, name, e, err);
	}
	if (errno != EEXIST || fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return cannot(u, "create directory", err);
	if (S_ISDIR(st.st_mode))
		return update_dir(u, dirfd, name, e, false, false, err);
	/* a directory that replaces what its own layer's whiteout names hides all below */
	opaque = u->target->whiteouts == LAYER_WHITEOUTS_OVERLAY && is_whiteout(&st);
	if (make_way(u, name, err) < 0)
		return -err->code;
	if (mkdirat(dirfd, name, e->mode & 0777) < 0)
		return cannot(u, "create directory", err);
	return update_dir(u, dirfd, name, e, true, opaque, err);
}

/* One try at making what is neither file nor directory. */
static int create_node(const struct tar_entry *e, int dirfd, const char *name)
{
	switch (e->type) {
	case TAR_SYMLINK:
		return symlinkat(e->link, dirfd, name);
	case TAR_FIFO:
		return mknodat(dirfd, name, S_IFIFO | e->mode, 0);
	case TAR_CHAR:
		return mknodat(dirfd, name, S_IFCHR | e->mode, makedev(e->dev_major, e->dev_minor));
	default:
		return mknodat(dirfd, name, S_IFBLK | e->mode, makedev(e->dev_major, e->dev_minor));
	}
}

static int make_node(
	struct unpacker *u, const char *name, const struct tar_entry *e, struct err *err)
{
	struct timespec times[2] = {
		{.tv_nsec = UTIME_OMIT}, {.tv_sec = e->mtime, .tv_nsec = e->mtime_ns}};
	int dirfd = u->parent.fd;
	int r = create_node(e, dirfd, name);

	if (r < 0 && errno == EEXIST) {
		if (make_way(u, name, err) < 0)
			return -err->code;
		r = create_node(e, dirfd, name);
	}
	if (r < 0)
		return cannot(u, "create", err);
	if (needs_owner(u, e) && fchownat(dirfd, name, e->uid, e->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return cannot_set_owner(u, e, err);
	if (e->type != TAR_SYMLINK && (e->mode & 07000) && fchmodat(dirfd, name, e->mode, 0) < 0)
		return cannot(u, "set the mode of", err);
	if (utimensat(dirfd, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return cannot(u, "set the time of", err);
	return note(u, dirfd, name, err);
}

static int make_device(
	struct unpacker *u, const char *name, const struct tar_entry *e, struct err *err)
{
	if (e->type == TAR_CHAR && !e->dev_major && !e->dev_minor)
		return err_set(err, E_UNSUPPORTED,
			"'%s' is a character device 0:0, which overlayfs takes for a whiteout",
			u->path);
	if (u->target->devices)
		return make_node(u, name, e, err);
	u->skipped++;
	return 0;
}

static int make_symlink(
	struct unpacker *u, const char *name, const struct tar_entry *e, struct err *err)
{
	if (!*e->link)
		return err_set(err, E_SYNTAX, "symbolic link '%s' has no target", u->path);
	return make_node(u, name, e, err);
}

/* Both names are there and are the same file already. */
static bool same_file(int dirfd, const char *name, int target_dir, const char *target)
{
	struct stat a, b;

	return fstatat(dirfd, name, &a, AT_SYMLINK_NOFOLLOW) == 0 &&
		fstatat(target_dir, target, &b, AT_SYMLINK_NOFOLLOW) == 0 && a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino;
}

/* errno says why a hard link could not be made. A missing target is the layer's fault. */
static int no_target(const struct unpacker *u, struct err *err)
{
	if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
		return err_set(err, E_SYNTAX,
			"hard link '%.200s' to '%.200s', which is not in the layer", u->path,
			u->link);
	return err_errno(err, "cannot link '%.200s' to '%.200s'", u->path, u->link);
}

/* The target is looked up inside the root, and a link as the target is itself linked to. */
static int make_hard_link(
	struct unpacker *u, const char *name, const struct tar_entry *e, struct err *err)
{
	own_fd int target_dir = -1;
	int dirfd = u->parent.fd;
	const char *target;

	if (layer_name_clean(e->link, u->link, err) < 0)
		return err_wrap(err, "hard link '%.200s'", u->path);
	target_dir = path_open_parent(u->target->root, u->link, &target, err);
	if (target_dir < 0)
		return no_target(u, err);
	if (linkat(target_dir, target, dirfd, name, 0) == 0)
		return note(u, dirfd, name, err);
	if (errno == EEXIST && same_file(dirfd, name, target_dir, target))
		return note(u, dirfd, name, err);
	if (errno == EEXIST) {
		if (make_way(u, name, err) < 0)
			return -err->code;
		if (linkat(target_dir, target, dirfd, name, 0) == 0)
			return note(u, dirfd, name, err);
	}
	return no_target(u, err);
}

/* The entry "./": attributes of the root itself. */
static int update_root(struct unpacker *u, const struct tar_entry *e, struct err *err)
{
	/* no name at all: some writers of contexts leave such entries; there is nowhere to put it
	 */
	if (e->type != TAR_DIR && !*e->path)
		return 0;
	if (e->type != TAR_DIR)
		return err_set(
			err, E_SYNTAX, "the layer's root '%.300s' is not a directory", e->path);
	if (layer_parent_leave(&u->parent, err) < 0)
		return -err->code;
	memcpy(u->path, ".", sizeof("."));
	return set_attributes(u, u->target->root, e, false, err);
}

static int overlay_whiteout(struct unpacker *u, int dirfd, const char *target, struct err *err)
{
	own_fd int fd = -1;

	if (mknodat(dirfd, target, S_IFCHR, makedev(0, 0)) == 0)
		return 0;
	if (errno != EEXIST)
		return cannot(u, "make the whiteout", err);
	/* this layer has that name, too: it hides what is below, and a directory's content as well
	 */
	fd = openat(dirfd, target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		return set_opaque(u, fd, err);
	return errno == ENOTDIR || errno == ELOOP ? 0 : cannot(u, "make the whiteout", err);
}

static int apply_whiteout(struct unpacker *u, int dirfd, const char *target, struct err *err)
{
	if (u->seen.overflow)
		return err_set(err, E_LIMIT, "'%s': whiteout after more than %u entries", u->path,
			LAYER_SEEN_MAX);
	return target ? layer_remove(dirfd, target, &u->seen, err)
		      : layer_remove_content(dirfd, &u->seen, err);
}

static int whiteout(
	struct unpacker *u, size_t dir_len, const char *target, int64_t mtime, struct err *err)
{
	const bool apply = u->target->whiteouts == LAYER_WHITEOUTS_APPLY;
	int dirfd = layer_parent_enter(&u->parent, u->path, dir_len, mtime,
		LAYER_PARENT_WHITEOUT | (apply ? LAYER_PARENT_EXISTING : 0), err);

	if (apply && dirfd == -ENOENT)
		return 0; /* nothing there to remove */
	if (dirfd < 0)
		return dirfd;
	if (apply)
		return apply_whiteout(u, dirfd, target, err);
	return target ? overlay_whiteout(u, dirfd, target, err) : set_opaque(u, dirfd, err);
}

static int make_entry(struct unpacker *u, const struct tar_entry *e, struct err *err)
{
	size_t dir_len;
	const char *name = layer_name_base(u->path, &dir_len);
	int dirfd = layer_parent_enter(&u->parent, u->path, dir_len, e->mtime, 0, err);

	if (dirfd < 0)
		return dirfd;
	switch (e->type) {
	case TAR_FILE:
		return make_file(u, name, e, err);
	case TAR_DIR:
		return make_dir(u, name, e, err);
	case TAR_SYMLINK:
		return make_symlink(u, name, e, err);
	case TAR_HARDLINK:
		return make_hard_link(u, name, e, err);
	case TAR_CHAR:
	case TAR_BLOCK:
		return make_device(u, name, e, err);
	case TAR_FIFO:
		return make_node(u, name, e, err);
	}
	return err_set(err, E_UNSUPPORTED, "'%s': unknown type of entry", u->path);
}

static int unpack_entry(struct unpacker *u, const struct tar_entry *e, struct err *err)
{
	enum layer_name_kind kind;
	const char *target;
	size_t dir_len;

	if (layer_name_clean(e->path, u->path, err) < 0)
		return -err->code;
	if (!*u->path)
		return update_root(u, e, err);
	if (layer_name_kind(u->path, &kind, &target, err) < 0)
		return -err->code;
	if (kind == LAYER_NAME_METADATA)
		return 0;
	if (kind == LAYER_NAME_PLAIN)
		return make_entry(u, e, err);
	layer_name_base(u->path, &dir_len);
	return whiteout(u, dir_len, target, e->mtime, err);
}

static int unpack_all(struct unpacker *u, struct layer_result *result, struct err *err)
{
	struct tar_entry e;
	int r;

	while ((r = tar_reader_next(u->tar, &e, err)) > 0) {
		result->entries++;
		if (u->target->max_entries && result->entries > u->target->max_entries)
			return err_set(err, E_LIMIT, "the layer has more than %llu entries",
				(unsigned long long)u->target->max_entries);
		r = unpack_entry(u, &e, err);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	result->skipped = u->skipped;
	if (layer_parent_leave(&u->parent, err) < 0)
		return -err->code;
	return layer_parent_flush(&u->parent, err);
}

int layer_unpack_entries(struct tar_reader *tar, const struct layer_unpack_target *target,
	struct layer_result *result, const char **warning, struct err *err)
{
	own_mem struct unpacker *u = xcalloc(1, sizeof(*u));
	int r;

	u->tar = tar;
	u->target = target;
	layer_parent_init(&u->parent, target->root, target->implied_fd);
	r = unpack_all(u, result, err);
	*warning = u->warning;
	layer_parent_release(&u->parent);
	layer_seen_release(&u->seen);
	return r;
}
