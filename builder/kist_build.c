/* SPDX-License-Identifier: Apache-2.0 */
/* kist-build: a context and its Dockerfile to an image in the store. */
#include <unistd.h>

#include "builder/build.h"
#include "builder/supervise.h"
#include "lib/cli.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/userns.h"

static const struct cli_option options[] = {
	OPT_LIST(struct build_options, tags, "tag", 't', "NAME[:TAG]",
		"name of the image, may be given several times"),
	OPT_STRING(struct build_options, file, "file", 'f', "FILE",
		"the Dockerfile (default: Dockerfile in the context; -: stdin)"),
	OPT_LIST(struct build_options, build_args, "build-arg", 0, "NAME[=VALUE]",
		"value of an ARG; without one, from the environment"),
	OPT_STRING(struct build_options, target, "target", 0, "STAGE",
		"build this stage instead of the last"),
	OPT_LIST(struct build_options, labels, "label", 0, "NAME=VALUE", "label of the image"),
	OPT_STRING(struct build_options, network, "network", 0, "MODE",
		"of RUN: default (as containers), host (the host's own) or none"),
	OPT_FLAG(struct build_options, no_cache, "no-cache", 0, "execute every step"),
	OPT_FLAG(
		struct build_options, pull, "pull", 0, "pull base images also when they are there"),
	OPT_STRING(struct build_options, platform, "platform", 0, "OS/ARCH",
		"only this machine's is executed"),
	OPT_STRING(struct build_options, iidfile, "iidfile", 0, "FILE",
		"write the image ID to this file"),
	OPT_STRING(struct build_options, progress, "progress", 0, "MODE",
		"auto, plain, tty (the same), json, quiet or none"),
	OPT_FLAG(struct build_options, quiet, "quiet", 'q',
		"no progress, only the image ID on standard output"),
	OPT_FLAG(struct build_options, load, "load", 0, "as always: the image is in the store"),
	OPT_FLAG(struct build_options, rm, "rm", 0, "as always: nothing of a step stays"),
	OPT_FLAG(struct build_options, force_rm, "force-rm", 0, "as always: nor of one that fails"),
	OPT_FLAG(
		struct build_options, compress, "compress", 0, "as always: nothing is transferred"),
	OPT_STRING(struct build_options, root, "root", 0, "DIR", "the store (KIST_ROOT)"),
	OPT_STRING(struct build_options, run, "run", 0, "DIR", "run-time state (KIST_RUN)"),
};

static int work(void *arg)
{
	const struct cli_call *call = arg;

	return build_run(call->options, call->args[0]);
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct build_options *o = call->options;
	own_buf struct buf said = {0};
	struct err ignored;
	int status;

	if (userns_enter(o->root, o->run, &said, err) < 0)
		return -err->code;
	if (said.len)
		log_warn("%s", buf_str(&said));
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
			"Steps are executed by kist-runtime with docker's default privileges, on the "
			"network that containers join unasked, unless --network, here or at RUN, says host "
			"or none. A step "
			"whose instruction, arguments, and files are those of an earlier build is CACHED.",
	};

	return cli_main(&program, argc, argv);
}
