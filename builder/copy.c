/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "builder/mode.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"

#define LINKS_MAX 40 /* dangling links in one destination: the kernel's number */

/* A directory whose time is set at the end, when nothing is written into it any more. */
struct stamp {
	char *path; /* in the root, as given */
	struct timespec time;
};

struct copying {
	struct tree *tree;
	const struct copy *copy;
	struct stamp *stamps; /* of two for one directory the first counts: it is set last */
	size_t nstamps;
	char *block;
	char *parent_path; /* of the directory that is open as parent */
	int parent;
};

static void copying_release(struct copying *j)
{
	for (size_t i = 0; i < j->nstamps; i++)
		free(j->stamps[i].path);
	free(j->stamps);
	free(j->block);
	free(j->parent_path);
	own_fd_release(&j->parent);
}

static int failed(const char *path, const char *verb, struct err *err)
{
	return err_errno(err, "cannot %s '%s' in the image", verb, path);
}

static void add_stamp(struct copying *j, const char *path, struct timespec time)
{
	if ((j->nstamps & (j->nstamps - 1)) == 0)
		j->stamps = xreallocarray(
			j->stamps, j->nstamps ? 2 * j->nstamps : 1, sizeof(*j->stamps));
	j->stamps[j->nstamps++] = (struct stamp){xstrdup(path), time};
}

static struct timespec new_time(const struct copy *c)
{
	struct timespec now;

	if (c->time)
		return *c->time;
	clock_gettime(CLOCK_REALTIME, &now);
	return now;
}

/* What was stamped first is set last. */
static int set_times(struct copying *j, struct err *err)
{
	for (size_t i = j->nstamps; i-- > 0;) {
		struct timespec times[2] = {j->stamps[i].time, j->stamps[i].time};
		own_fd int fd = path_open(j->copy->root, j->stamps[i].path, O_RDONLY | O_DIRECTORY,
			0, PATH_IN_ROOT, err);

		if (fd < 0)
			return fd;
		if (futimens(fd, times) < 0)
			return failed(j->stamps[i].path, "set the time of", err);
	}
	return 0;
}

static int make_directories(struct copying *j, const char *path, unsigned links, struct err *err);

/* The place of an open directory in the root, as text; the caller frees it. */
static int place_in_root(const struct copying *j, int fd, char **path, struct err *err)
{
	char link[64], root[PATH_MAX], real[PATH_MAX];
	ssize_t n, m;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", j->copy->root);
	n = readlink(link, root, sizeof(root));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	m = readlink(link, real, sizeof(real));
	if (n < 0 || m < 0 || m == sizeof(real) || m < n || memcmp(root, real, (size_t)n) != 0)
		return err_set(err, EXDEV, "cannot find a directory's place in the image");
	n = n == 1 ? 0 : n; /* "/": a mount that is attached nowhere */
	*path = xstrndup(real + n, (size_t)(m - n));
	return 0;
}

/* What is missing is a directory, or what a link points to: then that is made, inside the root. */
static int make_missing(struct copying *j, const char *path, unsigned links, struct err *err)
{
	own_mem char *parent_path = NULL, *target_path = NULL;
	char target[PATH_MAX];
	const char *name;
	own_fd int parent = path_open_parent(j->copy->root, path, &name, err), made = -1;
	ssize_t n;

	if (parent < 0)
		return parent;
	n = readlinkat(parent, name, target, sizeof(target) - 1);
	if (n < 0) {
		made = path_mkdirs(j->copy->root, path, 0755, err);
		if (made < 0)
			return err_wrap(err, "cannot make '%s' in the image", path);
		if (j->copy->owner.set &&
			fchownat(made, "", j->copy->owner.uid, j->copy->owner.gid, AT_EMPTY_PATH) <
				0)
			return failed(path, "set the owner of", err);
		add_stamp(j, path, new_time(j->copy));
		return 1;
	}
	target[n] = '\0';
	if (!links)
		return err_set(err, ELOOP, "too many links in '%s' of the image", path);
	if (*target == '/')
		return make_directories(j, target, links - 1, err);
	if (place_in_root(j, parent, &parent_path, err) < 0)
		return -err->code;
	target_path = xasprintf("%s/%s", parent_path, target);
	return make_directories(j, target_path, links - 1, err);
}

