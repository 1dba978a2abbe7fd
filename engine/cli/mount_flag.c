/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/mount_flag.h"

#include <stdlib.h>
#include <string.h>

#include "lib/cli.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/reference.h"

static const char *const propagations[] = {
	"private", "rprivate", "shared", "rshared", "slave", "rslave"};

static bool is_propagation(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(propagations); i++)
		if (strcmp(word, propagations[i]) == 0)
			return true;
	return false;
}

static struct mount_request *add(struct mount_requests *list, struct arena *a)
{
	struct mount_request *more = arena_array(a, list->count + 1, sizeof(*more));

	if (list->count)
		memcpy(more, list->items, list->count * sizeof(*more));
	list->items = more;
	more[list->count].mode = "";
	return &more[list->count++];
}

static const char *clean(const char *path, struct arena *a)
{
	own_mem char *cleaned = path_clean(path);

	return arena_strdup(a, cleaned);
}

/* Docker takes "./x" and "../x" relative to where it is called; other words are volumes' names. */
static bool is_host_path(const char *source)
{
	return source[0] == '/' || strcmp(source, ".") == 0 || strcmp(source, "..") == 0 ||
		strncmp(source, "./", 2) == 0 || strncmp(source, "../", 3) == 0;
}

static int set_source(struct mount_request *m, const char *source, struct arena *a, struct err *err)
{
	own_mem char *absolute = NULL;

	if (!is_host_path(source)) {
		m->kind = MOUNT_VOLUME;
		m->source = source;
		if (!name_valid(source))
			return err_set(err, E_USAGE,
				"create %s: \"%s\" includes invalid characters for a local volume name, "
				"only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a "
				"host directory, use absolute path",
				source, source);
		return 0;
	}
	absolute = path_absolute(source);
	m->kind = MOUNT_BIND;
	m->source = clean(absolute, a);
	return 0;
}

static int set_destination(struct mount_request *m, const char *path, const char *text,
	struct arena *a, struct err *err)
{
	if (path[0] != '/')
		return err_set(err, E_USAGE,
			"invalid volume specification: '%s': invalid mount config for type \"%s\": "
			"invalid mount path: '%s' mount path must be absolute",
			text, m->kind == MOUNT_VOLUME ? "volume" : "bind", path);
	m->destination = clean(path, a);
	if (strcmp(m->destination, "/") == 0)
		return err_set(err, E_USAGE,
			"invalid volume specification: '%s': invalid specification: destination can't "
			"be '/'",
			text);
	return 0;
}

