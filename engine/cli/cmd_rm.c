/* SPDX-License-Identifier: Apache-2.0 */
/* kist rm and kist container prune */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/each.h"
#include "engine/docker/filter.h"
#include "engine/docker/units.h"
#include "engine/verb/disk_usage.h"
#include "engine/verb/prune.h"
#include "engine/verb/stop.h"
#include "lib/own.h"

struct rm_options {
	bool force, volumes, link;
};

static int remove_one(struct engine *e, struct subject *s, const void *options, struct err *err)
{
	const struct rm_options *o = options;
	bool running = s->state.status == STATUS_RUNNING || s->state.status == STATUS_PAUSED;

	if (running && !o->force)
		return err_set(err, E_IN_USE,
			"cannot remove container \"/%s\": container is %s: %s the container before "
			"removing or force remove",
			s->container.record.name, container_status_name(s->state.status),
			s->state.status == STATUS_PAUSED ? "unpause and then stop" : "stop");
	if (running) {
		stop_plan_kill(e, s, SIGKILL);
		stop_plan_wait(e, s);
		/* --rm: its end takes it away already */
		if (s->docker.host_config.auto_remove)
			return 0;
	}
	stop_plan_lock(e, s);
	container_plan_remove(e, &s->container, &s->docker, o->volumes);
	return 0;
}

static int run_rm(const struct cli_call *call, struct err *err)
{
	const struct rm_options *o = call->options;
	own_engine struct engine e = {0};
	int status = 0;

	if (o->link)
		return err_set(err, E_UNSUPPORTED, "kist has no links between containers: --link");
	if (engine_open(call, &e, err) < 0)
		return -err->code;
	for (size_t i = 0; i < call->nargs; i++) {
		own_subject struct subject s = SUBJECT_INIT;
		int r = subject_find(&e, call->args[i], SUBJECT_STARTED, &s, err);
		bool missing = r < 0 && err->code == E_NOT_FOUND;

		if (r == 0)
			r = remove_one(&e, &s, o, err);
		if (r == 0)
			r = engine_do(&e, err);
		if (r < 0) {
			int before = status;

			engine_complain(err, &status);
			/* what is not there need not be removed by force */
			status = missing && o->force ? before : 1;
		} else if (!e.options->plan) {
			printf("%s\n", call->args[i]);
		}
	}
	if (e.options->plan && engine_finish(&e, err) < 0)
		return -err->code;
	return status;
}

#define FLAG(name_, letter_, member, help_)                                                        \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .kind = CLI_FLAG,                            \
		.offset = CLI_FIELD(struct rm_options, member), .help = (help_)                    \
	}

static const struct cli_option options[] = {
	FLAG("force", 'f', force, "also those that run, which are killed"),
	FLAG("volumes", 'v', volumes, "with their anonymous volumes"),
	{.name = "link",
		.letter = 'l',
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct rm_options, link),
		.help = "not in kist",
		.flags = CLI_HIDDEN},
};

const struct cli_command cmd_rm = {
	.name = "rm",
	.synopsis = "[OPTIONS] CONTAINER [CONTAINER...]",
	.help = "Remove containers",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct rm_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_rm,
};

/* ---- container prune ---- */

static int prune_containers(struct engine *e, const struct prune_options *o, struct err *err)
{
	static const char *const keys[] = {"label", "label!", "until", NULL};
	struct container_records records;
	struct filters f;
	int64_t freed = 0;
	size_t n = 0;

	if (filters_parse(&o->filter, keys, &f, err) < 0 ||
		stored_container_list(e->store, &records, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records.count; i++) {
		const struct rm_options quiet = {0};
		own_subject struct subject s = SUBJECT_INIT;
		int64_t upper, layers;

		if (subject_find(e, records.items[i].id, 0, &s, err) < 0)
			continue; /* gone meanwhile */
		if (s.state.status == STATUS_RUNNING || s.state.status == STATUS_PAUSED ||
			!prune_wanted(&f, &s.docker.config.labels, s.container.record.created))
			continue;
		disk_usage_container(e, &records.items[i], &upper, &layers);
		if (remove_one(e, &s, &quiet, err) < 0 || engine_do(e, err) < 0)
			return -err->code;
		printf("%s%s\n", n++ ? "" : "Deleted Containers:\n", records.items[i].id);
		freed += upper;
	}
	prune_total(freed, n > 0);
	return 0;
}

static int run_prune(const struct cli_call *call, struct err *err)
{
	return prune_run(call, prune_containers, "all stopped containers", err);
}

const struct cli_command cmd_container_prune = PRUNE_COMMAND(
	"container prune", "Remove all containers that do not run", run_prune);
