/* SPDX-License-Identifier: Apache-2.0 */
/* A container's run, as far as its monitor's lock tells: RUN/containers/<id>/lock. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/exit_record.h"
#include "store/container.h"
#include "store/store_private.h"

#define LOOK_AGAIN_MS 20

static int open_lock(const struct store *store, const char *id)
{
	own_mem char *path = xasprintf("containers/%s/lock", id);

	return openat(store->run, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

bool stored_container_running(struct store *store, const char *id)
{
	own_fd int fd = open_lock(store, id);

	return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * Until the monitor ends, whose pid is in its lock, or for that time. A moment only where there is
 * no pid yet, or it means nothing to us: the lock alone is the truth.
 */
static void wait_for_monitor(int lock, int64_t ms)
{
	char text[16] = "";
	ssize_t n = pread(lock, text, sizeof(text) - 1, 0);
	long pid = n > 0 ? strtol(text, NULL, 10) : 0;
	own_fd int fd = pid > 0 ? (int)syscall(SYS_pidfd_open, (pid_t)pid, 0) : -1;
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (fd < 0 && ms > LOOK_AGAIN_MS)
		ms = LOOK_AGAIN_MS;
	poll(&p, fd >= 0, ms > 1000 ? 1000 : (int)ms);
	/* it has ended, and its lock goes in this moment */
	if (fd >= 0 && (p.revents & POLLIN))
		poll(NULL, 0, 1);
}

int stored_container_wait(struct store *store, const char *id, int timeout_ms, struct err *err)
{
	own_fd int fd = open_lock(store, id);
	int64_t end = now_ms() + timeout_ms;

	if (fd < 0)
		return errno == ENOENT ? 1 : err_errno(err, "cannot wait for container '%s'", id);
	while (flock(fd, LOCK_SH | (timeout_ms < 0 ? 0 : LOCK_NB)) < 0) {
		int64_t left = end - now_ms();

		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return err_errno(err, "cannot wait for container '%s'", id);
		if (left <= 0)
			return 0;
		wait_for_monitor(fd, left);
	}
	return 1;
}

int stored_container_forget_run(struct store *store, const char *id, bool held, struct err *err)
{
	own_mem char *path = NULL;
	int r;

	if (!container_id_valid(id))
		return err_set(
			err, E_USAGE, "invalid container ID '%s': expected 64 hex digits", id);
	if (!held && stored_container_running(store, id))
		return err_set(err, E_IN_USE, "container %s is running: stop it first", id);
	path = xasprintf("containers/%s", id);
	r = path_remove_tree(store->run, path, err);
	return r < 0 ? err_wrap(err, "cannot forget the run of container '%s'", id) : 0;
}

/* ---- what is known of the run ---- */

int stored_container_monitor(
	struct store *store, const char *id, pid_t *pid, const char **since, struct arena *a)
{
	own_fd int fd = open_lock(store, id);
	char text[16] = "", when[IO_TIME_MAX];
	struct stat st;

	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_SH | LOCK_NB) == 0)
		return 0; /* closing it lets go of the lock again */
	*pid = pread(fd, text, sizeof(text) - 1, 0) > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
	if (fstat(fd, &st) == 0) {
		io_time_format(st.st_mtim.tv_sec, st.st_mtim.tv_nsec, when);
		*since = arena_strdup(a, when);
	}
	return 1;
}

int stored_container_exit(struct store *store, const char *id, struct exit_record *record,
	struct arena *a, struct err *err)
{
	own_mem char *path = xasprintf("%s/exit.json", id);

	return exit_record_read(store->containers, path, record, a, err);
}

int stored_container_started(
	struct store *store, const char *id, const char **started_at, struct arena *a)
{
	own_mem char *path = xasprintf("%s/exit.json", id);

	return exit_record_started(store->containers, path, started_at, a);
}

bool stored_container_has_log(struct store *store, const char *id)
{
	own_mem char *path = xasprintf("%s/log.json", id);

	return faccessat(store->containers, path, F_OK, 0) == 0;
}

bool stored_container_paused(struct store *store, const char *id)
{
	own_mem char *path = xasprintf("containers/%s/paused", id);

	return faccessat(store->run, path, F_OK, 0) == 0;
}