/* "ro,rshared,z": labels z and Z matter to SELinux only, which kist leaves to the host's policy. */
static int set_mode(struct mount_request *m, const char *mode, struct arena *a, struct err *err)
{
	char *words = arena_strdup(a, mode), *save = NULL;

	m->mode = mode;
	if (!*mode)
		return err_set(err, E_USAGE, "invalid mode: %s", mode);
	for (char *w = strtok_r(words, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		if (strcmp(w, "ro") == 0 || strcmp(w, "readonly") == 0)
			m->read_only = true;
		else if (strcmp(w, "nocopy") == 0 && m->kind == MOUNT_VOLUME)
			m->no_copy = true;
		else if (is_propagation(w) && m->kind == MOUNT_BIND)
			m->propagation = w;
		else if (strcmp(w, "z") == 0 || strcmp(w, "Z") == 0)
			return err_set(err, E_UNSUPPORTED,
				"invalid mode: %s: kist does not set SELinux labels; leave it out",
				mode);
		else if (strcmp(w, "rw") != 0)
			return err_set(err, E_USAGE, "invalid mode: %s", mode);
	}
	return 0;
}

int mount_flag_volume(
	const char *text, struct mount_requests *list, struct arena *a, struct err *err)
{
	struct mount_request m = {.kind = MOUNT_VOLUME, .make_source = true, .mode = ""};
	char *copy = arena_strdup(a, text);
	char *parts[4];
	size_t n = 0;

	for (char *c = copy; c && n < ARRAY_LEN(parts); n++) {
		parts[n] = c;
		c = strchr(c, ':');
		if (c)
			*c++ = '\0';
		if (!*parts[n])
			return err_set(err, E_USAGE,
				"invalid spec: %s: empty section between colons", text);
	}
	if (n == 0 || n > 3)
		return err_set(err, E_USAGE, "invalid volume specification: '%s'", text);
	if (n > 1 && set_source(&m, parts[0], a, err) < 0)
		return -err->code;
	if (set_destination(&m, parts[n > 1], text, a, err) < 0)
		return -err->code;
	if (n == 3 && set_mode(&m, parts[2], a, err) < 0)
		return -err->code;
	*add(list, a) = m;
	return 0;
}

struct mount_words {
	struct mount_request m;
	int64_t tmpfs_size;
	const char *tmpfs_mode;
};

static int set_type(struct mount_words *w, const char *value)
{
	if (strcmp(value, "bind") == 0)
		w->m.kind = MOUNT_BIND;
	else if (strcmp(value, "volume") == 0)
		w->m.kind = MOUNT_VOLUME;
	else if (strcmp(value, "tmpfs") == 0)
		w->m.kind = MOUNT_TMPFS;
	else
		return -1;
	return 0;
}

static int set_flag(bool *flag, const char *value)
{
	if (!value || strcmp(value, "true") == 0 || strcmp(value, "1") == 0)
		*flag = true;
	else if (strcmp(value, "false") == 0 || strcmp(value, "0") == 0)
		*flag = false;
	else
		return -1;
	return 0;
}

/* "key=value"; value NULL when there was no '='. Returns -1 for a value that is wrong, 1 for an
 * unknown key. */
static int set_word(struct mount_words *w, const char *key, const char *value)
{
	static const struct {
		const char *name;
		size_t offset;
	} flags[] = {{"readonly", offsetof(struct mount_request, read_only)},
		{"ro", offsetof(struct mount_request, read_only)},
		{"volume-nocopy", offsetof(struct mount_request, no_copy)},
		{"bind-nonrecursive", offsetof(struct mount_request, not_recursive)}};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (strcmp(key, flags[i].name) == 0)
			return set_flag((bool *)((char *)&w->m + flags[i].offset), value);
	if (!value)
		return 1;
	if (strcmp(key, "type") == 0)
		return set_type(w, value);
	if (strcmp(key, "source") == 0 || strcmp(key, "src") == 0)
		w->m.source = value;
	else if (strcmp(key, "target") == 0 || strcmp(key, "destination") == 0 ||
		strcmp(key, "dst") == 0)
		w->m.destination = value;
	else if (strcmp(key, "bind-propagation") == 0 && is_propagation(value))
		w->m.propagation = value;
	else if (strcmp(key, "tmpfs-size") == 0)
		return cli_parse_size(value, &w->tmpfs_size) < 0 ? -1 : 0;
	else if (strcmp(key, "tmpfs-mode") == 0)
		w->tmpfs_mode = value;
	else
		return strcmp(key, "bind-propagation") == 0 ? -1 : 1;
	return 0;
}

static int finish_mount(struct mount_words *w, const char *text, struct arena *a, struct err *err)
{
	struct mount_request *m = &w->m;
	const char *source = m->source;

	if (!m->destination)
		return err_set(err, E_USAGE,
			"invalid argument \"%s\" for \"--mount\" flag: target is required", text);
	if (m->kind == MOUNT_BIND && !source)
		return err_set(err, E_USAGE,
			"invalid mount config for type \"bind\": field Source must not be empty");
	if (m->kind == MOUNT_TMPFS && source)
		return err_set(err, E_USAGE,
			"invalid mount config for type \"tmpfs\": field Source must not be specified");
	if (source && m->kind == MOUNT_BIND && !is_host_path(source))
		return err_set(err, E_USAGE,
			"invalid mount config for type \"bind\": invalid mount path: '%s' mount path "
			"must be absolute",
			source);
	if (source && m->kind == MOUNT_VOLUME && is_host_path(source))
		return err_set(err, E_USAGE,
			"invalid mount config for type \"volume\": '%s' is a path: use type=bind",
			source);
	if (source && set_source(m, source, a, err) < 0)
		return -err->code;
	if ((w->tmpfs_size || w->tmpfs_mode) && m->kind != MOUNT_TMPFS)
		return err_set(err, E_USAGE, "cannot mix 'tmpfs-*' options with mount type '%s'",
			m->kind == MOUNT_BIND ? "bind" : "volume");
	if (w->tmpfs_size || w->tmpfs_mode)
		m->tmpfs = arena_printf(a, "%s%s%s%s%.0lld", w->tmpfs_mode ? "mode=" : "",
			w->tmpfs_mode ? w->tmpfs_mode : "",
			w->tmpfs_mode && w->tmpfs_size ? "," : "", w->tmpfs_size ? "size=" : "",
			(long long)w->tmpfs_size);
	return set_destination(m, m->destination, text, a, err);
}

int mount_flag_mount(
	const char *text, struct mount_requests *list, struct arena *a, struct err *err)
{
	struct mount_words w = {.m = {.kind = MOUNT_VOLUME, .mode = ""}};
	char *copy = arena_strdup(a, text), *save = NULL;

	for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		char *value = strchr(word, '=');
		int r;

		if (value)
			*value++ = '\0';
		r = set_word(&w, word, value);
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
	if (finish_mount(&w, text, a, err) < 0)
		return -err->code;
	*add(list, a) = w.m;
	return 0;
}

int mount_flag_tmpfs(
	const char *text, struct mount_requests *list, struct arena *a, struct err *err)
{
	struct mount_request m = {.kind = MOUNT_TMPFS, .mode = ""};
	char *copy = arena_strdup(a, text);
	char *colon = strchr(copy, ':');

	if (colon) {
		*colon = '\0';
		m.tmpfs = colon + 1;
	}
	if (set_destination(&m, copy, text, a, err) < 0)
		return -err->code;
	*add(list, a) = m;
	return 0;
}

int mount_flag_check(const struct mount_requests *list, struct err *err)
{
	for (size_t i = 0; i < list->count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(list->items[i].destination, list->items[j].destination) == 0)
				return err_set(err, E_USAGE, "Duplicate mount point: %s",
					list->items[i].destination);
	return 0;
}
