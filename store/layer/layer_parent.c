/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_parent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/implied.h"
#include "store/layer/layer.h"

/* As the kernel's own limit (path_resolution(7)). */
#define LINKS_MAX 40

#define OPEN_DIR (O_RDONLY | O_DIRECTORY)

void layer_parent_init(struct layer_parent *p, int root, int implied_fd)
{
	memset(p, 0, sizeof(*p));
	p->root = root;
	p->fd = -1;
	p->implied_fd = implied_fd;
}

void layer_parent_release(struct layer_parent *p)
{
	own_fd_release(&p->fd);
	p->fd = -1;
	buf_release(&p->implied);
}

int layer_parent_leave(struct layer_parent *p, struct err *err)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, p->mtime};
	int fd = p->fd, r = 0;

	if (fd < 0)
		return 0;
	p->fd = -1;
	if (futimens(fd, times) < 0)
		r = err_errno(err, "cannot set the time of '%s'", p->path);
	close(fd);
	return r;
}

int layer_parent_flush(struct layer_parent *p, struct err *err)
{
	int r = 0;

	if (p->implied.len)
		r = io_write_full(p->implied_fd, p->implied.data, p->implied.len);
	buf_reset(&p->implied);
	if (r == 0)
		return 0;
	errno = -r;
	return err_errno(err, "cannot report implied directories");
}

static int report_implied(struct layer_parent *p, const char *path, bool whiteout, struct err *err)
{
	const size_t before = p->implied.len;

	if (p->implied_fd < 0)
		return 0;
	implied_write(&(struct implied_directory){path, whiteout}, &p->implied);
	p->implied_bytes += p->implied.len - before;
	if (p->implied_bytes > IMPLIED_LIST_MAX)
		return err_set(err, E_LIMIT, "too many directories that the layer does not name");
	return p->implied.len < IO_BLOCK_SIZE ? 0 : layer_parent_flush(p, err);
}

/* A walk along a path as the kernel does it in a chroot, for directories that are not there yet. */
struct walk {
	int fd;                      /* O_PATH, of done */
	char done[TAR_PATH_MAX + 1]; /* without links */
	size_t len;
	struct buf todo;
	size_t next; /* in todo */
	int links;
	struct timespec mtime;
	unsigned flags;
};

static int walk_to(struct walk *w, int fd, size_t len)
{
	own_fd_release(&w->fd);
	w->fd = fd;
	w->len = len;
	w->done[len] = '\0';
	return fd < 0 ? -1 : 0;
}

static int walk_reopen(struct layer_parent *p, struct walk *w, size_t len, struct err *err)
{
	w->done[len] = '\0';
	return walk_to(w,
		path_open(p->root, len ? w->done : ".", O_PATH | O_DIRECTORY, 0,
			PATH_IN_ROOT | PATH_NO_LINKS, err),
		len);
}

