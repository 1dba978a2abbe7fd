/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "builder/dockerfile/dockerfile.h"
#include "builder/dockerfile/healthcheck.h"
#include "builder/dockerfile/suggest.h"
#include "lib/buf.h"
#include "lib/own.h"

enum flag_type { FLAG_BOOL, FLAG_VALUE, FLAG_VALUES };

struct flag {
	const char *name;
	enum flag_type type;
};

#define FLAGS_MAX 8

struct check {
	struct instruction *in;
	struct arena *arena;
	struct err *err;
};

struct rule {
	int min_args, max_args; /* max_args -1: any number */
	int (*check)(struct check *c);
	struct flag flags[FLAGS_MAX];
};

static int wrong(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int wrong(struct check *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vset(c->err, E_SYNTAX, fmt, ap);
	va_end(ap);
	return -E_SYNTAX;
}

static int check_from(struct check *c)
{
	const struct strings *args = &c->in->args;
	const char *name = args->count == 3 ? args->items[2] : NULL;

	if (args->count != 1 && (args->count != 3 || strcasecmp(args->items[1], "as") != 0))
		return wrong(c, "FROM requires either one or three arguments");
	for (const char *p = name; p && *p; p++)
		if (!isalnum((unsigned char)*p) && !(p > name && strchr("-_.", *p)))
			return wrong(c,
				"invalid name for build stage: \"%s\", name can't start with a number "
				"or contain symbols",
				name);
	if (name && isdigit((unsigned char)*name))
		return wrong(c,
			"invalid name for build stage: \"%s\", name can't start with a number or "
			"contain symbols",
			name);
	return 0;
}

static int check_pairs(struct check *c)
{
	for (size_t i = 0; i < c->in->args.count; i++)
		if (*c->in->args.items[i] == '=')
			return wrong(c, "%s names can not be blank", c->in->name);
	return 0;
}

static int check_copy(struct check *c)
{
	const struct strings *args = &c->in->args;
	struct heredoc h;

	if (args->count < 2)
		return wrong(c,
			"%s requires at least two arguments, but only one was provided. Destination "
			"could not be determined",
			c->in->name);
	if (!c->in->json && heredoc_parse(args->items[args->count - 1], &h, c->arena))
		return wrong(c, "%s cannot accept a heredoc as a destination", c->in->name);
	return 0;
}

static bool is_one_of(const char *value, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(value, words[i]) == 0)
			return true;
	return false;
}

static int check_run(struct check *c)
{
	static const char *const networks[] = {"default", "none", "host"};
	static const char *const securities[] = {"sandbox", "insecure"};
	const char *network = instruction_flag(c->in, "network");
	const char *security = instruction_flag(c->in, "security");

	if (network && !is_one_of(network, networks, ARRAY_LEN(networks)))
		return wrong(c, "invalid network mode '%s' (default, none or host)", network);
	if (security && !is_one_of(security, securities, ARRAY_LEN(securities)))
		return wrong(c, "security \"%s\" is not valid (sandbox or insecure)", security);
	return 0;
}

static int check_shell(struct check *c)
{
	if (!c->in->json)
		return wrong(c, "SHELL requires the arguments to be in JSON form");
	return 0;
}

static int check_volume(struct check *c)
{
	for (size_t i = 0; i < c->in->args.count; i++)
		if (!c->in->args.items[i][strspn(c->in->args.items[i], " \t")])
			return wrong(c, "VOLUME specified can not be an empty string");
	return 0;
}

static int check_health(struct check *c)
{
	struct health_options h;

	return healthcheck_parse(c->in, &h, c->arena, c->err);
}

static int check_trigger(struct check *c)
{
	enum instruction_kind kind = c->in->trigger->kind;

	if (kind == INSTRUCTION_FROM || kind == INSTRUCTION_MAINTAINER)
		return wrong(c, "%s isn't allowed as an ONBUILD trigger", instruction_name(kind));
	return 0;
}

static const struct rule rules[INSTRUCTION_KINDS] = {
	[INSTRUCTION_ADD] = {0, -1, check_copy,
		{{"chown", FLAG_VALUE}, {"chmod", FLAG_VALUE}, {"link", FLAG_BOOL},
			{"keep-git-dir", FLAG_BOOL}, {"checksum", FLAG_VALUE},
			{"unpack", FLAG_BOOL}, {"exclude", FLAG_VALUES}}},
	[INSTRUCTION_ARG] = {1, -1, check_pairs, {{0}}},
	[INSTRUCTION_CMD] = {0, -1, NULL, {{0}}},
	[INSTRUCTION_COPY] = {0, -1, check_copy,
		{{"from", FLAG_VALUE}, {"chown", FLAG_VALUE}, {"chmod", FLAG_VALUE},
			{"link", FLAG_BOOL}, {"parents", FLAG_BOOL}, {"exclude", FLAG_VALUES}}},
	[INSTRUCTION_ENTRYPOINT] = {0, -1, NULL, {{0}}},
	[INSTRUCTION_ENV] = {1, -1, check_pairs, {{0}}},
	[INSTRUCTION_EXPOSE] = {1, -1, NULL, {{0}}},
	[INSTRUCTION_FROM] = {0, -1, check_from, {{"platform", FLAG_VALUE}}},
	[INSTRUCTION_HEALTHCHECK] = {1, -1, check_health,
		{{"interval", FLAG_VALUE}, {"timeout", FLAG_VALUE}, {"start-period", FLAG_VALUE},
			{"start-interval", FLAG_VALUE}, {"retries", FLAG_VALUE}}},
	[INSTRUCTION_LABEL] = {1, -1, check_pairs, {{0}}},
	[INSTRUCTION_MAINTAINER] = {1, 1, NULL, {{0}}},
	[INSTRUCTION_ONBUILD] = {1, -1, check_trigger, {{0}}},
	[INSTRUCTION_RUN] = {0, -1, check_run,
		{{"mount", FLAG_VALUES}, {"network", FLAG_VALUE}, {"security", FLAG_VALUE},
			{"device", FLAG_VALUES}}},
	[INSTRUCTION_SHELL] = {1, -1, check_shell, {{0}}},
	[INSTRUCTION_STOPSIGNAL] = {1, 1, NULL, {{0}}},
	[INSTRUCTION_USER] = {1, 1, NULL, {{0}}},
	[INSTRUCTION_VOLUME] = {1, -1, check_volume, {{0}}},
	[INSTRUCTION_WORKDIR] = {1, 1, NULL, {{0}}},
};

