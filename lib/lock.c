/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "lib/own.h"

int lock_file(int dirfd, const char *name, unsigned flags, struct err *err)
{
	int op = (flags & LOCK_SHARED_MODE ? LOCK_SH : LOCK_EX) | (flags & LOCK_TRY ? LOCK_NB : 0);

	for (;;) {
		struct stat held, named;
		own_fd int fd = openat(
			dirfd, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

		if (fd < 0)
			return err_errno(err, "cannot open the lock '%s'", name);
		while (flock(fd, op) < 0) {
			if (errno == EWOULDBLOCK)
				return err_set(
					err, E_IN_USE, "'%s' is locked by another process", name);
			if (errno != EINTR)
				return err_errno(err, "cannot lock '%s'", name);
		}
		if (fstat(fd, &held) < 0)
			return err_errno(err, "cannot stat the lock '%s'", name);
		if (fstatat(dirfd, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
			named.st_ino == held.st_ino && named.st_dev == held.st_dev)
			return give_fd(fd);
	}
}
