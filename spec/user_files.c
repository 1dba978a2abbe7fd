/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/user_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"

#define CONFIGFS_MAGIC 0x62656570 /* fs/configfs/mount.c; not in linux/magic.h */

/*
 * File systems whose files are no bytes at rest: reading may wait for ever, or take from others
 * what is theirs (/proc/kmsg), and FUSE asks a process of the container's.
 */
static bool is_at_rest(int fd)
{
	static const unsigned long others[] = {PROC_SUPER_MAGIC, SYSFS_MAGIC, FUSE_SUPER_MAGIC,
		DEBUGFS_MAGIC, TRACEFS_MAGIC, SECURITYFS_MAGIC, CGROUP_SUPER_MAGIC,
		CGROUP2_SUPER_MAGIC, BPF_FS_MAGIC, PSTOREFS_MAGIC, EFIVARFS_MAGIC, BINFMTFS_MAGIC,
		SELINUX_MAGIC, NSFS_MAGIC, DEVPTS_SUPER_MAGIC, CONFIGFS_MAGIC,
		RDTGROUP_SUPER_MAGIC};
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if ((unsigned long)fs.f_type == others[i])
			return false;
	return true;
}

/*
 * A handle to the file. On the root's own file system all is well; what is mounted inside (a single
 * file over passwd, too) must be at rest.
 */
static int open_handle(int rootfd, const char *path, struct err *err)
{
	unsigned here = (unsigned)PATH_IN_ROOT | PATH_NO_XDEV;
	int handle = path_open(rootfd, path, O_PATH, 0, here, err);

	if (handle != -EXDEV)
		return handle;
	handle = path_open(rootfd, path, O_PATH, 0, PATH_IN_ROOT, err);
	if (handle < 0 || is_at_rest(handle))
		return handle;
	close(handle);
	return err_set(
		err, E_DENIED, "'%s' is on a file system of the kernel's: it is not read", path);
}

/* Open what the descriptor stands for, now for reading. It is known to be a regular file. */
static int reopen(int fd)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static int read_beneath(int rootfd, const char *path, const char **text, size_t *len,
	struct arena *a, struct err *err)
{
	own_fd int handle = open_handle(rootfd, path, err);
	own_buf struct buf content = {0};
	own_fd int fd = -1;
	struct stat st;

	if (handle == -ENOENT || handle == -ENOTDIR)
		return 0;
	if (handle < 0)
		return handle;
	if (fstat(handle, &st) < 0)
		return err_errno(err, "cannot examine '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, E_SYNTAX, "'%s' is not a regular file", path);
	if (st.st_size > USER_FILE_MAX)
		return err_set(err, E_LIMIT, "'%s' has %lld bytes: the limit is %u", path,
			(long long)st.st_size, USER_FILE_MAX);
	fd = reopen(handle);
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	/* one without a size is empty, or makes its bytes as it is read */
	if (st.st_size > 0 && io_read_fd(fd, USER_FILE_MAX, path, &content, err) < 0)
		return -err->code;
	*text = arena_strndup(a, buf_str(&content), content.len);
	*len = content.len;
	return 0;
}

static int read_files(int rootfd, struct user_files *files, struct arena *a, struct err *err)
{
	struct user_files read = {0};
	int r = read_beneath(rootfd, "etc/passwd", &read.passwd, &read.passwd_len, a, err);

	if (r == 0)
		r = read_beneath(rootfd, "etc/group", &read.group, &read.group_len, a, err);
	if (r == 0)
		*files = read;
	return r;
}

static bool numbers_alone(const char *what)
{
	size_t n = what ? strspn(what, "0123456789") : 0;

	return n && what[n] == ':' && what[n + 1] &&
		strspn(what + n + 1, "0123456789") == strlen(what + n + 1);
}

int user_lookup_in(
	int rootfd, const char *what, struct user *user, struct arena *a, struct err *err)
{
	struct user_files files = {0};
	struct err unread;

	/* "1000:50" works also where the files cannot be read; then only the home is not known */
	if (read_files(rootfd, &files, a, &unread) < 0 && !numbers_alone(what))
		return err_set(err, unread.code, "unable to find user %.100s: %s",
			what && *what ? what : "root", unread.msg);
	return user_lookup(&files, what, user, a, err);
}

int user_add_groups_in(int rootfd, const struct strings *groups, struct user *user, struct arena *a,
	struct err *err)
{
	struct user_files files = {0};

	if (!groups->count)
		return 0;
	if (read_files(rootfd, &files, a, err) < 0)
		return err_wrap(err, "unable to find group %.100s", groups->items[0]);
	return user_add_groups(&files, groups, user, a, err);
}
