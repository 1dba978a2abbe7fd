/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/tar_format.h"

struct tar_writer {
	tar_output *output;
	void *arg;
	uint64_t data_left; /* of the current entry */
	unsigned padding;
	struct buf pax;
	size_t filled;
	unsigned char block[IO_BLOCK_SIZE];
};

struct tar_writer *tar_writer_new(tar_output *output, void *arg)
{
	struct tar_writer *w = xmalloc(sizeof(*w));

	memset(w, 0, offsetof(struct tar_writer, block));
	w->output = output;
	w->arg = arg;
	return w;
}

void tar_writer_free(struct tar_writer *w)
{
	if (w)
		buf_release(&w->pax);
	free(w);
}

static int flush(struct tar_writer *w, struct err *err)
{
	size_t n = w->filled;

	w->filled = 0;
	return n ? w->output(w->arg, w->block, n, err) : 0;
}

static int put(struct tar_writer *w, const void *data, size_t len, struct err *err)
{
	const unsigned char *p = data;

	while (len) {
		size_t n = sizeof(w->block) - w->filled;

		if (n > len)
			n = len;
		memcpy(w->block + w->filled, p, n);
		w->filled += n;
		p += n;
		len -= n;
		if (w->filled == sizeof(w->block) && flush(w, err) < 0)
			return -err->code;
	}
	return 0;
}

static int put_zeros(struct tar_writer *w, size_t len, struct err *err)
{
	static const unsigned char zeros[2 * TAR_BLOCK_SIZE];

	return put(w, zeros, len, err);
}

/* Octal with a NUL behind it. Returns false when it does not fit. */
static bool put_octal(char *field, size_t len, uint64_t n)
{
	if (n >> (3 * (len - 1)))
		return false;
	for (size_t i = len - 1; i-- > 0; n >>= 3)
		field[i] = (char)('0' + (n & 7));
	field[len - 1] = '\0';
	return true;
}

/* "LENGTH KEY=VALUE\n": LENGTH counts its own digits. */
static void pax_add(struct buf *pax, const char *key, const void *value, size_t len)
{
	const size_t rest = strlen(key) + len + 3;
	size_t total = rest + 1;

	while (total != rest + (size_t)snprintf(NULL, 0, "%zu", total))
		total = rest + (size_t)snprintf(NULL, 0, "%zu", total);
	buf_addf(pax, "%zu %s=", total, key);
	buf_add(pax, value, len);
	buf_addc(pax, '\n');
}

static void pax_add_number(struct buf *pax, const char *key, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	pax_add(pax, key, text, strlen(text));
}

static bool is_ascii(const char *s)
{
	/* char is signed on some machines and not on others */
	while (*s && (unsigned char)*s < 0x80)
		s++;
	return !*s;
}

/* Into name, or at a slash into prefix and name. Returns false when it does not fit. */
static bool split_path(struct tar_header *h, const char *path)
{
	const size_t len = strlen(path);
	const char *slash;

	if (len <= sizeof(h->name)) {
		memcpy(h->name, path, len);
		return true;
	}
	/* the first slash that leaves a name short enough; not the one behind a directory's name */
	slash = strchr(path + len - sizeof(h->name) - 1, '/');
	if (!slash || slash[1] == '\0' || (size_t)(slash - path) > sizeof(h->prefix) ||
		slash == path)
		return false;
	memcpy(h->prefix, path, (size_t)(slash - path));
	memcpy(h->name, slash + 1, len - (size_t)(slash + 1 - path));
	return true;
}

static void set_checksum(struct tar_header *h)
{
	put_octal(h->checksum, 7, tar_checksum(h));
	h->checksum[7] = ' ';
}

static void begin_header(struct tar_header *h, char type)
{
	memset(h, 0, sizeof(*h));
	h->type = type;
	memcpy(h->magic, "ustar", 6);
	memcpy(h->version, "00", 2);
}

static int compare_xattrs(const void *a, const void *b)
{
	return strcmp(((const struct tar_xattr *)a)->name, ((const struct tar_xattr *)b)->name);
}

static void add_xattrs(struct buf *pax, const struct tar_entry *e)
{
	own_mem struct tar_xattr *sorted = NULL;

	if (!e->nxattrs)
		return;
	sorted = xreallocarray(NULL, e->nxattrs, sizeof(*sorted));
	memcpy(sorted, e->xattrs, e->nxattrs * sizeof(*sorted));
	qsort(sorted, e->nxattrs, sizeof(*sorted), compare_xattrs);
	for (size_t i = 0; i < e->nxattrs; i++) {
		own_mem char *key = xasprintf("SCHILY.xattr.%s", sorted[i].name);

		pax_add(pax, key, sorted[i].value, sorted[i].len);
	}
}

