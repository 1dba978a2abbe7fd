/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs that only kist itself and the scripts of --plan call. */
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/hello.h"
#include "engine/verb/verb.h"
#include "lib/io.h"
#include "lib/own.h"

struct no_options {
	int none;
};

/* The monitor's exit command: the container has ended, and its exit record is written. */
static int run_exited(const struct cli_call *call, struct err *err)
{
	const struct container_request rq = {call->args[0]};
	own_mouth struct mouth m = {0};

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_exited(&m.engine, &rq, &m.sink, err), err);
}

static int run_hello_image(const struct cli_call *call, struct err *err)
{
	own_fd int fd = hello_image_open(err);
	int64_t n;

	(void)call;
	if (fd < 0)
		return fd;
	n = io_copy(fd, STDOUT_FILENO, err);
	return n < 0 ? (int)n : 0;
}

#define HIDDEN(name_, help_, args, run_)                                                           \
	{                                                                                          \
		.name = (name_), .synopsis = (args) ? "CONTAINER" : "", .help = (help_),           \
		.options_size = sizeof(struct no_options), .min_args = (args), .max_args = (args), \
		.flags = CLI_HIDDEN, .run = (run_)                                                 \
	}

const struct cli_command cmd_container_exited = HIDDEN(
	"container-exited", "Tidy up after a container that has ended", 1, run_exited);
const struct cli_command cmd_hello_image = HIDDEN(
	"hello-image", "Write the embedded image as a tar", 0, run_hello_image);
