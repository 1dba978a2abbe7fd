/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/run_mount.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "builder/dockerfile/suggest.h"
#include "lib/cli.h"
#include "lib/own.h"
#include "lib/path.h"

enum key {
	KEY_TYPE,
	KEY_TARGET,
	KEY_SOURCE,
	KEY_FROM,
	KEY_ID,
	KEY_READONLY,
	KEY_READWRITE,
	KEY_SHARING,
	KEY_MODE,
	KEY_UID,
	KEY_GID,
	KEY_SIZE,
	KEY_REQUIRED,
	KEY_ENV,
};

#define BIND   (1u << RUN_MOUNT_BIND)
#define CACHE  (1u << RUN_MOUNT_CACHE)
#define TMPFS  (1u << RUN_MOUNT_TMPFS)
#define SECRET (1u << RUN_MOUNT_SECRET)
#define SSH    (1u << RUN_MOUNT_SSH)
#define ALL    (BIND | CACHE | TMPFS | SECRET | SSH)

static const struct {
	const char *name;
	enum key key;
	unsigned types; /* that know it */
	bool bare;      /* may stand without '=' */
} keys[] = {
	{"type", KEY_TYPE, ALL, false},
	{"target", KEY_TARGET, ALL, false},
	{"dst", KEY_TARGET, ALL, false},
	{"destination", KEY_TARGET, ALL, false},
	{"source", KEY_SOURCE, BIND | CACHE | SECRET, false},
	{"src", KEY_SOURCE, BIND | CACHE | SECRET, false},
	{"from", KEY_FROM, BIND | CACHE, false},
	{"id", KEY_ID, CACHE | SECRET | SSH, false},
	{"ro", KEY_READONLY, BIND | CACHE, true},
	{"readonly", KEY_READONLY, BIND | CACHE, true},
	{"rw", KEY_READWRITE, BIND | CACHE, true},
	{"readwrite", KEY_READWRITE, BIND | CACHE, true},
	{"sharing", KEY_SHARING, CACHE, false},
	{"mode", KEY_MODE, CACHE | SECRET | SSH, false},
	{"uid", KEY_UID, CACHE | SECRET | SSH, false},
	{"gid", KEY_GID, CACHE | SECRET | SSH, false},
	{"size", KEY_SIZE, TMPFS, false},
	{"required", KEY_REQUIRED, SECRET | SSH, true},
	{"env", KEY_ENV, SECRET, true},
};

static const char *const type_names[] = {"bind", "cache", "tmpfs", "secret", "ssh"};

static int unexpected_key(const char *name, const char *field, struct err *err)
{
	const char *names[ARRAY_LEN(keys)], *near;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		names[i] = keys[i].name;
	near = suggest(name, names, ARRAY_LEN(keys), true);
	if (near)
		return err_set(err, E_SYNTAX, "unexpected key '%s' in '%s' (did you mean %s?)",
			name, field, near);
	return err_set(err, E_SYNTAX, "unexpected key '%s' in '%s'", name, field);
}

static int parse_type(const char *value, struct run_mount *m, struct err *err)
{
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(type_names); i++) {
		if (strcasecmp(value, type_names[i]) == 0) {
			m->type = (enum run_mount_type)i;
			return 0;
		}
	}
	near = suggest(value, type_names, ARRAY_LEN(type_names), true);
	if (near)
		return err_set(err, E_SYNTAX, "unsupported mount type \"%s\" (did you mean %s?)",
			value, near);
	return err_set(err, E_SYNTAX, "unsupported mount type \"%s\"", value);
}

static int parse_number(
	const char *name, const char *value, int base, unsigned *number, struct err *err)
{
	char *end;
	unsigned long n = strtoul(value, &end, base);

	if (!isdigit((unsigned char)*value) || *end || n > INT32_MAX)
		return err_set(err, E_SYNTAX, "invalid value %s for %s", value, name);
	*number = (unsigned)n;
	return 0;
}

static int parse_flag(const char *name, const char *value, bool *flag, struct err *err)
{
	if (strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0)
		*flag = true;
	else if (strcasecmp(value, "false") == 0 || strcmp(value, "0") == 0)
		*flag = false;
	else
		return err_set(err, E_SYNTAX, "invalid value for '%s': %s", name, value);
	return 0;
}

static int parse_sharing(const char *value, enum run_mount_sharing *sharing, struct err *err)
{
	static const char *const names[] = {"shared", "private", "locked"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcasecmp(value, names[i]) == 0) {
			*sharing = (enum run_mount_sharing)i;
			return 0;
		}
	}
	return err_set(err, E_SYNTAX, "unsupported sharing value \"%s\"", value);
}

static int set_key(
	struct run_mount *m, enum key key, const char *name, const char *value, struct err *err)
{
	bool flag;
	int r = 0;

	switch (key) {
	case KEY_TYPE:
		break; /* was first */
	case KEY_TARGET:
		m->target = value;
		break;
	case KEY_SOURCE:
		m->source = value;
		break;
	case KEY_FROM:
		m->from = value;
		break;
	case KEY_ID:
		m->id = value;
		break;
	case KEY_READONLY:
		r = parse_flag(name, value, &m->readonly, err);
		break;
	case KEY_READWRITE:
		r = parse_flag(name, value, &flag, err);
		if (r == 0)
			m->readonly = !flag;
		break;
	case KEY_SHARING:
		return parse_sharing(value, &m->sharing, err);
	case KEY_MODE:
		return parse_number(name, value, 8, &m->mode, err);
	case KEY_UID:
		return parse_number(name, value, 10, &m->uid, err);
	case KEY_GID:
		return parse_number(name, value, 10, &m->gid, err);
	case KEY_SIZE:
		if (cli_parse_size(value, &m->size) < 0)
			return err_set(err, E_SYNTAX, "invalid value for size: %s", value);
		break;
	case KEY_REQUIRED:
		return parse_flag(name, value, &m->required, err);
	case KEY_ENV:
		m->env = value;
		break;
	}
	return r;
}

