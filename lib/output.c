/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/socket.h"

#define LINKS_MAX 40 /* as the kernel's */

static int cannot_write(const struct output *o, struct err *err)
{
	return err_errno(err, "cannot write '%s'", o->said);
}

/* Is name in dir one of our own descriptors ("/dev/stdout" ends here)? Returns it, else -1. */
static int own_descriptor(int dir, const char *name)
{
	struct stat here, ours;
	char *end;
	long fd;

	if (fstat(dir, &here) < 0 || stat("/proc/self/fd", &ours) < 0 ||
		here.st_dev != ours.st_dev || here.st_ino != ours.st_ino)
		return -1;
	fd = strtol(name, &end, 10);
	return *name && !*end && fd >= 0 && fd <= INT_MAX ? (int)fd : -1;
}

/*
 * Where the name really stands: every link of the last component is followed, also to a name that
 * does not exist. A link of procfs is none that can be followed by its text: *magic.
 */
static int find_directory(struct output *o, bool *magic, struct err *err)
{
	own_mem char *path = xstrdup(o->said);

	for (int links = 0; links < LINKS_MAX; links++) {
		own_mem char *parent = xstrdup(path);
		char *last = basename(path), target[PATH_MAX];
		int from = o->directory >= 0 ? o->directory : AT_FDCWD;
		own_fd int dir = openat(from, dirname(parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct statfs fs;
		ssize_t n;

		if (dir < 0)
			return cannot_write(o, err);
		free(o->name);
		o->name = xstrdup(last);
		own_fd_release(&o->directory);
		o->directory = give_fd(dir);
		n = readlinkat(o->directory, o->name, target, sizeof(target) - 1);
		if (n < 0)
			return 0;
		if (fstatfs(o->directory, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC) {
			*magic = true;
			return 0;
		}
		target[n] = '\0';
		free(path);
		path = xstrdup(target);
	}
	errno = ELOOP;
	return cannot_write(o, err);
}

/* From now on the bytes go where the name is, at once. */
static int write_in_place(struct output *o, int fd, struct err *err)
{
	own_fd_release(&o->directory);
	o->directory = -1;
	o->fd = o->opened = fd;
	return fd < 0 ? cannot_write(o, err) : 0;
}

static int open_magic(struct output *o, struct err *err)
{
	int fd = own_descriptor(o->directory, o->name);

	if (fd >= 0)
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	else
		fd = openat(o->directory, o->name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return write_in_place(o, fd, err);
}

static int open_special(struct output *o, mode_t type, struct err *err)
{
	if (S_ISSOCK(type)) {
		int sock = socket_connect(o->directory, o->name, SOCK_STREAM, err);

		return sock < 0 ? sock : write_in_place(o, sock, err);
	}
	return write_in_place(
		o, openat(o->directory, o->name, O_WRONLY | O_CLOEXEC | O_NOCTTY), err);
}

/* The file in making: without a name where the file system can (not NFS, and overlayfs from 6.1) */
static int open_regular(struct output *o, const struct stat *old, mode_t mode, struct err *err)
{
	struct err why;
	int fd;

	if (old && faccessat(o->directory, o->name, W_OK, AT_EACCESS) < 0)
		return cannot_write(o, err);
	fd = openat(o->directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
		fd = io_temp_file(o->directory, mode, o->temp, &why);
		if (fd < 0)
			return err_set(err, why.code, "cannot write '%s': %s", o->said, why.msg);
	}
	o->fd = o->opened = fd;
	if (fd < 0)
		return cannot_write(o, err);
	if (!old)
		return 0;
	if (geteuid() == 0 && fchown(fd, old->st_uid, old->st_gid) < 0)
		return cannot_write(o, err);
	return fchmod(fd, old->st_mode & 0777) < 0 ? cannot_write(o, err) : 0;
}

int output_open(struct output *o, const char *name, mode_t mode, unsigned flags, struct err *err)
{
	bool magic = false, exists;
	struct stat st;

	*o = (struct output)OUTPUT_INIT;
	o->said = name;
	o->flags = flags;
	if (strcmp(name, "-") == 0) {
		o->fd = STDOUT_FILENO;
		return 0;
	}
	/* by the kernel first: it refuses links that others planted (fs.protected_symlinks) */
	exists = stat(name, &st) == 0;
	if (!exists && errno != ENOENT)
		return cannot_write(o, err);
	if (exists && (flags & OUTPUT_EXCLUSIVE))
		return err_set(err, E_EXISTS, "'%s' exists", name);
	if (exists && S_ISDIR(st.st_mode))
		return err_set(err, EISDIR, "cannot write '%s': it is a directory", name);
	if (find_directory(o, &magic, err) < 0)
		return -err->code;
	if (magic)
		return open_magic(o, err);
	if (exists && !S_ISREG(st.st_mode))
		return open_special(o, st.st_mode, err);
	return open_regular(o, exists ? &st : NULL, mode, err);
}

/* linkat(2) does not replace: a name beside it first, then rename(2). */
static int link_name(struct output *o)
{
	char from[40], random[17];

	snprintf(from, sizeof(from), "/proc/self/fd/%d", o->fd);
	if (linkat(AT_FDCWD, from, o->directory, o->name, AT_SYMLINK_FOLLOW) == 0)
		return 0;
	if (errno != EEXIST || (o->flags & OUTPUT_EXCLUSIVE))
		return -1;
	io_random_hex(random, 8);
	snprintf(o->temp, sizeof(o->temp), ".tmp-%s", random);
	if (linkat(AT_FDCWD, from, o->directory, o->temp, AT_SYMLINK_FOLLOW) == 0)
		return renameat(o->directory, o->temp, o->directory, o->name);
	o->temp[0] = '\0';
	return -1;
}

static int publish(struct output *o)
{
	if (!o->temp[0])
		return link_name(o);
	if (!(o->flags & OUTPUT_EXCLUSIVE))
		return renameat(o->directory, o->temp, o->directory, o->name);
	if (linkat(o->directory, o->temp, o->directory, o->name, 0) < 0)
		return -1;
	return unlinkat(o->directory, o->temp, 0);
}

int output_commit(struct output *o, struct err *err)
{
	int r = o->directory >= 0 ? publish(o) : 0;

	if (r < 0 && errno == EEXIST)
		return err_set(err, E_EXISTS, "'%s' exists", o->said);
	if (r < 0)
		return cannot_write(o, err);
	o->temp[0] = '\0';
	/* a network's file system may tell only now what it could not write */
	if (o->opened >= 0 && close(give_fd(o->opened)) < 0)
		return cannot_write(o, err);
	return 0;
}

void output_abandon(struct output *o)
{
	if (o->temp[0])
		unlinkat(o->directory, o->temp, 0);
	own_fd_release(&o->opened);
	own_fd_release(&o->directory);
	free(o->name);
	*o = (struct output)OUTPUT_INIT;
}

int output_write(const char *name, const void *data, size_t len, mode_t mode, unsigned flags,
	struct err *err)
{
	own_output struct output o = OUTPUT_INIT;
	int r;

	if (output_open(&o, name, mode, flags, err) < 0)
		return -err->code;
	r = io_write_full(o.fd, data, len);
	if (r < 0) {
		errno = -r;
		return cannot_write(&o, err);
	}
	return output_commit(&o, err);
}
