/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk behind the three ways to write a layer. It goes down one tree, and along the other where
 * there is one, with the directories on the way in a stack: names are sorted per directory, and
 * descriptors are held for the last levels only, so that depth costs neither stack nor descriptors.
 */
#include "store/layer/layer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/layer/layer_emit.h"
#include "store/layer/layer_list.h"
#include "store/layer/layer_same.h"

#define OPEN_LEVELS 32
#define OPEN_DIR    (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define OPEN_FILE   (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* A tree at one level. */
struct branch {
	bool there;
	int fd; /* -1: closed for the time being */
	struct layer_list names;
	size_t next;
};

struct level {
	struct branch upper, lower;
	size_t path_len; /* of the directory's path */
	bool written;    /* its own entry is in the layer */
};

struct walk {
	struct layer_emitter em;
	int upper, lower; /* the roots; lower is -1 without one */
	bool overlay;
	struct level *levels;
	size_t depth, cap;
	char path[TAR_PATH_MAX + 1];
	struct layer_side a, b; /* the entry that is being looked at, in upper and lower */
};

static void close_branch(struct branch *b)
{
	own_fd_release(&b->fd);
	b->fd = -1;
}

static void pop(struct walk *w)
{
	struct level *l = &w->levels[--w->depth];

	close_branch(&l->upper);
	close_branch(&l->lower);
	layer_list_release(&l->upper.names);
	layer_list_release(&l->lower.names);
}

static int open_branch(struct branch *b, int fd, struct err *err)
{
	b->there = fd >= 0;
	b->fd = fd;
	return fd < 0 ? 0 : layer_list_read(&b->names, fd, err);
}

/* Takes over both descriptors; lower is -1 when it has no such directory. */
static int push(struct walk *w, int upper, int lower, bool written, struct err *err)
{
	struct level *l;

	if (w->depth == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 32;
		w->levels = xreallocarray(w->levels, w->cap, sizeof(*w->levels));
	}
	if (w->depth >= OPEN_LEVELS) {
		close_branch(&w->levels[w->depth - OPEN_LEVELS].upper);
		close_branch(&w->levels[w->depth - OPEN_LEVELS].lower);
	}
	l = &w->levels[w->depth++];
	*l = (struct level){.path_len = strlen(w->path), .written = written};
	l->lower.fd = -1;
	if (open_branch(&l->upper, upper, err) < 0) {
		own_fd_release(&lower);
		return err_wrap(err, "'%.200s'", w->path);
	}
	if (open_branch(&l->lower, lower, err) < 0)
		return err_wrap(err, "'%.200s'", w->path);
	return 0;
}

/* Open again what was closed while the walk was further down. w->path is the directory's. */
static int reopen(struct walk *w, struct branch *b, int root, struct err *err)
{
	if (!b->there || b->fd >= 0)
		return 0;
	b->fd = path_open(root, *w->path ? w->path : ".", O_RDONLY | O_DIRECTORY, 0,
		PATH_BENEATH | PATH_NO_LINKS, err);
	return b->fd < 0 ? b->fd : 0;
}

static int too_long(const char *path, struct err *err)
{
	return err_set(err, E_LIMIT, "path of more than %d bytes: '%.100s...'", TAR_PATH_MAX, path);
}

/* Put name behind the directory's path. */
static int set_path(struct walk *w, size_t dir_len, const char *name, struct err *err)
{
	const size_t n = strlen(name);

	if (dir_len + n + 2 > sizeof(w->path))
		return too_long(w->path, err);
	if (dir_len)
		w->path[dir_len++] = '/';
	memcpy(w->path + dir_len, name, n + 1);
	return 0;
}

/* Open a side as far as its type asks for, and find out what it is. name is of a layer_list. */
static int look(
	struct layer_side *s, int dirfd, const char *name, const char *path, struct err *err)
{
	const unsigned char type = layer_list_type(name);

	s->dirfd = dirfd;
	s->name = name;
	s->fd = -1;
	s->xattrs.count = 0;
	s->xattrs.opaque = s->xattrs.incomplete = false;
	/* only files and directories are opened: devices and pipes would do something */
	if (type != DT_REG && type != DT_DIR) {
		if (fstatat(dirfd, name, &s->st, AT_SYMLINK_NOFOLLOW) < 0)
			return err_errno(err, "cannot stat '%s'", path);
		if (!S_ISREG(s->st.st_mode) && !S_ISDIR(s->st.st_mode))
			return 0;
	}
	s->fd = openat(dirfd, name, type == DT_DIR ? OPEN_DIR : OPEN_FILE);
	if (s->fd < 0 || fstat(s->fd, &s->st) < 0)
		return err_errno(err, "cannot open '%s'", path);
	return layer_xattrs_read(&s->xattrs, s->fd, path, err);
}

