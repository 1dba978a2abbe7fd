/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "builder/glob.h"
#include "lib/buf.h"
#include "lib/dir.h"
#include "lib/own.h"
#include "lib/path.h"

#define XATTRS_MAX 65536 /* bytes of names, and of one value: the kernel's limit */

/* One directory of the walk. */
struct place {
	int fd;
	const char *source, *path; /* as in struct tree_item */
	const char *excluded;      /* relative to the source that is being added, for --exclude */
	struct ignore_place ignore, exclude;
	unsigned depth;
};

static struct tree_item *new_item(struct tree *t)
{
	struct tree_item *item = arena_alloc(t->arena, sizeof(*item));

	if ((t->count & (t->count - 1)) == 0) {
		size_t room = t->count ? 2 * t->count : 1;
		struct tree_item **items = arena_array(t->arena, room, sizeof(*items));

		if (t->count)
			memcpy(items, t->items, t->count * sizeof(*items));
		t->items = items;
	}
	t->items[t->count++] = item;
	return item;
}

static const char *join(struct tree *t, const char *directory, const char *name)
{
	return *directory ? arena_printf(t->arena, "%s/%s", directory, name)
			  : arena_strdup(t->arena, name);
}

static int failed(struct tree *t, const char *source, const char *verb, struct err *err)
{
	return err_errno(err, "cannot %s '%s' of the %s", verb, source, t->what);
}

/* Is this one copied? user.* always, file capabilities only out of images. */
static bool wanted_xattr(const struct tree *t, const char *name)
{
	if (strncmp(name, "user.", 5) == 0)
		return strncmp(name, "user.overlay.", 13) != 0;
	return t->from_image && strcmp(name, "security.capability") == 0;
}

static int read_xattrs(
	struct tree *t, int dirfd, const char *name, struct tree_item *item, struct err *err)
{
	own_buf struct buf path = {0}, names = {0}, value = {0};
	ssize_t n, len;

	buf_addf(&path, "/proc/self/fd/%d/%s", dirfd, name);
	n = llistxattr(buf_str(&path), NULL, 0);
	if (n <= 0)
		return n == 0 || errno == ENOTSUP
			? 0
			: failed(t, item->source, "read attributes of", err);
	buf_reserve(&names, XATTRS_MAX);
	buf_reserve(&value, XATTRS_MAX);
	n = llistxattr(buf_str(&path), names.data, XATTRS_MAX);
	if (n < 0)
		return failed(t, item->source, "read attributes of", err);
	item->xattrs = arena_array(t->arena, (size_t)n / 2 + 1, sizeof(*item->xattrs));
	for (const char *p = names.data; p < names.data + n; p += strlen(p) + 1) {
		struct tree_xattr *x = &item->xattrs[item->nxattrs];

		if (!wanted_xattr(t, p))
			continue;
		len = lgetxattr(buf_str(&path), p, value.data, XATTRS_MAX);
		if (len < 0)
			return failed(t, item->source, "read attributes of", err);
		x->name = arena_strdup(t->arena, p);
		x->value = memcpy(arena_alloc(t->arena, (size_t)len + 1), value.data, (size_t)len);
		x->len = (size_t)len;
		item->nxattrs++;
	}
	return 0;
}

static int read_link(
	struct tree *t, int dirfd, const char *name, struct tree_item *item, struct err *err)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(dirfd, name, target, sizeof(target));

	if (n < 0 || n == sizeof(target))
		return failed(t, item->source, "read the link", err);
	item->link = arena_strndup(t->arena, target, (size_t)n);
	return 0;
}

static struct tree_item **bucket_of(struct tree *t, const struct stat *st)
{
	return &t->linked[(st->st_ino ^ st->st_ino >> 20) & (t->nbuckets - 1)];
}

static void more_buckets(struct tree *t)
{
	struct tree_item **old = t->linked;
	size_t count = t->nbuckets;

	t->nbuckets = count ? 4 * count : 64;
	t->linked = arena_array(t->arena, t->nbuckets, sizeof(*t->linked));
	for (size_t i = 0; i < count; i++) {
		for (struct tree_item *item = old[i], *next; item; item = next) {
			struct tree_item **bucket = bucket_of(t, &item->st);

			next = item->chained;
			item->chained = *bucket;
			*bucket = item;
		}
	}
}