/* One directory of a path, made when it is missing. Returns 1 when it was made. */
static int make_directory(struct copying *j, const char *path, unsigned links, struct err *err)
{
	own_fd int fd = path_open(j->copy->root, path, O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT, err);
	struct stat st;

	if (fd == -ENOENT)
		return make_missing(j, path, links, err);
	if (fd == -ENOTDIR)
		return err_set(err, ENOTDIR, "cannot copy to non-directory: %s", path);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return failed(path, "look at", err);
	add_stamp(j, path, st.st_mtim);
	return 0;
}

/* Make path and what is missing above it, and remember the times that this disturbs. */
static int make_directories(struct copying *j, const char *path, unsigned links, struct err *err)
{
	own_mem char *copy = path_clean(path);
	int made = make_directory(j, "/", links, err);

	for (char *p = copy + 1; made >= 0 && p[-1]; p++) {
		char end = *p;

		if ((end && end != '/') || p == copy + 1)
			continue;
		*p = '\0';
		made = make_directory(j, copy, links, err);
		*p = end;
	}
	return made;
}

int copy_make_directory(int root, const char *path, const struct tree_owner *owner,
	const struct timespec *time, struct err *err)
{
	const struct copy c = {.root = root, .owner = *owner, .time = time};
	own(copying_release) struct copying j = {.copy = &c, .parent = -1};
	int made = make_directories(&j, path, LINKS_MAX, err);

	if (made > 0 && set_times(&j, err) < 0)
		return -err->code;
	return made;
}

bool copy_is_directory(int root, const char *path)
{
	struct err err;
	own_fd int fd = path_open(root, path, O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT, &err);

	return fd >= 0;
}

/* Owner, mode, attributes and time of what was just made; links have neither mode nor user.*. */
static int set_metadata(
	struct copying *j, int dir, const char *name, const struct tree_item *item, struct err *err)
{
	const struct tree_owner *o = &j->copy->owner;
	bool keep = j->tree->from_image && !o->set;
	mode_t mode = item->st.st_mode & 07777;
	struct timespec times[2] = {item->st.st_mtim, item->st.st_mtim};
	char path[64 + 256];

	if (fchownat(dir, name, keep ? item->st.st_uid : o->uid, keep ? item->st.st_gid : o->gid,
		    AT_SYMLINK_NOFOLLOW) < 0)
		return failed(item->path, "set the owner of", err);
	if (!S_ISLNK(item->st.st_mode)) {
		if (o->chmod &&
			mode_apply(o->chmod, mode, S_ISDIR(item->st.st_mode), &mode, err) < 0)
			return -err->code;
		if (fchmodat(dir, name, mode, 0) < 0)
			return failed(item->path, "set the mode of", err);
	}
	for (size_t i = 0; i < item->nxattrs; i++) {
		const struct tree_xattr *x = &item->xattrs[i];

		snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
		if (lsetxattr(path, x->name, x->value, x->len, 0) < 0)
			return failed(item->path, "set attributes of", err);
	}
	if (!S_ISDIR(item->st.st_mode) && utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(item->path, "set the time of", err);
	return 0;
}

static int copy_bytes(struct copying *j, struct tree_item *item, int in, int out, struct err *err)
{
	struct sha256 sha;
	ssize_t n;
	int r = 0;

	if (!j->block)
		j->block = xmalloc(IO_BLOCK_SIZE);
	sha256_init(&sha);
	while (r == 0 && (n = io_read_full(in, j->block, IO_BLOCK_SIZE)) != 0) {
		if (n < 0) {
			sha256_release(&sha);
			return err_set(err, (int)-n, "cannot read '%s' of the %s: %s", item->source,
				j->tree->what, strerror((int)-n));
		}
		if (!*item->digest)
			sha256_update(&sha, j->block, (size_t)n);
		r = io_write_full(out, j->block, (size_t)n);
	}
	if (!*item->digest)
		sha256_finish(&sha, item->digest);
	sha256_release(&sha);
	return r < 0
		? err_set(err, -r, "cannot write '%s' in the image: %s", item->path, strerror(-r))
		: 0;
}

static int copy_file(
	struct copying *j, int dir, const char *name, struct tree_item *item, struct err *err)
{
	own_fd int out = openat(
		dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	own_fd int in = -1;
	int r;

	if (out < 0)
		return failed(item->path, "make", err);
	if (item->data) {
		r = io_write_full(out, item->data, strlen(item->data));
		if (r < 0)
			return err_set(err, -r, "cannot write '%s' in the image: %s", item->path,
				strerror(-r));
		return 0;
	}
	in = tree_open(j->tree, item, err);
	if (in < 0)
		return in;
	/* a known digest needs no look at the bytes: the kernel copies, or shares the extents */
	if (*item->digest) {
		errno = 0;
		while ((r = (int)copy_file_range(in, NULL, out, NULL, 1 << 30, 0)) > 0)
			;
		if (r == 0)
			return 0;
		if (errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS)
			return failed(item->path, "write", err);
	}
	return copy_bytes(j, item, in, out, err);
}

/* What stands in the way of something that is no directory. */
static int clear_place(int dir, const char *name, const struct tree_item *item, struct err *err)
{
	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno == EISDIR)
		return err_set(err, EISDIR,
			"cannot copy a file over the directory '%s' of the image",
			*item->path ? item->path : name);
	return failed(item->path, "replace", err);
}

static int copy_directory(struct copying *j, int dir, const char *name,
	const struct tree_item *item, const char *path, struct err *err)
{
	struct stat st;

	if (mkdirat(dir, name, 0700) == 0) {
		add_stamp(j, path, item->st.st_mtim);
		return set_metadata(j, dir, name, item, err);
	}
	if (errno != EEXIST)
		return failed(path, "make", err);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(path, "look at", err);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ENOTDIR, "cannot copy to non-directory: %s", path);
	add_stamp(j, path, item->st.st_mtim);
	return set_metadata(j, dir, name, item, err);
}

