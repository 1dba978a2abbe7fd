/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/stages.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "builder/dockerfile/suggest.h"
#include "lib/own.h"

/* "linux/amd64", also as "amd64"; only what we run on can be built. */
static int check_platform(struct build *b, const char *text, struct err *err)
{
	const char *host = platform_host(), *arch = strchr(host, '/') + 1, *expanded;

	if (variables_expand(&b->global, text, &expanded, err) < 0)
		return -err->code;
	if (!*expanded || strcmp(expanded, host) == 0 || strcmp(expanded, arch) == 0 ||
		strcmp(expanded, "local") == 0)
		return 0;
	return err_set(err, E_UNSUPPORTED,
		"cannot build for platform '%s': only this machine's, %s, is executed", expanded,
		host);
}

static int declare_global(struct build *b, const struct instruction *in, struct err *err)
{
	for (size_t i = 0; i < in->args.count; i++) {
		const char *arg = in->args.items[i], *value = NULL;
		size_t n = strcspn(arg, "=");

		if (arg[n] && variables_expand(&b->global, arg + n + 1, &value, err) < 0)
			return -err->code;
		variables_declare(&b->global, arena_strndup(&b->arena, arg, n), value, NULL);
	}
	return 0;
}

static const char *lower(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s);

	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

struct stage *stages_find(struct build *b, const char *name, size_t limit)
{
	char *end;
	unsigned long number = strtoul(name, &end, 10);

	for (size_t i = limit; i-- > 0;)
		if (b->stages.items[i].name && strcasecmp(b->stages.items[i].name, name) == 0)
			return &b->stages.items[i];
	if (isdigit((unsigned char)*name) && !*end && number < limit)
		return &b->stages.items[number];
	return NULL;
}

/* FROM names stages only by name: a number would be an image. */
static struct stage *find_parent(struct build *b, const char *base, size_t limit)
{
	return isdigit((unsigned char)*base) ? NULL : stages_find(b, base, limit);
}

static int add_stage(struct build *b, const struct instruction *in, struct err *err)
{
	struct stage *s = &b->stages.items[b->stages.count];
	const char *platform = instruction_flag(in, "platform");

	*s = (struct stage){.build = b,
		.index = b->stages.count,
		.from = in,
		.instructions = in + 1,
		.steps = 1};
	s->vars = (struct variables){.arena = &b->arena,
		.escape = b->dockerfile.escape,
		.given = &b->args,
		.spent = &b->spent,
		.env = &s->config.config.env,
		.proxies = true};
	if (platform && check_platform(b, platform, err) < 0)
		return -err->code;
	if (variables_expand(&b->global, in->args.items[0], &s->base, err) < 0)
		return -err->code;
	if (!*s->base)
		return err_set(
			err, E_SYNTAX, "base name (%s) should not be blank", in->args.items[0]);
	if (in->args.count == 3)
		s->name = lower(&b->arena, in->args.items[2]);
	s->parent = find_parent(b, s->base, s->index);
	b->stages.count++;
	return 0;
}

static void add_instruction(struct build *b, const struct instruction *in)
{
	struct stage *s = &b->stages.items[b->stages.count - 1];

	s->ninstructions++;
	s->steps += stage_is_step(in);
}

int stages_plan(struct build *b, struct err *err)
{
	const struct instruction *in = b->dockerfile.instructions.items;
	size_t count = b->dockerfile.instructions.count;
	size_t stages = 0;
	int r = 0;

	for (size_t i = 0; i < count; i++)
		stages += in[i].kind == INSTRUCTION_FROM;
	if (stages > STAGES_MAX)
		return err_set(err, E_LIMIT, "the Dockerfile has %zu stages, more than %d", stages,
			STAGES_MAX);
	b->stages.items = arena_array(&b->arena, stages, sizeof(*b->stages.items));
	b->global = (struct variables){.arena = &b->arena,
		.escape = b->dockerfile.escape,
		.given = &b->args,
		.spent = &b->spent};
	variables_declare_platform(&b->global, platform_host(), b->options->target);
	for (size_t i = 0; i < count && r == 0; i++, in++) {
		if (in->kind == INSTRUCTION_FROM)
			r = add_stage(b, in, err);
		else if (!b->stages.count)
			r = declare_global(b, in, err);
		else
			add_instruction(b, in);
		if (r < 0)
			b->failed = in;
	}
	return r;
}

static int no_target(struct build *b, const char *name, struct err *err)
{
	const char **names = arena_array(&b->arena, b->stages.count, sizeof(*names)), *near;
	size_t n = 0;

	for (size_t i = 0; i < b->stages.count; i++)
		if (b->stages.items[i].name)
			names[n++] = b->stages.items[i].name;
	near = suggest(name, names, n, true);
	err_set(err, E_NOT_FOUND, "target stage \"%s\" could not be found%s%s%s", name,
		near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	return -E_NOT_FOUND;
}

struct stage *stages_target(struct build *b, struct err *err)
{
	const char *name = b->options->target;
	struct stage *target = &b->stages.items[b->stages.count - 1];

	if (name && *name)
		target = stages_find(b, name, b->stages.count);
	if (!target) {
		no_target(b, name, err);
		return NULL;
	}
	for (struct stage *s = target; s; s = s->parent)
		s->exported = true;
	return target;
}
