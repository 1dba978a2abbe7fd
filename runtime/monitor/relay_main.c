/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist-relay: runs a program with streams of its own and copies between them and ours. What we
 * were given, files, sockets, terminals, stays here; the program, and the container that it brings
 * them to, gets pipes, or a terminal that we made.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "lib/cli.h"
#include "lib/detach_keys.h"
#include "lib/io.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/relay.h"
#include "lib/spawn.h"
#include "runtime/console.h"

#define PIPE_SIZE  (1 << 20) /* asked for: fewer turns for the same bytes */
#define DRAIN_MS   200       /* for what a terminal still holds when the program has ended */
#define STDERR_MAX (64u * 1024)
#define PASSED_MAX 8

struct passed_fds {
	int fds[PASSED_MAX];
	size_t count;
};

struct relay_options {
	bool interactive, tty;
	struct passed_fds passed;
	struct detach_keys detach;
};

struct session {
	const struct relay_options *opt;
	struct child child; /* pid -1: it has ended */
	int child_fd;       /* its pidfd */
	int status;
	int signals;
	struct relay in, out, err;
	/* with a terminal of the program's own */
	int master; /* -1: none */
	struct detach_keys keys;
	struct relay_end typed_from; /* our stdin, looked through for the detach keys */
	struct buf typed;            /* on its way to the master */
	struct buf messages;         /* the program's stderr, said when our terminal is as it was */
	int changed;                 /* our descriptor whose terminal has another mode, or -1 */
	struct termios saved;
	bool ours; /* false: we have left the program to itself, and it is not our child any more */
};

static int parse_passed(const char *value, void *field, struct err *err)
{
	struct passed_fds *passed = field;
	char *end;
	long n = strtol(value, &end, 10);

	if (!*value || *end || n < 3 || n > 1023 || fcntl((int)n, F_GETFD) < 0)
		return err_set(err, E_USAGE, "'%s' is no open descriptor above 2", value);
	if (passed->count == PASSED_MAX)
		return err_set(
			err, E_USAGE, "more than %d descriptors are to be passed on", PASSED_MAX);
	passed->fds[passed->count++] = (int)n;
	return 0;
}

/* ---- before the start ---- */

/* Our end of a new pipe becomes one end of *r, with the other one at "far"; the child's is kept. */
static int open_pipe(
	struct relay *r, bool to_child, struct relay_end far, int *child_end, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	/* less than asked for, where a user may not have as much, is as good */
	fcntl(ends[0], F_SETPIPE_SZ, PIPE_SIZE);
	*child_end = ends[!to_child];
	if (to_child)
		relay_start(r, far, relay_own(ends[1]));
	else
		relay_start(r, relay_own(ends[0]), far);
	return 0;
}

static int open_terminal(struct session *s, int *slave, struct err *err)
{
	static const char *const multiplexers[] = {"/dev/ptmx", "/dev/pts/ptmx"};
	struct termios ignored;
	unsigned number;

	for (size_t i = 0; i < ARRAY_LEN(multiplexers) && s->master < 0; i++)
		s->master = console_open(AT_FDCWD, multiplexers[i], slave, &number, err);
	if (s->master < 0)
		return err_errno(err, "cannot make a terminal for the program");
	if (console_raw(*slave, &ignored, err) < 0)
		return -err->code;
	if (console_copy_size(STDIN_FILENO, s->master) < 0)
		console_copy_size(STDOUT_FILENO, s->master);
	return 0;
}

