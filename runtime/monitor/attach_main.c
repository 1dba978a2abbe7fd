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
#include "lib/io.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "runtime/console.h"
#include "spec/attach.h"

#define KEYS_MAX 8

struct detach_keys {
	unsigned char keys[KEYS_MAX];
	size_t count;
	bool given;
};

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
	size_t matched; /* detach keys typed so far, and not sent on yet */
	bool ended, detached;
	int status; /* the container's, or -1 */
	unsigned char packet[ATTACH_PACKET_MAX];
};

/* "ctrl-p,ctrl-q", "a,b" as docker's --detach-keys; "" turns them off. */
static int parse_keys(const char *value, void *field, struct err *err)
{
	struct detach_keys *keys = field;
	const char *p = value;

	keys->count = 0;
	keys->given = true;
	while (*p) {
		bool ctrl = strncmp(p, "ctrl-", 5) == 0 &&
			(p[5] == '@' || (p[5] >= '[' && p[5] <= 'z'));
		unsigned char c = ctrl ? (unsigned char)(p[5] & 0x1f) : (unsigned char)*p;

		p += ctrl ? 6 : 1;
		if ((*p && *p != ',') || keys->count == KEYS_MAX)
			return err_set(err, E_USAGE, "invalid detach keys '%s'", value);
		keys->keys[keys->count++] = c;
		p += *p == ',';
	}
	return 0;
}

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

static int show(int fd, const struct attach_frame *f, struct err *err)
{
	int r = io_write_full(fd, f->content, f->len);

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
		return show(f.type == ATTACH_STDOUT ? STDOUT_FILENO : STDERR_FILENO, &f, err);
	}
}

/* True when the detach keys were typed; what only began like them is sent on. */
static bool typed(struct client *c, const unsigned char *data, size_t len)
{
	const struct detach_keys *keys = &c->opt->detach;
	size_t start = 0;

	for (size_t i = 0; i < len; i++) {
		if (data[i] == keys->keys[c->matched]) {
			if (c->matched == 0 && i > start)
				send_waiting(c, ATTACH_STDIN, data + start, i - start);
			if (++c->matched == keys->count)
				return true;
			start = i + 1;
			continue;
		}
		if (c->matched) {
			send_waiting(c, ATTACH_STDIN, keys->keys, c->matched);
			c->matched = 0;
			i--; /* it may begin the sequence anew */
			start = i + 1;
		}
	}
	if (len > start)
		send_waiting(c, ATTACH_STDIN, data + start, len - start);
	return false;
}

static void read_stdin(struct client *c)
{
	unsigned char data[16 * 1024];
	ssize_t n = read(STDIN_FILENO, data, sizeof(data));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		c->stdin_open = false;
		if (!c->opt->keep_stdin)
			send_waiting(c, ATTACH_EOF, NULL, 0);
	} else if (c->raw && c->opt->detach.count) {
		c->detached = typed(c, data, (size_t)n);
		if (c->detached)
			send_waiting(c, ATTACH_DETACH, NULL, 0);
	} else {
		send_waiting(c, ATTACH_STDIN, data, (size_t)n);
	}
}

static void read_signals(struct client *c)
{
	struct signalfd_siginfo info;

	while (read(c->signals, &info, sizeof(info)) == sizeof(info))
		send_size(c);
}

static int relay(struct client *c, struct err *err)
{
	int r = 0;

	while (r >= 0 && !c->ended) {
		struct pollfd p[3] = {{.fd = c->socket, .events = POLLIN},
			{.fd = c->stdin_open ? STDIN_FILENO : -1, .events = POLLIN},
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

static int connect_client(struct client *c, struct err *err)
{
	own_fd int dir = open(c->opt->run_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	sigset_t set;

	if (dir < 0)
		return err_errno(err, "cannot open '%s'", c->opt->run_dir);
	c->socket = attach_connect(dir, err);
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
		parse_keys("ctrl-p,ctrl-q", &opt->detach, err);
	log_start("kist-attach", LOG_LEVEL_WARN);
	*c = (struct client){.opt = opt, .socket = -1, .signals = -1, .status = -1};
	r = connect_client(c, err);
	socket = c->socket;
	signals = c->signals;
	if (r == 0)
		r = relay(c, err);
	if (c->raw)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &c->saved);
	if (r < 0)
		return r;
	if (c->status < 0 && !c->detached)
		return err_set(err, E_CHILD, "the container's monitor has gone away");
	return c->status >= 0 ? c->status : 0;
}

#define OPTION(name_, kind_, member, arg_, help_, ...)                                             \
	{                                                                                          \
		.name = (name_), .kind = (kind_),                                                  \
		.offset = CLI_FIELD(struct attach_options, member), .arg = (arg_),                 \
		.help = (help_), __VA_ARGS__                                                       \
	}

static const struct cli_option options[] = {
	OPTION("run-dir", CLI_STRING, run_dir, "DIR", "the container's run directory"),
	OPTION("no-stdin", CLI_FLAG, no_stdin, NULL, "output only"),
	OPTION("keep-stdin", CLI_FLAG, keep_stdin, NULL,
		"the end of our stdin does not end the container's"),
	OPTION("detach-keys", CLI_VALUE, detach, "KEYS",
		"leave when typed (default ctrl-p,ctrl-q; on a terminal)", .parse = parse_keys),
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