/* Hard links inside of one copy stay hard links. */
static void find_same(struct tree *t, struct tree_item *item)
{
	struct tree_item **bucket;

	if (!S_ISREG(item->st.st_mode) || item->st.st_nlink < 2)
		return;
	if (t->nlinked == t->nbuckets)
		more_buckets(t);
	bucket = bucket_of(t, &item->st);
	for (const struct tree_item *other = *bucket; other; other = other->chained) {
		if (other->st.st_ino == item->st.st_ino && other->st.st_dev == item->st.st_dev) {
			item->same = other;
			return;
		}
	}
	item->chained = *bucket;
	*bucket = item;
	t->nlinked++;
}

/* Returns 1 when the entry is no part of an image: a socket. */
static int check_type(struct tree *t, const char *source, mode_t mode, struct err *err)
{
	bool device = S_ISCHR(mode) || S_ISBLK(mode);

	if (S_ISSOCK(mode) || (device && t->skip_devices))
		return 1;
	if (device && !t->from_image)
		return err_set(err, E_UNSUPPORTED,
			"'%s' of the %s is a device: only files, directories, links and FIFOs are copied "
			"from there",
			source, t->what);
	return 0;
}

static int add_directory(struct tree *t, const struct place *p, struct err *err);

static int open_directory(struct tree *t, const struct place *at, const char *name,
	const char *source, struct err *err)
{
	int fd = openat(at->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? failed(t, source, "open", err) : fd;
}

static void place_release(struct place *p)
{
	ignore_place_release(&p->ignore);
	ignore_place_release(&p->exclude);
	own_fd_release(&p->fd);
}

static void enter(struct tree *t, const struct place *at, const char *name, struct place *below)
{
	*below = (struct place){.source = join(t, at->source, name),
		.path = join(t, at->path, name),
		.excluded = join(t, at->excluded, name),
		.depth = at->depth + 1,
		.fd = -1};
	ignore_enter(&at->ignore, below->source, name, &below->ignore);
	ignore_enter(&at->exclude, below->excluded, name, &below->exclude);
}

/* An excluded directory is walked only for what a later '!' lets in; it is made for that alone. */
static int add_entry(struct tree *t, const struct place *at, const char *name, struct err *err)
{
	own(place_release) struct place below;
	struct tree_item *item;
	struct stat st;
	size_t before = t->count;
	bool ignored;
	int r;

	enter(t, at, name, &below);
	ignored = ignore_excludes(&below.ignore) || ignore_excludes(&below.exclude);
	if (ignored && !ignore_may_include_below(&below.ignore, below.source) &&
		!ignore_may_include_below(&below.exclude, below.excluded))
		return 0;
	if (fstatat(at->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(t, below.source, "look at", err);
	if (ignored && !S_ISDIR(st.st_mode))
		return 0;
	r = check_type(t, below.source, st.st_mode, err);
	if (r != 0)
		return r < 0 ? r : 0;
	item = new_item(t);
	item->path = below.path;
	item->source = below.source;
	item->st = st;
	if (read_xattrs(t, at->fd, name, item, err) < 0)
		return -err->code;
	find_same(t, item);
	if (S_ISLNK(st.st_mode))
		return read_link(t, at->fd, name, item, err);
	if (!S_ISDIR(st.st_mode))
		return 0;
	below.fd = open_directory(t, at, name, below.source, err);
	if (below.fd < 0 || add_directory(t, &below, err) < 0)
		return -err->code;
	if (ignored && t->count == before + 1)
		t->count = before; /* nothing was let in */
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int list_names(struct tree *t, const struct place *p, struct strv *names, struct err *err)
{
	own_dir DIR *dir = dir_open(p->fd, ".");
	struct dirent *e;
	int r;

	if (!dir)
		return failed(t, p->source, "open", err);
	while ((r = dir_next(dir, &e, err)) > 0)
		strv_add(names, e->d_name);
	if (r < 0) {
		errno = err->code;
		return failed(t, p->source, "list", err);
	}
	if (names->count)
		qsort(names->items, names->count, sizeof(*names->items), by_name);
	return 0;
}

static int add_directory(struct tree *t, const struct place *p, struct err *err)
{
	own_strv struct strv names = {0};

	if (p->depth > TREE_DEPTH_MAX)
		return err_set(err, E_LIMIT, "directories of the %s are nested deeper than %d",
			t->what, TREE_DEPTH_MAX);
	if (list_names(t, p, &names, err) < 0)
		return -err->code;
	for (size_t i = 0; i < names.count; i++)
		if (add_entry(t, p, names.items[i], err) < 0)
			return -err->code;
	return 0;
}

/* Where below the root an open descriptor is, links resolved. In the arena; "" for the root. */
static int real_path(struct tree *t, int fd, const char **path, struct err *err)
{
	char link[64], root[PATH_MAX], real[PATH_MAX];
	ssize_t n, m;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", t->root);
	n = readlink(link, root, sizeof(root));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	m = readlink(link, real, sizeof(real) - 1);
	if (n < 0 || m < 0 || n == sizeof(root) || m == sizeof(real) - 1)
		return err_errno(err, "cannot find a source's place in the %s", t->what);
	real[m] = '\0';
	if (n == 1) /* the root is "/": a detached mount */
		n = 0;
	if (m < n || memcmp(root, real, (size_t)n) != 0 || (real[n] && real[n] != '/'))
		return err_set(err, E_DENIED, "a source leads out of the %s", t->what);
	*path = arena_strdup(t->arena, real[n] ? real + n + 1 : "");
	return 0;
}

static int not_found(const char *path, struct err *err)
{
	return err_set(err, E_NOT_FOUND, "\"/%s\": not found", path);
}

/*
 * A directory as a source: its content, and an item for itself, whose time a new one gets. Takes
 * over fd.
 */
static int add_source_directory(struct tree *t, int fd, const struct stat *st, const char *source,
	const char *named, struct err *err)
{
	own(place_release) struct place p = {
		.fd = fd, .source = source, .path = "", .excluded = ""};
	struct tree_item *item = new_item(t);
	size_t before = t->count - 1;

	ignore_path(t->ignore, source, &p.ignore);
	ignore_begin(t->excludes, &p.exclude);
	item->path = "";
	item->source = source;
	item->st = *st;
	/* what is copied is its content: a directory that is made for that is root's, 0755 */
	item->st.st_mode = S_IFDIR | 0755;
	item->st.st_uid = 0;
	item->st.st_gid = 0;
	if (add_directory(t, &p, err) < 0)
		return -err->code;
	if (ignore_excludes(&p.ignore) && t->count == before + 1) {
		t->count = before;
		return not_found(named, err);
	}
	return 0;
}

static int add_source_file(struct tree *t, const struct stat *st, const char *source,
	const char *name, struct err *err)
{
	const char *slash = strrchr(source, '/');
	own_mem char *parent = slash ? xstrndup(source, (size_t)(slash - source)) : xstrdup(".");
	own_fd int dir = path_open(t->root, parent, O_PATH | O_DIRECTORY, 0, PATH_BENEATH, err);
	struct tree_item *item;

	if (dir < 0)
		return dir;
	item = new_item(t);
	item->path = name;
	item->source = source;
	item->st = *st;
	item->named = true;
	find_same(t, item);
	return read_xattrs(t, dir, slash ? slash + 1 : source, item, err);
}

/* Add what the clean path (without pattern) names. */
static int add_path(struct tree *t, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *source;
	own_fd int fd = path_open(t->root, *path ? path : ".", O_PATH, 0, PATH_IN_ROOT, err);
	own_ignore_place struct ignore_place ignore = {0}, exclude = {0};
	struct stat st;
	int r;

	if (fd == -ENOENT || fd == -ENOTDIR)
		return not_found(path, err);
	if (fd < 0)
		return err_wrap(err, "cannot open '%s' of the %s", path, t->what);
	if (fstat(fd, &st) < 0)
		return failed(t, path, "look at", err);
	if (real_path(t, fd, &source, err) < 0)
		return -err->code;
	ignore_path(t->ignore, source, &ignore);
	if (ignore_excludes(&ignore) &&
		!(S_ISDIR(st.st_mode) && ignore_may_include_below(&ignore, source)))
		return not_found(path, err);
	r = check_type(t, path, st.st_mode, err);
	if (r != 0)
		return r < 0 ? r : not_found(path, err);
	if (!S_ISDIR(st.st_mode)) {
		ignore_path(t->excludes, name, &exclude);
		if (ignore_excludes(&exclude))
			return 0;
		return add_source_file(t, &st, source, arena_strdup(t->arena, name), err);
	}
	r = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return r < 0 ? failed(t, path, "open", err)
		     : add_source_directory(t, r, &st, source, path, err);
}

/* The names in directory (a clean path) that match one element of a pattern. */
static int match_names(struct tree *t, const char *directory, const char *element,
	struct strv *names, struct err *err)
{
	own_glob struct glob g = {0};
	own_strv struct strv all = {0};
	own_fd int fd = -1;
	struct place p = {.source = directory};

	if (glob_parse(element, 0, &g, err) < 0)
		return -err->code;
	fd = path_open(t->root, *directory ? directory : ".", O_RDONLY | O_DIRECTORY, 0,
		PATH_IN_ROOT, err);
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	p.fd = fd;
	if (fd < 0 || list_names(t, &p, &all, err) < 0)
		return -err->code;
	for (size_t i = 0; i < all.count; i++)
		if (glob_match(&g, all.items[i], strlen(all.items[i])))
			strv_add(names, all.items[i]);
	return 0;
}

/* Element by element; a plain one that is missing only ends this branch. */
static int add_matches(struct tree *t, const char *directory, const char *pattern, size_t *matches,
	struct err *err)
{
	size_t n = strcspn(pattern, "/");
	own_mem char *element = xstrndup(pattern, n);
	own_strv struct strv names = {0};
	int r;

	if (!glob_is_pattern(element))
		strv_add(&names, element);
	else if (match_names(t, directory, element, &names, err) < 0)
		return -err->code;
	for (size_t i = 0; i < names.count; i++) {
		const char *path = join(t, directory, names.items[i]);

		r = pattern[n] ? add_matches(t, path, pattern + n + 1, matches, err)
			       : add_path(t, path, err);
		if (r == -E_NOT_FOUND)
			continue;
		if (r < 0)
			return r;
		*matches += !pattern[n];
	}
	return 0;
}

int tree_add(struct tree *t, const char *pattern, size_t *matches, struct err *err)
{
	own_mem char *rooted = xasprintf("/%s", pattern), *clean = path_clean(rooted);
	const char *path = arena_strdup(t->arena, clean + 1);
	size_t found = 0, *count = matches ? matches : &found, before = *count;

	if (!glob_is_pattern(path)) {
		++*count;
		return add_path(t, path, err);
	}
	if (add_matches(t, "", path, count, err) < 0)
		return -err->code;
	return *count == before ? not_found(path, err) : 0;
}

void tree_add_data(struct tree *t, const char *name, const char *data, const struct timespec *time)
{
	struct tree_item *item = new_item(t);

	item->path = arena_strdup(t->arena, name);
	item->source = item->path;
	item->data = data;
	item->st.st_mode = S_IFREG | 0644;
	item->st.st_size = (off_t)strlen(data);
	if (time)
		item->st.st_mtim = *time;
	else
		clock_gettime(CLOCK_REALTIME, &item->st.st_mtim);
	sha256_hex(data, strlen(data), item->digest);
}

int tree_open(const struct tree *t, const struct tree_item *item, struct err *err)
{
	int fd = path_open(t->root, item->source, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0,
		PATH_BENEATH | PATH_NO_LINKS, err);

	return fd < 0 ? err_wrap(err, "cannot read '%s' of the %s", item->source, t->what) : fd;
}
