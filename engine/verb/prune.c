/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/prune.h"

#include <stdio.h>
#include <string.h>

#include "engine/docker/units.h"
#include "lib/io.h"

#define OPTION(name_, letter_, kind_, member, arg_, help_)                                         \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .kind = (kind_),                             \
		.offset = CLI_FIELD(struct prune_options, member), .arg = (arg_), .help = (help_)  \
	}

const struct cli_option prune_option_table[PRUNE_OPTIONS_COUNT] = {
	OPTION("all", 'a', CLI_FLAG, all, NULL, "not only what has no name"),
	OPTION("filter", 0, CLI_STRINGS, filter, "KEY=VALUE", "only those, until=24h"),
	OPTION("force", 'f', CLI_FLAG, force, NULL, "do not ask"),
	OPTION("volumes", 0, CLI_FLAG, volumes, NULL, "anonymous volumes, too"),
};

static bool confirmed(const char *what)
{
	char answer[16];

	printf("WARNING! This will remove %s.\nAre you sure you want to continue? [y/N] ", what);
	fflush(stdout);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	return answer[0] == 'y' || answer[0] == 'Y';
}

int prune_run(const struct cli_call *call,
	int (*prune)(struct engine *e, const struct prune_options *o, struct err *err),
	const char *what, struct err *err)
{
	const struct prune_options *o = call->options;
	own_engine struct engine e = {0};

	if (engine_open_without_plan(call, &e, err) < 0)
		return -err->code;
	if (!o->force && !confirmed(what))
		return 0;
	return prune(&e, o, err);
}

static bool older(const void *created, const char *value)
{
	int64_t seconds, limit;
	long nanoseconds;

	if (units_parse_time(value, &limit, &nanoseconds, &(struct err){0}) < 0 ||
		io_time_parse(created, &seconds, &nanoseconds) < 0)
		return false;
	return seconds < limit;
}

bool prune_wanted(const struct filters *f, const struct string_map *labels, const char *created)
{
	const char *without = filters_value(f, "label!");

	return filters_match(f, "label", filter_label, labels) &&
		filters_match(f, "until", older, created) &&
		!(without && filter_label(labels, without));
}

void prune_total(int64_t bytes, bool listed)
{
	char text[UNITS_TEXT_MAX];

	units_size(bytes, 4, text);
	printf("%sTotal reclaimed space: %s\n", listed ? "\n" : "", text);
}
