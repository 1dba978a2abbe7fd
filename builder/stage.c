/* SPDX-License-Identifier: Apache-2.0 */
/* Building a stage: its base, then its instructions one after the other. */
#include <stdlib.h>
#include <string.h>

#include "builder/build.h"
#include "builder/parse.h"
#include "lib/own.h"
#include "spec/config_make.h"

const char *stage_text(const struct stage *s, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(&s->build->arena, fmt, ap);
	va_end(ap);
	return text;
}

int stage_expand(struct stage *s, const char *word, const char **out, struct err *err)
{
	return variables_expand(&s->vars, word, out, err);
}

struct strings stage_diff_ids(const struct stage *s)
{
	struct strings ids = {0};

	for (size_t i = 0; i < s->layers.count; i++)
		strings_add(&s->build->arena, &ids, s->layers.items[i].diff_id);
	return ids;
}

struct strings stage_shell(const struct stage *s)
{
	struct strings shell = {0};

	if (s->config.config.shell.count)
		return s->config.config.shell;
	strings_add(&s->build->arena, &shell, "/bin/sh");
	strings_add(&s->build->arena, &shell, "-c");
	return shell;
}

struct strings stage_command(struct stage *s, const struct instruction *in, size_t first)
{
	struct strings command = {0}, shell = stage_shell(s);
	struct arena *a = &s->build->arena;

	for (size_t i = 0; i < shell.count && !in->json && in->args.count > first; i++)
		strings_add(a, &command, shell.items[i]);
	for (size_t i = first; i < in->args.count; i++)
		strings_add(a, &command, in->args.items[i]);
	return command;
}

void stage_begin_step(struct stage *s, const char *text)
{
	own_buf struct buf name = {0};

	s->step++;
	if (s->name)
		buf_addf(&name, "%s ", s->name);
	else if (s->build->stages.count > 1)
		buf_addf(&name, "stage-%zu ", s->index);
	progress_begin(
		&s->build->progress, "[%s%d/%d] %s", buf_str(&name), s->step, s->steps, text);
}

void stage_add_history(
	struct stage *s, const char *created, const char *created_by, bool empty_layer)
{
	size_t n = s->config.history.count;
	struct image_history *items = arena_array(&s->build->arena, n + 1, sizeof(*items));

	if (n)
		memcpy(items, s->config.history.items, n * sizeof(*items));
	items[n] = (struct image_history){
		.created = created,
		.created_by = arena_strdup(&s->build->arena, created_by),
		.comment = "buildkit.dockerfile.v0",
		.empty_layer = empty_layer,
	};
	s->config.history.items = items;
	s->config.history.count = n + 1;
}

int stage_execute(struct stage *s, const struct instruction *in, struct err *err)
{
	int r = step_refuse(s, in, err); /* once more: triggers come from the base image */

	if (r < 0)
		return r;
	switch (in->kind) {
	case INSTRUCTION_RUN:
		r = step_run(s, in, err);
		break;
	case INSTRUCTION_COPY:
	case INSTRUCTION_ADD:
		r = step_copy(s, in, err);
		break;
	case INSTRUCTION_WORKDIR:
		r = step_workdir(s, in, err);
		break;
	default:
		r = step_metadata(s, in, err);
		break;
	}
	if (r < 0 && !s->build->failed)
		s->build->failed = in;
	return r < 0 ? r : 0;
}

/* Copy what a parent stage made; nothing is shared, because lists are changed in place. */
static int begin_with_parent(struct stage *s, struct err *err)
{
	struct arena *a = &s->build->arena;
	const struct stage *parent = s->parent;
	const struct json *document = schema_encode(&image_config_schema, &parent->config, a);

	if (schema_decode(&image_config_schema, document, &s->config, a, err) < 0)
		return err_wrap(err, "cannot copy a stage's configuration");
	s->layers.items = parent->layers.items; /* appending makes a new list */
	s->layers.count = parent->layers.count;
	for (size_t i = 0; i < parent->vars.args.count; i++)
		string_map_set(a, &s->vars.args, parent->vars.args.items[i].key,
			parent->vars.args.items[i].value);
	return 0;
}

static void begin_with_nothing(struct stage *s)
{
	struct arena *a = &s->build->arena;
	const char *platform = platform_host(), *slash = strchr(platform, '/'),
		   *variant = strchr(slash + 1, '/');

	s->config.os = arena_strndup(a, platform, (size_t)(slash - platform));
	s->config.architecture = arena_strndup(
		a, slash + 1, variant ? (size_t)(variant - slash - 1) : strlen(slash + 1));
	s->config.variant = variant ? variant + 1 : NULL;
	s->config.rootfs.type = "layers";
	/* as docker has it: a program of the image finds the others */
	strings_add(a, &s->config.config.env, "PATH=" CONFIG_DEFAULT_PATH);
	s->config.config.working_dir = "/";
}

/* The triggers that the base image keeps run first, and are gone then. */
static int run_triggers(struct stage *s, struct err *err)
{
	struct strings triggers = s->config.config.on_build;
	struct dockerfile d;

	s->config.config.on_build = (struct strings){0};
	for (size_t i = 0; i < triggers.count; i++) {
		if (parse_trigger(triggers.items[i], &d, &s->build->arena, err) < 0)
			return err_wrap(err, "in the ONBUILD trigger '%s' of '%s'",
				triggers.items[i], s->base);
		for (size_t j = 0; j < d.instructions.count; j++) {
			enum instruction_kind kind = d.instructions.items[j].kind;

			s->steps += kind == INSTRUCTION_RUN || kind == INSTRUCTION_COPY ||
				kind == INSTRUCTION_ADD || kind == INSTRUCTION_WORKDIR;
			/* a failure is shown at the FROM line that brought the trigger in */
			s->build->failed = s->from;
			if (stage_execute(s, &d.instructions.items[j], err) < 0)
				return err_wrap(err, "ONBUILD %s", triggers.items[i]);
			s->build->failed = NULL;
		}
	}
	return 0;
}

static int refuse(struct stage *s, struct err *err)
{
	for (size_t i = 0; i < s->ninstructions; i++) {
		if (step_refuse(s, &s->instructions[i], err) < 0) {
			s->build->failed = &s->instructions[i];
			return -err->code;
		}
	}
	return 0;
}

static int begin(struct stage *s, struct err *err)
{
	if (s->parent) {
		if (stage_build(s->parent, err) < 0 || begin_with_parent(s, err) < 0)
			return -err->code;
		s->step = 1;
		return run_triggers(s, err);
	}
	if (strcmp(s->base, "scratch") == 0) {
		begin_with_nothing(s);
		s->step = 1;
		return 0;
	}
	if (stage_begin_base(s, err) < 0) {
		s->build->failed = s->from;
		return -err->code;
	}
	return run_triggers(s, err);
}

int stage_build(struct stage *s, struct err *err)
{
	if (s->built)
		return 0;
	if (refuse(s, err) < 0 || begin(s, err) < 0)
		return -err->code;
	for (size_t i = 0; i < s->ninstructions; i++)
		if (stage_execute(s, &s->instructions[i], err) < 0)
			return -err->code;
	s->built = true;
	return 0;
}
