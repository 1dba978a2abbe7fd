/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

extern char **environ;

void spawn_pass(struct spawn *sp, int fd, int child_fd)
{
	if (sp->nfds < SPAWN_FDS_MAX)
		sp->fds[sp->nfds] = (struct spawn_fd){fd, child_fd};
	sp->nfds++;
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

/* What both sides of a start know. */
struct start {
	const struct spawn *sp;
	const char *path;
	char **envp;
	int parent; /* pidfd of us, -1: nobody asks */
};

/* A number above all those that the child is to have. */
static int above_targets(const struct spawn *sp)
{
	int above = 3;

	for (size_t i = 0; i < sp->nfds; i++)
		if (sp->fds[i].child_fd >= above)
			above = sp->fds[i].child_fd + 1;
	return above;
}

/* In the child. Move every source out of the way of the targets, then put each in its place. */
static int place_fds(const struct spawn *sp)
{
	int moved[SPAWN_FDS_MAX];
	int above = above_targets(sp);

	/* what our own caller left open without O_CLOEXEC ends with us (Linux 5.11) */
	if (!(sp->flags & SPAWN_INHERIT) && close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
		return -1;
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

/* The signal comes at the death of a parent that was alive when it was asked for. */
static int tie_to_parent(const struct start *s, struct err *err)
{
	struct pollfd dead = {.fd = s->parent, .events = POLLIN};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return err_errno(err, "cannot tie '%s' to its parent", s->path);
	if (poll(&dead, 1, 0) > 0)
		_exit(127); /* nobody is left to hear why */
	return 0;
}

/* In the child; returns only on failure. Async-signal-safe but for setup(), which means fork. */
static int child_exec(const struct start *s, struct err *err)
{
	const struct spawn *sp = s->sp;
	sigset_t none;

	sigemptyset(&none);
	/* ignored signals survive exec: the child starts with SIGPIPE as a program expects it */
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (sp->flags & SPAWN_SETSID)
		setsid();
	if (s->parent >= 0 && tie_to_parent(s, err) < 0)
		return -err->code;
	if (place_fds(sp) < 0)
		return err_errno(err, "cannot pass descriptors to '%s'", s->path);
	if (sp->setup && sp->setup(sp->setup_arg, err) < 0)
		return -err->code;
	execve(s->path, (char *const *)sp->argv, s->envp);
	return err_errno(err, "cannot execute '%s'", s->path);
}

/* vfork: the child shares our memory, so its failure is in *err when we run again. */
static pid_t start_vfork(const struct start *s, struct err *err)
{
	volatile pid_t pid = vfork();

	if (pid == 0) {
		child_exec(s, err);
		_exit(127);
	}
	return pid;
}

/* In a full copy of us: its failure comes as one struct through a pipe that exec closes. */
static void run_fork(const struct start *s, int failure)
{
	struct err theirs = {0};
	/* it must not stand where a passed descriptor goes */
	int moved = fcntl(failure, F_DUPFD_CLOEXEC, above_targets(s->sp));

	if (moved < 0)
		err_errno(&theirs, "cannot start '%s'", s->path);
	else
		child_exec(s, &theirs);
	io_write_full(moved < 0 ? failure : moved, &theirs, sizeof(theirs));
	_exit(127);
}

static pid_t start_fork(const struct start *s, struct err *err)
{
	struct err theirs;
	int failure[2];
	pid_t pid;

	if (pipe2(failure, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		run_fork(s, failure[1]);
	close(failure[1]);
	if (pid > 0 && io_read_full(failure[0], &theirs, sizeof(theirs)) == sizeof(theirs))
		*err = theirs;
	close(failure[0]);
	return pid;
}

/* Is it one of the variables of sd_listen_fds(3)? */
static bool is_activation(const char *entry)
{
	static const char *const names[] = {
		"LISTEN_FDS=", "LISTEN_PID=", "LISTEN_FDNAMES=", "LISTEN_PIDFDID="};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strncmp(entry, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* Our environment without them; *made is the list's memory when one had to be made. */
static char **inherited_environment(char ***made)
{
	size_t count = 0, kept = 0, activation = 0;

	for (; environ && environ[count]; count++)
		activation += is_activation(environ[count]);
	if (!activation)
		return environ;
	*made = xcalloc(count + 1, sizeof(**made));
	for (size_t i = 0; i < count; i++)
		if (!is_activation(environ[i]))
			(*made)[kept++] = environ[i];
	return *made;
}

/* The program's path, and *made, are the caller's to free. NULL with *err. */
static char *prepare(const struct spawn *sp, struct start *s, char ***made, struct err *err)
{
	const char *name = sp->path ? sp->path : sp->argv[0];
	char *path = NULL;

	*s = (struct start){.sp = sp, .parent = -1};
	if (sp->nfds > SPAWN_FDS_MAX) {
		err_set(err, E_LIMIT, "cannot start '%s' with %zu descriptors: at most %d", name,
			sp->nfds, SPAWN_FDS_MAX);
		return NULL;
	}
	if (strchr(name, '/'))
		path = xstrdup(name);
	else if (program_find(name, &path, err) < 0)
		return NULL;
	s->path = path;
	if (sp->envp)
		s->envp = (char **)sp->envp;
	else
		s->envp = sp->flags & SPAWN_INHERIT ? environ : inherited_environment(made);
	return path;
}

int spawn_start(const struct spawn *sp, struct child *child, struct err *err)
{
	own_mem char **environment = NULL;
	own_mem char *path = NULL;
	own_fd int parent = -1;
	struct err failed = {0};
	struct start s;
	const char *base;
	pid_t pid;

	path = prepare(sp, &s, &environment, err);
	if (!path)
		return -err->code;
	if (sp->flags & SPAWN_DIE_WITH_PARENT) {
		s.parent = parent = (int)syscall(SYS_pidfd_open, getpid(), 0);
		if (parent < 0)
			return err_errno(err, "cannot tie '%s' to this process", path);
	}
	pid = sp->setup ? start_fork(&s, &failed) : start_vfork(&s, &failed);
	if (pid < 0)
		return err_errno(err, "cannot start '%s'", path);
	if (failed.code) {
		waitpid(pid, NULL, 0);
		*err = failed;
		return -failed.code;
	}
	base = strrchr(path, '/');
	child->pid = pid;
	snprintf(child->name, sizeof(child->name), "%s", base + 1);
	return 0;
}

int spawn_become(const struct spawn *sp, struct err *err)
{
	own_mem char **environment = NULL;
	own_mem char *path = NULL;
	struct start s;

	path = prepare(sp, &s, &environment, err);
	if (!path)
		return -err->code;
	signal(SIGPIPE, SIG_DFL); /* ignored signals survive exec */
	if (place_fds(sp) < 0)
		return err_errno(err, "cannot pass descriptors to '%s'", path);
	execve(path, (char *const *)sp->argv, s.envp);
	return err_errno(err, "cannot execute '%s'", path);
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

const char *spawn_said(int file, struct buf *text)
{
	char tail[4096];
	const char *line, *words;
	struct stat st;
	ssize_t n;

	if (fstat(file, &st) < 0)
		return NULL;
	n = pread(file, tail, sizeof(tail),
		st.st_size > (off_t)sizeof(tail) ? st.st_size - (off_t)sizeof(tail) : 0);
	while (n > 0 && tail[n - 1] == '\n')
		n--;
	if (n <= 0)
		return NULL;
	buf_add(text, tail, (size_t)n);
	line = strrchr(buf_str(text), '\n');
	line = line ? line + 1 : buf_str(text);
	words = strncmp(line, "kist-", 5) == 0 ? strstr(line, ": ") : NULL;
	return words ? words + 2 : line;
}
