/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/own.h"
#include "lib/path.h"

/* Both return 1 when something was kept, 0 when all is gone. */
static int remove_entry(
	int dirfd, const char *name, const struct layer_seen *seen, int depth, struct err *err);

static int remove_content(int dirfd, const struct layer_seen *seen, int depth, struct err *err)
{
	own_dir DIR *dir = dir_open(dirfd, ".");
	struct dirent *e;
	int kept = 0, more;

	if (!dir)
		return err_errno(err, "cannot read a directory under a whiteout");
	while ((more = dir_next(dir, &e, err)) > 0) {
		int r = remove_entry(dirfd, e->d_name, seen, depth, err);

		if (r < 0)
			return r;
		kept |= r;
	}
	return more < 0 ? err_wrap(err, "under a whiteout") : kept;
}

static int remove_dir(int dirfd, const char *name, const struct layer_seen *seen, bool is_seen,
	int depth, struct err *err)
{
	own_fd int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int kept;

	if (fd < 0)
		return err_errno(err, "cannot open '%s' to remove it", name);
	if (depth == LAYER_REMOVE_DEPTH_MAX)
		return err_set(err, E_LIMIT, "whiteout over more than %d levels of directories",
			LAYER_REMOVE_DEPTH_MAX);
	kept = remove_content(fd, seen, depth + 1, err);
	if (kept < 0)
		return kept;
	if (kept || is_seen)
		return 1;
	return unlinkat(dirfd, name, AT_REMOVEDIR) < 0 ? err_errno(err, "cannot remove '%s'", name)
						       : 0;
}

static int remove_entry(
	int dirfd, const char *name, const struct layer_seen *seen, int depth, struct err *err)
{
	bool is_seen;
	struct stat st;

	if (seen->count == 0)
		return path_remove_tree(dirfd, name, err);
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_errno(err, "cannot stat '%s'", name);
	is_seen = layer_seen_has(seen, &st);
	if (S_ISDIR(st.st_mode))
		return remove_dir(dirfd, name, seen, is_seen, depth, err);
	if (is_seen)
		return 1;
	return unlinkat(dirfd, name, 0) < 0 ? err_errno(err, "cannot remove '%s'", name) : 0;
}

int layer_remove(int dirfd, const char *name, const struct layer_seen *seen, struct err *err)
{
	int r = remove_entry(dirfd, name, seen, 0, err);

	return r < 0 ? r : 0;
}

int layer_remove_content(int dirfd, const struct layer_seen *seen, struct err *err)
{
	int r = remove_content(dirfd, seen, 0, err);

	return r < 0 ? r : 0;
}
