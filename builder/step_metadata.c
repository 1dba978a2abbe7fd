/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/step_metadata.h"

#include <stdlib.h>
#include <string.h>

#include "builder/build.h"
#include "builder/dockerfile/healthcheck.h"
#include "builder/expose.h"
#include "lib/duration.h"
#include "lib/own.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(struct strings *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), by_text);
}

static void history(struct stage *s, const struct buf *text)
{
	stage_add_history(s, NULL, buf_str(text), true);
}

/* Go's %q of a list: ["a" "b"]. */
static void add_quoted(struct buf *out, const struct strings *list)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (i)
			buf_addc(out, ' ');
		json_write_string(list->items[i], strlen(list->items[i]), out);
	}
	buf_addc(out, ']');
}

/* "name=value", both expanded. The value is what stood before the instruction. */
static int expand_pair(
	struct stage *s, const char *pair, const char **name, const char **value, struct err *err)
{
	size_t n = strcspn(pair, "=");

	if (stage_expand(s, arena_strndup(&s->build->arena, pair, n), name, err) < 0)
		return -err->code;
	return stage_expand(s, pair + n + 1, value, err);
}

/* ENV and LABEL: all are expanded before the first is set. */
static int set_pairs(struct stage *s, const struct instruction *in, struct err *err)
{
	struct arena *a = &s->build->arena;
	const char **names = arena_array(a, in->args.count, sizeof(*names));
	const char **values = arena_array(a, in->args.count, sizeof(*values));
	own_buf struct buf text = {0};

	buf_adds(&text, in->name);
	for (size_t i = 0; i < in->args.count; i++) {
		if (expand_pair(s, in->args.items[i], &names[i], &values[i], err) < 0)
			return -err->code;
		if (!*names[i])
			return err_set(err, E_SYNTAX, "%s names can not be blank", in->name);
		buf_addf(&text, " %s=%s", names[i], values[i]);
	}
	for (size_t i = 0; i < in->args.count; i++) {
		if (in->kind == INSTRUCTION_ENV)
			variables_set_env(&s->vars, names[i], values[i]);
		else
			stage_set_label(s, names[i], values[i]);
	}
	history(s, &text);
	return 0;
}

static int declare_args(struct stage *s, const struct instruction *in, struct err *err)
{
	struct build *b = s->build;
	own_buf struct buf text = {0};

	buf_adds(&text, "ARG");
	for (size_t i = 0; i < in->args.count; i++) {
		const char *arg = in->args.items[i], *value = NULL, *name;
		size_t n = strcspn(arg, "=");

		name = arena_strndup(&b->arena, arg, n);
		if (arg[n] && stage_expand(s, arg + n + 1, &value, err) < 0)
			return -err->code;
		variables_declare(&s->vars, name, value, &b->global);
		value = variables_get_arg(&s->vars, name);
		buf_addf(&text, value ? " %s=%s" : " %s", name, value);
	}
	history(s, &text);
	return 0;
}

static int set_command(struct stage *s, const struct instruction *in, struct err *err)
{
	struct image_execution *e = &s->config.config;
	struct strings command = stage_command(s, in);
	own_buf struct buf text = {0};

	(void)err;
	if (in->kind == INSTRUCTION_CMD) {
		e->cmd = command;
		s->has_cmd = true;
	} else {
		e->entrypoint = command;
		if (!s->has_cmd)
			e->cmd = (struct strings){0};
	}
	e->args_escaped = false;
	buf_addf(&text, "%s ", in->name);
	add_quoted(&text, &command);
	history(s, &text);
	return 0;
}

static int set_shell(struct stage *s, const struct instruction *in, struct err *err)
{
	own_buf struct buf text = {0};

	(void)err;
	s->config.config.shell = (struct strings){0};
	buf_adds(&text, "SHELL [");
	for (size_t i = 0; i < in->args.count; i++) {
		strings_add(&s->build->arena, &s->config.config.shell, in->args.items[i]);
		buf_addf(&text, "%s%s", i ? " " : "", in->args.items[i]);
	}
	buf_addc(&text, ']');
	history(s, &text);
	return 0;
}

static int expose(struct stage *s, const struct instruction *in, struct err *err)
{
	own_mem struct exposed *exposed = xcalloc(1, sizeof(*exposed));
	struct strings words = {0}, ports = {0};
	own_buf struct buf text = {0};

	for (size_t i = 0; i < in->args.count; i++)
		if (variables_expand_words(&s->vars, in->args.items[i], &words, err) < 0)
			return -err->code;
	for (size_t i = 0; i < words.count; i++)
		if (expose_add(exposed, words.items[i], err) < 0)
			return -err->code;
	expose_list(exposed, &ports, &s->build->arena);
	sort(&ports);
	buf_adds(&text, "EXPOSE map[");
	for (size_t i = 0; i < ports.count; i++) {
		names_add_word(&s->ports, &s->config.config.exposed_ports, ports.items[i],
			&s->build->arena);
		buf_addf(&text, "%s%s:{}", i ? " " : "", ports.items[i]);
	}
	buf_addc(&text, ']');
	history(s, &text);
	return 0;
}