static int unknown(struct check *c, const char *what, const char *word, const char *const *words,
	size_t count, bool ignore_case)
{
	const char *near = suggest(word + strspn(word, "-"), words, count, ignore_case);

	if (near)
		return wrong(c, "unknown %s: %s (did you mean %s?)", what, word, near);
	return wrong(c, "unknown %s: %s", what, word);
}

static int unknown_instruction(struct check *c)
{
	const char *names[INSTRUCTION_KINDS];
	size_t n = 0;

	for (int k = INSTRUCTION_UNKNOWN + 1; k < INSTRUCTION_KINDS; k++)
		names[n++] = instruction_name((enum instruction_kind)k);
	return unknown(c, "instruction", c->in->name, names, n, true);
}

static int unknown_flag(struct check *c, const struct rule *rule, const char *name)
{
	const char *names[FLAGS_MAX];
	size_t n = 0;

	for (; n < FLAGS_MAX && rule->flags[n].name; n++)
		names[n] = rule->flags[n].name;
	return unknown(c, "flag", arena_printf(c->arena, "--%s", name), names, n, false);
}

static int check_flag(struct check *c, const struct rule *rule, size_t index)
{
	const struct instruction_flag *flag = &c->in->flags.items[index];
	const struct flag *known = NULL;

	for (size_t i = 0; i < FLAGS_MAX && rule->flags[i].name && !known; i++)
		if (strcmp(rule->flags[i].name, flag->name) == 0)
			known = &rule->flags[i];
	if (!known)
		return unknown_flag(c, rule, flag->name);
	for (size_t i = 0; i < index && known->type != FLAG_VALUES; i++)
		if (strcmp(c->in->flags.items[i].name, flag->name) == 0)
			return wrong(c, "duplicate flag specified: --%s", flag->name);
	if (known->type == FLAG_BOOL ? flag->value && !*flag->value : !flag->value)
		return wrong(c, "missing a value on flag: --%s", flag->name);
	if (known->type == FLAG_BOOL && flag->value && strcasecmp(flag->value, "true") != 0 &&
		strcasecmp(flag->value, "false") != 0)
		return wrong(c, "expecting boolean value for flag --%s, not: %s", flag->name,
			flag->value);
	return 0;
}

static int check_instruction(struct check *c)
{
	const struct rule *rule = &rules[c->in->kind];
	int count = (int)c->in->args.count;

	if (c->in->kind == INSTRUCTION_UNKNOWN)
		return unknown_instruction(c);
	for (size_t i = 0; i < c->in->flags.count; i++)
		if (check_flag(c, rule, i) < 0)
			return -E_SYNTAX;
	if (rule->max_args == 1 && count != 1)
		return wrong(c, "%s requires exactly one argument", c->in->name);
	if (count < rule->min_args)
		return wrong(c, "%s requires at least one argument", c->in->name);
	return rule->check ? rule->check(c) : 0;
}

static int at_line(struct dockerfile *d, const struct instruction *in, struct err *err)
{
	d->error_line = (int)in->line;
	err_wrap(err, "dockerfile parse error on line %d", d->error_line);
	return -E_SYNTAX;
}

int dockerfile_check(struct dockerfile *d, unsigned flags, struct arena *a, struct err *err)
{
	bool stage = flags & DOCKERFILE_TRIGGER;
	struct check c = {.arena = a, .err = err};

	for (size_t i = 0; i < d->instructions.count; i++) {
		struct instruction *in = &d->instructions.items[i];

		c.in = in;
		if (check_instruction(&c) < 0)
			return at_line(d, in, c.err);
		c.in = in->trigger;
		if (c.in && check_instruction(&c) < 0)
			return at_line(d, in, c.err);
		stage |= in->kind == INSTRUCTION_FROM;
		if (!stage && in->kind != INSTRUCTION_ARG) {
			err_set(c.err, E_SYNTAX, "no build stage in current context");
			return at_line(d, in, c.err);
		}
	}
	if (!stage) {
		d->error_line = 0;
		return err_set(err, E_SYNTAX, "the Dockerfile has no build stage (FROM)");
	}
	return 0;
}
