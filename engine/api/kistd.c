/* SPDX-License-Identifier: Apache-2.0 */
/* kistd: listens on a unix socket, and starts one kist-api for each connection. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cli.h"
#include "lib/io.h"
#include "lib/lock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/place.h"
#include "lib/socket.h"
#include "lib/spawn.h"

#define LISTEN_FD       3   /* sd_listen_fds(3) */
#define CONNECTIONS_MAX 512 /* usual; each is a process */
#define BUSY_MS         100 /* until a full house, or a machine without memory, is looked at again */

struct kistd_options {
	const char *root, *run, *host, *group;
	int64_t connections;
};

struct listener {
	int fd;
	char *path;
	int dir;          /* where its name is; -1: somebody else made it */
	const char *name; /* in that directory: the end of path */
	struct stat made; /* what we made: another one in its place is not removed */
};

static void listener_close(struct listener *l)
{
	struct stat st;

	if (l->dir >= 0 && fstatat(l->dir, l->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		st.st_dev == l->made.st_dev && st.st_ino == l->made.st_ino)
		unlinkat(l->dir, l->name, 0);
	own_fd_release(&l->dir);
	own_fd_release(&l->fd);
	free(l->path);
}

/* The socket that systemd has made for us. Returns 1, 0 when there is none, or an error. */
static int take_over(struct listener *l, struct err *err)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	int value = 0;
	socklen_t len = sizeof(value);

	if (!pid || !fds || strtol(pid, NULL, 10) != getpid())
		return 0;
	if (strcmp(fds, "1") != 0)
		return err_set(err, E_USAGE, "one socket is served, and %s were handed over", fds);
	if (getsockopt(LISTEN_FD, SOL_SOCKET, SO_ACCEPTCONN, &value, &len) < 0 || !value)
		return err_set(err, E_USAGE, "what was handed over is no socket that listens");
	if (getsockopt(LISTEN_FD, SOL_SOCKET, SO_DOMAIN, &value, &len) < 0 || value != AF_UNIX)
		return err_set(err, E_USAGE,
			"the socket that was handed over is no unix socket: whoever reaches it would be root");
	l->fd = fcntl(LISTEN_FD, F_DUPFD_CLOEXEC, LISTEN_FD + 1);
	if (l->fd < 0)
		return err_errno(err, "cannot take over the socket");
	close(LISTEN_FD);
	return 1;
}

/*
 * Whom the socket is for, beside root: --group, or the group "docker" where there is one. An
 * ordinary user's is for the user's own group.
 */
static int find_group(const char *name, gid_t *gid, struct err *err)
{
	const struct group *g = name || geteuid() == 0 ? getgrnam(name ? name : "docker") : NULL;

	*gid = g ? g->gr_gid : getegid();
	if (!g && name)
		return err_set(err, E_NOT_FOUND, "there is no group '%s'", name);
	return 0;
}

/* A socket without a listener is what a killed kistd left. */
static int remove_stale(int dir, const char *name, const char *path, struct err *err)
{
	struct err why;
	struct stat st;
	own_fd int there = -1;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, E_EXISTS, "'%s' exists, and is no socket", path);
	there = socket_connect(dir, name, SOCK_STREAM, &why);
	if (there >= 0)
		return err_set(err, E_IN_USE, "'%s': somebody listens there already", path);
	if (unlinkat(dir, name, 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove '%s'", path);
	return 0;
}

/* locks: a directory of ours, so that of two that start at once none removes the other's socket. */
static int listen_at(struct listener *l, int locks, const char *group, struct err *err)
{
	const char *slash = strrchr(l->path, '/');
	own_mem char *parent = xstrndup(l->path, (size_t)(slash - l->path) + 1);
	own_fd int lock = lock_file(locks, "kistd.lock", 0, err);
	gid_t gid;

	if (lock < 0 || find_group(group, &gid, err) < 0)
		return -err->code;
	l->name = slash + 1;
	l->dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->dir < 0)
		return err_errno(err, "cannot open '%s'", parent);
	if (remove_stale(l->dir, l->name, l->path, err) < 0)
		return -err->code;
	l->fd = socket_listen(l->dir, l->name, SOCK_STREAM, 0660, err);
	if (l->fd < 0)
		return l->fd;
	if (fstatat(l->dir, l->name, &l->made, AT_SYMLINK_NOFOLLOW) < 0 ||
		fchownat(l->dir, l->name, (uid_t)-1, gid, AT_SYMLINK_NOFOLLOW) < 0 ||
		/* whatever the umask has left of it */
		fchmodat(l->dir, l->name, 0660, 0) < 0)
		return err_errno(err, "cannot give '%s' to its group", l->path);
	return 0;
}

