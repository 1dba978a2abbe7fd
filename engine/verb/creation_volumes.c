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

static void add_inherited(struct translate_context *c, const struct docker_mount *m)
{
	/* doubles at powers of two */
	if ((c->inherited.count & (c->inherited.count - 1)) == 0) {
		size_t room = c->inherited.count ? c->inherited.count * 2 : 1;
		struct docker_mount *more = arena_array(c->arena, room, sizeof(*more));

		for (size_t i = 0; i < c->inherited.count; i++)
			more[i] = c->inherited.items[i];
		c->inherited.items = more;
	}
	c->inherited.items[c->inherited.count++] = *m;
}

/* CONTAINER[:ro|rw]: its binds and volumes */
static int inherit(
	struct creation *c, const char *text, struct translate_context *context, struct err *err)
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

		if (strcmp(m.type, "tmpfs") == 0)
			continue;
		m.rw = m.rw && strcmp(mode, "ro") != 0;
		m.anonymous = false; /* it is the other container's to remove */
		add_inherited(context, &m);
	}
	return 0;
}

int creation_inherited(struct creation *c, struct translate_context *context, struct err *err)
{
	const struct strings *from = &c->request->body.host.volumes_from;

	for (size_t i = 0; i < from->count; i++)
		if (inherit(c, from->items[i], context, err) < 0)
			return -err->code;
	return 0;
}

/* ---- the steps ---- */

struct volume_step {
	struct engine *engine;
	const char *name;
	struct string_map labels;
};

static int make_volume(void *arg, struct err *err)
{
	struct volume_step *v = arg;
	struct volume volume;
	int r = volume_create(
		v->engine->store, v->name, &v->labels, &volume, &v->engine->arena, err);

	return r < 0 ? r : 0;
}

static int unmake_volume(void *arg, struct err *err)
{
	struct volume_step *v = arg;
	int r = volume_remove(v->engine->store, v->name, err);

	return r == -E_NOT_FOUND ? 0 : r;
}

/* An anonymous volume is nobody else's: it goes when a later step fails. */
static void plan_volume(struct creation *c, const struct translated_mount *m)
{
	struct plan *p = &c->engine->plan;
	struct volume_step *v = arena_alloc(&p->arena, sizeof(*v));
	struct step *s = plan_program(p, "kist", "volume", "create", NULL);

	*v = (struct volume_step){c->engine, m->shown.name, m->wish.labels};
	if (m->shown.anonymous)
		string_map_set(&p->arena, &v->labels, LABEL_ANONYMOUS, "");
	for (size_t i = 0; i < v->labels.count; i++)
		step_add2(p, s, "--label",
			arena_printf(&p->arena, "%s=%s", v->labels.items[i].key,
				v->labels.items[i].value));
	step_add(p, s, m->shown.name);
	s->flags = STEP_QUIET;
	s->call = make_volume;
	s->arg = v;
	if (!m->shown.anonymous)
		return;
	s = plan_program(p, "kist", "volume", "rm", "-f", m->shown.name, NULL);
	s->flags = STEP_QUIET;
	s->call = unmake_volume;
	s->arg = v;
	plan_make_undo(p);
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

	for (size_t i = 0; i < c->translation.mounts.count; i++) {
		const struct mount_wish *m = &c->translation.mounts.items[i].wish;

		if (m->kind == MOUNT_BIND && m->source && m->make_source &&
			access(m->source, F_OK) < 0)
			plan_directory(p, m->source, 0755);
	}
	for (size_t i = 0; i < c->translation.mounts.count; i++) {
		const struct translated_mount *m = &c->translation.mounts.items[i];

		if (m->shown.name)
			plan_volume(c, m);
		populates = populates || m->shown.name;
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
