/* SPDX-License-Identifier: Apache-2.0 */
/* kist-api: docker's Engine API on one connection, stdin and stdout. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/api/router.h"
#include "lib/cli.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/userns.h"

struct api_options {
	const char *root, *run;
};

/* One direction between a pipe and the socket that the server wants. */
struct copier {
	int from, to;
};

static void *copy(void *arg)
{
	const struct copier *c = arg;
	struct err ignored; /* whoever fails to read or write has gone, and that is all */

	io_copy(c->from, c->to, &ignored);
	shutdown(c->to, SHUT_WR);
	return NULL;
}

/* stdin and stdout are no socket: one in between, and two threads that copy. */
static int join_pipes(struct copier copiers[2], pthread_t threads[2], struct err *err)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return err_errno(err, "cannot make a pair of sockets");
	copiers[0] = (struct copier){fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), ends[1]};
	copiers[1] = (struct copier){ends[1], fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)};
	for (int i = 0; i < 2; i++) {
		if (copiers[i].from < 0 || copiers[i].to < 0)
			return err_errno(err, "cannot take over stdin and stdout");
		if (pthread_create(&threads[i], NULL, copy, &copiers[i]) != 0)
			return err_set(err, EAGAIN, "cannot start a thread");
	}
	return ends[0];
}

/* Nothing that is started has the connection as its own stdin or stdout. */
static int forget_streams(struct err *err)
{
	own_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		return err_errno(err, "cannot open '/dev/null'");
	return 0;
}

static int run_api(const struct cli_call *call, struct err *err)
{
	const struct api_options *o = call->options;
	const struct api api = {o->root, o->run};
	struct copier copiers[2];
	pthread_t threads[2];
	own_buf struct buf said = {0}; /* to nobody: kistd's log is not a client's */
	bool pipes = false;
	struct stat st;
	int fd, r;

	if (userns_enter(o->root, o->run, &said, err) < 0)
		return -err->code;
	if (fstat(STDIN_FILENO, &st) < 0)
		return err_errno(err, "cannot look at stdin");
	if (S_ISSOCK(st.st_mode)) {
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
		if (fd < 0)
			return err_errno(err, "cannot take over stdin");
	} else {
		pipes = true;
		fd = join_pipes(copiers, threads, err);
		if (fd < 0)
			return fd;
	}
	if (forget_streams(err) < 0)
		return -err->code;
	r = http_serve(fd, api_serve, (void *)&api, err);
	if (pipes && r == 0) {
		/* the answer's last bytes are still on their way to stdout */
		shutdown(fd, SHUT_RDWR);
		pthread_join(threads[1], NULL);
	}
	return r;
}

static const struct cli_option options[] = {
	OPT_STRING(struct api_options, root, "root", 0, "DIR",
		"where images and containers are kept (KIST_ROOT)"),
	OPT_STRING(struct api_options, run, "run", 0, "DIR",
		"where run-time state is kept (KIST_RUN)"),
};

static const struct cli_command command = {
	.synopsis = "[OPTIONS]",
	.help = "Answer one connection of docker's Engine API on stdin and stdout",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct api_options),
	.run = run_api,
};

static const struct cli_program program = {
	.name = "kist-api",
	.help = "Answer one connection of docker's Engine API on stdin and stdout",
	.commands = &command,
	.ncommands = 1,
	.details =
		"kistd starts one for each connection; inetd, ssh or socat can do so, too. stdin and "
		"stdout are a socket that is both, or two pipes. The versions 1.24 to 1.47 are spoken; "
		"what is served of them is in kist's docs/pipes.md.",
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
