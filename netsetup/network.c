/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/network.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/json.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "lib/path.h"
#include "netsetup/config.h"

#define ACTIVE         "active.json"
#define ACTIVE_TEMP    ".tmp-active"
#define DEFAULT_DRIVER "bridge"

static int bad(struct err *err, const char *what, const char *value)
{
	return err_set(err, E_SYNTAX, "invalid %s '%.140s'", what, value);
}

static int check_gateway(struct arena *a, struct network *n, struct err *err)
{
	if (!n->d.gateway) {
		char text[IP_TEXT_MAX];

		ip_format(n->subnet.address + 1, text);
		n->d.gateway = arena_strdup(a, text);
	}
	if (ip_parse(n->d.gateway, &n->gateway) < 0 || !ip_within(&n->subnet, n->gateway) ||
		n->gateway == n->subnet.address ||
		n->gateway == (n->subnet.address | ~ip_mask(n->subnet.bits)))
		return bad(err, "gateway", n->d.gateway);
	return 0;
}

int network_check(struct arena *a, struct network *n, struct err *err)
{
	struct network_definition *d = &n->d;

	if (!d->driver)
		d->driver = DEFAULT_DRIVER;
	if (!network_name_valid(d->name))
		return bad(err, "network name", d->name);
	if (d->bridge && !config_interface_valid(d->bridge))
		return bad(err, "bridge name", d->bridge);
	/* IPv4's least, and what an interface can be told */
	if (d->mtu && (d->mtu < 68 || d->mtu > 65535))
		return err_set(err, E_SYNTAX, "invalid MTU %lld", (long long)d->mtu);
	if (!d->subnet)
		return d->gateway ? err_set(err, E_SYNTAX, "a gateway needs a subnet") : 0;
	if (ip_parse_subnet(d->subnet, &n->subnet) < 0)
		return bad(err, "subnet", d->subnet);
	return check_gateway(a, n, err);
}

int network_parse(struct arena *a, const struct json *doc, struct network *n, struct err *err)
{
	*n = (struct network){0};
	if (schema_decode(&network_definition_schema, doc, &n->d, a, err) < 0)
		return -err->code;
	n->d.endpoints = (struct string_map){0}; /* what is in use is never read from a file */
	return network_check(a, n, err);
}

bool network_is_built_in(const char *name)
{
	static const char *const names[] = {NETWORK_DEFAULT, NETWORK_HOST, NETWORK_NONE};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

int network_load(const struct state *s, struct arena *a, const char *name, struct network *n,
	struct err *err)
{
	const char *path = arena_printf(a, "networks/%s.json", name);
	struct json *doc;

	*n = (struct network){.d = {.name = name, .driver = DEFAULT_DRIVER}};
	if (s->root < 0 || faccessat(s->root, path, F_OK, 0) < 0) {
		if (strcmp(name, NETWORK_DEFAULT) == 0)
			return 0;
		return err_set(err, E_NOT_FOUND, "network %s not found", name);
	}
	doc = json_read_file(a, s->root, path, err);
	if (!doc || network_parse(a, doc, n, err) < 0)
		return err_wrap(err, "network %s: '%s/%s'", name, s->place.root, path);
	n->d.name = name; /* the file's name is what it is found by */
	return 0;
}

int network_open_definitions(const struct state *s, struct err *err)
{
	own_mem char *path = xasprintf("%s/networks", s->place.root);

	return path_make_dirs(path, 0700, err);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int network_list(const struct state *s, struct strv *names, struct err *err)
{
	own_dir DIR *dir = s->root < 0 ? NULL : dir_open(s->root, "networks");
	struct dirent *d;
	int r = 0;

	strv_add(names, NETWORK_DEFAULT);
	if (!dir && s->root >= 0 && errno != ENOENT)
		return err_errno(err, "cannot read '%s/networks'", s->place.root);
	while (dir && (r = dir_next(dir, &d, err)) > 0) {
		size_t n = strlen(d->d_name);

		if (n <= 5 || strcmp(d->d_name + n - 5, ".json") != 0)
			continue;
		d->d_name[n - 5] = '\0';
		if (network_name_valid(d->d_name) && !network_is_built_in(d->d_name))
			strv_add(names, d->d_name);
	}
	if (r < 0)
		return err_wrap(err, "'%s/networks'", s->place.root);
	qsort(names->items + 1, names->count - 1, sizeof(*names->items), compare_names);
	return 0;
}

int network_each(const struct state *s, const char *except,
	int (*each)(const struct network *n, void *arg), void *arg, struct err *err)
{
	own_strv struct strv names = {0};
	int r = network_list(s, &names, err);

	for (size_t i = 0; r == 0 && i < names.count; i++) {
		own_arena struct arena a = {0};
		const char *active = arena_printf(&a, "%s/" ACTIVE, names.items[i]);
		struct err ignored;
		struct network n;
		struct json *doc;

		if (strcmp(names.items[i], except) == 0)
			continue;
		if (network_load(s, &a, names.items[i], &n, &ignored) == 0 && n.d.subnet) {
			r = each(&n, arg);
			continue;
		}
		doc = json_read_file(&a, s->networks, active, &ignored);
		if (doc && network_parse(&a, doc, &n, &ignored) == 0 && n.d.subnet)
			r = each(&n, arg);
	}
	return r;
}

int network_lock(
	const struct state *s, const char *name, struct network_lock *lock, struct err *err)
{
	lock->fd = -1;
	lock->dir = openat(s->networks, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock->dir < 0 && errno == ENOENT) {
		if (mkdirat(s->networks, name, 0700) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make '%s/networks/%s'", s->place.run, name);
		lock->dir = openat(s->networks, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (lock->dir < 0)
		return err_errno(err, "cannot open '%s/networks/%s'", s->place.run, name);
	lock->fd = lock_file(lock->dir, "lock", 0, err);
	return lock->fd < 0 ? lock->fd : 0;
}

void network_unlock(struct network_lock *lock)
{
	own_fd_release(&lock->fd);
	own_fd_release(&lock->dir);
	lock->fd = lock->dir = -1;
}

int network_read_active(
	struct arena *a, const struct network_lock *lock, struct network *n, struct err *err)
{
	struct json *doc;

	if (faccessat(lock->dir, ACTIVE, F_OK, 0) < 0)
		return 0;
	doc = json_read_file(a, lock->dir, ACTIVE, err);
	if (!doc || network_parse(a, doc, n, err) < 0)
		return err_wrap(err, "'" ACTIVE "'");
	return 1;
}

int network_save_active(
	struct arena *a, const struct network_lock *lock, const struct network *n, struct err *err)
{
	own_buf struct buf text = {0};

	json_write(schema_encode(&network_definition_schema, &n->d, a), JSON_COMPACT, &text);
	return state_publish(lock->dir, ACTIVE_TEMP, ACTIVE, &text, err);
}

int network_forget_active(const struct network_lock *lock, const char *name, struct err *err)
{
	unlinkat(lock->dir, ACTIVE_TEMP, 0);
	if (unlinkat(lock->dir, ACTIVE, 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot take down network %s", name);
	return 0;
}
