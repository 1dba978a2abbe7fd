/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/instance.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/proc.h"
#include "runtime/cgroup.h"
#include "spec/runtime_lines.h"

#define LOCK_WAIT_MS 10000

#define ROW(member, name, kind, ...) FIELD(struct instance_record, member, name, kind, __VA_ARGS__)

static const struct schema_field record_fields[] = {
	ROW(id, "id", SCHEMA_STRING),
	ROW(pid, "pid", SCHEMA_INT64),
	ROW(start_time, "startTime", SCHEMA_UINT64),
	ROW(bundle, "bundle", SCHEMA_STRING),
	ROW(rootfs, "rootfs", SCHEMA_STRING),
	ROW(created, "created", SCHEMA_STRING),
	ROW(owner, "owner", SCHEMA_INT64),
	ROW(cgroups, "cgroups", SCHEMA_STRINGS),
	ROW(annotations, "annotations", SCHEMA_STRING_MAP),
};

static const struct schema record_schema = SCHEMA(struct instance_record, record_fields);

static const char id_characters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.";

/* runc's rule, but for a leading dot: what names a directory must not be able to leave it. */
static int check_id(const char *id, struct err *err)
{
	size_t len = strlen(id);

	if (len && len <= INSTANCE_ID_MAX && id[0] != '.' && strspn(id, id_characters) == len)
		return 0;
	return err_set(err, E_USAGE,
		"'%.80s' is no container id (letters, digits and _+-. without a dot in front)", id);
}

void instance_release(struct instance *c)
{
	arena_release(&c->arena);
	own_fd_release(&c->lock);
	own_fd_release(&c->dir);
	own_fd_release(&c->root);
}

static int open_root(const char *root, struct err *err)
{
	int fd = path_make_dirs(root, 0711, err);

	return fd < 0 ? err_wrap(err, "the directory of all containers") : fd;
}

int instance_create(struct instance *c, const char *root, const char *id, struct err *err)
{
	struct err ignored;

	if (check_id(id, err) < 0)
		return -err->code;
	c->root = open_root(root, err);
	if (c->root < 0)
		return -err->code;
	if (mkdirat(c->root, id, 0711) < 0) {
		if (errno == EEXIST)
			return err_set(err, E_EXISTS, "container '%s' exists already", id);
		return err_errno(err, "cannot make the record of container '%s'", id);
	}
	c->dir = openat(c->root, id, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0) {
		err_errno(err, "cannot open the record of container '%s'", id);
		unlinkat(c->root, id, AT_REMOVEDIR);
		return -err->code;
	}
	c->lock = lock_file(c->dir, "lock", LOCK_TRY, err);
	if (c->lock < 0) {
		if (err->code != E_IN_USE) /* then it is the other process's now */
			path_remove_tree(c->root, id, &ignored);
		return err_wrap(err, "container '%s'", id);
	}
	c->record.id = arena_strdup(&c->arena, id);
	return 0;
}

/* The process that works on the container is expected to be done soon. */
static int wait_for_lock(struct instance *c, const char *id, struct err *err)
{
	const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};

	for (int waited = 0;; waited += 5) {
		c->lock = lock_file(c->dir, "lock", LOCK_TRY, err);
		if (c->lock >= 0)
			return 0;
		if (err->code != E_IN_USE || waited >= LOCK_WAIT_MS)
			return err_wrap(err, "container '%s'", id);
		nanosleep(&pause, NULL);
	}
}

static int read_record(struct instance *c, const char *id, struct err *err)
{
	struct json *document;

	if (faccessat(c->dir, "record.json", F_OK, 0) < 0 && errno == ENOENT) {
		c->record.id = arena_strdup(&c->arena, id);
		return 0;
	}
	document = json_read_file(&c->arena, c->dir, "record.json", err);
	if (!document || schema_decode(&record_schema, document, &c->record, &c->arena, err) < 0)
		return err_wrap(err, "record of container '%s'", id);
	c->record.id = arena_strdup(&c->arena, id);
	return 0;
}

int instance_open(struct instance *c, const char *root, const char *id, bool lock, struct err *err)
{
	if (check_id(id, err) < 0)
		return -err->code;
	c->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->root >= 0)
		c->dir = openat(c->root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (c->dir < 0) {
		if (errno == ENOENT)
			return err_set(err, E_NOT_FOUND, "container '%s' does not exist", id);
		return err_errno(err, "cannot open the record of container '%s' in '%s'", id, root);
	}
	if (lock && wait_for_lock(c, id, err) < 0)
		return -err->code;
	return read_record(c, id, err);
}

