/* SPDX-License-Identifier: Apache-2.0 */
/* kist-attach: a client of RUN-DIR/attach.sock on the caller's stdin, stdout and stderr. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "lib/cli.h"
#include "lib/detach_keys.h"
#include "lib/io.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/relay.h"
#include "runtime/console.h"
#include "spec/attach_socket.h"

struct attach_options {
	const char *run_dir;
	bool no_stdin, keep_stdin;
	struct detach_keys detach;
};

struct client {
	const struct attach_options *opt;
	int socket, signals;
	bool stdin_open, terminal, raw;
	struct termios saved;
	struct detach_keys keys;
	struct relay_end input; /* our stdin */
	bool greeted, ended, detached;
	int status; /* the container's, or what we end with before it; -1: not known */
	unsigned char packet[ATTACH_PACKET_MAX];
};

/* Input may wait for the container: then so do we. */
static int send_waiting(struct client *c, enum attach_type type, const void *data, size_t len)
{
	int r;

	while ((r = attach_send(c->socket, type, data, len)) == -EAGAIN) {
		struct pollfd p = {.fd = c->socket, .events = POLLOUT};

		poll(&p, 1, -1);
	}
	return r;
}

static void send_size(struct client *c)
{
	struct winsize size;
	unsigned char b[4];

	if (!c->terminal || ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0)
		return;
	b[0] = (unsigned char)(size.ws_row >> 8);
	b[1] = (unsigned char)size.ws_row;
	b[2] = (unsigned char)(size.ws_col >> 8);
	b[3] = (unsigned char)size.ws_col;
	send_waiting(c, ATTACH_RESIZE, b, sizeof(b));
}

static int hello(struct client *c, uint8_t features, struct err *err)
{
	c->greeted = true;
	c->terminal = features & ATTACH_HAS_TERMINAL;
	c->stdin_open = !c->opt->no_stdin && (features & ATTACH_HAS_STDIN);
	if (!c->terminal || !c->stdin_open || !isatty(STDIN_FILENO))
		return 0;
	if (console_raw(STDIN_FILENO, &c->saved, err) < 0)
		return -err->code;
	c->raw = true;
	send_size(c);
	return 0;
}

static int show(struct client *c, int fd, const struct attach_frame *f, struct err *err)
{
	int r = io_write_full(fd, f->content, f->len);

	/* nobody reads any more: as any program in a pipe, and the container runs on */
	if (r == -EPIPE) {
		c->ended = true;
		c->status = 128 + SIGPIPE;
		return 0;
	}
	return r < 0 ? err_set(err, -r, "cannot write the container's output: %s", strerror(-r))
		     : 0;
}

static int read_socket(struct client *c, struct err *err)
{
	ssize_t n = recv(c->socket, c->packet, sizeof(c->packet), 0);
	struct attach_frame f;

	/* ECONNRESET: the monitor closed without reading all input; what it sent comes after it */
	if (n < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNRESET))
		return 0;
	if (n <= 0) {
		c->ended = true;
		return 0;
	}
	if (attach_parse(c->packet, (size_t)n, ATTACH_FROM_MONITOR, &f, err) < 0)
		return -err->code;
	switch (f.type) {
	case ATTACH_HELLO:
		return hello(c, f.value, err);
	case ATTACH_EXIT:
		c->status = f.value;
		return 0;
	case ATTACH_ERROR:
		log_warn("%.*s", (int)f.len, (const char *)f.content);
		c->stdin_open = false;
		return 0;
	default:
		return show(c, f.type == ATTACH_STDOUT ? STDOUT_FILENO : STDERR_FILENO, &f, err);
	}
}

static void read_stdin(struct client *c)
{
	unsigned char data[16 * 1024];
	own_buf struct buf typed = {0};
	ssize_t n = relay_read(&c->input, data, sizeof(data));

	if (n == -EAGAIN)
		return;
	if (n <= 0) {
		c->stdin_open = false;
		if (!c->opt->keep_stdin)
			send_waiting(c, ATTACH_EOF, NULL, 0);
		return;
	}
	if (!c->raw) {
		send_waiting(c, ATTACH_STDIN, data, (size_t)n);
		return;
	}
	c->detached = detach_keys_typed(&c->keys, data, (size_t)n, &typed);
	if (typed.len)
		send_waiting(c, ATTACH_STDIN, typed.data, typed.len);
	if (c->detached)
		send_waiting(c, ATTACH_DETACH, NULL, 0);
}

