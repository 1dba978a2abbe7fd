/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "runtime/mount_api.h"

static bool is_null(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/* The container's own. It may have put anything there: a FIFO must not hold us up. */
static int open_in_root(struct err *err)
{
	own_fd int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;

	if (root < 0)
		return err_errno(err, "cannot open the container's root");
	fd = path_open(root, "dev/null", O_RDWR | O_NONBLOCK | O_NOCTTY, 0,
		(unsigned)PATH_IN_ROOT | PATH_NO_LINKS, err);
	if (fd < 0)
		return -err->code;
	if (!is_null(fd))
		return err_set(err, E_DENIED, "the container's /dev/null is not the null device");
	if (fcntl(fd, F_SETFL, O_RDWR) < 0)
		return err_errno(err, "cannot set the flags of /dev/null");
	return give_fd(fd);
}

/* One on a file system that is nowhere attached. In a user namespace none can be made. */
static int make_null(struct err *err)
{
	const struct mount_options o = {.data = {"size=4k", "nr_inodes=2"}, .ndata = 2};
	own_fd int mnt = mount_new("tmpfs", "tmpfs", &o, 0, err), fd = -1;

	if (mnt < 0)
		return -err->code;
	if (mknodat(mnt, "null", S_IFCHR | 0666, makedev(1, 3)) < 0 ||
		fchmodat(mnt, "null", 0666, 0) < 0)
		return err_errno(err, "cannot make a null device");
	fd = openat(mnt, "null", O_RDWR | O_CLOEXEC);
	return fd < 0 ? err_errno(err, "cannot open a null device") : give_fd(fd);
}

int stdio_own_null(struct err *err)
{
	own_fd int own = -1;
	struct err unmade;

	for (int fd = 0; fd < 3; fd++) {
		if (!is_null(fd))
			continue;
		if (own < 0)
			own = open_in_root(err);
		if (own < 0)
			own = make_null(&unmade);
		if (own < 0)
			return err_wrap(err, "descriptor %d of the container", fd);
		if (dup2(own, fd) < 0)
			return err_errno(err, "cannot replace descriptor %d", fd);
	}
	return 0;
}

int stdio_give(uid_t uid, struct err *err)
{
	for (int fd = 0; fd < 3; fd++) {
		struct stat st;

		if (fstat(fd, &st) < 0 || st.st_uid == uid ||
			!(S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) || S_ISREG(st.st_mode)))
			continue;
		/* another user namespace's, on a read-only file system, of one without owners */
		if (fchown(fd, uid, (gid_t)-1) < 0 && errno != EPERM && errno != EROFS &&
			errno != EINVAL)
			return err_errno(err, "cannot give descriptor %d to user %u", fd, uid);
	}
	return 0;
}
