/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/step_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/base.h"
#include "builder/build.h"
#include "builder/copy.h"
#include "builder/stage_build.h"
#include "builder/stages.h"
#include "lib/own.h"
#include "lib/path.h"

/*
 * Nobody can give a build secrets or an agent's socket: a step that needs none goes without, as it
 * does when they are not given.
 */
static int check_absent(const struct run_mount *m, struct err *err)
{
	if (!m->required)
		return 0;
	return m->type == RUN_MOUNT_SECRET
		? err_set(err, E_NOT_FOUND, "secret %s: not found", m->id)
		: err_set(err, E_NOT_FOUND, "no SSH key \"%s\" forwarded from the client", m->id);
}

static int find_from(struct stage *s, struct prepared_mount *p, struct err *err)
{
	const char *from = p->mount.from;

	if (p->mount.type != RUN_MOUNT_BIND || !from)
		return 0;
	p->from = stages_find(s->build, from, s->index);
	if (p->from)
		return stage_build(p->from, err);
	p->from = base_open_image(s->build, from, err);
	return p->from ? 0 : -err->code;
}

int step_mounts_parse(
	struct step_mounts *m, struct stage *s, const struct instruction *in, struct err *err)
{
	m->stage = s;
	m->items = arena_array(&s->build->arena, in->flags.count, sizeof(*m->items));
	for (size_t i = 0; i < in->flags.count; i++) {
		struct prepared_mount *p = &m->items[m->count];

		if (strcmp(in->flags.items[i].name, "mount") != 0)
			continue;
		if (m->count == STEP_MOUNTS_MAX)
			return err_set(
				err, E_LIMIT, "RUN has more than %d mounts", STEP_MOUNTS_MAX);
		p->root = (struct root)ROOT_INIT;
		p->lock = -1;
		m->count++;
		if (run_mount_parse(in->flags.items[i].value, &s->vars,
			    s->config.config.working_dir, &p->mount, err) < 0 ||
			find_from(s, p, err) < 0)
			return -err->code;
		if (p->mount.type == RUN_MOUNT_SECRET || p->mount.type == RUN_MOUNT_SSH) {
			if (check_absent(&p->mount, err) < 0)
				return -err->code;
			m->count--;
		}
	}
	return 0;
}

static struct tree context_tree(struct step_mounts *m)
{
	struct build *b = m->stage->build;

	return (struct tree){.arena = &b->arena,
		.root = b->context.root,
		.what = "build context",
		.skip_devices = true,
		.ignore = &b->context.ignore};
}

static int list_context(
	struct step_mounts *m, struct prepared_mount *p, struct tree *t, struct err *err)
{
	*t = context_tree(m);
	if (tree_add(t, p->mount.source ? p->mount.source : "", NULL, err) < 0)
		return err_wrap(err, "RUN --mount");
	return 0;
}

/* What a part of the context holds; found out once in a build. NULL: see *err. */
static const char *context_digest(struct step_mounts *m, struct prepared_mount *p, struct err *err)
{
	struct build *b = m->stage->build;
	const struct tree_owner owner = {.set = true};
	const char *source = p->mount.source ? p->mount.source : "";
	ptrdiff_t at = names_find_pair(&b->digested, source);
	char hex[SHA256_HEX_LEN + 1];
	struct tree t;

	if (at >= 0)
		return b->digests.items[at].value;
	if (list_context(m, p, &t, err) < 0 || tree_digest(&t, err) < 0)
		return NULL;
	tree_summary(&t, &owner, true, hex);
	names_set_pair(&b->digested, &b->digests, source, hex, &b->arena);
	return b->digests.items[b->digests.count - 1].value;
}

int step_mounts_key(struct step_mounts *m, struct cache_key *key, struct err *err)
{
	for (size_t i = 0; i < m->count; i++) {
		struct prepared_mount *p = &m->items[i];

		cache_key_add(key, p->mount.text);
		cache_key_add(key, p->mount.target);
		cache_key_add(key, p->mount.source);
		if (p->mount.type != RUN_MOUNT_BIND)
			continue; /* what a cache holds does not count: that is its purpose */
		if (p->from) {
			struct strings layers = stage_diff_ids(p->from);

			cache_key_add_all(key, &layers);
		} else {
			const char *hex = context_digest(m, p, err);

			if (!hex)
				return -err->code;
			cache_key_add(key, hex);
		}
	}
	return 0;
}

