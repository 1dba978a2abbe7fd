/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_emit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"

struct link {
	uint64_t dev, ino;
	char *path; /* NULL: the slot is free */
};

struct layer_links {
	struct link *slots;
	size_t count, cap;
};

static struct link *find_slot(const struct layer_links *l, uint64_t dev, uint64_t ino)
{
	size_t i = (size_t)((ino ^ dev << 48) * UINT64_C(0x9e3779b97f4a7c15) >> 32);

	while (l->slots[i & (l->cap - 1)].path &&
		(l->slots[i & (l->cap - 1)].ino != ino || l->slots[i & (l->cap - 1)].dev != dev))
		i++;
	return &l->slots[i & (l->cap - 1)];
}

static void grow(struct layer_links *l)
{
	const struct layer_links old = *l;

	l->cap = old.cap ? 2 * old.cap : 64;
	l->slots = xcalloc(l->cap, sizeof(*l->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].path)
			*find_slot(l, old.slots[i].dev, old.slots[i].ino) = old.slots[i];
	free(old.slots);
}

/* The path under which this inode was written before; NULL: it is remembered under this one now. */
static const char *first_path(struct layer_links *l, const struct stat *st, const char *path)
{
	struct link *slot;

	if (2 * (l->count + 1) > l->cap)
		grow(l);
	slot = find_slot(l, st->st_dev, st->st_ino);
	if (slot->path)
		return slot->path;
	*slot = (struct link){st->st_dev, st->st_ino, xstrdup(path)};
	l->count++;
	return NULL;
}

static int digest_and_output(void *arg, const void *data, size_t len, struct err *err)
{
	struct layer_emitter *em = arg;

	sha256_update(&em->sha256, data, len);
	em->size += len;
	return em->output(em->arg, data, len, err);
}

void layer_emitter_init(struct layer_emitter *em, tar_output *output, void *arg)
{
	*em = (struct layer_emitter){.output = output, .arg = arg};
	em->tar = tar_writer_new(digest_and_output, em);
	em->links = xcalloc(1, sizeof(*em->links));
	sha256_init(&em->sha256);
}

void layer_emitter_release(struct layer_emitter *em)
{
	for (size_t i = 0; i < em->links->cap; i++)
		free(em->links->slots[i].path);
	free(em->links->slots);
	free(em->links);
	tar_writer_free(em->tar);
	sha256_release(&em->sha256);
}

static bool set_type(struct tar_entry *e, const struct stat *st)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFREG:
		e->type = TAR_FILE;
		e->size = (uint64_t)st->st_size;
		return true;
	case S_IFDIR:
		e->type = TAR_DIR;
		return true;
	case S_IFLNK:
		e->type = TAR_SYMLINK;
		return true;
	case S_IFIFO:
		e->type = TAR_FIFO;
		return true;
	case S_IFCHR:
	case S_IFBLK:
		e->type = S_ISCHR(st->st_mode) ? TAR_CHAR : TAR_BLOCK;
		e->dev_major = major(st->st_rdev);
		e->dev_minor = minor(st->st_rdev);
		return true;
	}
	return false;
}

/* The file's size is in the header already: what is read must be just as much. */
static int emit_data(struct layer_emitter *em, const struct layer_source *s, struct err *err)
{
	uint64_t left = (uint64_t)s->st->st_size;

	while (left) {
		size_t room;
		void *to = tar_writer_room(em->tar, &room, err);
		ssize_t n;

		if (!to)
			return -err->code;
		do {
			n = read(s->fd, to, room);
		} while (n < 0 && errno == EINTR);
		if (n < 0)
			return err_errno(err, "cannot read '%s'", s->path);
		if (n == 0)
			return err_set(err, E_SIZE_MISMATCH, "'%s' was cut short while it was read",
				s->path);
		tar_writer_commit(em->tar, (size_t)n);
		left -= (uint64_t)n;
	}
	return 0;
}

static int read_link(const struct layer_source *s, char *target, size_t size, struct err *err)
{
	ssize_t n = readlinkat(s->dirfd, s->name, target, size);

	if (n < 0)
		return err_errno(err, "cannot read link '%s'", s->path);
	if ((size_t)n == size)
		return err_set(err, E_LIMIT, "target of link '%s' is too long", s->path);
	target[n] = '\0';
	return 0;
}

/* A directory's name ends in '/', the root's is "./". */
static int set_path(
	struct tar_entry *e, const char *path, char *with_slash, size_t size, struct err *err)
{
	e->path = path;
	if (strlen(path) + 2 > size)
		return err_set(err, E_LIMIT, "path of more than %d bytes: '%.100s...'",
			TAR_PATH_MAX, path);
	if (e->type != TAR_DIR)
		return 0;
	snprintf(with_slash, size, "%s/", *path ? path : ".");
	e->path = with_slash;
	return 0;
}

int layer_emit(struct layer_emitter *em, const struct layer_source *source, struct err *err)
{
	const struct stat *st = source->st;
	char path[TAR_PATH_MAX + 1], target[TAR_PATH_MAX + 1];
	struct tar_entry e = {
		.link = "",
		.mode = st->st_mode & 07777,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.mtime = st->st_mtim.tv_sec,
	};
	const char *first = NULL;

	if (!set_type(&e, st)) {
		em->skipped++; /* a socket: nobody listens in a layer */
		return 0;
	}
	if (set_path(&e, source->path, path, sizeof(path), err) < 0)
		return -err->code;
	if (st->st_nlink > 1 && e.type != TAR_DIR)
		first = first_path(em->links, st, source->path);
	if (first) {
		e.type = TAR_HARDLINK;
		e.link = first;
		e.size = 0;
	} else if (e.type == TAR_SYMLINK) {
		if (read_link(source, target, sizeof(target), err) < 0)
			return -err->code;
		e.link = target;
	}
	if (!first && source->xattrs) {
		e.xattrs = source->xattrs->items;
		e.nxattrs = source->xattrs->count;
	}
	em->entries++;
	if (tar_writer_entry(em->tar, &e, err) < 0)
		return -err->code;
	return e.type == TAR_FILE ? emit_data(em, source, err) : 0;
}

int layer_emit_whiteout(struct layer_emitter *em, const char *path, struct err *err)
{
	const struct tar_entry e = {.type = TAR_FILE, .path = path, .link = ""};

	em->entries++;
	return tar_writer_entry(em->tar, &e, err);
}

int layer_emitter_finish(struct layer_emitter *em, struct layer_result *result, struct err *err)
{
	char hex[SHA256_HEX_LEN + 1];

	if (tar_writer_finish(em->tar, err) < 0)
		return -err->code;
	sha256_finish(&em->sha256, hex);
	*result = (struct layer_result){
		.diff_id = digest_from_hex(hex),
		.size = em->size,
		.entries = em->entries,
		.skipped = em->skipped,
	};
	return 0;
}
