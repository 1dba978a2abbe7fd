/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base64.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/lock.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"

#define AUTH_FILE_MAX (1u << 20)
#define HUB_KEY       "https://index.docker.io/v1/"

void credential_release(struct credential *c)
{
	if (c->password)
		explicit_bzero(c->password, strlen(c->password));
	free(give(c->user));
	free(give(c->password));
	free(give(c->token));
}

/*
 * "USER:PASSWORD" of the base64 text that auth files and Basic use. Returns 0 or E_SYNTAX.
 */
static int decode(const char *base64, struct credential *c, struct err *err)
{
	own_buf struct buf text = {0};
	char *colon;

	if (base64_decode(base64, strlen(base64), &text) < 0 || strlen(buf_str(&text)) != text.len)
		return err_set(err, E_SYNTAX, "\"auth\" is not base64");
	colon = strchr(buf_str(&text), ':');
	if (!colon || colon == text.data)
		return err_set(err, E_SYNTAX, "\"auth\" is not USER:PASSWORD");
	credential_release(c);
	c->user = xstrndup(text.data, (size_t)(colon - text.data));
	c->password = xstrdup(colon + 1);
	explicit_bzero(text.data, text.len);
	return 0;
}

char *credential_basic(const struct credential *c)
{
	own_mem char *pair = xasprintf("%s:%s", c->user, c->password);
	own_buf struct buf text = {0};

	buf_adds(&text, "Basic ");
	base64_encode(pair, strlen(pair), &text);
	explicit_bzero(pair, strlen(pair));
	return buf_give(&text);
}

/* An auth file's key without scheme, "/v1/" and the like: "https://host/v2/" is "host". */
static char *normal_key(const char *key)
{
	const char *p = strstr(key, "://");
	size_t n;

	p = p ? p + 3 : key;
	n = strlen(p);
	while (n && p[n - 1] == '/')
		n--;
	if (n > 3 && (strncmp(p + n - 3, "/v1", 3) == 0 || strncmp(p + n - 3, "/v2", 3) == 0))
		n -= 3;
	if (n == 15 && strncmp(p, "index.docker.io", n) == 0)
		return xstrdup("docker.io");
	return xstrndup(p, n);
}

/* The entry for a name: an exact key first, then one that is the same after cleaning. */
static struct json *find_key(const struct json *object, const char *name)
{
	struct json *exact = json_get(object, name);

	if (exact)
		return exact;
	json_each_member (member, object) {
		own_mem char *key = normal_key(member->key);

		if (strcmp(key, name) == 0)
			return member;
	}
	return NULL;
}

/* "quay.io/team/app", "quay.io/team", "quay.io": the longest that has an entry
 * (containers-auth.json). */
static struct json *find_entry(
	const struct json *auths, const char *registry, const char *repository)
{
	own_mem char *name = xasprintf("%s/%s", registry, repository ? repository : "");
	size_t min = strlen(registry);
	char *slash;

	while (strlen(name) > min && (slash = strrchr(name, '/'))) {
		struct json *entry = slash[1] ? find_key(auths, name) : NULL;

		if (entry)
			return entry;
		*slash = '\0';
	}
	return find_key(auths, registry);
}

static int take_entry(const struct json *entry, struct credential *c, struct err *err)
{
	const char *auth = json_get_string(entry, "auth");
	const char *token = json_get_string(entry, "identitytoken");
	const char *user = json_get_string(entry, "username");
	const char *password = json_get_string(entry, "password");

	if (auth && *auth && decode(auth, c, err) < 0)
		return -err->code;
	if (!c->user && user && password) {
		c->user = xstrdup(user);
		c->password = xstrdup(password);
	}
	if (token && *token)
		c->token = xstrdup(token);
	return 0;
}

static void note_helper(const struct json *config, const char *registry, char **helper)
{
	const struct json *entry = find_key(json_get(config, "credHelpers"), registry);
	const char *name = entry && entry->type == JSON_STRING ? entry->text : NULL;

	if (!name)
		name = json_get_string(config, "credsStore");
	if (name && helper && !*helper)
		*helper = xstrdup(name);
}

/* An object whose "auths" is one: nothing else is taken for a file without credentials. */
static struct json *read_config(struct arena *a, int dir, const char *name, struct err *err)
{
	struct json *config = json_read_file(a, dir, name, err);
	const struct json *auths = json_get(config, "auths");

	if (!config)
		return NULL;
	if (config->type == JSON_OBJECT &&
		(!auths || auths->type == JSON_OBJECT || auths->type == JSON_NULL))
		return config;
	err_set(err, E_SYNTAX, "%s is no JSON object",
		config->type == JSON_OBJECT ? "\"auths\"" : "the file");
	return NULL;
}

/* Returns 0; a missing file is fine unless the user named it. */
static int look_into(const char *path, bool named, const char *registry, const char *repository,
	struct credential *c, char **helper, struct err *err)
{
	own_arena struct arena a = {0};
	struct json *config, *entry;
	struct err why = {0};

