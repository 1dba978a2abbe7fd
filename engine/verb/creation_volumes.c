/* SPDX-License-Identifier: Apache-2.0 */
/* A container's mounts: host directories, volumes, and what an empty volume gets from the image. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/verb/creation.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/spawn.h"
#include "store/snapshot.h"
#include "store/volume.h"

#define LABEL_ANONYMOUS "com.docker.volume.anonymous"

static struct docker_mount *add_mount(struct creation *c)
{
	struct docker_container *d = &c->docker;
	struct docker_mount *more = arena_array(
		&c->engine->arena, d->mounts.count + 1, sizeof(*more));

	if (d->mounts.count)
		memcpy(more, d->mounts.items, d->mounts.count * sizeof(*more));
	d->mounts.items = more;
	more[d->mounts.count].mode = more[d->mounts.count].propagation = "";
	return &more[d->mounts.count++];
}

static void set_volume(struct creation *c, struct docker_mount *m, const char *name)
{
	char random[CONTAINER_ID_LEN + 1];

	m->type = "volume";
	m->anonymous = !name;
	if (!name) {
		io_random_hex(random, CONTAINER_ID_LEN / 2);
		name = arena_strdup(&c->engine->arena, random);
	}
	m->name = name;
	m->driver = "local";
	m->source = engine_root_path(c->engine, "volumes/%s/_data", name);
}

static void add_requested(struct creation *c, const struct mount_request *r)
{
	struct docker_mount *m = add_mount(c);

	m->destination = r->destination;
	m->mode = r->no_copy && !*r->mode ? "nocopy" : r->mode;
	m->rw = !r->read_only;
	if (r->kind == MOUNT_VOLUME) {
		set_volume(c, m, r->source);
	} else if (r->kind == MOUNT_BIND) {
		m->type = "bind";
		m->source = r->source;
		m->propagation = r->propagation ? r->propagation : "rprivate";
	} else {
		m->type = "tmpfs";
		m->source = "";
	}
}

static bool is_mounted(const struct creation *c, const char *destination)
{
	for (size_t i = 0; i < c->docker.mounts.count; i++)
		if (strcmp(c->docker.mounts.items[i].destination, destination) == 0)
			return true;
	return false;
}

/* --volumes-from CONTAINER[:ro|rw]: its binds and volumes, but for places that are taken */
static int add_from(struct creation *c, const char *text, struct err *err)
{
	struct arena *a = &c->engine->arena;
	size_t n = strcspn(text, ":");
	const char *mode = text[n] ? text + n + 1 : "";
	own_stored_container struct stored_container other = STORED_CONTAINER_INIT;
	struct docker_container docker;

	if (*mode && strcmp(mode, "ro") != 0 && strcmp(mode, "rw") != 0)
		return err_set(err, E_USAGE, "invalid mode: %s", mode);
	if (!c->engine->store)
		return err_set(err, E_NOT_FOUND, "No such container: %.*s", (int)n, text);
	if (stored_container_find(c->engine->store, arena_strndup(a, text, n), 0, &other, err) < 0)
		return -err->code;
	if (schema_decode(&docker_container_schema, json_copy(a, other.record.engine), &docker, a,
		    err) < 0)
		return -err->code;
	for (size_t i = 0; i < docker.mounts.count; i++) {
		struct docker_mount m = docker.mounts.items[i];

		if (is_mounted(c, m.destination) || strcmp(m.type, "tmpfs") == 0)
			continue;
		m.rw = m.rw && strcmp(mode, "ro") != 0;
		m.anonymous = false; /* it is the other container's to remove */
		*add_mount(c) = m;
	}
	return 0;
}

int creation_mounts(struct creation *c, struct err *err)
{
	const struct create_request *r = c->request;
	const struct strings *from_image = c->image ? &c->image->config.config.volumes : NULL;

	for (size_t i = 0; i < r->mounts.count; i++)
		add_requested(c, &r->mounts.items[i]);
	for (size_t i = 0; i < r->host.volumes_from.count; i++)
		if (add_from(c, r->host.volumes_from.items[i], err) < 0)
			return -err->code;
	for (size_t i = 0; from_image && i < from_image->count; i++) {
		own_mem char *path = path_clean(from_image->items[i]);
		struct docker_mount *m;

		if (path[0] != '/' || path[1] == '\0')
			return err_set(err, E_SYNTAX, "the image's volume '%s' is no absolute path",
				from_image->items[i]);
		if (is_mounted(c, path))
			continue;
		m = add_mount(c);
		m->destination = arena_strdup(&c->engine->arena, path);
		m->rw = true;
		set_volume(c, m, NULL);
	}
	for (size_t i = 0; i < r->mounts.count; i++) {
		const struct mount_request *m = &r->mounts.items[i];

		if (m->kind == MOUNT_BIND && !m->make_source && access(m->source, F_OK) < 0)
			return err_set(err, E_NOT_FOUND,
				"invalid mount config for type \"bind\": bind source path does not exist: %s",
				m->source);
	}
	return 0;
}

/* ---- the steps ---- */

struct volume_step {
	struct engine *engine;
	const char *name;
	bool anonymous;
};

