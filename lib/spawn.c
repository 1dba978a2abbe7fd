/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

extern char **environ;

void spawn_pass(struct spawn *sp, int fd, int child_fd)
{
	if (sp->nfds < SPAWN_FDS_MAX)
		sp->fds[sp->nfds++] = (struct spawn_fd){fd, child_fd};
}

static char *in_directory(const char *dir, size_t dirlen, const char *between, const char *name)
{
	own_mem char *path = xasprintf("%.*s%s/%s", (int)dirlen, dir, between, name);

	return access(path, X_OK) == 0 ? give(path) : NULL;
}

static char *beside_self(const char *name)
{
	static const char *const places[] = {"", "/../libexec/kist", "/../../bin"};
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *found = NULL;

	while (n > 0 && self[n - 1] != '/')
		n--;
	for (size_t i = 0; n > 1 && !found && i < ARRAY_LEN(places); i++)
		found = in_directory(self, (size_t)n - 1, places[i], name);
	return found;
}

static char *in_search_path(const char *name)
{
	const char *dirs = getenv("PATH");
	char *found = NULL;

	if (!dirs)
		dirs = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	while (*dirs && !found) {
		size_t n = strcspn(dirs, ":");

		if (n)
			found = in_directory(dirs, n, "", name);
		dirs += n;
		dirs += *dirs == ':';
	}
	return found;
}

int program_find(const char *name, char **path, struct err *err)
{
	char *found = beside_self(name);

	if (!found)
		found = in_directory(KIST_LIBEXECDIR, strlen(KIST_LIBEXECDIR), "", name);
	if (!found)
		found = in_directory(KIST_BINDIR, strlen(KIST_BINDIR), "", name);
	if (!found)
		found = in_search_path(name);
	if (!found)
		return err_set(err, ENOENT, "cannot find the program '%s'", name);
	*path = found;
	return 0;
}

/* In the child. Move every source out of the way of the targets, then put each in its place. */
static int place_fds(const struct spawn *sp)
{
	int moved[SPAWN_FDS_MAX];
	int above = 3;

	for (size_t i = 0; i < sp->nfds; i++)
		if (sp->fds[i].child_fd >= above)
			above = sp->fds[i].child_fd + 1;
	for (size_t i = 0; i < sp->nfds; i++) {
		int fd = sp->fds[i].fd;
		int opened = -1;

		if (fd < 0)
			fd = opened = open("/dev/null", O_RDWR | O_CLOEXEC);
		moved[i] = fcntl(fd, F_DUPFD_CLOEXEC, above);
		if (opened >= 0)
			close(opened);
		if (moved[i] < 0)
			return -1;
	}
	for (size_t i = 0; i < sp->nfds; i++)
		if (dup2(moved[i], sp->fds[i].child_fd) < 0)
			return -1;
	return 0;
}

/* In the child; returns only on failure. Async-signal-safe but for setup(), which means fork. */
static int child_exec(const struct spawn *sp, const char *path, int failure, struct err *err)
{
	sigset_t none;

	sigemptyset(&none);
	/* ignored signals survive exec: the child starts with SIGPIPE as a program expects it */
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (sp->flags & SPAWN_SETSID)
		setsid();
	if ((sp->flags & SPAWN_DIE_WITH_PARENT) && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return err_errno(err, "cannot tie '%s' to its parent", path);
	/* the failure pipe must not stand where a passed descriptor goes */
	if (failure >= 0) {
		failure = fcntl(failure, F_DUPFD_CLOEXEC, 200);
		if (failure < 0)
			return err_errno(err, "cannot start '%s'", path);
	}
	if (place_fds(sp) < 0)
		return err_errno(err, "cannot pass descriptors to '%s'", path);
	if (sp->setup && sp->setup(sp->setup_arg, err) < 0) {
		io_write_full(failure, err, sizeof(*err));
		_exit(127);
	}
	execve(path, (char *const *)sp->argv,
		(char *const *)(sp->envp ? sp->envp : (void *)environ));
	err_errno(err, "cannot execute '%s'", path);
	if (failure >= 0)
		io_write_full(failure, err, sizeof(*err));
	return -1;
}

/* vfork: the child shares our memory, so its failure is in *err when we run again. */
static pid_t start_vfork(const struct spawn *sp, const char *path, struct err *err)
{
	volatile pid_t pid;

	err->code = 0;
	pid = vfork();
	if (pid == 0) {
		child_exec(sp, path, -1, err);
		_exit(127);
	}
	return pid;
}

static pid_t start_fork(const struct spawn *sp, const char *path, struct err *err)
{
	struct err theirs;
	int failure[2];
	pid_t pid;

	if (pipe2(failure, O_CLOEXEC) < 0)
		return -1;
	err->code = 0;
	pid = fork();
	if (pid == 0) {
		theirs.code = 0;
		child_exec(sp, path, failure[1], &theirs);
		_exit(127);
	}
	close(failure[1]);
	if (pid > 0 && io_read_full(failure[0], &theirs, sizeof(theirs)) == sizeof(theirs))
		*err = theirs;
	close(failure[0]);
	return pid;
}

int spawn_start(const struct spawn *sp, struct child *child, struct err *err)
{
	const char *name = sp->path ? sp->path : sp->argv[0];
	const char *base = strrchr(name, '/');
	own_mem char *path = NULL;
	struct err failed = {0};
	pid_t pid;

	if (base)
		path = xstrdup(name);
	else if (program_find(name, &path, err) < 0)
		return -err->code;
	pid = sp->setup ? start_fork(sp, path, &failed) : start_vfork(sp, path, &failed);
	if (pid < 0)
		return err_errno(err, "cannot start '%s'", path);
	if (failed.code) {
		waitpid(pid, NULL, 0);
		*err = failed;
		return -failed.code;
	}
	child->pid = pid;
	snprintf(child->name, sizeof(child->name), "%s", base ? base + 1 : name);
	return 0;
}

int child_wait(struct child *child, int *status, struct err *err)
{
	int raw;

	while (waitpid(child->pid, &raw, 0) < 0)
		if (errno != EINTR)
			return err_errno(err, "cannot wait for '%s'", child->name);
	child->pid = -1;
	*status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
	return 0;
}

static int child_finish(struct child *child, struct err *err)
{
	int status = 0;

	if (child_wait(child, &status, err) < 0)
		return -err->code;
	if (status)
		return err_set(err, E_CHILD, "'%s' failed with status %d", child->name, status);
	return 0;
}

int spawn_run(const struct spawn *sp, struct err *err)
{
	struct child child;
	int r = spawn_start(sp, &child, err);

	return r < 0 ? r : child_finish(&child, err);
}

int spawn_capture(struct spawn *sp, size_t max, struct buf *out, struct err *err)
{
	struct err ignored;
	struct child child;
	int ends[2], r, read_result;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	spawn_pass(sp, ends[1], 1);
	r = spawn_start(sp, &child, err);
	close(ends[1]);
	if (r < 0) {
		close(ends[0]);
		return r;
	}
	read_result = io_read_fd(ends[0], max, child.name, out, err);
	close(ends[0]); /* a child that writes on gets SIGPIPE */
	if (read_result < 0) {
		int status;

		child_wait(&child, &status, &ignored);
		return read_result;
	}
	return child_finish(&child, err);
}
