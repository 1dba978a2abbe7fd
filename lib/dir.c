/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "lib/own.h"

DIR *dir_open(int dirfd, const char *name)
{
	own_fd int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir)
		fd = -1; /* closedir() closes it */
	return dir;
}

int dir_next(DIR *dir, struct dirent **entry, struct err *err)
{
	struct dirent *e;

	while ((errno = 0, e = readdir(dir))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		*entry = e;
		return 1;
	}
	return errno ? err_errno(err, "cannot read a directory") : 0;
}

int dir_names(int dirfd, const char *name, bool (*wanted)(const char *name), struct strv *names,
	struct err *err)
{
	own_dir DIR *dir = dir_open(dirfd, name);
	struct dirent *e;
	int r;

	if (!dir)
		return err_errno(err, "cannot read the directory '%s'", name);
	while ((r = dir_next(dir, &e, err)) > 0)
		if (!wanted || wanted(e->d_name))
			strv_add(names, e->d_name);
	return r;
}