/* The program's descriptors 0 to 2 and our ends of them. */
static int open_streams(struct session *s, int child_fds[3], struct err *err)
{
	struct relay_end source = {.fd = -1}, sinks[2];

	for (int i = 0; i < 2; i++)
		relay_sink(&sinks[i], STDOUT_FILENO + i);
	if (s->opt->interactive && relay_source(&source, STDIN_FILENO, err) < 0)
		return err_wrap(err, "cannot read stdin");
	if (!s->opt->tty) {
		if (s->opt->interactive && open_pipe(&s->in, true, source, &child_fds[0], err) < 0)
			return -err->code;
		if (open_pipe(&s->out, false, sinks[0], &child_fds[1], err) < 0 ||
			open_pipe(&s->err, false, sinks[1], &child_fds[2], err) < 0)
			return -err->code;
		return 0;
	}
	s->typed_from = source;
	if (open_terminal(s, &child_fds[0], err) < 0)
		return -err->code;
	child_fds[1] = fcntl(child_fds[0], F_DUPFD_CLOEXEC, 3);
	if (child_fds[1] < 0)
		return err_errno(err, "cannot duplicate a descriptor");
	relay_start(&s->out, relay_own(s->master), sinks[0]);
	return open_pipe(&s->err, false, sinks[1], &child_fds[2], err);
}

/* Raw where keys are the program's; else as it is, but that CR LF comes from the program. */
static void change_terminal(struct session *s)
{
	int fd = s->opt->interactive ? STDIN_FILENO : STDOUT_FILENO;
	struct termios t;

	if (!s->opt->tty || tcgetattr(fd, &s->saved) < 0)
		return;
	t = s->saved;
	if (s->opt->interactive)
		cfmakeraw(&t);
	else
		t.c_oflag &= ~(tcflag_t)OPOST;
	if (tcsetattr(fd, TCSADRAIN, &t) == 0)
		s->changed = fd;
}

static void restore_terminal(struct session *s)
{
	if (s->changed >= 0)
		tcsetattr(s->changed, TCSADRAIN, &s->saved);
	s->changed = -1;
}

/* All that a person or a program may send; stopping and going on again are for us alone. */
static int open_signals(struct session *s, struct err *err)
{
	static const int left[] = {SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGPIPE, SIGURG, SIGSEGV,
		SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < ARRAY_LEN(left); i++)
		sigdelset(&set, left[i]);
	/* an inherited SIG_IGN would take the exit status away */
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? err_errno(err, "cannot watch signals") : 0;
}

static int start(struct session *s, char **argv, struct err *err)
{
	int child_fds[3] = {-1, -1, -1};
	/* a session of its own: what is typed at our terminal comes to it through us alone */
	struct spawn sp = {.argv = (const char *const *)argv, .flags = SPAWN_SETSID};
	int r = open_streams(s, child_fds, err);

	for (int i = 0; i < 3; i++)
		spawn_pass(&sp, child_fds[i], i);
	for (size_t i = 0; i < s->opt->passed.count; i++)
		spawn_pass(&sp, s->opt->passed.fds[i], s->opt->passed.fds[i]);
	if (r == 0)
		r = spawn_start(&sp, &s->child, err);
	for (int i = 0; i < 3; i++)
		if (child_fds[i] >= 0)
			close(child_fds[i]);
	for (size_t i = 0; i < s->opt->passed.count; i++)
		close(s->opt->passed.fds[i]);
	if (r < 0)
		return r;
	s->child_fd = (int)syscall(SYS_pidfd_open, s->child.pid, 0);
	if (s->child_fd < 0)
		return err_errno(err, "cannot watch '%s'", s->child.name);
	change_terminal(s);
	return 0;
}

/* ---- while it runs ---- */

static void program_ended(struct session *s)
{
	int raw = 0;

	if (s->ours && waitpid(s->child.pid, &raw, WNOHANG) != s->child.pid)
		return;
	s->child.pid = -1;
	s->status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
	relay_release(&s->in);
	relay_close(&s->typed_from);
	/* what it started and left behind may hold the other ends: we go all the same */
	if (s->master < 0)
		relay_drain(&s->out);
	relay_drain(&s->err);
}