	config = read_config(&a, AT_FDCWD, path, &why);
	if (!config && why.code == ENOENT && !named)
		return 0;
	if (!config) {
		*err = why;
		return err_wrap(err, "cannot read credentials from '%s'", path);
	}
	entry = find_entry(json_get(config, "auths"), registry, repository);
	if (entry && take_entry(entry, c, err) < 0)
		return err_wrap(err, "%s: \"%s\"", path, entry->key);
	if (!c->user && !c->token)
		note_helper(config, registry, helper);
	return 0;
}

static char *docker_config(void)
{
	const char *dir = getenv("DOCKER_CONFIG"), *home = getenv("HOME");

	if (dir && *dir)
		return xasprintf("%s/config.json", dir);
	return home && *home ? xasprintf("%s/.docker/config.json", home) : NULL;
}

int credential_find(const char *auth_file, const char *registry, const char *repository,
	struct credential *c, char **helper, struct err *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR"), *named = getenv("REGISTRY_AUTH_FILE");
	own_mem char *containers = NULL, *docker = docker_config();
	const char *paths[2] = {NULL, docker};

	if (!auth_file && named && *named)
		auth_file = named;
	if (auth_file)
		return look_into(auth_file, true, registry, repository, c, helper, err);
	if (runtime && *runtime)
		paths[0] = containers = xasprintf("%s/containers/auth.json", runtime);
	for (size_t i = 0; i < ARRAY_LEN(paths) && !c->user && !c->token; i++)
		if (paths[i] &&
			look_into(paths[i], false, registry, repository, c, helper, err) < 0)
			return -err->code;
	return 0;
}

int credential_file(const char *auth_file, char **path, struct err *err)
{
	const char *named = getenv("REGISTRY_AUTH_FILE");
	own_mem char *target = NULL;

	if (!auth_file && named && *named)
		auth_file = named;
	*path = auth_file ? xstrdup(auth_file) : docker_config();
	if (!*path)
		return err_set(
			err, ENOENT, "no place for credentials: set HOME, or use --authfile");
	/* the file that a link names is changed, as docker does, and not the link */
	target = realpath(*path, NULL);
	if (target) {
		free(*path);
		*path = give(target);
	}
	return 0;
}

/* A copy of object without the registry's entries; *found counts them. */
static struct json *without(
	struct arena *a, const struct json *object, const char *registry, int *found)
{
	struct json *copy = json_new_object(a);

	json_each_member (member, object) {
		own_mem char *key = normal_key(member->key);

		if (strcmp(key, registry) == 0)
			(*found)++;
		else
			json_set(a, copy, member->key, json_copy(a, member));
	}
	return copy;
}

static struct json *new_entry(struct arena *a, const struct credential *c)
{
	struct json *entry = json_new_object(a);
	own_mem char *basic = credential_basic(c);

	json_set_string(a, entry, "auth", basic + strlen("Basic "));
	explicit_bzero(basic, strlen(basic));
	return entry;
}

/* The whole new document. */
static void rewrite(struct arena *a, const struct json *config, const char *registry,
	const struct credential *c, struct buf *text, int *found)
{
	const char *key = strcmp(registry, "docker.io") == 0 ? HUB_KEY : registry;
	struct json *out = json_new_object(a);
	struct json *auths = without(a, json_get(config, "auths"), registry, found);

	if (c)
		json_set(a, auths, key, new_entry(a, c));
	json_set(a, out, "auths", auths);
	json_each_member (member, config) {
		if (strcmp(member->key, "auths") != 0)
			json_set(a, out, member->key, json_copy(a, member));
	}
	json_write(out, JSON_PRETTY, text);
	buf_addc(text, '\n');
}

static int change_file(int dir, const char *base, const char *registry, const struct credential *c,
	struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct json *config = read_config(&a, dir, base, err);
	int found = 0, r = 0;

	if (!config && err->code != ENOENT)
		return -err->code;
	rewrite(&a, config, registry, c, &text, &found);
	if (c || found)
		r = io_publish_file(dir, base, buf_str(&text), text.len, 0600, IO_DURABLE, err);
	explicit_bzero(text.data, text.len);
	return r < 0 ? r : found > 0;
}

int credential_store(
	const char *path, const char *registry, const struct credential *c, struct err *err)
{
	own_mem char *dir_text = xstrdup(path), *base_text = xstrdup(path);
	const char *base = basename(base_text);
	own_mem char *lock_name = xasprintf(".%s.lock", base);
	own_fd int dir = -1, lock = -1;
	int r;

	dir = path_make_dirs(dirname(dir_text), 0700, err);
	if (dir < 0)
		return -err->code;
	lock = lock_file(dir, lock_name, 0, err);
	if (lock < 0)
		return -err->code;
	r = change_file(dir, base, registry, c, err);
	unlinkat(dir, lock_name, 0);
	return r < 0 ? err_wrap(err, "cannot change '%s'", path) : r;
}

int password_from_stdin(char **password, struct err *err)
{
	own_buf struct buf text = {0};

	if (io_read_fd(0, PASSWORD_MAX, "the password on stdin", &text, err) < 0)
		return -err->code;
	if (text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	if (text.len && text.data[text.len - 1] == '\r')
		text.data[--text.len] = '\0';
	if (!text.len)
		return err_set(err, E_USAGE, "the password on stdin is empty");
	if (strlen(text.data) != text.len)
		return err_set(err, E_USAGE, "the password on stdin contains a NUL byte");
	*password = buf_give(&text);
	return 0;
}