/* Fill the ustar header; what does not fit becomes a pax record. */
static void fill_header(struct tar_header *h, const struct tar_entry *e, struct buf *pax)
{
	const size_t link_len = strlen(e->link);

	begin_header(h, (char)e->type);
	if (!is_ascii(e->path) || !split_path(h, e->path))
		pax_add(pax, "path", e->path, strlen(e->path));
	if (is_ascii(e->link) && link_len <= sizeof(h->link))
		memcpy(h->link, e->link, link_len);
	else
		pax_add(pax, "linkpath", e->link, link_len);
	put_octal(h->mode, sizeof(h->mode), e->mode & 07777);
	if (!put_octal(h->uid, sizeof(h->uid), e->uid))
		pax_add_number(pax, "uid", e->uid);
	if (!put_octal(h->gid, sizeof(h->gid), e->gid))
		pax_add_number(pax, "gid", e->gid);
	if (!put_octal(h->size, sizeof(h->size), e->type == TAR_FILE ? e->size : 0))
		pax_add_number(pax, "size", (int64_t)e->size);
	/* a negative time is a large unsigned one, and does not fit */
	if (!put_octal(h->mtime, sizeof(h->mtime), (uint64_t)e->mtime))
		pax_add_number(pax, "mtime", e->mtime);
	put_octal(h->dev_major, sizeof(h->dev_major), e->dev_major);
	put_octal(h->dev_minor, sizeof(h->dev_minor), e->dev_minor);
	add_xattrs(pax, e);
}

static int put_pax(struct tar_writer *w, const struct tar_entry *e, struct err *err)
{
	struct tar_header h;

	if (w->pax.len > TAR_PAX_MAX)
		return err_set(err, E_LIMIT, "'%.300s': name and attributes exceed %u bytes",
			e->path, TAR_PAX_MAX);
	begin_header(&h, 'x');
	memcpy(h.name, "PaxHeader", sizeof("PaxHeader")); /* its name matters to nobody */
	put_octal(h.mode, sizeof(h.mode), 0644);
	put_octal(h.uid, sizeof(h.uid), 0);
	put_octal(h.gid, sizeof(h.gid), 0);
	put_octal(h.size, sizeof(h.size), w->pax.len);
	put_octal(h.mtime, sizeof(h.mtime), 0);
	set_checksum(&h);
	if (put(w, &h, sizeof(h), err) < 0 || put(w, w->pax.data, w->pax.len, err) < 0 ||
		put_zeros(w, tar_padding(w->pax.len), err) < 0)
		return -err->code;
	return 0;
}

int tar_writer_entry(struct tar_writer *w, const struct tar_entry *e, struct err *err)
{
	struct tar_header h;

	if (strlen(e->path) > TAR_PATH_MAX || strlen(e->link) > TAR_PATH_MAX)
		return err_set(err, E_LIMIT, "name of more than %d bytes: '%.100s...'",
			TAR_PATH_MAX, e->path);
	buf_reset(&w->pax);
	fill_header(&h, e, &w->pax);
	set_checksum(&h);
	if (w->pax.len && put_pax(w, e, err) < 0)
		return -err->code;
	w->data_left = e->type == TAR_FILE ? e->size : 0;
	w->padding = tar_padding(w->data_left);
	return put(w, &h, sizeof(h), err);
}

void *tar_writer_room(struct tar_writer *w, size_t *room, struct err *err)
{
	if (w->filled == sizeof(w->block) && flush(w, err) < 0)
		return NULL;
	*room = sizeof(w->block) - w->filled;
	if (*room > w->data_left)
		*room = (size_t)w->data_left;
	return w->block + w->filled;
}

void tar_writer_commit(struct tar_writer *w, size_t len)
{
	w->filled += len;
	w->data_left -= len;
	if (w->data_left || !w->padding)
		return;
	/* blocks of 512 bytes fill the buffer evenly: the padding always has room */
	memset(w->block + w->filled, 0, w->padding);
	w->filled += w->padding;
	w->padding = 0;
}

int tar_writer_data(struct tar_writer *w, const void *data, size_t len, struct err *err)
{
	const unsigned char *p = data;

	if (len > w->data_left)
		return err_set(err, E_SIZE_MISMATCH, "more data than the entry's size");
	while (len) {
		size_t room;
		void *to = tar_writer_room(w, &room, err);

		if (!to)
			return -err->code;
		if (room > len)
			room = len;
		memcpy(to, p, room);
		tar_writer_commit(w, room);
		p += room;
		len -= room;
	}
	return 0;
}

int tar_writer_finish(struct tar_writer *w, struct err *err)
{
	if (put_zeros(w, 2 * TAR_BLOCK_SIZE, err) < 0)
		return -err->code;
	return flush(w, err);
}
