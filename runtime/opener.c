/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/opener.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "runtime/console.h"
#include "runtime/rootfs.h"
#include "runtime/sync.h"
#include "runtime/threshold.h"

static int open_place(const struct rootfs *r, int i, struct err *err)
{
	const char *path = i == OPENER_ROOT ? r->config->root.path
					    : r->config->mounts.items[i].source;
	own_fd int bundle = open(r->bundle_path, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;
	int mapped;

	if (bundle < 0)
		return err_errno(err, "cannot open the bundle '%s'", r->bundle_path);
	fd = openat(bundle, path, O_PATH | O_CLOEXEC | (i == OPENER_ROOT ? O_DIRECTORY : 0));
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	mapped = i == OPENER_ROOT ? 0 : rootfs_clone_mapped(r, (size_t)i, fd, err);
	return mapped ? mapped : give_fd(fd);
}

static int join_mounts(pid_t pid)
{
	char path[40];
	own_fd int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -1 : setns(fd, CLONE_NEWNS);
}

/* Until the other has closed its end. */
static void serve(const struct rootfs *r, int sock)
{
	for (;;) {
		struct err err;
		int32_t i;
		own_fd int fd = -1;

		if (sync_expect(sock, NULL, SYNC_OPEN, &i, &err) < 0 || i < OPENER_ROOT ||
			i >= (int32_t)r->config->mounts.count)
			return;
		fd = open_place(r, i, &err);
		if (fd < 0)
			sync_send_error(sock, &err);
		else if (sync_send(sock, SYNC_READY, 0, &err) < 0 ||
			console_send(sock, fd, "place", &err) < 0)
			return;
	}
}

/* Our other descriptors are what others wait to see closed. */
static int keep_alone(const struct rootfs *r, int *sock, struct err *err)
{
	own_mem int **kept = xcalloc(r->config->mounts.count + 1, sizeof(*kept));
	size_t n = 0;

	kept[n++] = sock;
	for (size_t i = 0; i < r->config->mounts.count; i++)
		if (r->prepared[i] >= 0)
			kept[n++] = &r->prepared[i];
	return threshold_shed(0, kept, n, err);
}

pid_t opener_start(const struct rootfs *r, pid_t pid, int sock, struct err *err)
{
	pid_t own = getpid(), child = fork();

	if (child < 0)
		return err_errno(err, "cannot start a process that opens what is mounted");
	if (child > 0)
		return child;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == own &&
		keep_alone(r, &sock, err) >= 0 && join_mounts(pid) == 0)
		serve(r, sock);
	_exit(0);
}

int opener_open(int sock, int i, struct err *err)
{
	if (sync_send(sock, SYNC_OPEN, i, err) < 0 ||
		sync_expect(sock, NULL, SYNC_READY, NULL, err) < 0)
		return -err->code;
	return console_receive(sock, NULL, err);
}