static void read_signals(struct session *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		int signo = (int)info.ssi_signo;

		if (signo == SIGCHLD)
			continue;
		if (s->child.pid < 0) {
			/* only a reader of ours holds us up: the user does not want to wait */
			relay_release(&s->out);
			relay_release(&s->err);
			continue;
		}
		if (signo == SIGWINCH && s->master >= 0 &&
			console_copy_size(STDIN_FILENO, s->master) < 0)
			console_copy_size(STDOUT_FILENO, s->master);
		if (s->ours)
			kill(s->child.pid, signo);
	}
}

/*
 * The detach keys were typed: the program goes on without us, and its terminal with it. A copy of
 * us stays and reads what comes, as nobody else would.
 */
static void leave(struct session *s)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	restore_terminal(s);
	if (fork() != 0)
		_exit(0);
	s->ours = false;
	setsid();
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	relay_close(&s->typed_from);
	relay_close(&s->out.to);
	relay_close(&s->err.to);
	relay_sink(&s->out.to, null);
	relay_sink(&s->err.to, null);
}

static void write_typed(struct session *s)
{
	struct relay_end master = {s->master, RELAY_DEVICE, false};
	ssize_t n = relay_write(&master, s->typed.data, s->typed.len);

	if (n == -EAGAIN)
		return;
	if (n < 0)
		n = (ssize_t)s->typed.len; /* nobody reads it */
	memmove(s->typed.data, s->typed.data + n, s->typed.len - (size_t)n);
	s->typed.len -= (size_t)n;
}

static void read_typed(struct session *s)
{
	unsigned char data[4096];
	ssize_t n = relay_read(&s->typed_from, data, sizeof(data));

	if (n == -EAGAIN)
		return;
	if (n <= 0) {
		relay_close(&s->typed_from);
		buf_addc(&s->typed, 4); /* a terminal's end of input is Ctrl-D */
	} else if (s->changed != STDIN_FILENO) {
		buf_add(&s->typed, data, (size_t)n);
	} else if (detach_keys_typed(&s->keys, data, (size_t)n, &s->typed)) {
		leave(s);
	}
	if (s->typed.len)
		write_typed(s);
}

/* With a terminal, only the program's own complaints come here: they wait for ours to be sane. */
static void read_messages(struct session *s)
{
	char data[4096];
	ssize_t n = relay_read(&s->err.from, data, sizeof(data));

	if (n > 0 && s->messages.len < STDERR_MAX)
		buf_add(&s->messages, data, (size_t)n);
	if (n == 0 || (n < 0 && n != -EAGAIN))
		relay_release(&s->err);
}

enum poll_place {
	AT_SIGNALS,
	AT_CHILD,
	AT_TYPED,
	AT_MASTER,
	AT_IN,
	AT_OUT = AT_IN + RELAY_FDS,
	AT_ERR = AT_OUT + RELAY_FDS,
	POLL_COUNT = AT_ERR + RELAY_FDS
};

static void copy(struct session *s)
{
	bool keeps_messages = s->changed >= 0;

	while (s->child.pid >= 0 || !relay_done(&s->out) || !relay_done(&s->err)) {
		struct pollfd p[POLL_COUNT] = {
			[AT_SIGNALS] = {.fd = s->signals, .events = POLLIN},
			[AT_CHILD] = {.fd = s->child.pid >= 0 ? s->child_fd : -1, .events = POLLIN},
			[AT_TYPED] = {.fd = s->typed.len ? -1 : s->typed_from.fd, .events = POLLIN},
			[AT_MASTER] = {.fd = s->typed.len ? s->master : -1, .events = POLLOUT},
		};
		int timeout = s->child.pid < 0 && s->master >= 0 && s->out.len == 0 ? DRAIN_MS : -1;
		int n;

		relay_poll(&s->in, &p[AT_IN]);
		relay_poll(&s->out, &p[AT_OUT]);
		relay_poll(&s->err, &p[AT_ERR]);
		n = poll(p, POLL_COUNT, timeout);
		if (n < 0)
			continue;
		if (n == 0) {
			relay_release(&s->out);
			relay_release(&s->err);
			continue;
		}
		if (p[AT_SIGNALS].revents)
			read_signals(s);
		relay_step(&s->in, &p[AT_IN]);
		relay_step(&s->out, &p[AT_OUT]);
		if (!keeps_messages)
			relay_step(&s->err, &p[AT_ERR]);
		else if (p[AT_ERR].revents)
			read_messages(s);
		if (p[AT_MASTER].revents && s->typed.len)
			write_typed(s);
		if (p[AT_TYPED].revents && s->typed_from.fd >= 0)
			read_typed(s);
		if (p[AT_CHILD].revents)
			program_ended(s);
	}
}

