/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/prune.h"

#include "engine/docker/units.h"
#include "lib/io.h"
#include "lib/size.h"

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

void prune_plan_total(struct engine *e, int64_t bytes, bool listed)
{
	char text[SIZE_TEXT_MAX];

	size_decimal(bytes, 4, text);
	if (listed)
		plan_say(&e->plan, "");
	plan_say(&e->plan, arena_printf(&e->arena, "Total reclaimed space: %s", text));
}