/* One field of the CSV: "key=value" or a bare key. first: only its type counts. */
static int read_field(const char *field, const struct variables *v, bool first, struct run_mount *m,
	struct err *err)
{
	size_t n = strcspn(field, "="), i = 0;
	const char *name = arena_strndup(v->arena, field, n),
		   *value = field[n] ? field + n + 1 : NULL;

	for (; i < ARRAY_LEN(keys) && strcasecmp(keys[i].name, name) != 0; i++)
		;
	if (first && (i == ARRAY_LEN(keys) || keys[i].key != KEY_TYPE))
		return 0;
	if (i == ARRAY_LEN(keys))
		return value ? unexpected_key(name, field, err)
			     : err_set(err, E_SYNTAX, "invalid field '%s' must be a key=value pair",
				       field);
	if (!value && !keys[i].bare)
		return err_set(err, E_SYNTAX, "invalid field '%s' must be a key=value pair", field);
	if (!value)
		value = "true";
	if (keys[i].key == KEY_FROM && strchr(value, '$'))
		return err_set(err, E_SYNTAX,
			"'from' doesn't support variable expansion, define alias "
			"stage instead");
	if (variables_expand(v, value, &value, err) < 0)
		return -err->code;
	if (keys[i].key == KEY_TYPE)
		return first ? parse_type(value, m, err) : 0;
	if (!(keys[i].types & 1u << m->type))
		return err_set(err, E_SYNTAX, "unexpected key '%s' for mount type '%s'", name,
			type_names[m->type]);
	return set_key(m, keys[i].key, name, value, err);
}

/* Fields of CSV: one may be quoted as a whole, with "" for a quote in it. */
static void split(const char *text, struct strv *fields)
{
	while (*text) {
		own_buf struct buf field = {0};
		bool quoted = *text == '"';

		for (text += quoted; *text && (quoted || *text != ','); text++) {
			if (quoted && *text == '"' && *++text != '"')
				quoted = false;
			if (!*text || (!quoted && *text == ','))
				break;
			buf_addc(&field, *text);
		}
		strv_add(fields, buf_str(&field));
		text += *text == ',';
	}
}

/* A secret or an agent's socket: what it is called, and where it would appear. */
static int finish_secret(struct run_mount *m, struct arena *a, struct err *err)
{
	const char *slash;

	if (m->id && m->source)
		return err_set(err, E_SYNTAX, "both source and id can't be set");
	if (!m->id)
		m->id = m->source;
	if (m->type == RUN_MOUNT_SSH) {
		m->id = m->id ? m->id : "default";
		return 0;
	}
	if (!m->id && (!m->target || !*m->target))
		return err_set(
			err, E_SYNTAX, "invalid secret mount. one of source, target required");
	if (!m->id) {
		slash = strrchr(m->target, '/');
		m->id = slash ? slash + 1 : m->target;
	}
	if (!m->target && !m->env)
		m->target = arena_printf(a, "/run/secrets/%s", m->id);
	return 0;
}

static int finish(
	struct run_mount *m, const struct variables *v, const char *directory, struct err *err)
{
	own_mem char *joined = NULL, *clean = NULL;
	const char *target;

	if ((m->type == RUN_MOUNT_SECRET || m->type == RUN_MOUNT_SSH) &&
		finish_secret(m, v->arena, err) < 0)
		return -err->code;
	/* without a target the mount is on the working directory */
	target = m->target ? m->target : "";
	joined = xasprintf("%s/%s", *target == '/' || !directory ? "" : directory, target);
	clean = path_clean(joined);
	if (strcmp(clean, "/") == 0 && m->type != RUN_MOUNT_SECRET && m->type != RUN_MOUNT_SSH)
		return err_set(err, E_SYNTAX, "invalid mount target \"/\"");
	if (m->type == RUN_MOUNT_CACHE && !m->id)
		m->id = *target ? target : arena_strdup(v->arena, clean);
	if (m->type == RUN_MOUNT_CACHE && (m->from || m->source))
		return err_set(err, E_UNSUPPORTED,
			"RUN --mount=type=cache with from or source is not executed yet");
	m->target = arena_strdup(v->arena, clean);
	return 0;
}

static int read_type(
	const struct strv *fields, const struct variables *v, struct run_mount *m, struct err *err)
{
	for (size_t i = 0; i < fields->count; i++)
		if (read_field(fields->items[i], v, true, m, err) < 0)
			return -err->code;
	return 0;
}

int run_mount_check_type(const char *text, const struct variables *v, struct err *err)
{
	own_strv struct strv fields = {0};
	struct run_mount m = {0};

	split(text, &fields);
	return strchr(text, '$') ? 0 : read_type(&fields, v, &m, err);
}

int run_mount_parse(const char *text, const struct variables *v, const char *directory,
	struct run_mount *m, struct err *err)
{
	own_strv struct strv fields = {0};

	*m = (struct run_mount){.mode = RUN_MOUNT_CACHE_MODE, .text = text};
	split(text, &fields);
	if (read_type(&fields, v, m, err) < 0)
		return -err->code;
	m->readonly = m->type == RUN_MOUNT_BIND;
	for (size_t i = 0; i < fields.count; i++)
		if (read_field(arena_strdup(v->arena, fields.items[i]), v, false, m, err) < 0)
			return -err->code;
	return finish(m, v, directory, err);
}