static int write_side(struct walk *w, struct err *err)
{
	const struct layer_source source = {
		.path = w->path,
		.st = &w->a.st,
		.fd = w->a.fd,
		.dirfd = w->a.dirfd,
		.name = w->a.name,
		.xattrs = w->a.fd >= 0 ? &w->a.xattrs : NULL,
	};

	return layer_emit(&w->em, &source, err);
}

/*
 * Write the directories that lead to an entry, as far as they are not in the layer yet: so every
 * entry finds its directory with the attributes that it has here.
 */
static int write_parents(struct walk *w, struct err *err)
{
	for (size_t i = 0; i < w->depth; i++) {
		struct level *l = &w->levels[i];
		const char end = w->path[l->path_len];
		own(layer_xattrs_release) struct layer_xattrs xattrs = {.count = 0};
		own_fd int fd = -1;
		struct stat st;
		int r;

		if (l->written)
			continue;
		l->written = true;
		w->path[l->path_len] = '\0';
		fd = path_open(w->upper, *w->path ? w->path : ".", O_RDONLY | O_DIRECTORY, 0,
			PATH_BENEATH | PATH_NO_LINKS, err);
		r = fd < 0 ? fd : fstat(fd, &st);
		if (fd >= 0 && r < 0)
			r = err_errno(err, "cannot stat '%s'", w->path);
		if (r == 0)
			r = layer_xattrs_read(&xattrs, fd, w->path, err);
		if (r == 0)
			r = layer_emit(&w->em,
				&(struct layer_source){
					.path = w->path, .st = &st, .fd = fd, .xattrs = &xattrs},
				err);
		w->path[l->path_len] = end;
		if (r < 0)
			return r;
	}
	return 0;
}

/* w->path names what is gone; prefix is put before its last component. */
static int write_whiteout(struct walk *w, size_t dir_len, const char *name, struct err *err)
{
	own_mem char *base = NULL;

	if (write_parents(w, err) < 0)
		return -err->code;
	base = xasprintf(LAYER_WHITEOUT_PREFIX "%s", name);
	if (set_path(w, dir_len, base, err) < 0)
		return -err->code;
	return layer_emit_whiteout(&w->em, w->path, err);
}

static int check_overlay(struct walk *w, struct err *err)
{
	if (!w->overlay || !w->a.xattrs.incomplete)
		return 0;
	return err_set(err, E_UNSUPPORTED,
		"'%s' refers to a layer below (overlayfs was mounted with redirect_dir or metacopy)",
		w->path);
}

/* The directory's own entry is written or not; now into it. Takes over both descriptors. */
static int descend(struct walk *w, bool written, bool with_lower, struct err *err)
{
	const bool opaque = w->overlay && w->a.xattrs.opaque;
	int r = push(w, give_fd(w->a.fd), with_lower ? give_fd(w->b.fd) : -1, written, err);

	if (r < 0 || !opaque)
		return r;
	r = set_path(w, strlen(w->path), LAYER_WHITEOUT_OPAQUE, err);
	if (r == 0)
		r = layer_emit_whiteout(&w->em, w->path, err);
	w->path[w->levels[w->depth - 1].path_len] = '\0';
	return r;
}

static bool is_whiteout(const struct walk *w)
{
	return w->overlay && S_ISCHR(w->a.st.st_mode) && w->a.st.st_rdev == makedev(0, 0);
}

/* An entry that upper has, in w->a; in w->b what lower has under that name, if anything. */
static int compare_and_write(struct walk *w, size_t dir_len, bool has_lower, struct err *err)
{
	const bool dir = S_ISDIR(w->a.st.st_mode);
	const bool both_dirs = dir && has_lower && S_ISDIR(w->b.st.st_mode);
	int same = has_lower ? layer_same(&w->a, &w->b, w->path, err) : 0;

	if (same < 0 || check_overlay(w, err) < 0)
		return -err->code;
	if (is_whiteout(w) || (S_ISSOCK(w->a.st.st_mode) && has_lower && !same))
		return write_whiteout(w, dir_len, w->a.name, err);
	if (!same && (write_parents(w, err) < 0 || write_side(w, err) < 0))
		return -err->code;
	return dir ? descend(w, !same, both_dirs, err) : 0;
}

static int visit(
	struct walk *w, struct level *l, const char *name, const char *lower_name, struct err *err)
{
	const size_t dir_len = l->path_len;
	int r = set_path(w, dir_len, name, err);

