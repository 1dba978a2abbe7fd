/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/proc.h"
#include "netsetup/config.h"
#include "netsetup/link.h"
#include "netsetup/netns.h"
#include "spec/network_definition.h"

#define TENANT      ".container"
#define TEMP        ".tmp"
#define SUFFIX      ".json"
#define RECORD_NAME (NETWORK_NAME_MAX + sizeof(SUFFIX))

static const struct schema_field planned_fields[] = {
	FIELD(struct tenant_endpoint, network, "network", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct tenant_endpoint, driver, "driver", SCHEMA_STRING),
	FIELD(struct tenant_endpoint, link, "link", SCHEMA_STRING),
};
static const struct schema planned_schema = SCHEMA(struct tenant_endpoint, planned_fields);

static const struct schema_field tenant_fields[] = {
	FIELD(struct tenant, id, "id", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct tenant, netns, "netns", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct tenant, made, "made", SCHEMA_BOOL),
	FIELD(struct tenant, held, "held", SCHEMA_STRING),
	FIELD(struct tenant, caller, "caller", SCHEMA_INT64),
	FIELD(struct tenant, caller_start, "caller_start", SCHEMA_UINT64),
	FIELD(struct tenant, endpoints, "endpoints", SCHEMA_LIST, .sub = &planned_schema),
};
static const struct schema tenant_schema = SCHEMA(struct tenant, tenant_fields);

static const struct schema_field endpoint_fields[] = {
	FIELD(struct endpoint, id, "id", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct endpoint, network, "network", SCHEMA_STRING),
	FIELD(struct endpoint, driver, "driver", SCHEMA_STRING),
	FIELD(struct endpoint, interface, "interface", SCHEMA_STRING),
	FIELD(struct endpoint, link, "link", SCHEMA_STRING),
	FIELD(struct endpoint, bridge, "bridge", SCHEMA_STRING),
	FIELD(struct endpoint, address, "address", SCHEMA_STRING),
	FIELD(struct endpoint, namespace_inode, "namespace_inode", SCHEMA_UINT64),
	FIELD(struct endpoint, mac, "mac", SCHEMA_STRING),
	FIELD(struct endpoint, aliases, "aliases", SCHEMA_STRINGS),
	FIELD(struct endpoint, ports, "ports", SCHEMA_LIST, .sub = &port_schema),
	FIELD(struct endpoint, netns, "netns", SCHEMA_STRING),
};
static const struct schema endpoint_schema = SCHEMA(struct endpoint, endpoint_fields);

/* ---- the container's directory ---- */

static int lock_directory(int dir, unsigned flags)
{
	while (flock(dir, flags & TENANT_TRY ? LOCK_EX | LOCK_NB : LOCK_EX) < 0)
		if (errno != EINTR)
			return -1;
	return 0;
}