static void release(struct session *s)
{
	relay_release(&s->in);
	relay_release(&s->out);
	relay_release(&s->err);
	relay_close(&s->typed_from);
	buf_release(&s->typed);
	buf_release(&s->messages);
	own_fd_release(&s->signals);
	own_fd_release(&s->child_fd);
}

static int run(const struct cli_call *call, struct err *err)
{
	struct relay_options *opt = call->options;
	own_mem struct session *s = xcalloc(1, sizeof(*s));
	int r, status;

	log_start("kist-relay", LOG_LEVEL_WARN);
	*s = (struct session){.opt = opt,
		.child = {.pid = -1},
		.child_fd = -1,
		.signals = -1,
		.master = -1,
		.changed = -1,
		.ours = true,
		.typed_from = {.fd = -1}};
	s->in.from.fd = s->in.to.fd = s->out.from.fd = s->out.to.fd = -1;
	s->err.from.fd = s->err.to.fd = -1;
	if (!opt->detach.given)
		detach_keys_parse(DETACH_KEYS_DEFAULT, &opt->detach, err);
	s->keys = opt->detach;
	r = open_signals(s, err);
	if (r == 0)
		r = start(s, call->args, err);
	if (r == 0)
		copy(s);
	restore_terminal(s);
	io_write_full(STDERR_FILENO, s->messages.data, s->messages.len);
	status = s->status;
	if (r == 0 && s->out.error < 0 && s->out.error != -EPIPE)
		r = err_set(
			err, -s->out.error, "cannot write the output: %s", strerror(-s->out.error));
	release(s);
	return r < 0 ? r : status;
}

static const struct cli_option options[] = {
	OPT_FLAG(struct relay_options, interactive, "interactive", 'i',
		"the program reads what comes from stdin"),
	OPT_FLAG(struct relay_options, tty, "tty", 't',
		"its stdin and stdout are a terminal of its own"),
	OPT_VALUE(struct relay_options, passed, "fd", 0, "N",
		"it inherits this descriptor, too (several times)", parse_passed),
	OPT_VALUE(struct relay_options, detach, "detach-keys", 0, "KEYS",
		"leave it to itself when typed (default " DETACH_KEYS_DEFAULT "; with -it)",
		detach_keys_parse),
};

static const struct cli_command commands[] = {
	{
		.synopsis = "[OPTIONS] -- PROGRAM [ARG...]",
		.help = "run a program with streams of its own, and copy between them and ours",
		.options = options,
		.noptions = ARRAY_LEN(options),
		.options_size = sizeof(struct relay_options),
		.min_args = 1,
		.max_args = -1,
		.options_first = true,
		.run = run,
	},
};

static const struct cli_program program = {
	.name = "kist-relay",
	.help = "run a program with streams of its own, and copy between them and ours",
	.commands = commands,
	.ncommands = ARRAY_LEN(commands),
	.details = "The program gets pipes, or with -t a terminal, never what kist-relay itself "
		   "has open. Signals go on to it, and kist-relay ends with its status once what "
		   "it has written is copied, even when something that it started has the pipes "
		   "open still.",
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
