/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/mount_wish.h"

#include <string.h>

#include "lib/own.h"
#include "lib/path.h"
#include "spec/reference.h"

static const char *const kind_names[] = {"bind", "volume", "tmpfs"};

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* "rprivate" and its five kin. */
static bool is_propagation(const char *word)
{
	static const char *const words[] = {
		"private", "rprivate", "shared", "rshared", "slave", "rslave"};

	return is_one_of(word, words, ARRAY_LEN(words));
}

bool mount_is_host_path(const char *source)
{
	return source[0] == '/' || strcmp(source, ".") == 0 || strcmp(source, "..") == 0 ||
		strncmp(source, "./", 2) == 0 || strncmp(source, "../", 3) == 0;
}

static const char *clean(const char *path, struct arena *a)
{
	own_mem char *cleaned = path_clean(path);

	return arena_strdup(a, cleaned);
}

static int set_destination(
	struct mount_wish *m, const char *path, const char *text, struct arena *a, struct err *err)
{
	if (path[0] != '/')
		return err_set(err, E_USAGE,
			"invalid volume specification: '%.200s': invalid mount config for type \"%s\": "
			"invalid mount path: '%.100s' mount path must be absolute",
			text, kind_names[m->kind], path);
	m->destination = clean(path, a);
	if (strcmp(m->destination, "/") == 0)
		return err_set(err, E_USAGE,
			"invalid volume specification: '%.200s': invalid specification: destination "
			"can't be '/'",
			text);
	return 0;
}

static int set_volume(struct mount_wish *m, const char *name, struct arena *a, struct err *err)
{
	m->source = arena_strdup(a, name);
	if (!name_valid(name))
		return err_set(err, E_USAGE,
			"create %.100s: \"%.100s\" includes invalid characters for a local volume name, "
			"only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a "
			"host directory, use absolute path",
			name, name);
	return 0;
}

/* "ro,rshared,z": labels z and Z matter to SELinux only, which kist leaves to the host's policy. */
static int set_mode(struct mount_wish *m, const char *mode, struct arena *a, struct err *err)
{
	char *words = arena_strdup(a, mode), *save = NULL;

	m->mode = arena_strdup(a, mode);
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
				"invalid mode: %.100s: kist does not set SELinux labels; leave it out",
				mode);
		else if (strcmp(w, "rw") != 0)
			return err_set(err, E_USAGE, "invalid mode: %.100s", mode);
	}
	return 0;
}

int mount_wish_bind(const char *text, struct mount_wish *m, struct arena *a, struct err *err)
{
	char *copy = arena_strdup(a, text);
	char *parts[4];
	size_t n = 0;

	*m = (struct mount_wish){.kind = MOUNT_VOLUME, .make_source = true, .mode = ""};
	for (char *c = copy; c && n < ARRAY_LEN(parts); n++) {
		parts[n] = c;
		c = strchr(c, ':');
		if (c)
			*c++ = '\0';
		if (!*parts[n])
			return err_set(err, E_USAGE,
				"invalid spec: %.200s: empty section between colons", text);
	}
	if (n == 0 || n > 3)
		return err_set(err, E_USAGE, "invalid volume specification: '%.200s'", text);
	if (n > 1 && parts[0][0] == '/') {
		m->kind = MOUNT_BIND;
		m->source = clean(parts[0], a);
	} else if (n > 1 && set_volume(m, parts[0], a, err) < 0) {
		return -err->code;
	}
	if (set_destination(m, parts[n > 1], text, a, err) < 0)
		return -err->code;
	return n == 3 ? set_mode(m, parts[2], a, err) : 0;
}

int mount_wish_tmpfs(const char *path, const char *options, struct mount_wish *m, struct arena *a,
	struct err *err)
{
	*m = (struct mount_wish){.kind = MOUNT_TMPFS, .mode = ""};
	m->tmpfs = *options ? options : NULL;
	return set_destination(m, path, path, a, err);
}

int mount_wish_volume(const char *path, struct mount_wish *m, struct arena *a, struct err *err)
{
	*m = (struct mount_wish){.kind = MOUNT_VOLUME, .mode = ""};
	return set_destination(m, path, path, a, err);
}

/* ---- Mounts ---- */

static bool has_bind_options(const struct docker_mount_point *p)
{
	return p->bind.propagation || p->bind.non_recursive || p->bind.create_mountpoint ||
		p->bind.read_only_non_recursive;
}

static bool has_volume_options(const struct docker_mount_point *p)
{
	return p->volume.no_copy || p->volume.labels.count || p->volume.driver.config.count ||
		(p->volume.driver.type && *p->volume.driver.type);
}