/* Returns 1 when the other name has something else by now: a later source replaced it. */
static int make_link(
	struct copying *j, int dir, const char *name, struct tree_item *item, struct err *err)
{
	own_mem char *path = xasprintf("%s/%s", j->copy->destination, item->same->path);
	const char *same_name;
	own_fd int same = path_open_parent(j->copy->root, path, &same_name, err);
	struct stat st;

	if (same < 0)
		return same;
	if (fstatat(same, same_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(item->path, "look at", err);
	if (!S_ISREG(st.st_mode) || st.st_size != item->st.st_size ||
		st.st_mtim.tv_sec != item->st.st_mtim.tv_sec ||
		st.st_mtim.tv_nsec != item->st.st_mtim.tv_nsec)
		return 1;
	memcpy(item->digest, item->same->digest, sizeof(item->digest));
	if (linkat(same, same_name, dir, name, 0) < 0)
		return failed(item->path, "link", err);
	return 0;
}

static int copy_item_to(struct copying *j, int dir, const char *name, struct tree_item *item,
	const char *path, struct err *err)
{
	mode_t type = item->st.st_mode & S_IFMT;
	int r;

	if (type == S_IFDIR)
		return copy_directory(j, dir, name, item, path, err);
	if (clear_place(dir, name, item, err) < 0)
		return -err->code;
	if (item->same) {
		r = make_link(j, dir, name, item, err);
		if (r <= 0)
			return r;
	}
	r = 0;
	if (type == S_IFREG) {
		r = copy_file(j, dir, name, item, err);
	} else if (type == S_IFLNK) {
		if (symlinkat(item->link, dir, name) < 0)
			return failed(path, "make the link", err);
	} else if (mknodat(dir, name, type | 0600, item->st.st_rdev) < 0) {
		return failed(path, "make the special file", err);
	}
	return r < 0 ? r : set_metadata(j, dir, name, item, err);
}

/* The directory of a path, kept open for the neighbours that follow. Borrowed from the job. */
static int open_parent(struct copying *j, const char *path, const char **name, struct err *err)
{
	const char *slash = strrchr(path, '/');
	size_t n = (size_t)(slash - path);

	*name = slash + 1;
	if (j->parent >= 0 && strlen(j->parent_path) == n && memcmp(j->parent_path, path, n) == 0)
		return j->parent;
	own_fd_release(&j->parent);
	free(j->parent_path);
	j->parent_path = xstrndup(path, n);
	j->parent = path_open(j->copy->root, n ? j->parent_path : "/", O_RDONLY | O_DIRECTORY, 0,
		PATH_IN_ROOT, err);
	return j->parent;
}

static int copy_item(struct copying *j, struct tree_item *item, const char *base, struct err *err)
{
	own_mem char *path = NULL;
	const char *name;
	int dir;

	if (!*item->path || item->archive)
		return 0;
	path = xasprintf("%s/%s", strcmp(base, "/") == 0 ? "" : base, item->path);
	dir = open_parent(j, path, &name, err);
	return dir < 0 ? dir : copy_item_to(j, dir, name, item, path, err);
}

/* A directory that was made for a directory source gets --chmod, too, and the source's time. */
static int take_over(struct copying *j, const char *base, struct err *err)
{
	const struct tree_item *item = j->tree->count ? j->tree->items[0] : NULL;
	own_fd int fd = -1;

	if (!item || *item->path || !S_ISDIR(item->st.st_mode) || j->copy->many)
		return 0;
	fd = path_open(j->copy->root, base, O_RDONLY | O_DIRECTORY, 0, PATH_IN_ROOT, err);
	if (fd < 0)
		return fd;
	for (size_t i = 0; i < j->nstamps; i++)
		if (strcmp(j->stamps[i].path, base) == 0)
			j->stamps[i].time = item->st.st_mtim;
	return set_metadata(j, fd, ".", item, err);
}

static int into_directory(struct copying *j, struct err *err)
{
	own_mem char *base = path_clean(j->copy->destination);
	int made = make_directories(j, base, LINKS_MAX, err);

	if (made < 0 || (made > 0 && take_over(j, base, err) < 0))
		return -err->code;
	for (size_t i = 0; i < j->tree->count; i++)
		if (copy_item(j, j->tree->items[i], base, err) < 0)
			return -err->code;
	return set_times(j, err);
}

/* Where a link at the end of the destination leads to, inside the root. Returns 1 when it is one.
 */
static int follow(struct copying *j, int dir, const char *name, char **path, struct err *err)
{
	own_mem char *parent = NULL, *joined = NULL;
	char target[PATH_MAX];
	ssize_t n = readlinkat(dir, name, target, sizeof(target) - 1);

	if (n < 0)
		return errno == EINVAL || errno == ENOENT ? 0 : failed(*path, "look at", err);
	target[n] = '\0';
	if (*target != '/' && place_in_root(j, dir, &parent, err) < 0)
		return -err->code;
	joined = xasprintf("%s/%s", parent ? parent : "", target);
	free(*path);
	*path = path_clean(joined);
	return 1;
}

/* One file under the name that the destination gives; a link there stays, and leads to the place.
 */
static int as_file(struct copying *j, struct err *err)
{
	own_mem char *path = path_clean(j->copy->destination);
	const char *name;
	int dir, followed = 1;

	for (unsigned links = LINKS_MAX; followed > 0; links--) {
		char *slash = strrchr(path, '/');
		own_mem char *parent = slash == path ? xstrdup("/")
						     : xstrndup(path, (size_t)(slash - path));

		if (!links)
			return err_set(err, ELOOP, "too many links in '%s' of the image",
				j->copy->destination);
		if (make_directories(j, parent, LINKS_MAX, err) < 0)
			return -err->code;
		dir = open_parent(j, path, &name, err);
		if (dir < 0)
			return dir;
		followed = *name ? follow(j, dir, name, &path, err) : 0;
	}
	if (followed < 0)
		return followed;
	if (!*name)
		return err_set(err, EISDIR,
			"cannot copy a file over the directory '%s' of the image",
			j->copy->destination);
	if (copy_item_to(j, dir, name, j->tree->items[0], path, err) < 0)
		return -err->code;
	return set_times(j, err);
}

int copy_tree(struct tree *t, const struct copy *c, struct err *err)
{
	own(copying_release) struct copying j = {.tree = t, .copy = c, .parent = -1};
	size_t len = strlen(c->destination);
	bool directory = c->many || t->count != 1 || t->items[0]->archive || !*t->items[0]->path ||
		(len && c->destination[len - 1] == '/') ||
		copy_is_directory(c->root, c->destination);

	return directory ? into_directory(&j, err) : as_file(&j, err);
}
