/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directories that a layer's tar only implied (usr/ in front of usr/bin/x). Unpacked one over the
 * other they would keep what the layers beneath gave them; overlayfs shows the topmost one's
 * attributes, so those have to be copied up.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/layer/layer_worker.h"
#include "store/layer_sink.h"

#define XATTR_LIST_MAX  65536 /* XATTR_LIST_MAX and XATTR_SIZE_MAX of the kernel */
#define XATTR_VALUE_MAX 65536

/* The fs/ of each layer beneath, opened when it is first needed. */
struct stack {
	struct store *store;
	struct store_batch *batch;
	const struct strings *diff_ids;
	struct layer_sink **temps;
	int *opened; /* -1: not yet */
};

/* The same layer may stand in an image twice: then only one of the two is being unpacked. */
static struct layer_sink *find_temp(struct stack *s, const char *diff_id)
{
	for (size_t i = 0; i < s->diff_ids->count; i++)
		if (s->temps[i] && strcmp(s->temps[i]->diff_id.text, diff_id) == 0)
			return s->temps[i];
	return NULL;
}

static int layer_fs(struct stack *s, size_t i, struct err *err)
{
	const struct layer_sink *temp = find_temp(s, s->diff_ids->items[i]);
	struct digest id;

	if (temp)
		return temp->fs;
	if (s->opened[i] < 0) {
		int r = digest_parse(s->diff_ids->items[i], &id, err);

		if (r < 0)
			return r;
		s->opened[i] = layer_store_open_in(s->store, s->batch, &id, err);
	}
	return s->opened[i];
}

static bool is_opaque(int dir)
{
	char value;

	return (fgetxattr(dir, "trusted.overlay.opaque", &value, 1) == 1 && value == 'y') ||
		(fgetxattr(dir, "user.overlay.opaque", &value, 1) == 1 && value == 'y');
}

enum found { FOUND_NOTHING, FOUND_DIRECTORY, FOUND_HIDDEN };

/*
 * Look for the directory in one layer. FOUND_HIDDEN: whatever lies beneath this layer under that
 * name is not visible: something else than a directory (so also a whiteout), or an opaque parent.
 */
static enum found look(int fs, const char *path, int *fd)
{
	own_mem char *prefix = xstrdup(path);
	bool opaque = false;
	struct err ignored;

	for (char *p = prefix;; p++) {
		own_fd int dir = -1;
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		dir = path_open(fs, *prefix ? prefix : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0,
			PATH_BENEATH | PATH_NO_LINKS, &ignored);
		*p = c;
		if (dir < 0 && ignored.code == ENOENT)
			return opaque ? FOUND_HIDDEN : FOUND_NOTHING;
		if (dir < 0)
			return FOUND_HIDDEN;
		if (c == '\0') {
			*fd = give_fd(dir);
			return FOUND_DIRECTORY;
		}
		opaque = opaque || is_opaque(dir);
	}
}

/* An opaque parent in the layer itself: the directory was made anew there. */
static bool parent_is_opaque(int fs, const char *path)
{
	own_mem char *parent = xstrdup(path);
	struct err ignored;

	for (char *slash; (slash = strrchr(parent, '/'));) {
		own_fd int dir = -1;

		*slash = '\0';
		dir = path_open(fs, parent, O_RDONLY | O_DIRECTORY, 0, PATH_BENEATH | PATH_NO_LINKS,
			&ignored);
		if (dir < 0 || is_opaque(dir))
			return true;
	}
	return is_opaque(fs);
}

static bool copied_xattr(const char *name)
{
	return strncmp(name, "trusted.overlay.", 16) != 0 &&
		strncmp(name, "user.overlay.", 13) != 0;
}

