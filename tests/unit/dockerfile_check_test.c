/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "builder/dockerfile/dockerfile.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

/* The message of the one wrong line, which stands second; NULL: nothing is wrong. */
static void second_line(const char *line, const char *expected)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct dockerfile d;
	struct err err = {0};
	static const char prefix[] = "dockerfile parse error on line 2: ";
	int r;

	buf_addf(&text, "FROM x\n%s\n", line);
	r = dockerfile_parse(buf_str(&text), text.len, &d, &a, &err);
	if (r >= 0)
		r = dockerfile_check(&d, 0, &a, &err);
	if (!expected) {
		UNIT_OK(r, &err);
		return;
	}
	CU_ASSERT_EQUAL(r, -E_SYNTAX);
	CU_ASSERT_EQUAL(d.error_line, 2);
	if (strncmp(err.msg, prefix, strlen(prefix)) == 0)
		UNIT_STRING(err.msg + strlen(prefix), expected);
	else
		UNIT_STRING(err.msg, expected);
}

static void suggestions(void)
{
	second_line("RUM x", "unknown instruction: RUM (did you mean RUN?)");
	second_line("form x", "unknown instruction: form (did you mean FROM?)");
	second_line("NOTHING x", "unknown instruction: NOTHING");
	second_line("COPY --chwon=1 a b", "unknown flag: --chwon (did you mean chown?)");
	second_line("CMD --doit x", "unknown flag: --doit");
}

static void flags(void)
{
	second_line("COPY --from=a --from=b a b", "duplicate flag specified: --from");
	second_line("COPY --from a b", "missing a value on flag: --from");
	second_line("COPY --link= a b", "missing a value on flag: --link");
	second_line("COPY --link=maybe a b", "expecting boolean value for flag --link, not: maybe");
	second_line("RUN --mount=type=tmpfs --mount=type=cache x", NULL);
	second_line("COPY --exclude=a --exclude=b --link=False a b", NULL);
}

static void counts(void)
{
	second_line("FROM a b", "FROM requires either one or three arguments");
	second_line("FROM a on b", "FROM requires either one or three arguments");
	second_line("FROM a AS 1x",
		"invalid name for build stage: \"1x\", name can't start with a "
		"number or contain symbols");
	second_line("COPY a",
		"COPY requires at least two arguments, but only one was provided. "
		"Destination could not be determined");
	second_line("ENV", "ENV requires at least one argument");
	second_line("ENV a", "ENV must have two arguments");
	second_line("ENV a=b c",
		"Syntax error - can't find = in \"c\". Must be of the form: name=value");
	second_line("LABEL =b", "LABEL names can not be blank");
	second_line("ARG =b", "ARG names can not be blank");
	second_line("EXPOSE", "EXPOSE requires at least one argument");
	second_line("USER", "USER requires exactly one argument");
	second_line("SHELL /bin/sh", "SHELL requires the arguments to be in JSON form");
	second_line("SHELL []", "SHELL requires at least one argument");
	second_line("VOLUME [\"\"]", "VOLUME specified can not be an empty string");
	second_line("COPY a <<E\nE", "COPY cannot accept a heredoc as a destination");
}

static void triggers(void)
{
	second_line("ONBUILD", "ONBUILD requires at least one argument");
	second_line(
		"ONBUILD ONBUILD RUN x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
	second_line("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger");
	second_line("ONBUILD RUM x", "unknown instruction: RUM (did you mean RUN?)");
	second_line("ONBUILD RUN x", NULL);
}

static void health(void)
{
	second_line("HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments");
	second_line("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD");
	second_line("HEALTHCHECK tcp x", "Unknown type \"TCP\" in HEALTHCHECK (try CMD)");
	second_line("HEALTHCHECK --retries=-1 CMD x", "--retries cannot be negative (-1)");
	second_line("HEALTHCHECK --interval=1us CMD x",
		"Interval \"interval\" cannot be less than 1ms");
	second_line("HEALTHCHECK --timeout=3 CMD x", "time: missing unit in duration \"3\"");
	second_line("HEALTHCHECK --interval=1m30s --timeout=0 --start-period=1.5h CMD x", NULL);
}

static void stages(void)
{
	own_arena struct arena a = {0};
	struct dockerfile d;
	struct err err;
	static const char early[] = "ARG a\nRUN x\nFROM y\n", none[] = "ARG a\n";

	CU_ASSERT_EQUAL(dockerfile_parse(early, strlen(early), &d, &a, &err), 0);
	CU_ASSERT_EQUAL(dockerfile_check(&d, 0, &a, &err), -E_SYNTAX);
	UNIT_STRING(err.msg, "dockerfile parse error on line 2: no build stage in current context");
	CU_ASSERT_EQUAL(dockerfile_parse(none, strlen(none), &d, &a, &err), 0);
	CU_ASSERT_EQUAL(dockerfile_check(&d, 0, &a, &err), -E_SYNTAX);
	CU_ASSERT_EQUAL(dockerfile_check(&d, DOCKERFILE_TRIGGER, &a, &err), 0);
}

UNIT_TESTS(dockerfile_check) = {
	{"an unknown word is named with the nearest right one", suggestions},
	{"flags are known, single and have their values", flags},
	{"every instruction has its number and form of arguments", counts},
	{"what may not be a trigger is refused", triggers},
	{"health checks are checked", health},
	{"instructions belong to a stage", stages},
};
UNIT_COUNT(dockerfile_check)
