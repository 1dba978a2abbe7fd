/* SPDX-License-Identifier: Apache-2.0 */
/* -v, --mount, --tmpfs and --volumes-from. */
#include <stdlib.h>
#include <string.h>

#include "engine/cli/run/options.h"
#include "engine/docker/mount_wish.h"
#include "engine/docker/unique.h"
#include "lib/cli.h"
#include "lib/own.h"
#include "lib/path.h"

/* "./x:/y" is taken from here; docker's engine knows absolute paths only. */
static const char *absolute_bind(const char *text, struct arena *a)
{
	size_t n = strcspn(text, ":");
	const char *source = arena_strndup(a, text, n);
	own_mem char *absolute = NULL;

	if (*source == '/' || !mount_is_host_path(source))
		return text;
	absolute = path_absolute(source);
	return arena_printf(a, "%s%s", absolute, text + n);
}

static int parse_bool(const char *value, bool *flag)
{
	if (!value || strcmp(value, "true") == 0 || strcmp(value, "1") == 0)
		*flag = true;
	else if (strcmp(value, "false") == 0 || strcmp(value, "0") == 0)
		*flag = false;
	else
		return -1;
	return 0;
}

static int parse_mode(const char *value, int64_t *mode)
{
	char *end;

	*mode = strtol(value, &end, 8);
	return !*value || *end || *mode < 0 || *mode > 07777 ? -1 : 0;
}

/* "key=value"; value NULL when there was no '='. Returns -1 for a value that is wrong, 1 for an
 * unknown key. */
static int set_word(struct docker_mount_point *m, const char *key, const char *value,
	struct strings *labels, struct arena *a)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {{"readonly", &m->read_only}, {"ro", &m->read_only},
		{"volume-nocopy", &m->volume.no_copy},
		{"bind-nonrecursive", &m->bind.non_recursive}};
	const struct {
		const char *name, **text;
	} texts[] = {{"type", &m->type}, {"source", &m->source}, {"src", &m->source},
		{"target", &m->target}, {"destination", &m->target}, {"dst", &m->target},
		{"consistency", &m->consistency}, {"bind-propagation", &m->bind.propagation},
		{"volume-driver", &m->volume.driver.type}};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (strcmp(key, flags[i].name) == 0)
			return parse_bool(value, flags[i].flag);
	if (!value)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (strcmp(key, texts[i].name) == 0) {
			*texts[i].text = value;
			return 0;
		}
	if (strcmp(key, "tmpfs-size") == 0)
		return cli_parse_size(value, &m->tmpfs.size);
	if (strcmp(key, "tmpfs-mode") == 0)
		return parse_mode(value, &m->tmpfs.mode);
	if (strcmp(key, "volume-label") != 0)
		return 1;
	strings_add(a, labels, value);
	return 0;
}

static int parse_mount(
	const char *text, struct docker_mount_point *m, struct arena *a, struct err *err)
{
	char *copy = arena_strdup(a, text), *save = NULL;
	struct strings labels = {0};

	*m = (struct docker_mount_point){.type = "volume"};
	for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		char *value = strchr(word, '=');
		int r;

		if (value)
			*value++ = '\0';
		r = set_word(m, word, value, &labels, a);
		if (r > 0)
			return err_set(err, E_USAGE,
				value ? "invalid argument \"%s\" for \"--mount\" flag: unexpected key '%s' in "
					"'%s=%s'"
				      : "invalid argument \"%s\" for \"--mount\" flag: invalid field '%s' must "
					"be a key=value pair",
				text, word, word, value);
		if (r < 0)
			return err_set(err, E_USAGE,
				"invalid argument \"%s\" for \"--mount\" flag: invalid value for %s: %s",
				text, word, value ? value : "");
	}
	if (!m->target)
		return err_set(err, E_USAGE,
			"invalid argument \"%s\" for \"--mount\" flag: target is required", text);
	run_pairs(&m->volume.labels, &labels, a);
	if (m->source && strcmp(m->type, "bind") == 0 && mount_is_host_path(m->source)) {
		own_mem char *absolute = path_absolute(m->source);

		m->source = arena_strdup(a, absolute);
	}
	return 0;
}

int run_mounts(
	const struct run_options *o, struct docker_body *body, struct arena *a, struct err *err)
{
	struct docker_host_config *h = &body->host;
	struct strings tmpfs = {0};

	for (size_t i = 0; i < o->volume.count; i++) {
		const char *text = o->volume.items[i];

		/* what docker's client does: a path alone is an anonymous volume of Config */
		if (*text && !strchr(text, ':'))
			strings_add(a, &body->config.volumes, text);
		else
			strings_add(a, &h->binds, absolute_bind(text, a));
	}
	unique_strings(&body->config.volumes);
	unique_strings(&h->binds);
	h->mounts.items = arena_array(a, o->mount.count, sizeof(*h->mounts.items));
	for (size_t i = 0; i < o->mount.count; i++)
		if (parse_mount(o->mount.items[i], &h->mounts.items[h->mounts.count++], a, err) < 0)
			return -err->code;
	for (size_t i = 0; i < o->tmpfs.count; i++) {
		size_t n = strcspn(o->tmpfs.items[i], ":");

		strings_add(a, &tmpfs,
			arena_printf(a, "%.*s=%s", (int)n, o->tmpfs.items[i],
				o->tmpfs.items[i] + n + (o->tmpfs.items[i][n] != '\0')));
	}
	run_pairs(&h->tmpfs, &tmpfs, a);
	run_take(&h->volumes_from, &o->volumes_from, a);
	return 0;
}