static void read_signals(struct client *c)
{
	struct signalfd_siginfo info;

	while (read(c->signals, &info, sizeof(info)) == sizeof(info))
		send_size(c);
}

static int take_part(struct client *c, struct err *err)
{
	int r = 0;

	while (r >= 0 && !c->ended) {
		struct pollfd p[3] = {{.fd = c->socket, .events = POLLIN},
			{.fd = c->stdin_open ? c->input.fd : -1, .events = POLLIN},
			{.fd = c->signals, .events = POLLIN}};

		if (poll(p, 3, -1) < 0)
			continue;
		if (p[0].revents)
			r = read_socket(c, err);
		if (r >= 0 && p[1].revents && c->stdin_open)
			read_stdin(c);
		if (p[2].revents)
			read_signals(c);
	}
	return r;
}

static int not_running(const struct client *c, struct err *err)
{
	return err_set(err, E_NOT_RUNNING, "cannot attach to '%s': the container is not running",
		c->opt->run_dir);
}

static int connect_client(struct client *c, struct err *err)
{
	own_fd int dir = open(c->opt->run_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	sigset_t set;

	if (dir < 0)
		return err_errno(err, "cannot open '%s'", c->opt->run_dir);
	c->socket = attach_connect(dir, err);
	if (c->socket == -ENOENT || c->socket == -ECONNREFUSED)
		return not_running(c, err);
	if (c->socket < 0)
		return err_wrap(err, "cannot attach to '%s'", c->opt->run_dir);
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	c->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return c->signals < 0 ? err_errno(err, "cannot watch the terminal's size") : 0;
}

static int run(const struct cli_call *call, struct err *err)
{
	struct attach_options *opt = call->options;
	own_mem struct client *c = xcalloc(1, sizeof(*c));
	own_fd int socket = -1, signals = -1;
	int r;

	if (!opt->run_dir)
		return err_set(err, E_USAGE, "--run-dir is missing");
	if (!opt->detach.given)
		detach_keys_parse(DETACH_KEYS_DEFAULT, &opt->detach, err);
	log_start("kist-attach", LOG_LEVEL_WARN);
	*c = (struct client){.opt = opt,
		.socket = -1,
		.signals = -1,
		.status = -1,
		.keys = opt->detach,
		.input = {.fd = -1}};
	if (!opt->no_stdin && relay_source(&c->input, STDIN_FILENO, err) < 0)
		return err_wrap(err, "cannot read stdin");
	r = connect_client(c, err);
	socket = c->socket;
	signals = c->signals;
	if (r == 0)
		r = take_part(c, err);
	if (c->raw)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &c->saved);
	relay_close(&c->input);
	if (r < 0)
		return r;
	if (c->status < 0 && !c->greeted)
		return not_running(c, err); /* it ended before it let us in */
	if (c->status < 0 && !c->detached)
		return err_set(err, E_CHILD, "the container's monitor has gone away");
	return c->status >= 0 ? c->status : 0;
}

static const struct cli_option options[] = {
	OPT_STRING(struct attach_options, run_dir, "run-dir", 0, "DIR",
		"the container's run directory"),
	OPT_FLAG(struct attach_options, no_stdin, "no-stdin", 0, "output only"),
	OPT_FLAG(struct attach_options, keep_stdin, "keep-stdin", 0,
		"the end of our stdin does not end the container's"),
	OPT_VALUE(struct attach_options, detach, "detach-keys", 0, "KEYS",
		"leave when typed (default " DETACH_KEYS_DEFAULT "; on a terminal)",
		detach_keys_parse),
};

static const struct cli_command commands[] = {
	{
		.synopsis = "--run-dir DIR [OPTIONS]",
		.help = "take part in a running container's input and output",
		.options = options,
		.noptions = ARRAY_LEN(options),
		.options_size = sizeof(struct attach_options),
		.run = run,
	},
};

static const struct cli_program program = {
	.name = "kist-attach",
	.help = "take part in a running container's input and output",
	.commands = commands,
	.ncommands = ARRAY_LEN(commands),
	.details = "kist-attach connects to the container's monitor. It ends with the container's "
		   "status, or with 0 when the detach keys were typed. A terminal is put into raw "
		   "mode when the container has one, too, and its size is passed on.",
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
