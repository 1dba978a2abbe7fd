/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerfile/healthcheck.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/duration.h"

/* Zero, or at least a millisecond. */
static int interval(const struct instruction *in, const char *flag, int64_t *value, struct err *err)
{
	const char *text = instruction_flag(in, flag);

	*value = 0;
	if (!text || !*text)
		return 0;
	if (duration_parse(text, value, err) < 0)
		return -E_SYNTAX;
	if (*value != 0 && *value < 1000000)
		return err_set(err, E_SYNTAX, "Interval \"%s\" cannot be less than 1ms", flag);
	return 0;
}

static int retries(const struct instruction *in, int64_t *value, struct err *err)
{
	const char *text = instruction_flag(in, "retries");
	char *end;

	*value = 0;
	if (!text || !*text)
		return 0;
	errno = 0;
	*value = strtoll(text, &end, 10);
	if (*end || errno || *value > INT32_MAX || *value < INT32_MIN ||
		!strchr("-+0123456789", *text))
		return err_set(err, E_SYNTAX, "--retries takes a whole number, not \"%s\"", text);
	if (*value < 0)
		return err_set(err, E_SYNTAX, "--retries cannot be negative (%s)", text);
	return 0;
}

int healthcheck_parse(
	const struct instruction *in, struct health_options *h, struct arena *a, struct err *err)
{
	const char *type = in->args.count ? in->args.items[0] : NULL;

	memset(h, 0, sizeof(*h));
	if (!type)
		return err_set(err, E_SYNTAX, "HEALTHCHECK requires at least one argument");
	if (strcasecmp(type, "NONE") == 0) {
		if (in->args.count > 1)
			return err_set(err, E_SYNTAX, "HEALTHCHECK NONE takes no arguments");
		strings_add(a, &h->test, "NONE");
		return 0;
	}
	if (strcasecmp(type, "CMD") != 0) {
		char upper[64] = "";

		for (size_t i = 0; i < sizeof(upper) - 1 && type[i]; i++)
			upper[i] = (char)(type[i] >= 'a' && type[i] <= 'z' ? type[i] - 32
									   : type[i]);
		return err_set(
			err, E_SYNTAX, "Unknown type \"%s\" in HEALTHCHECK (try CMD)", upper);
	}
	if (in->args.count < 2)
		return err_set(err, E_SYNTAX, "Missing command after HEALTHCHECK CMD");
	strings_add(a, &h->test, in->json ? "CMD" : "CMD-SHELL");
	for (size_t i = 1; i < in->args.count; i++)
		strings_add(a, &h->test, in->args.items[i]);
	if (interval(in, "interval", &h->interval, err) < 0 ||
		interval(in, "timeout", &h->timeout, err) < 0 ||
		interval(in, "start-period", &h->start_period, err) < 0 ||
		interval(in, "start-interval", &h->start_interval, err) < 0)
		return -E_SYNTAX;
	return retries(in, &h->retries, err);
}
