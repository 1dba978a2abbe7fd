/* SPDX-License-Identifier: Apache-2.0 */
/* kist-build: a context and its Dockerfile to an image in the store. */
#include <unistd.h>

#include "builder/build.h"
#include "builder/supervise.h"
#include "lib/cli.h"
#include "lib/own.h"

static const struct cli_option options[] = {
	{"tag", 't', CLI_STRINGS, CLI_FIELD(struct build_options, tags), "NAME[:TAG]",
		"name of the image, may be given several times", 0, NULL},
	{"file", 'f', CLI_STRING, CLI_FIELD(struct build_options, file), "FILE",
		"the Dockerfile (default: Dockerfile in the context; -: stdin)", 0, NULL},
	{"build-arg", 0, CLI_STRINGS, CLI_FIELD(struct build_options, build_args), "NAME[=VALUE]",
		"value of an ARG; without one, from the environment", 0, NULL},
	{"target", 0, CLI_STRING, CLI_FIELD(struct build_options, target), "STAGE",
		"build this stage instead of the last", 0, NULL},
	{"label", 0, CLI_STRINGS, CLI_FIELD(struct build_options, labels), "NAME=VALUE",
		"label of the image", 0, NULL},
	{"network", 0, CLI_STRING, CLI_FIELD(struct build_options, network), "MODE",
		"of RUN: default and host (the host's network), or none", 0, NULL},
	{"no-cache", 0, CLI_FLAG, CLI_FIELD(struct build_options, no_cache), NULL,
		"execute every step", 0, NULL},
	{"pull", 0, CLI_FLAG, CLI_FIELD(struct build_options, pull), NULL,
		"pull base images also when they are there", 0, NULL},
	{"platform", 0, CLI_STRING, CLI_FIELD(struct build_options, platform), "OS/ARCH",
		"only this machine's is executed", 0, NULL},
	{"iidfile", 0, CLI_STRING, CLI_FIELD(struct build_options, iidfile), "FILE",
		"write the image ID to this file", 0, NULL},
	{"progress", 0, CLI_STRING, CLI_FIELD(struct build_options, progress), "MODE",
		"auto, plain, json or quiet", 0, NULL},
	{"quiet", 'q', CLI_FLAG, CLI_FIELD(struct build_options, quiet), NULL,
		"no progress, only the image ID on standard output", 0, NULL},
	{"root", 0, CLI_STRING, CLI_FIELD(struct build_options, root), "DIR",
		"the store (KIST_ROOT)", 0, NULL},
	{"run", 0, CLI_STRING, CLI_FIELD(struct build_options, run), "DIR",
		"run-time state (KIST_RUN)", 0, NULL},
};

static int work(void *arg)
{
	const struct cli_call *call = arg;

	return build_run(call->options, call->args[0]);
}

static int run(const struct cli_call *call, struct err *err)
{
	struct err ignored;
	int status;

	if (geteuid() != 0)
		return err_set(err, E_DENIED,
			"building needs root: it mounts overlayfs and makes namespaces");
	status = supervise(work, (void *)call, err);
	/* a build that was killed could not remove its directory; if we cannot, the next one does
	 */
	if (status > 128)
		build_collect(call->options, &ignored);
	return status;
}

static const struct cli_command command = {
	.synopsis = "[OPTIONS] DIR|-",
	.help = "build an image from a Dockerfile",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct build_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};

int main(int argc, char **argv)
{
	static const struct cli_program program = {
		.name = "kist-build",
		.help = "build an image from a Dockerfile",
		.commands = &command,
		.ncommands = 1,
		.details =
			"The context is a directory, or with - a tar on standard input (a Dockerfile "
			"alone will do, too). Text of progress goes to standard error. With --progress=json, "
			"and by default unless it is a terminal, standard output gets JSON lines of "
			"progress, the last of which is the descriptor of the image; with -q it gets the "
			"image ID alone.\n\n"
			"Steps are executed by kist-runtime with docker's default privileges. They share "
			"the host's network unless --network=none, here or at RUN, takes it away. A step "
			"whose instruction, arguments, and files are those of an earlier build is CACHED.",
	};

	return cli_main(&program, argc, argv);
}