/* An empty directory or file of the workspace to attach a source to. */
static int make_attach_point(struct step_mounts *m, bool directory, char **path, struct err *err)
{
	own_mem char *parent = NULL;
	own_fd int dir = workspace_make(&m->stage->build->work, "mount", 0700, &parent, err),
		   fd = -1;

	if (dir < 0)
		return dir;
	*path = xasprintf("%s/source", parent);
	if (directory && mkdirat(dir, "source", 0700) < 0)
		return err_errno(err, "cannot make '%s'", *path);
	if (!directory) {
		fd = openat(dir, "source", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0)
			return err_errno(err, "cannot make '%s'", *path);
	}
	return 0;
}

/*
 * Attach what fd refers to in the workspace, so that the runtime gets a path in which nobody else
 * can change a link any more. Device nodes below it open nothing.
 */
static int attach(struct step_mounts *m, struct prepared_mount *p, int fd, struct err *err)
{
	struct mount_attr no_devices = {.attr_set = MOUNT_ATTR_NODEV};
	own_mem char *path = NULL;
	own_fd int clone = -1;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot look at the source of a mount");
	if (make_attach_point(m, S_ISDIR(st.st_mode), &path, err) < 0)
		return -err->code;
	clone = open_tree(fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (clone < 0 ||
		mount_setattr(clone, "", AT_EMPTY_PATH, &no_devices, sizeof(no_devices)) < 0 ||
		move_mount(clone, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return err_errno(err, "cannot mount the source of '%s'", p->mount.text);
	p->attached = arena_strdup(&m->stage->build->arena, path);
	return 0;
}

static int bind_from_root(
	struct step_mounts *m, struct prepared_mount *p, int root, struct err *err)
{
	const char *source = p->mount.source && *p->mount.source ? p->mount.source : "/";
	own_fd int fd = path_open(root, source, O_PATH, 0, PATH_IN_ROOT, err);

	if (fd == -ENOENT)
		return err_set(err, E_NOT_FOUND, "RUN --mount: \"%s\": not found", source);
	return fd < 0 ? fd : attach(m, p, fd, err);
}

/* What .dockerignore leaves of the context. FIFOs of the copy are new ones; sockets have none. */
static int bind_copy_of_context(struct step_mounts *m, struct prepared_mount *p, struct err *err)
{
	struct tree t;
	own_mem char *path = NULL;
	own_fd int dir = workspace_make(&m->stage->build->work, "copy", 0755, &path, err), fd = -1;
	struct copy copy = {.root = dir, .destination = "/content"};

	if (dir < 0 || list_context(m, p, &t, err) < 0 || copy_tree(&t, &copy, err) < 0)
		return -err->code;
	fd = path_open(dir, "content", O_PATH, 0, PATH_BENEATH, err);
	return fd < 0 ? fd : attach(m, p, fd, err);
}

/*
 * The context itself is never bound: a FIFO or socket in it would connect the command with whatever
 * on the host has it open. overlayfs shows its files under inodes of its own.
 */
static int bind_context(struct step_mounts *m, struct prepared_mount *p, struct err *err)
{
	struct build *b = m->stage->build;
	struct err ignored;

	if (b->context.ignore.count)
		return bind_copy_of_context(m, p, err);
	if (root_open_directory(&p->root, &b->work, b->context.root, !p->mount.readonly, &ignored) <
		0) {
		root_close(&p->root);
		return bind_copy_of_context(m, p, err); /* of a file system that cannot be lower */
	}
	if (root_attach(&p->root, err) < 0)
		return -err->code;
	return bind_from_root(m, p, p->root.mount, err);
}

static int open_bind(struct step_mounts *m, struct prepared_mount *p, struct err *err)
{
	if (!p->from)
		return bind_context(m, p, err);
	if (root_open(&p->root, p->from, !p->mount.readonly, err) < 0 ||
		root_attach(&p->root, err) < 0)
		return -err->code;
	return bind_from_root(m, p, p->root.mount, err);
}

static void cache_name(const struct run_mount *m, char hex[SHA256_HEX_LEN + 1])
{
	char owner[64];
	struct sha256 sha;

	sha256_init(&sha);
	sha256_update(&sha, m->id, strlen(m->id));
	snprintf(owner, sizeof(owner), "%u %u %o", m->uid, m->gid, m->mode);
	/* an id holds no NUL */
	if (m->uid || m->gid || m->mode != RUN_MOUNT_CACHE_MODE) {
		sha256_update(&sha, "", 1);
		sha256_update(&sha, owner, strlen(owner));
	}
	sha256_finish(&sha, hex);
	sha256_release(&sha);
}

/*
 * ROOT/cache/build/mounts/DIGEST: an id from outside never is part of a path. Directories of one id
 * with other owners or modes are others, so that what one step may rely on no other changes.
 */
static int open_cache(
	struct step_mounts *m, struct prepared_mount *p, const char **path, struct err *err)
{
	struct build *b = m->stage->build;
	char hex[SHA256_HEX_LEN + 1];
	own_mem char *parent = xasprintf("%s/cache/build/mounts", b->place.root), *fresh = NULL;
	own_fd int dir = path_make_dirs(parent, 0700, err), fd = -1;

	if (dir < 0)
		return dir;
	cache_name(&p->mount, hex);
	if (mkdirat(dir, hex, 0700) == 0) {
		if (fchownat(dir, hex, p->mount.uid, p->mount.gid, 0) < 0 ||
			fchmodat(dir, hex, p->mount.mode, 0) < 0)
			return err_errno(err, "cannot set up the cache '%s'", p->mount.id);
	} else if (errno != EEXIST) {
		return err_errno(err, "cannot make the cache '%s'", p->mount.id);
	}
	fd = openat(dir, hex, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "cannot open the cache '%s'", p->mount.id);
	*path = arena_printf(&b->arena, "%s/%s", parent, hex);
	if (p->mount.sharing == SHARING_SHARED)
		return 0;
	if (flock(fd, LOCK_EX | (p->mount.sharing == SHARING_PRIVATE ? LOCK_NB : 0)) == 0) {
		p->lock = give_fd(fd);
		return 0;
	}
	if (errno != EWOULDBLOCK)
		return err_errno(err, "cannot lock the cache '%s'", p->mount.id);
	/* private, and in use by another build: an empty one, which is not kept */
	p->lock = workspace_make(&b->work, "cache", p->mount.mode, &fresh, err);
	if (p->lock < 0)
		return p->lock;
	*path = arena_strdup(&b->arena, fresh);
	if (fchown(p->lock, p->mount.uid, p->mount.gid) < 0)
		return err_errno(err, "cannot set up the cache '%s'", p->mount.id);
	return 0;
}

static int open_mount(
	struct step_mounts *m, struct prepared_mount *p, struct mount_option *o, struct err *err)
{
	struct arena *a = &m->stage->build->arena;

	*o = (struct mount_option){.destination = p->mount.target, .readonly = p->mount.readonly};
	switch (p->mount.type) {
	case RUN_MOUNT_TMPFS:
		o->type = "tmpfs";
		if (p->mount.size)
			strings_add(a, &o->options,
				arena_printf(a, "size=%lld", (long long)p->mount.size));
		return 0;
	case RUN_MOUNT_CACHE:
		return open_cache(m, p, &o->source, err);
	case RUN_MOUNT_SECRET:
	case RUN_MOUNT_SSH:
		return 0; /* step_mounts_parse() leaves them out */
	case RUN_MOUNT_BIND:
		if (open_bind(m, p, err) < 0)
			return -err->code;
		o->source = p->attached;
		/* the runtime gives a mount what its words say, whatever its source has */
		strings_add(a, &o->options, "nodev");
		return 0;
	}
	return 0;
}

int step_mounts_open(struct step_mounts *m, struct execution *x, struct err *err)
{
	size_t before = x->mounts.count;
	struct mount_option *all = arena_array(
		&m->stage->build->arena, before + m->count, sizeof(*all));

	if (before)
		memcpy(all, x->mounts.items, before * sizeof(*all));
	for (size_t i = 0; i < m->count; i++)
		if (open_mount(m, &m->items[i], &all[before + i], err) < 0)
			return -err->code;
	x->mounts.items = all;
	x->mounts.count = before + m->count;
	return 0;
}

void step_mounts_release(struct step_mounts *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct prepared_mount *p = &m->items[i];

		/* the namespace is ours: what stays mounted goes with the build */
		if (p->attached)
			umount2(p->attached, MNT_DETACH | UMOUNT_NOFOLLOW);
		root_close(&p->root);
		own_fd_release(&p->lock);
	}
	m->count = 0;
}
