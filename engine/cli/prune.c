/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/prune.h"

#include <stdio.h>

#include "engine/docker/units.h"

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
	int (*prune)(struct mouth *m, const struct prune_options *o, struct err *err),
	const char *what, struct err *err)
{
	const struct prune_options *o = call->options;
	own_mouth struct mouth m = {0};

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	if (!o->force && !confirmed(what))
		return 0;
	return prune(&m, o, err);
}

void prune_total(int64_t bytes, bool listed)
{
	char text[UNITS_TEXT_MAX];

	units_size(bytes, 4, text);
	printf("%sTotal reclaimed space: %s\n", listed ? "\n" : "", text);
}
