/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/stage.h"

#include <stdlib.h>
#include <string.h>

#include "builder/build.h"
#include "lib/own.h"
#include "spec/config_make.h"

#define HISTORY_ENTRY 64 /* bytes of JSON that every entry has besides its text, at least */

const char *stage_text(const struct stage *s, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(&s->build->arena, fmt, ap);
	va_end(ap);
	return text;
}

int stage_expand(const struct stage *s, const char *word, const char **out, struct err *err)
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

struct strings stage_command(const struct stage *s, const struct instruction *in)
{
	struct strings command = {0}, shell = stage_shell(s);
	struct arena *a = &s->build->arena;

	for (size_t i = 0; i < shell.count && !in->json && in->args.count; i++)
		strings_add(a, &command, shell.items[i]);
	for (size_t i = 0; i < in->args.count; i++)
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
	report_begin(&s->build->report, "[%s%d/%d] %s", buf_str(&name), s->step, s->steps, text);
}

void stage_add_history(
	struct stage *s, const char *created, const char *created_by, bool empty_layer)
{
	size_t n = s->config.history.count;
	struct image_history *items = s->config.history.items;

	if (s->history_room <= n) {
		s->history_room = n < 8 ? 16 : 2 * n;
		items = arena_array(&s->build->arena, s->history_room, sizeof(*items));
		if (n)
			memcpy(items, s->config.history.items, n * sizeof(*items));
	}
	items[n] = (struct image_history){
		.created = created,
		.created_by = arena_strdup(&s->build->arena, created_by),
		.comment = "buildkit.dockerfile.v0",
		.empty_layer = empty_layer,
	};
	s->config.history.items = items;
	s->config.history.count = n + 1;
	s->history_bytes += strlen(created_by) + HISTORY_ENTRY;
}

bool stage_is_step(const struct instruction *in)
{
	return in->kind == INSTRUCTION_RUN || in->kind == INSTRUCTION_COPY ||
		in->kind == INSTRUCTION_ADD || in->kind == INSTRUCTION_WORKDIR;
}

void stage_push_layer(struct stage *s, const char *diff_id, const struct descriptor *blob)
{
	size_t n = s->layers.count;
	struct stage_layer *items = arena_array(&s->build->arena, n + 1, sizeof(*items));

	if (n)
		memcpy(items, s->layers.items, n * sizeof(*items));
	items[n] = (struct stage_layer){.diff_id = diff_id};
	if (blob)
		items[n].blob = *blob;
	s->layers.items = items;
	s->layers.count = n + 1;
}

void stage_set_label(struct stage *s, const char *name, const char *value)
{
	names_set_pair(&s->labels, &s->config.config.labels, name, value, &s->build->arena);
}

/* Pairs are appended and get other values in place: an array of its own. */
static struct string_map copy_map(const struct string_map *from, struct arena *a)
{
	struct string_map to = {.count = from->count};

	to.items = arena_array(a, from->count, sizeof(*to.items));
	if (from->count)
		memcpy(to.items, from->items, from->count * sizeof(*to.items));
	return to;
}

int stage_inherit(struct stage *s, const struct stage *parent, struct err *err)
{
	struct arena *a = &s->build->arena;
	const struct image_execution *from = &parent->config.config;
	struct image_execution *to = &s->config.config;
	size_t entries = from->env.count + from->volumes.count + from->exposed_ports.count +
		from->labels.count + parent->vars.args.count + parent->config.history.count;

	s->config = parent->config;
	s->history_bytes = parent->history_bytes;
	to->env = strings_copy(&from->env, a);
	to->volumes = strings_copy(&from->volumes, a);
	to->exposed_ports = strings_copy(&from->exposed_ports, a);
	to->on_build = strings_copy(&from->on_build, a);
	to->labels = copy_map(&from->labels, a);
	s->vars.args = copy_map(&parent->vars.args, a);
	/* these are only replaced as a whole, or copied when something is appended */
	s->layers.items = parent->layers.items;
	s->layers.count = parent->layers.count;
	/* an entry costs its place in the list, in its index, and in a history that grows */
	return variables_spend(&s->vars, entries * 64, err);
}

void stage_begin_scratch(struct stage *s)
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