static int add_volumes(struct stage *s, const struct instruction *in, struct err *err)
{
	own_buf struct buf text = {0};

	buf_adds(&text, "VOLUME [");
	for (size_t i = 0; i < in->args.count; i++) {
		const char *path;

		if (stage_expand(s, in->args.items[i], &path, err) < 0)
			return -err->code;
		if (!*path)
			return err_set(
				err, E_SYNTAX, "VOLUME specified can not be an empty string");
		names_add_word(&s->volumes, &s->config.config.volumes, path, &s->build->arena);
		buf_addf(&text, "%s%s", i ? " " : "", path);
	}
	buf_addc(&text, ']');
	history(s, &text);
	return 0;
}

static int set_user(struct stage *s, const struct instruction *in, struct err *err)
{
	own_buf struct buf text = {0};

	if (stage_expand(s, in->args.items[0], &s->config.config.user, err) < 0)
		return -err->code;
	buf_addf(&text, "USER %s", s->config.config.user);
	history(s, &text);
	return 0;
}

static int set_stop_signal(struct stage *s, const struct instruction *in, struct err *err)
{
	const char *name;
	own_buf struct buf text = {0};

	if (stage_expand(s, in->args.items[0], &name, err) < 0)
		return -err->code;
	if (!signal_valid(name))
		return err_set(err, E_SYNTAX, "Invalid signal: %s", name);
	s->config.config.stop_signal = name;
	buf_addf(&text, "STOPSIGNAL %s", name);
	history(s, &text);
	return 0;
}

static int set_maintainer(struct stage *s, const struct instruction *in, struct err *err)
{
	own_buf struct buf text = {0};

	(void)err;
	s->config.author = in->args.items[0];
	buf_addf(&text, "MAINTAINER %s", s->config.author);
	history(s, &text);
	return 0;
}

static int set_healthcheck(struct stage *s, const struct instruction *in, struct err *err)
{
	struct healthcheck *h = arena_alloc(&s->build->arena, sizeof(*h));
	struct health_options o = {0};
	own_buf struct buf text = {0};
	const int64_t *const times[] = {
		&o.interval, &o.timeout, &o.start_period, &o.start_interval};

	if (healthcheck_parse(in, &o, &s->build->arena, err) < 0)
		return -err->code;
	*h = (struct healthcheck){.test = o.test,
		.interval = o.interval,
		.timeout = o.timeout,
		.start_period = o.start_period,
		.start_interval = o.start_interval,
		.retries = o.retries};
	s->config.config.healthcheck = h;
	buf_adds(&text, "HEALTHCHECK &{");
	add_quoted(&text, &h->test);
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		buf_adds(&text, " \"");
		duration_format(*times[i], &text);
		buf_addc(&text, '"');
	}
	buf_addf(&text, " '\\x%02x'}", (unsigned)h->retries);
	history(s, &text);
	return 0;
}

static int add_trigger(struct stage *s, const struct instruction *in, struct err *err)
{
	(void)err;
	strings_add(&s->build->arena, &s->config.config.on_build, in->args.items[0]);
	return 0;
}

int step_metadata(struct stage *s, const struct instruction *in, struct err *err)
{
	static int (*const table[INSTRUCTION_KINDS])(
		struct stage *, const struct instruction *, struct err *) = {
		[INSTRUCTION_ARG] = declare_args,
		[INSTRUCTION_CMD] = set_command,
		[INSTRUCTION_ENTRYPOINT] = set_command,
		[INSTRUCTION_ENV] = set_pairs,
		[INSTRUCTION_EXPOSE] = expose,
		[INSTRUCTION_HEALTHCHECK] = set_healthcheck,
		[INSTRUCTION_LABEL] = set_pairs,
		[INSTRUCTION_MAINTAINER] = set_maintainer,
		[INSTRUCTION_ONBUILD] = add_trigger,
		[INSTRUCTION_SHELL] = set_shell,
		[INSTRUCTION_STOPSIGNAL] = set_stop_signal,
		[INSTRUCTION_USER] = set_user,
		[INSTRUCTION_VOLUME] = add_volumes,
	};

	if (!table[in->kind])
		return err_set(err, E_UNSUPPORTED, "%s is not executed", in->name);
	return table[in->kind](s, in, err);
}
