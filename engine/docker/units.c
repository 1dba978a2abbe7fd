/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/units.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/duration.h"
#include "lib/io.h"
#include "lib/own.h"

void units_duration(int64_t seconds, char text[UNITS_TEXT_MAX])
{
	int64_t minutes = seconds / 60, hours = (seconds + 1800) / 3600;
	const struct {
		int64_t below, unit;
		const char *name;
	} steps[] = {{48, 1, "hours"}, {24 * 7 * 2, 24, "days"}, {24 * 30 * 2, 24 * 7, "weeks"},
		{24 * 365 * 2, 24 * 30, "months"}, {INT64_MAX, 24 * 365, "years"}};
	size_t i = 0;

	if (seconds < 1)
		snprintf(text, UNITS_TEXT_MAX, "Less than a second");
	else if (seconds < 60)
		snprintf(
			text, UNITS_TEXT_MAX, "%d second%s", (int)seconds, seconds == 1 ? "" : "s");
	else if (minutes == 1)
		snprintf(text, UNITS_TEXT_MAX, "About a minute");
	else if (minutes < 60)
		snprintf(text, UNITS_TEXT_MAX, "%d minutes", (int)minutes);
	else if (hours == 1)
		snprintf(text, UNITS_TEXT_MAX, "About an hour");
	else {
		while (hours >= steps[i].below)
			i++;
		snprintf(text, UNITS_TEXT_MAX, "%lld %s", (long long)(hours / steps[i].unit),
			steps[i].name);
	}
}

void units_since(const char *when, char text[UNITS_TEXT_MAX])
{
	int64_t seconds;
	struct timespec now;
	long nanoseconds;

	if (!when || io_time_parse(when, &seconds, &nanoseconds) < 0) {
		snprintf(text, UNITS_TEXT_MAX, "N/A");
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	units_duration(now.tv_sec - seconds - (now.tv_nsec < nanoseconds), text);
}

void units_age(const char *when, char text[UNITS_TEXT_MAX])
{
	size_t n;

	units_since(when, text);
	n = strlen(text);
	if (strcmp(text, "N/A") != 0)
		snprintf(text + n, UNITS_TEXT_MAX - n, " ago");
}

void units_date(const char *when, char text[UNITS_TEXT_MAX])
{
	int64_t seconds;
	long nanoseconds;
	time_t t;
	struct tm tm;

	if (!when || io_time_parse(when, &seconds, &nanoseconds) < 0) {
		snprintf(text, UNITS_TEXT_MAX, "%s", when ? when : "N/A");
		return;
	}
	t = (time_t)seconds;
	localtime_r(&t, &tm);
	strftime(text, UNITS_TEXT_MAX, "%Y-%m-%d %H:%M:%S %z %Z", &tm);
}

/* "1700000000" and "1700000000.5" */
static int parse_epoch(const char *text, int64_t *seconds, long *nanoseconds)
{
	char *end;
	long unit = 100000000;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*seconds = strtoll(text, &end, 10);
	*nanoseconds = 0;
	if (*end == '.')
		for (end++; isdigit((unsigned char)*end); end++, unit /= 10)
			*nanoseconds += unit * (*end - '0');
	return *end || errno ? -EINVAL : 0;
}

/* "2026-11-24", "2026-11-24T04:25" and "2026-11-24T04:25:11" in the local zone */
static int parse_local(const char *text, int64_t *seconds, long *nanoseconds)
{
	static const char *const forms[] = {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct tm tm = {.tm_isdst = -1};
		const char *rest = strptime(text, forms[i], &tm);

		if (rest && !*rest) {
			*seconds = mktime(&tm);
			*nanoseconds = 0;
			return 0;
		}
	}
	return -EINVAL;
}

int units_parse_time(const char *text, int64_t *seconds, long *nanoseconds, struct err *err)
{
	struct timespec now;
	int64_t back;

	if (parse_epoch(text, seconds, nanoseconds) == 0 ||
		io_time_parse(text, seconds, nanoseconds) == 0 ||
		parse_local(text, seconds, nanoseconds) == 0)
		return 0;
	if (duration_parse(text, &back, err) < 0)
		return err_set(err, E_USAGE,
			"invalid value '%s': expected a time like 2026-11-24T04:25:11Z, seconds since "
			"1970, or a duration like 10m",
			text);
	clock_gettime(CLOCK_REALTIME, &now);
	*seconds = now.tv_sec - back / 1000000000;
	*nanoseconds = now.tv_nsec - (long)(back % 1000000000);
	if (*nanoseconds < 0) {
		*nanoseconds += 1000000000;
		*seconds -= 1;
	}
	return 0;
}