static int check_options(const struct docker_mount_point *p, enum mount_kind kind, struct err *err)
{
	static const char *const consistencies[] = {
		"", "default", "consistent", "cached", "delegated"};
	const char *type = kind_names[kind], *mixed = NULL;

	if (kind != MOUNT_BIND && has_bind_options(p))
		mixed = "bind";
	else if (kind != MOUNT_VOLUME && has_volume_options(p))
		mixed = "volume";
	else if (kind != MOUNT_TMPFS && (p->tmpfs.size || p->tmpfs.mode))
		mixed = "tmpfs";
	if (mixed)
		return err_set(err, E_USAGE, "cannot mix '%s-*' options with mount type '%s'",
			mixed, type);
	if (p->consistency && !is_one_of(p->consistency, consistencies, ARRAY_LEN(consistencies)))
		return err_set(err, E_USAGE, "invalid mount consistency: %.100s", p->consistency);
	if (p->bind.propagation && *p->bind.propagation && !is_propagation(p->bind.propagation))
		return err_set(err, E_USAGE,
			"invalid mount config for type \"bind\": invalid propagation mode: %.100s",
			p->bind.propagation);
	if (p->volume.driver.config.count ||
		(p->volume.driver.type && *p->volume.driver.type &&
			strcmp(p->volume.driver.type, "local") != 0))
		return err_set(err, E_UNSUPPORTED,
			"VolumeOptions.DriverConfig: kist has only \"local\" without options yet");
	if (p->tmpfs.size < 0 || p->tmpfs.mode < 0 || p->tmpfs.mode > 07777)
		return err_set(err, E_USAGE,
			"invalid mount config for type \"tmpfs\": invalid size or mode");
	return 0;
}

static const char *tmpfs_options(const struct docker_mount_point *p, struct arena *a)
{
	const char *mode = p->tmpfs.mode ? arena_printf(a, "mode=%llo", (long long)p->tmpfs.mode)
					 : "";
	const char *size = p->tmpfs.size ? arena_printf(a, "size=%lld", (long long)p->tmpfs.size)
					 : "";

	return *mode || *size ? arena_printf(a, "%s%s%s", mode, *mode && *size ? "," : "", size)
			      : NULL;
}

int mount_wish_mount(
	const struct docker_mount_point *p, struct mount_wish *m, struct arena *a, struct err *err)
{
	const char *type = p->type ? p->type : "";
	const char *source = p->source && *p->source ? p->source : NULL;
	size_t kind = 0;

	while (kind < ARRAY_LEN(kind_names) && strcmp(kind_names[kind], type) != 0)
		kind++;
	if (kind == ARRAY_LEN(kind_names))
		return err_set(err, E_USAGE,
			"invalid mount config: kist has the types bind, volume and tmpfs, not '%.100s'",
			type);
	*m = (struct mount_wish){.kind = (enum mount_kind)kind,
		.mode = "",
		.read_only = p->read_only,
		.make_source = p->bind.create_mountpoint,
		.no_copy = p->volume.no_copy,
		.not_recursive = p->bind.non_recursive,
		.propagation = p->bind.propagation && *p->bind.propagation ? p->bind.propagation
									   : NULL,
		.tmpfs = tmpfs_options(p, a),
		.labels = p->volume.labels};
	if (check_options(p, m->kind, err) < 0)
		return -err->code;
	if (!p->target || !*p->target)
		return err_set(err, E_USAGE,
			"invalid mount config for type \"%s\": field Target must not be empty",
			type);
	if (m->kind == MOUNT_BIND && !source)
		return err_set(err, E_USAGE,
			"invalid mount config for type \"bind\": field Source must not be empty");
	if (m->kind == MOUNT_TMPFS && source)
		return err_set(err, E_USAGE,
			"invalid mount config for type \"tmpfs\": field Source must not be specified");
	if (m->kind == MOUNT_BIND && *source != '/')
		return err_set(err, E_USAGE,
			"invalid mount config for type \"bind\": invalid mount path: '%.200s' mount path "
			"must be absolute",
			source);
	if (m->kind == MOUNT_VOLUME && source && mount_is_host_path(source))
		return err_set(err, E_USAGE,
			"invalid mount config for type \"volume\": '%.200s' is a path: use type=bind",
			source);
	if (m->kind == MOUNT_BIND)
		m->source = clean(source, a);
	else if (source && set_volume(m, source, a, err) < 0)
		return -err->code;
	return set_destination(m, p->target, p->target, a, err);
}