/* Make name in w->fd, leaving that directory's own mtime as it is. */
static int make_implied(struct layer_parent *p, struct walk *w, const char *name, struct err *err)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, w->mtime};
	struct stat parent, st;

	if (fstat(w->fd, &parent) < 0 || mkdirat(w->fd, name, 0755) < 0 ||
		fstatat(w->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(err, "cannot make directory '%s'", w->done);
	/* a parent with the set-gid bit hands on its group and the bit */
	if ((parent.st_mode & S_ISGID) &&
		(fchownat(w->fd, name, 0, 0, AT_SYMLINK_NOFOLLOW) < 0 ||
			fchmodat(w->fd, name, 0755, 0) < 0))
		return err_errno(err, "cannot make directory '%s'", w->done);
	if (utimensat(w->fd, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(err, "cannot set the time of '%s'", w->done);
	times[1] = parent.st_mtim;
	if (utimensat(w->fd, ".", times, 0) < 0)
		return err_errno(err, "cannot set the time above '%s'", w->done);
	return report_implied(p, w->done, w->flags & LAYER_PARENT_WHITEOUT, err);
}

static int follow(
	struct layer_parent *p, struct walk *w, int link, size_t parent_len, struct err *err)
{
	char target[TAR_PATH_MAX + 1];
	ssize_t n = readlinkat(link, "", target, sizeof(target) - 1);
	own_mem char *rest = xstrdup(buf_str(&w->todo) + w->next);

	if (n < 0)
		return err_errno(err, "cannot read link '%s'", w->done);
	if (w->flags & LAYER_PARENT_WHITEOUT)
		return err_set(err, ELOOP, "'%s' is a symbolic link", w->done);
	if (++w->links > LINKS_MAX)
		return err_set(err, ELOOP, "too many symbolic links at '%s'", w->done);
	target[n] = '\0';
	buf_reset(&w->todo);
	buf_addf(&w->todo, "%s/%s", target, rest);
	w->next = 0;
	if (*target == '/')
		return walk_reopen(p, w, 0, err);
	w->len = parent_len;
	w->done[parent_len] = '\0';
	return 0;
}

static int step_into(
	struct layer_parent *p, struct walk *w, const char *name, size_t n, struct err *err)
{
	const size_t parent_len = w->len;
	own_fd int fd = -1;
	struct stat st;
	const char *last;

	if (w->len + n + 2 > sizeof(w->done))
		return err_set(err, E_LIMIT, "path of more than %d bytes", TAR_PATH_MAX);
	if (w->len)
		w->done[w->len++] = '/';
	last = w->done + w->len;
	memcpy(w->done + w->len, name, n);
	w->len += n;
	w->done[w->len] = '\0';
	fd = openat(w->fd, last, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		if (make_implied(p, w, last, err) < 0)
			return -err->code;
		fd = openat(w->fd, last, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	}
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, "cannot open directory '%s'", w->done);
	if (S_ISLNK(st.st_mode))
		return follow(p, w, fd, parent_len, err);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ENOTDIR, "'%s' is not a directory", w->done);
	return walk_to(w, give_fd(fd), w->len);
}

static int walk_along(struct layer_parent *p, struct walk *w, struct err *err)
{
	for (;;) {
		const char *name = buf_str(&w->todo) + w->next;
		const size_t n = strcspn(name, "/");
		size_t up = w->len;
		int r = 0;

		if (!*name)
			return 0;
		w->next += n + (name[n] == '/');
		if (n == 2 && name[0] == '.' && name[1] == '.') {
			while (up && w->done[up - 1] != '/')
				up--;
			r = walk_reopen(p, w, up ? up - 1 : 0, err);
		} else if (n && !(n == 1 && *name == '.')) {
			r = step_into(p, w, name, n, err);
		}
		if (r < 0)
			return r;
	}
}

static int make_dirs(struct layer_parent *p, const char *dir, struct timespec mtime, unsigned flags,
	struct err *err)
{
	struct walk w = {.fd = -1, .mtime = mtime, .flags = flags};
	int fd = -1;

	buf_adds(&w.todo, dir);
	if (walk_reopen(p, &w, 0, err) == 0 && walk_along(p, &w, err) == 0) {
		fd = openat(w.fd, ".", OPEN_DIR | O_CLOEXEC);
		if (fd < 0)
			err_errno(err, "cannot open directory '%s'", dir);
	}
	own_fd_release(&w.fd);
	buf_release(&w.todo);
	return fd < 0 ? -err->code : fd;
}

int layer_parent_enter(struct layer_parent *p, const char *dir, size_t dir_len, int64_t mtime,
	unsigned flags, struct err *err)
{
	const bool whiteout = flags & LAYER_PARENT_WHITEOUT;
	const size_t len = dir_len ? dir_len - 1 : 0; /* without its '/' */
	struct stat st;

	if (p->fd >= 0 && p->path[len] == '\0' && memcmp(p->path, dir, len) == 0 &&
		(p->no_links || !whiteout))
		return p->fd;
	if (layer_parent_leave(p, err) < 0)
		return -err->code;
	memcpy(p->path, dir, len);
	p->path[len] = '\0';
	p->fd = path_open(p->root, len ? p->path : ".", OPEN_DIR, 0,
		PATH_IN_ROOT | (whiteout ? PATH_NO_LINKS : 0), err);
	if (p->fd == -ENOENT && !(flags & LAYER_PARENT_EXISTING))
		p->fd = make_dirs(p, p->path, (struct timespec){.tv_sec = mtime}, flags, err);
	if (p->fd == -ELOOP && whiteout)
		return err_set(
			err, E_SYNTAX, "whiteout in '%s' leads through a symbolic link", p->path);
	if (p->fd < 0)
		return p->fd;
	if (fstat(p->fd, &st) < 0)
		return err_errno(err, "cannot stat '%s'", p->path);
	p->setgid = st.st_mode & S_ISGID;
	p->no_links = whiteout;
	p->mtime = st.st_mtim;
	return p->fd;
}