void instance_unlock(struct instance *c)
{
	own_fd_release(&c->lock);
	c->lock = -1;
}

int instance_save(struct instance *c, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};

	json_write(schema_encode(&record_schema, &c->record, &a), JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	if (io_publish_file(c->dir, "record.json", text.data, text.len, 0600, 0, err) < 0)
		return err_wrap(err, "record of container '%s'", c->record.id);
	return 0;
}

int instance_save_config(struct instance *c, const char *text, size_t len, struct err *err)
{
	own_fd int fd = openat(
		c->dir, "config.json", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return err_errno(
			err, "cannot keep the config.json of container '%s'", c->record.id);
	r = io_write_full(fd, text, len);
	errno = -r;
	return r < 0 ? err_errno(err, "cannot keep the config.json of container '%s'", c->record.id)
		     : 0;
}

int instance_load_config(struct instance *c, struct runtime_config *config, struct err *err)
{
	own_buf struct buf text = {0};

	if (io_read_file(c->dir, "config.json", JSON_DOCUMENT_MAX, &text, err) < 0)
		return err_wrap(err, "container '%s'", c->record.id);
	return runtime_config_parse(buf_str(&text), text.len, config, &c->arena, err);
}

int instance_remove(struct instance *c, struct err *err)
{
	if (path_remove_tree(c->root, c->record.id, err) < 0)
		return err_wrap(err, "record of container '%s'", c->record.id);
	return 0;
}

bool instance_alive(const struct instance *c)
{
	return c->record.pid > 0 &&
		process_start_time((pid_t)c->record.pid) == c->record.start_time;
}

int instance_pidfd(const struct instance *c, struct err *err)
{
	own_fd int fd = -1;

	if (c->record.pid > 0)
		fd = pidfd_open((pid_t)c->record.pid, 0);
	/* looked at after the pidfd was opened: the pid cannot have become another's since */
	if (fd < 0 || !instance_alive(c))
		return err_set(err, E_NOT_RUNNING, "container not running: '%s'", c->record.id);
	return give_fd(fd);
}

enum instance_status instance_status(const struct instance *c)
{
	if (!c->record.pid)
		return c->record.bundle ? INSTANCE_CREATING : INSTANCE_STOPPED;
	if (!instance_alive(c))
		return INSTANCE_STOPPED;
	if (faccessat(c->dir, INSTANCE_START_SOCK, F_OK, 0) == 0)
		return INSTANCE_CREATED;
	return cgroup_frozen(&c->record.cgroups) ? INSTANCE_PAUSED : INSTANCE_RUNNING;
}

const char *instance_status_name(enum instance_status status)
{
	static const char *const names[] = {"creating", "created", "running", "paused", "stopped"};

	return names[status];
}

struct json *instance_state(struct instance *c, enum instance_status status, bool extra)
{
	const struct instance_record *r = &c->record;
	int64_t pid = status == INSTANCE_STOPPED ? 0 : r->pid;
	const struct runtime_state state = {.oci_version = RUNTIME_SPEC_VERSION,
		.id = r->id,
		.status = instance_status_name(status),
		.pid = extra || pid ? &pid : NULL,
		.bundle = r->bundle ? r->bundle : "",
		.rootfs = extra ? r->rootfs : NULL,
		.created = extra ? r->created : NULL,
		.owner = extra ? "" : NULL,
		.annotations = r->annotations};

	return schema_encode(&runtime_state_schema, &state, &c->arena);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int instance_list(const char *root, struct strv *ids, struct err *err)
{
	struct err ignored;
	own_dir DIR *dir = opendir(root);
	struct dirent *e;
	int r;

	if (!dir)
		return errno == ENOENT ? 0 : err_errno(err, "cannot read '%s'", root);
	while ((r = dir_next(dir, &e, err)) > 0)
		if (e->d_type == DT_DIR && check_id(e->d_name, &ignored) == 0)
			strv_add(ids, e->d_name);
	if (r < 0)
		return err_wrap(err, "'%s'", root);
	if (ids->count)
		qsort(ids->items, ids->count, sizeof(*ids->items), compare);
	return 0;
}
