/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container that starts /proc/self/exe starts us, and can keep that file open until it is free
 * for writing (CVE-2019-5736). A detached read-only clone of the mount that our file is on costs
 * an exec and nothing else; where mounts cannot be cloned, a sealed copy in memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/mount_api.h"
#include "runtime/runtime.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

extern char **environ;

/* Told by the file itself and by nothing that the caller could fake. */
static bool is_safe(int self)
{
	struct statvfs fs;
	int seals;

	if (fstatvfs(self, &fs) == 0 && (fs.f_flag & ST_RDONLY))
		return true;
	seals = fcntl(self, F_GET_SEALS);
	return seals >= 0 && (seals & SEALS) == SEALS;
}

static int read_only_clone(int self)
{
	struct err ignored;
	own_fd int mnt = mount_clone(self, "", false, &ignored);

	if (mnt < 0 || mount_attributes(mnt, false, MOUNT_ATTR_RDONLY, 0, 0, &ignored) < 0)
		return -1;
	return give_fd(mnt);
}

static int sealed_copy(int self, struct err *err)
{
	own_fd int fd = memfd_create("kist-runtime", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("kist-runtime", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return err_errno(err, "cannot make a protected copy of kist-runtime");
	if (io_copy(self, fd, err) < 0)
		return -err->code;
	if (fchmod(fd, 0500) < 0 || fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return err_errno(err, "cannot protect the copy of kist-runtime");
	return give_fd(fd);
}

int protect_self(char **argv, struct err *err)
{
	own_fd int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), safe = -1;

	if (self < 0)
		return err_errno(err, "cannot open our own executable");
	if (is_safe(self))
		return 0;
	safe = read_only_clone(self);
	if (safe < 0)
		safe = sealed_copy(self, err);
	if (safe < 0)
		return -err->code;
	syscall(SYS_execveat, safe, "", argv, environ, AT_EMPTY_PATH);
	return err_errno(err, "cannot execute the protected copy of kist-runtime");
}
