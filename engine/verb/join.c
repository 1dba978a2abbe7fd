/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/join.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/verb/subject.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/attach_socket.h"
#include "spec/exit_record.h"
#include "store/container.h"

void join_release(struct join *j)
{
	if (j->waiting >= 0)
		unlinkat(j->run_dir, j->name, 0);
	own_fd_release(&j->waiting);
	own_fd_release(&j->socket);
	own_fd_release(&j->run_dir);
	own_fd_release(&j->watch);
	own_fd_release(&j->lock);
	free(j->state_dir);
}

/* Does a run go on? One that has ended has its exit record, while its monitor still tidies up. */
static bool try_connect(struct join *j)
{
	own_mem char *record = xasprintf("%s/exit.json", j->state_dir);
	struct err ignored; /* nobody listens: the container does not run */

	if (access(record, F_OK) == 0)
		return false;
	j->socket = attach_connect(j->run_dir, &ignored);
	return j->socket >= 0;
}

/* The monitor listens first and looks for those who wait then; we wait first and knock then. */
static int begin_waiting(struct join *j, struct err *err)
{
	j->waiting = attach_wait(j->run_dir, j->name, err);
	if (j->waiting < 0)
		return j->waiting;
	if (try_connect(j)) {
		unlinkat(j->run_dir, j->name, 0);
		own_fd_release(&j->waiting);
		j->waiting = -1;
	}
	return 0;
}

int join_begin(struct join *j, struct engine *e, const char *id, struct err *err)
{
	own_mem char *lock = NULL;

	j->engine = e;
	j->id = arena_strdup(&e->arena, id);
	j->state_dir = xasprintf("%s/containers/%s", e->root_path, id);
	j->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	/* removal renames it away first */
	if (j->watch < 0 ||
		inotify_add_watch(j->watch, j->state_dir, IN_MOVE_SELF | IN_DELETE_SELF) < 0)
		return errno == ENOENT ? err_set(err, E_NOT_FOUND, "No such container: %s", id)
				       : err_errno(err, "cannot watch container %s", id);
	lock = xasprintf("%s/lock", j->state_dir);
	j->lock = open(lock, O_RDONLY | O_CLOEXEC);
	if (j->lock < 0)
		return errno == ENOENT ? err_set(err, E_NOT_FOUND, "No such container: %s", id)
				       : err_errno(err, "cannot open '%s'", lock);
	j->run_dir = path_make_dirs(engine_run_path(e, "containers/%s", id), 0700, err);
	if (j->run_dir < 0)
		return j->run_dir;
	return try_connect(j) ? 0 : begin_waiting(j, err);
}

static bool is_gone(const struct join *j)
{
	return access(j->state_dir, F_OK) < 0;
}

/* Until fd is readable (returns 1), or the container was removed (0). fd -1: for that alone. */
static int wait_for(struct join *j, int fd, struct err *err)
{
	while (!is_gone(j)) {
		struct pollfd p[2] = {
			{.fd = fd, .events = POLLIN}, {.fd = j->watch, .events = POLLIN}};
		char events[4096];

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for a container");
		if (p[0].revents)
			return 1;
		if (p[1].revents && read(j->watch, events, sizeof(events)) < 0 && errno != EAGAIN)
			return err_errno(err, "cannot watch a container");
	}
	return 0;
}

int join_wait_start(struct join *j, struct err *err)
{
	int r;

	if (j->socket >= 0)
		return 0;
	r = wait_for(j, j->waiting, err);
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(err, E_NOT_FOUND, "the container was removed before it was started");
	j->socket = accept4(j->waiting, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	return j->socket < 0 ? err_errno(err, "cannot join the container") : 0;
}

/* Its monitor does not tell us: it was killed, or more take part than it lets. */
static int read_exit(const struct join *j, int64_t *status, struct err *err)
{
	struct engine *e = j->engine;
	struct exit_record record;
	int r = stored_container_wait(e->store, j->id, -1, err);

	if (r < 0)
		return r;
	r = stored_container_exit(e->store, j->id, &record, &e->arena, err);
	if (r == 0 && is_gone(j))
		return err_set(err, ENODATA, "the exit status of container %s is not known", j->id);
	/* without a record it was the monitor that was killed: so will be the container */
	*status = r > 0 ? record.exit_code : 128 + SIGKILL;
	return r < 0 ? r : 0;
}

int join_wait_exit(struct join *j, int64_t *status, struct err *err)
{
	unsigned char packet[ATTACH_PACKET_MAX];
	struct attach_frame f;

	if (join_wait_start(j, err) < 0)
		return -err->code;
	attach_send(j->socket, ATTACH_QUIET, NULL, 0);
	for (;;) {
		struct pollfd p = {.fd = j->socket, .events = POLLIN};
		ssize_t n;

		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for a container");
		n = recv(j->socket, packet, sizeof(packet), 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNRESET))
			continue;
		if (n <= 0)
			return read_exit(j, status, err);
		if (attach_parse(packet, (size_t)n, ATTACH_FROM_MONITOR, &f, err) < 0)
			return -err->code;
		if (f.type == ATTACH_EXIT) {
			*status = f.value;
			return 0;
		}
	}
}

int join_last_status(struct engine *e, const char *id, int64_t *status, struct err *err)
{
	int r = stored_container_wait(e->store, id, -1, err);

	/* whoever removes it takes its directory away first: what was read before it is seen there
	 * again was all of it */
	for (int look = 0; r >= 0 && look < 2; look++) {
		own_subject struct subject s = {0};

		r = subject_find(e, id, 0, &s, err);
		if (look == 0)
			*status = s.state.exit_code;
	}
	return r < 0 ? r : 0;
}

int join_wait_gone(struct join *j, struct err *err)
{
	int r = wait_for(j, -1, err);

	if (r < 0)
		return r;
	/* whoever removes it holds its lock until nothing is left: its directory goes last */
	while (flock(j->lock, LOCK_SH) < 0)
		if (errno != EINTR)
			return err_errno(err, "cannot wait for a container's removal");
	return 0;
}
