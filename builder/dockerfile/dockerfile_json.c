/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerfile/dockerfile_json.h"

#include <string.h>

static const struct schema_field flag_fields[] = {
	FIELD(struct instruction_flag, name, "name", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct instruction_flag, value, "value", SCHEMA_STRING, .flags = 0),
};

static const struct schema flag_schema = SCHEMA(struct instruction_flag, flag_fields);

static const struct schema_field heredoc_fields[] = {
	FIELD(struct heredoc, name, "name", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct heredoc, content, "content", SCHEMA_STRING, .flags = SCHEMA_ALWAYS),
	FIELD(struct heredoc, fd, "fd", SCHEMA_INT64, .flags = 0),
	FIELD(struct heredoc, expand, "expand", SCHEMA_BOOL, .flags = SCHEMA_ALWAYS),
	FIELD(struct heredoc, chomp, "chomp", SCHEMA_BOOL, .flags = SCHEMA_ALWAYS),
};

static const struct schema heredoc_schema = SCHEMA(struct heredoc, heredoc_fields);

static const struct schema instruction_schema;

static const struct schema_field instruction_fields[] = {
	FIELD(struct instruction, line, "line", SCHEMA_INT64, .flags = SCHEMA_REQUIRED),
	FIELD(struct instruction, end_line, "end_line", SCHEMA_INT64, .flags = SCHEMA_REQUIRED),
	FIELD(struct instruction, name, "instruction", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct instruction, flags, "flags", SCHEMA_LIST, .sub = &flag_schema,
		.flags = SCHEMA_ALWAYS),
	FIELD(struct instruction, json, "json", SCHEMA_BOOL, .flags = SCHEMA_ALWAYS),
	FIELD(struct instruction, legacy, "legacy", SCHEMA_BOOL, .flags = 0),
	FIELD(struct instruction, args, "args", SCHEMA_STRINGS, .flags = SCHEMA_ALWAYS),
	FIELD(struct instruction, heredocs, "heredocs", SCHEMA_LIST, .sub = &heredoc_schema,
		.flags = SCHEMA_ALWAYS),
	FIELD(struct instruction, trigger, "trigger", SCHEMA_OPT_STRUCT, .sub = &instruction_schema,
		.flags = 0),
	FIELD(struct instruction, original, "original", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
};

static const struct schema instruction_schema = SCHEMA(struct instruction, instruction_fields);

struct json *instruction_to_json(const struct instruction *in, struct arena *a)
{
	return schema_encode(&instruction_schema, in, a);
}

struct json *directives_to_json(const struct dockerfile *d, struct arena *a)
{
	struct json *line = json_new_object(a), *directives = json_new_object(a);

	json_set(a, line, "directives", directives);
	json_set_string(a, directives, "escape", (char[]){d->escape, '\0'});
	json_set_string(a, directives, "syntax", d->syntax);
	json_set_string(a, directives, "check", d->check);
	return line;
}

static int read_directives(struct dockerfile *d, const struct json *object, struct err *err)
{
	const char *escape = json_get_string(object, "escape");

	if (!escape || (*escape != '\\' && *escape != '`'))
		return err_set(err, E_SYNTAX, "the first line has no escape character");
	d->escape = *escape;
	d->syntax = json_get_string(object, "syntax");
	d->check = json_get_string(object, "check");
	return 0;
}

static int read_error(struct dockerfile *d, const struct json *line, struct err *err)
{
	int64_t at = 0;

	if (json_get(line, "line") && json_int64(json_get(line, "line"), &at) == 0 && at > 0)
		d->error_line = (int)at;
	return err_set(err, E_SYNTAX, "%s", json_get_string(line, "error"));
}

static int read_warning(struct dockerfile *d, const struct json *line, struct err *err)
{
	int64_t at = 0;
	struct dockerfile_warning *w = &d->warnings.items[d->warnings.count];

	*w = (struct dockerfile_warning){
		.rule = json_get_string(line, "warning"), .text = json_get_string(line, "text")};
	if (!w->text || !json_get(line, "line") || json_int64(json_get(line, "line"), &at) < 0 ||
		at < 0 || at > DOCKERFILE_MAX)
		return err_set(err, E_SYNTAX, "a warning has no text or line");
	w->line = (int)at;
	d->warnings.count++;
	return 0;
}

static void set_kind(struct instruction *in)
{
	in->kind = instruction_kind(in->name);
	if (in->trigger)
		in->trigger->kind = instruction_kind(in->trigger->name);
}

static int read_line(
	struct dockerfile *d, const char *text, size_t len, struct arena *a, struct err *err)
{
	const struct json *line = json_parse(a, text, len, JSON_LINE_MAX, err);
	struct instruction *in;

	if (!line)
		return -err->code;
	if (json_get_string(line, "error"))
		return read_error(d, line, err);
	if (json_get(line, "directives"))
		return read_directives(d, json_get(line, "directives"), err);
	if (json_get_string(line, "warning"))
		return read_warning(d, line, err);
	if (!json_get(line, "instruction"))
		return 0;
	in = &d->instructions.items[d->instructions.count];
	if (schema_decode(&instruction_schema, line, in, a, err) < 0)
		return -err->code;
	set_kind(in);
	d->instructions.count++;
	return 0;
}

int dockerfile_from_json(
	const char *text, size_t len, struct dockerfile *d, struct arena *a, struct err *err)
{
	size_t lines = 0;
	const char *end = text + len, *lf;

	memset(d, 0, sizeof(*d));
	for (const char *p = text; p < end && (lf = memchr(p, '\n', (size_t)(end - p))); p = lf + 1)
		lines++;
	d->instructions.items = arena_array(a, lines + 1, sizeof(*d->instructions.items));
	d->warnings.items = arena_array(a, lines + 1, sizeof(*d->warnings.items));
	for (const char *p = text; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (!lf)
			return err_set(
				err, E_SYNTAX, "the last line of kist-dockerfile is incomplete");
		if (read_line(d, p, (size_t)(lf - p), a, err) < 0)
			return -err->code;
	}
	return 0;
}
