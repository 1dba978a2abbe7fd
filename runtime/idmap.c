/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/own.h"

static int write_map(pid_t pid, const char *name, const struct id_mappings *map, struct err *err)
{
	own_buf struct buf text = {0};
	own_fd int fd = -1;
	char path[48];

	if (!map->count)
		return 0;
	for (size_t i = 0; i < map->count; i++)
		buf_addf(&text, "%u %u %u\n", map->items[i].container_id, map->items[i].host_id,
			map->items[i].size);
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	/* the kernel takes the whole map in one write */
	if (fd < 0 || write(fd, text.data, text.len) != (ssize_t)text.len)
		return err_errno(err, "cannot write the user namespace's %s", name);
	return 0;
}

static bool forbid_setgroups(pid_t pid)
{
	own_fd int fd = -1;
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/setgroups", (int)pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, "deny", 4) == 4;
}

int idmap_write(
	pid_t pid, const struct id_mappings *uids, const struct id_mappings *gids, struct err *err)
{
	int r = write_map(pid, "gid_map", gids, err);

	/* who is not root maps his own group when nobody can give up groups with it (Linux 3.19) */
	if (r == -EPERM && forbid_setgroups(pid))
		r = write_map(pid, "gid_map", gids, err);
	return r < 0 ? r : write_map(pid, "uid_map", uids, err);
}

int idmap_namespace(const struct id_mappings *uids, const struct id_mappings *gids, struct err *err)
{
	char path[48];
	int r, fd = -1;
	/* a raw clone: the child does nothing but wait for its end */
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		return err_errno(err, "cannot make a user namespace");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	r = idmap_write(pid, uids, gids, err);
	if (r >= 0) {
		snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		r = fd >= 0 ? fd : err_errno(err, "cannot open the new user namespace");
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, __WALL);
	return r;
}

int idmap_user(pid_t pid, uint32_t id, uid_t *out)
{
	char path[48], text[16384];
	own_fd int fd = -1;
	const char *line = text;
	uint32_t inside, outside, count;
	ssize_t n;
	int taken;

	snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : io_read_full(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -ENOENT;
	text[n] = '\0';
	for (; sscanf(line, "%" SCNu32 " %" SCNu32 " %" SCNu32 "%n", &inside, &outside, &count,
		       &taken) == 3;
		line += taken) {
		if (id < inside || id - inside >= count)
			continue;
		*out = outside + (id - inside);
		return 0;
	}
	return -ENOENT;
}