static int open_listener(struct listener *l, const struct kistd_options *o,
	const struct place *place, struct err *err)
{
	const char *host = o->host;
	own_fd int run = -1;
	int r = take_over(l, err);

	if (r != 0)
		return r;
	if (host && strncmp(host, "unix://", 7) == 0)
		host += 7;
	if (host && *host != '/')
		return err_set(err, E_USAGE,
			"'%s': only unix sockets are served (unix:///run/kist/kist.sock)", o->host);
	run = path_make_dirs(place->run, 0700, err);
	if (run < 0)
		return run;
	/* who is in the socket's group passes through, and sees nothing */
	if (!host && fchmod(run, 0711) < 0)
		return err_errno(err, "cannot open '%s' to the socket's group", place->run);
	l->path = host ? xstrdup(host) : xasprintf("%s/kist.sock", place->run);
	return listen_at(l, run, o->group, err);
}

/* Children that have ended. Returns how many. */
static int64_t reap(void)
{
	int64_t n = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		n++;
	return n;
}

static int serve_one(int fd, const struct place *place, struct err *err)
{
	const char *const argv[] = {"kist-api", "--root", place->root, "--run", place->run, NULL};
	struct spawn sp = {.argv = argv, .flags = SPAWN_SETSID};
	struct child child;

	spawn_pass(&sp, fd, STDIN_FILENO);
	spawn_pass(&sp, fd, STDOUT_FILENO);
	return spawn_start(&sp, &child, err);
}

/* Until TERM or INT. A connection that cannot be served is closed; the next ones may be. */
static int serve(int listening, int signals, const struct kistd_options *o,
	const struct place *place, struct err *err)
{
	int64_t most = o->connections ? o->connections : CONNECTIONS_MAX, n = 0;

	for (;;) {
		struct pollfd p[2] = {{.fd = signals, .events = POLLIN},
			{.fd = n < most ? listening : -1, .events = POLLIN}};
		struct signalfd_siginfo info;
		own_fd int fd = -1;

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for connections");
		while (read(signals, &info, sizeof(info)) == sizeof(info)) {
			if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
				return 0;
			n -= reap();
		}
		if (!(p[1].revents & POLLIN))
			continue;
		fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 || serve_one(fd, place, err) < 0) {
			if (fd >= 0)
				log_warn("%s", err->msg);
			poll(NULL, 0, BUSY_MS);
		} else {
			n++;
		}
	}
}

static int run_kistd(const struct cli_call *call, struct err *err)
{
	const struct kistd_options *o = call->options;
	own_place struct place place = {0};
	own(listener_close) struct listener l = {.fd = -1, .dir = -1};
	own_fd int signals = -1;
	sigset_t set;

	log_start("kistd", LOG_LEVEL_WARN);
	if (o->connections < 0)
		return err_set(err, E_USAGE, "--max-connections: there must be at least one");
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		return err_errno(err, "cannot watch signals");
	if (place_find(o->root, o->run, &place, err) < 0 || open_listener(&l, o, &place, err) < 0)
		return -err->code;
	return serve(l.fd, signals, o, &place, err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct kistd_options, root, "root", 0, "DIR",
		"where images and containers are kept (KIST_ROOT)"),
	OPT_STRING(struct kistd_options, run, "run", 0, "DIR",
		"where run-time state is kept (KIST_RUN)"),
	OPT_STRING(struct kistd_options, host, "host", 'H', "unix://PATH",
		"the socket (default RUN/kist.sock, or the one that systemd hands over)"),
	OPT_STRING(struct kistd_options, group, "group", 'G', "GROUP",
		"who may use it beside root: they are as root (default docker, where there is one)"),
	OPT_INT(struct kistd_options, connections, "max-connections", 0, "N",
		"served at once (default 512); more wait"),
};

static const struct cli_command command = {
	.synopsis = "[OPTIONS]",
	.help = "Serve docker's Engine API on a unix socket",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct kistd_options),
	.run = run_kistd,
};

static const struct cli_program program = {
	.name = "kistd",
	.help = "Serve docker's Engine API on a unix socket",
	.commands = &command,
	.ncommands = 1,
	.details =
		"kistd only listens: each connection is served by a kist-api of its own, over the same "
		"verbs as the command kist. Nothing depends on it: containers run on, and kist works, "
		"whether it is there or not.",
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
