/* SPDX-License-Identifier: Apache-2.0 */
/* kist: docker's command line over kist's small tools. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/dispatch.h"
#include "engine/cli/mouth.h"
#include "lib/own.h"

static const struct cli_option globals[] = {
	OPT_STRING(struct mouth_options, root, "root", 0, "DIR",
		"where images and containers are kept (KIST_ROOT)"),
	OPT_STRING(struct mouth_options, run, "run", 0, "DIR",
		"where run-time state is kept (KIST_RUN)"),
	OPT_FLAG(struct mouth_options, plan, "plan", 0,
		"print the verb as a shell script of small tools, and run nothing"),
	OPT_FLAG(struct mouth_options, pulled, "pulled", 0,
		"an image that is to be pulled was pulled just now", .flags = CLI_HIDDEN),
	OPT_FLAG(struct mouth_options, debug, "debug", 'D', "say more on stderr"),
};

/* A verb, and what else it is called. */
static const struct verb {
	const struct cli_command *row;
	const char *alias[3];
} verbs[] = {
	{&cmd_run, {"container run"}},
	{&cmd_exec, {"container exec"}},
	{&cmd_ps, {"container ls", "container list", "container ps"}},
	{&cmd_logs, {"container logs"}},
	{&cmd_stop, {"container stop"}},
	{&cmd_start, {"container start"}},
	{&cmd_rm, {"container rm", "container remove"}},
	{&cmd_images, {"image ls", "image list"}},
	{&cmd_pull, {"image pull"}},
	{&cmd_push, {"image push"}},
	{&cmd_build, {"image build"}},
	{&cmd_rmi, {"image rm", "image remove"}},
	{&cmd_tag, {"image tag"}},
	{&cmd_load, {"image load"}},
	{&cmd_save, {"image save"}},
	{&cmd_inspect, {NULL}},
	{&cmd_create, {"container create"}},
	{&cmd_attach, {"container attach"}},
	{&cmd_kill, {"container kill"}},
	{&cmd_pause, {"container pause"}},
	{&cmd_port, {"container port"}},
	{&cmd_rename, {"container rename"}},
	{&cmd_restart, {"container restart"}},
	{&cmd_top, {"container top"}},
	{&cmd_unpause, {"container unpause"}},
	{&cmd_wait, {"container wait"}},
	{&cmd_login, {NULL}},
	{&cmd_logout, {NULL}},
	{&cmd_version, {NULL}},
	{&cmd_info, {"system info"}},
	{&cmd_container_inspect, {NULL}},
	{&cmd_container_prune, {NULL}},
	{&cmd_image_inspect, {NULL}},
	{&cmd_image_prune, {NULL}},
	{&cmd_network_create, {NULL}},
	{&cmd_network_inspect, {NULL}},
	{&cmd_network_ls, {"network list"}},
	{&cmd_network_rm, {"network remove"}},
	{&cmd_system_df, {NULL}},
	{&cmd_volume_create, {NULL}},
	{&cmd_volume_inspect, {NULL}},
	{&cmd_volume_ls, {"volume list"}},
	{&cmd_volume_prune, {NULL}},
	{&cmd_volume_rm, {"volume remove"}},
	{&cmd_container_exited, {NULL}},
	{&cmd_exec_failed, {NULL}},
	{&cmd_hello_image, {NULL}},
	{&cmd_tell, {NULL}},
};

#define ROWS_MAX (ARRAY_LEN(verbs) * 4)

static size_t fill_rows(struct cli_command rows[ROWS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		rows[n++] = *verbs[i].row;
		for (size_t k = 0; k < ARRAY_LEN(verbs[i].alias) && verbs[i].alias[k]; k++) {
			rows[n] = *verbs[i].row;
			rows[n].name = verbs[i].alias[k];
			rows[n++].flags |= CLI_HIDDEN;
		}
	}
	return n;
}

int main(int argc, char **argv)
{
	struct cli_command rows[ROWS_MAX];
	const struct cli_program program = {
		.name = "kist",
		.help = "Run containers, and keep and move their images",
		.options = globals,
		.noptions = ARRAY_LEN(globals),
		.options_size = sizeof(struct mouth_options),
		.commands = rows,
		.ncommands = fill_rows(rows),
		.misuse = dispatch_misuse,
		.exit_status =
			"\\fBrun\\fR and \\fBexec\\fR pass on the container's own status; 125: "
			"kist refused, 126: the command cannot be executed, 127: it was not "
			"found.\n",
		.other = dispatch_other,
		.report = dispatch_report,
		.details =
			"kist understands docker's command line. Each verb is carried out by small "
			"tools (kist-pull, kist-store, kist-spec, kist-monitor, kist-runtime, "
			"kist-netsetup, ...), and \"kist --plan VERB ...\" prints the shell script that "
			"does the same with them. A verb that kist does not have itself is looked for "
			"as a program kist-VERB.",
	};

	return cli_main(&program, argc, argv);
}