static int make_volume(void *arg, struct err *err)
{
	struct volume_step *v = arg;
	struct string_map labels = {0};
	struct volume volume;
	int r;

	if (v->anonymous)
		string_map_set(&v->engine->arena, &labels, LABEL_ANONYMOUS, "");
	r = volume_create(v->engine->store, v->name, &labels, &volume, &v->engine->arena, err);
	return r < 0 ? r : 0;
}

static void plan_volume(struct creation *c, const struct docker_mount *m)
{
	struct plan *p = &c->engine->plan;
	struct volume_step *v = arena_alloc(&p->arena, sizeof(*v));
	struct step *s = plan_program(p, "kist", "volume", "create", NULL);

	if (m->anonymous)
		step_add2(p, s, "--label", LABEL_ANONYMOUS "=");
	step_add(p, s, m->name);
	*v = (struct volume_step){c->engine, m->name, m->anonymous};
	s->flags = STEP_QUIET;
	s->call = make_volume;
	s->arg = v;
}

int creation_mount(struct creation *c, struct err *err)
{
	if (c->mount < 0)
		c->mount = snapshot_mount(c->engine->store, c->container.dir, 0, err);
	return c->mount;
}

static int populate(void *arg, struct err *err)
{
	struct creation *c = arg;
	int root = creation_mount(c, err);

	return root < 0 ? root : creation_populate(root, &c->docker, err);
}

void creation_plan_volumes(struct creation *c)
{
	struct plan *p = &c->engine->plan;
	bool populates = false;

	for (size_t i = 0; i < c->request->mounts.count; i++) {
		const struct mount_request *m = &c->request->mounts.items[i];

		if (m->kind == MOUNT_BIND && m->make_source && access(m->source, F_OK) < 0)
			plan_directory(p, m->source, 0755);
	}
	for (size_t i = 0; i < c->docker.mounts.count; i++) {
		const struct docker_mount *m = &c->docker.mounts.items[i];

		if (m->name)
			plan_volume(c, m);
		populates = populates || m->name;
	}
	if (populates) {
		struct step *s = plan_program(p, "kist", "container-populate", c->id, NULL);

		s->call = populate;
		s->arg = c;
	}
}

/* ---- filling empty volumes ---- */

static int is_empty(int dir, bool *empty, struct err *err)
{
	own_dir DIR *d = io_open_dir(dir, ".");
	struct dirent *entry;

	if (!d)
		return err_errno(err, "cannot read a volume's directory");
	*empty = true;
	while (*empty && (entry = readdir(d)))
		*empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	return 0;
}

/* kist-layer pack | kist-layer unpack: neither sees more than its own directory. */
static int copy_tree(int from, const char *to, struct err *err)
{
	const char *const pack_argv[] = {"kist-layer", "pack", "/proc/self/fd/3", NULL};
	const char *const unpack_argv[] = {"kist-layer", "unpack", to, NULL};
	struct spawn pack = {.argv = pack_argv}, unpack = {.argv = unpack_argv};
	struct child packer, unpacker;
	own_fd int in = -1, out = -1;
	int ends[2], r, statuses[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	in = ends[0];
	out = ends[1];
	spawn_pass(&pack, from, 3);
	spawn_pass(&pack, out, STDOUT_FILENO);
	spawn_pass(&unpack, in, STDIN_FILENO);
	spawn_pass(&unpack, -1, STDOUT_FILENO);
	r = spawn_start(&pack, &packer, err);
	if (r < 0)
		return r;
	close(give_fd(out));
	r = spawn_start(&unpack, &unpacker, err);
	close(give_fd(in));
	if (r < 0) {
		child_wait(&packer, &statuses[0], &(struct err){0});
		return r;
	}
	if (child_wait(&packer, &statuses[0], err) < 0 ||
		child_wait(&unpacker, &statuses[1], err) < 0)
		return -err->code;
	return statuses[0] || statuses[1]
		? err_set(err, E_CHILD, "cannot copy the image's files into the volume")
		: 0;
}

static int populate_volume(int root, const struct docker_mount *m, struct err *err)
{
	own_fd int target = open(m->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	own_fd int source = -1;
	struct stat st;
	bool empty;

	if (target < 0)
		return err_errno(err, "cannot open volume '%s'", m->name);
	if (is_empty(target, &empty, err) < 0)
		return -err->code;
	if (!empty)
		return 0;
	source = path_open(root, m->destination, O_RDONLY | O_DIRECTORY, 0, PATH_IN_ROOT, err);
	/* where the image has nothing, or no directory, there is nothing to copy */
	if (source < 0)
		return err->code == ENOENT || err->code == ENOTDIR ? 0 : source;
	if (fstat(source, &st) < 0 || fchown(target, st.st_uid, st.st_gid) < 0 ||
		fchmod(target, st.st_mode & 07777) < 0)
		return err_errno(err, "cannot prepare volume '%s'", m->name);
	if (is_empty(source, &empty, err) < 0)
		return -err->code;
	return empty ? 0 : copy_tree(source, m->source, err);
}

/* -v has it in its mode, and --mount's volume-nocopy is written there, too. */
static bool may_copy(const struct docker_mount *m)
{
	return m->name && !strstr(m->mode, "nocopy");
}

int creation_populate(int root, const struct docker_container *docker, struct err *err)
{
	for (size_t i = 0; i < docker->mounts.count; i++)
		if (may_copy(&docker->mounts.items[i]) &&
			populate_volume(root, &docker->mounts.items[i], err) < 0)
			return -err->code;
	return 0;
}