	w->a.fd = w->b.fd = -1;
	if (r == 0 && strncmp(name, LAYER_WHITEOUT_PREFIX, 4) == 0)
		r = err_set(err, E_UNSUPPORTED,
			"'%s' cannot be in a layer: names with '.wh.' in front are whiteouts",
			w->path);
	if (r == 0)
		r = look(&w->a, l->upper.fd, name, w->path, err);
	if (r == 0 && lower_name)
		r = look(&w->b, l->lower.fd, lower_name, w->path, err);
	if (r == 0)
		r = compare_and_write(w, dir_len, lower_name != NULL, err);
	own_fd_release(&w->a.fd);
	own_fd_release(&w->b.fd);
	return r;
}

/* The next name of the topmost directory, merged from both trees. */
static int step(struct walk *w, struct err *err)
{
	struct level *l = &w->levels[w->depth - 1];
	struct branch *u = &l->upper, *v = &l->lower;
	const char *a = u->next < u->names.count ? u->names.names[u->next] : NULL;
	const char *b = v->next < v->names.count ? v->names.names[v->next] : NULL;
	bool both;

	w->path[l->path_len] = '\0';
	if (!a && !b) {
		pop(w);
		return 0;
	}
	if (reopen(w, u, w->upper, err) < 0 || reopen(w, v, w->lower, err) < 0)
		return -err->code;
	both = a && b && strcmp(a, b) == 0;
	if (!b || both || (a && strcmp(a, b) < 0)) {
		u->next++;
		v->next += both;
		return visit(w, l, a, both ? b : NULL, err);
	}
	v->next++;
	if (set_path(w, l->path_len, b, err) < 0)
		return -err->code;
	return write_whiteout(w, l->path_len, b, err);
}

/* The root's entry: always in a pack; else when it differs, or (write_parents()) with the first
 * other one. */
static int start(struct walk *w, bool pack, struct err *err)
{
	own_fd int upper = openat(w->upper, ".", OPEN_DIR);
	own_fd int lower = w->lower < 0 ? -1 : openat(w->lower, ".", OPEN_DIR);
	static const char root[] = "\4."; /* a layer_list's name: d_type DT_DIR in front */
	bool changed = pack;
	int same = 1;

	if (upper < 0 || (w->lower >= 0 && lower < 0))
		return err_errno(err, "cannot open the directory");
	if (look(&w->a, upper, root + 1, "", err) < 0)
		return -err->code;
	if (lower >= 0) {
		if (look(&w->b, lower, root + 1, "", err) < 0)
			same = -err->code;
		else
			same = layer_same(&w->a, &w->b, "", err);
		own_fd_release(&w->b.fd);
		changed = same == 0;
	} else if (w->overlay) {
		changed = (w->a.st.st_mode & 07777) != 0755 || w->a.st.st_uid || w->a.st.st_gid;
	}
	if (same >= 0 && changed)
		same = write_side(w, err);
	own_fd_release(&w->a.fd);
	return same < 0 ? same : push(w, give_fd(upper), give_fd(lower), changed, err);
}

static int run(struct walk *w, bool pack, struct layer_result *result, struct err *err)
{
	int r = start(w, pack, err);

	while (r == 0 && w->depth)
		r = step(w, err);
	return r < 0 ? r : layer_emitter_finish(&w->em, result, err);
}

static int write_layer(int lower, int upper, bool overlay, tar_output *output, void *arg,
	struct layer_result *result, struct err *err)
{
	struct walk *w = xcalloc(1, sizeof(*w));
	int r;

	w->upper = upper;
	w->lower = lower;
	w->overlay = overlay;
	w->a.fd = w->b.fd = -1;
	layer_emitter_init(&w->em, output, arg);
	r = run(w, lower < 0 && !overlay, result, err);
	while (w->depth)
		pop(w);
	layer_emitter_release(&w->em);
	layer_xattrs_release(&w->a.xattrs);
	layer_xattrs_release(&w->b.xattrs);
	free(w->levels);
	free(w);
	return r;
}

int layer_write_pack(
	int dir, tar_output *output, void *arg, struct layer_result *result, struct err *err)
{
	return write_layer(-1, dir, false, output, arg, result, err);
}

int layer_write_diff(int lower, int upper, tar_output *output, void *arg,
	struct layer_result *result, struct err *err)
{
	return write_layer(lower, upper, false, output, arg, result, err);
}

int layer_write_overlay(
	int upper, tar_output *output, void *arg, struct layer_result *result, struct err *err)
{
	return write_layer(-1, upper, true, output, arg, result, err);
}