static int copy_xattrs(int from, int to, struct err *err)
{
	own_mem char *names = xmalloc(XATTR_LIST_MAX), *value = xmalloc(XATTR_VALUE_MAX);
	ssize_t len = flistxattr(from, names, XATTR_LIST_MAX);

	if (len < 0)
		return errno == ENOTSUP ? 0 : err_errno(err, "cannot list xattrs");
	for (const char *name = names; name < names + len; name += strlen(name) + 1) {
		ssize_t n;

		if (!copied_xattr(name))
			continue;
		n = fgetxattr(from, name, value, XATTR_VALUE_MAX);
		if (n < 0 || fsetxattr(to, name, value, (size_t)n, 0) < 0)
			return err_errno(err, "cannot copy xattr '%s'", name);
	}
	return 0;
}

static int copy_attributes(int from, int to, struct err *err)
{
	struct stat st;
	int r;

	if (fstat(from, &st) < 0)
		return err_errno(err, "cannot stat");
	if (fchown(to, st.st_uid, st.st_gid) < 0 || fchmod(to, st.st_mode & 07777) < 0)
		return err_errno(err, "cannot set owner and mode");
	r = copy_xattrs(from, to, err);
	if (r == 0 && futimens(to, (struct timespec[]){st.st_atim, st.st_mtim}) < 0)
		return err_errno(err, "cannot set times");
	return r;
}

/* A directory that a whiteout's path implied hides nothing where nothing is. */
static int remove_directory(int fs, const char *path, struct err *err)
{
	const char *name;
	own_fd int parent = path_open_parent(fs, path, &name, err);

	return parent < 0 ? parent : path_remove_tree(parent, name, err);
}

/* Give one implied directory of layer i what it has beneath. */
static int adopt(struct stack *s, size_t i, const char *path, bool whiteout, struct err *err)
{
	int own = s->temps[i]->fs;
	enum found found = FOUND_NOTHING;
	own_fd int from = -1, to = -1;

	to = path_open(own, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0,
		PATH_BENEATH | PATH_NO_LINKS, err);
	if (to == -ENOENT && whiteout)
		return 0; /* gone with its parent */
	if (to < 0)
		return to;
	if (strcmp(path, ".") != 0 && parent_is_opaque(own, path))
		found = FOUND_HIDDEN;
	while (found == FOUND_NOTHING && i-- > 0) {
		int fs = layer_fs(s, i, err);

		if (fs < 0)
			return fs;
		found = look(fs, path, &from);
	}
	if (found == FOUND_DIRECTORY)
		return copy_attributes(from, to, err);
	return whiteout && strcmp(path, ".") != 0 ? remove_directory(own, path, err) : 0;
}

/* The layer whose list is read. */
struct listed {
	struct stack *stack;
	size_t layer;
};

static int adopt_listed(void *arg, const struct implied_directory *d, struct err *err)
{
	const struct listed *l = arg;

	if (adopt(l->stack, l->layer, d->path, d->whiteout, err) < 0)
		return err_wrap(err, "directory '%s'", d->path);
	return 0;
}

static int adopt_all(struct stack *s, struct err *err)
{
	for (size_t i = 1; i < s->diff_ids->count; i++) {
		if (!s->temps[i] || s->temps[i]->implied < 0)
			continue;
		if (layer_worker_implied(
			    s->temps[i]->implied, adopt_listed, &(struct listed){s, i}, err) < 0)
			return err_wrap(err, "layer %s", s->diff_ids->items[i]);
	}
	return 0;
}

int layer_store_settle(struct store *store, const struct strings *diff_ids,
	struct layer_sink **temps, struct store_batch *batch, struct err *err)
{
	struct stack s = {.store = store, .batch = batch, .diff_ids = diff_ids, .temps = temps};
	own_mem int *opened = xcalloc(diff_ids->count + 1, sizeof(int));
	int r;

	for (size_t i = 0; i < diff_ids->count; i++)
		opened[i] = -1;
	s.opened = opened;
	r = adopt_all(&s, err);
	for (size_t i = 0; i < diff_ids->count; i++) {
		struct layer_sink *t = give(temps[i]);

		own_fd_release(&opened[i]);
		if (t && r == 0)
			r = layer_store_publish(t, &t->diff_id, batch, err);
		else
			layer_sink_abort(t);
	}
	return r;
}