int tenant_lock(const struct state *s, const char *id, unsigned flags, struct err *err)
{
	for (;;) {
		own_fd int dir = -1;
		struct stat opened, now;

		if (flags & TENANT_MAKE && mkdirat(s->endpoints, id, 0700) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make '%s/endpoints/%s'", s->place.run, id);
		dir = openat(s->endpoints, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (dir < 0 && errno == ENOENT && flags & TENANT_MAKE)
			continue;
		if (dir < 0 && errno == ENOENT)
			return err_set(err, E_NOT_FOUND, "container '%s' has no network", id);
		if (dir < 0)
			return err_errno(err, "cannot open '%s/endpoints/%s'", s->place.run, id);
		if (lock_directory(dir, flags) < 0)
			return errno == EWOULDBLOCK
				? err_set(err, E_IN_USE, "container '%s' is being worked on", id)
				: err_errno(err, "cannot lock '%s/endpoints/%s'", s->place.run, id);
		/* one that was removed while we waited is not the container's */
		if (fstat(dir, &opened) == 0 && fstatat(s->endpoints, id, &now, 0) == 0 &&
			opened.st_ino == now.st_ino && opened.st_dev == now.st_dev)
			return give_fd(dir);
	}
}

static int read_record(int dir, const char *name, const struct schema *schema, struct arena *a,
	void *record, struct err *err)
{
	struct json *doc;

	if (faccessat(dir, name, F_OK, 0) < 0 && errno == ENOENT)
		return err_set(err, E_NOT_FOUND, "there is no '%s'", name);
	doc = json_read_file(a, dir, name, err);
	return !doc ? -err->code : schema_decode(schema, doc, record, a, err);
}

static int write_record(
	int dir, const char *name, const struct schema *schema, const void *record, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};

	json_write(schema_encode(schema, record, &a), JSON_COMPACT, &text);
	return state_publish(dir, TEMP, name, &text, err);
}

int tenant_load(int dir, struct arena *a, struct tenant *t, struct err *err)
{
	int r = read_record(dir, TENANT, &tenant_schema, a, t, err);

	return r < 0 && r != -E_NOT_FOUND ? err_wrap(err, "'" TENANT "'") : r;
}

int tenant_save(int dir, const struct tenant *t, struct err *err)
{
	return write_record(dir, TENANT, &tenant_schema, t, err);
}

int tenant_forget(const struct state *s, int dir, const char *id, struct err *err)
{
	unlinkat(dir, TEMP, 0);
	if ((unlinkat(dir, TENANT, 0) < 0 && errno != ENOENT) ||
		(unlinkat(s->endpoints, id, AT_REMOVEDIR) < 0 && errno != ENOENT))
		return err_errno(err, "cannot remove '%s/endpoints/%s'", s->place.run, id);
	return 0;
}

/* ---- its endpoints ---- */

static void list_add(struct endpoint_list *list, const struct endpoint *e, struct arena *a)
{
	struct endpoint *more = arena_array(a, list->count + 1, sizeof(*more));

	if (list->count)
		memcpy(more, list->items, list->count * sizeof(*more));
	more[list->count++] = *e;
	list->items = more;
}

int endpoints_load(const struct state *s, int dir, const char *id, struct arena *a,
	struct endpoint_list *list, struct err *err)
{
	const char *older = arena_printf(a, "%s" SUFFIX, id);
	own_dir DIR *d = NULL;
	struct dirent *entry;
	struct endpoint e;
	struct err next;
	int r = 0, more;

	*list = (struct endpoint_list){0};
	d = dir_open(dir, ".");
	if (!d)
		return err_errno(err, "cannot read '%s/endpoints/%s'", s->place.run, id);
	while ((more = dir_next(d, &entry, &next)) > 0) {
		size_t n = strlen(entry->d_name), suffix = strlen(SUFFIX);
		const char *name;

		if (entry->d_name[0] == '.' || n <= suffix ||
			strcmp(entry->d_name + n - suffix, SUFFIX) != 0)
			continue;
		name = arena_strndup(a, entry->d_name, n - suffix);
		if (read_record(dir, entry->d_name, &endpoint_schema, a, &e, &next) < 0) {
			if (r == 0)
				*err = next;
			r = err_wrap(err, "'%s/endpoints/%s/%s'", s->place.run, id, entry->d_name);
			continue;
		}
		e.id = id;
		e.network = name;
		list_add(list, &e, a);
	}
	if (more < 0) {
		*err = next;
		r = err_wrap(err, "'%s/endpoints/%s'", s->place.run, id);
	}
	if (read_record(s->endpoints, older, &endpoint_schema, a, &e, &next) == 0) {
		e.id = id;
		list_add(list, &e, a);
	}
	return r;
}

int endpoint_save(int dir, const struct endpoint *e, struct err *err)
{
	char name[RECORD_NAME];

	snprintf(name, sizeof(name), "%s" SUFFIX, e->network);
	return write_record(dir, name, &endpoint_schema, e, err);
}

int endpoint_forget(const struct state *s, int dir, const struct endpoint *e, struct err *err)
{
	own_arena struct arena a = {0};
	const char *name = arena_printf(&a, "%s" SUFFIX, e->netns ? e->id : e->network);

	if (unlinkat(e->netns ? s->endpoints : dir, name, 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove the record of '%s' on network %s", e->id,
			e->network ? e->network : NETWORK_NONE);
	return 0;
}

const char *endpoint_key(struct arena *a, const char *id, const char *network)
{
	return arena_printf(a, "%s/%s", id, network);
}

/* FNV-1a: ids need not be random. */
void endpoint_link_name(const char *id, const char *network, char name[ENDPOINT_LINK_MAX])
{
	const char *const parts[] = {id, "/", network};
	uint64_t sum = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		for (const char *p = parts[i]; *p; p++)
			sum = (sum ^ (unsigned char)*p) * 1099511628211ull;
	snprintf(name, ENDPOINT_LINK_MAX, "veth%011" PRIx64, sum & UINT64_C(0xfffffffffff));
}

/* ---- who keeps it alive ---- */

void tenant_set_caller(struct tenant *t)
{
	t->caller = getppid();
	t->caller_start = t->caller ? process_start_time((pid_t)t->caller) : 0;
}

/*
 * Never a lock taken for good; but whoever wants the lock at this very moment would find it taken.
 * So it is asked only after the caller has gone, who waits for its container's keeper.
 */
static bool is_held(const char *path)
{
	own_fd int fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

static bool is_inhabited(const struct tenant *t, const struct endpoint_list *endpoints)
{
	uint64_t inode = 0;

	for (size_t i = 0; !inode && i < endpoints->count; i++)
		inode = endpoints->items[i].namespace_inode;
	if (!inode)
		inode = netns_inode(t->netns);
	return inode && netns_is_inhabited(inode);
}

bool tenant_alive(
	const struct tenant *t, const struct endpoint_list *endpoints, const struct netlink *route)
{
	if (!t->held) {
		for (size_t i = 0; i < endpoints->count; i++)
			if (endpoints->items[i].link && link_index(route, endpoints->items[i].link))
				return true;
		return !endpoints->count && !t->endpoints.count;
	}
	if (t->caller && t->caller_start && process_start_time((pid_t)t->caller) == t->caller_start)
		return true;
	return is_held(t->held) || is_inhabited(t, endpoints);
}
