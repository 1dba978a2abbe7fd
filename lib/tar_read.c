/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/tar_format.h"

struct tar_reader {
	struct tar_cursor in;
	uint64_t data_left; /* stored bytes of this entry that were not read, and what pads them */
	unsigned padding;
	struct tar_map map;
	size_t region; /* the one being read, and how far */
	uint64_t region_done;
	bool regular; /* this entry is a regular file */

	union {
		struct tar_header header;
		struct tar_sparse_header sparse;
		char bytes[TAR_BLOCK_SIZE];
	} block;
	struct buf pax_text, long_name, long_link; /* of the entry to come */
	bool has_long_name, has_long_link;
	struct tar_pax pax;
	char path[sizeof(((struct tar_header *)0)->prefix) + 1 +
		sizeof(((struct tar_header *)0)->name) + 1];
	char link[sizeof(((struct tar_header *)0)->link) + 1];
};

struct tar_reader *tar_reader_new(struct stream *in)
{
	struct tar_reader *r = xcalloc(1, sizeof(*r));

	r->in.in = in;
	return r;
}

void tar_reader_free(struct tar_reader *r)
{
	if (!r)
		return;
	buf_release(&r->pax_text);
	buf_release(&r->long_name);
	buf_release(&r->long_link);
	buf_release(&r->pax.sparse_pairs);
	free(r->map.regions);
	free(r);
}

/*
 * The padding behind the last entry may be missing: umoci 0.4 ends an archive right behind the
 * data, and every reader written with Go's archive/tar takes it.
 */
static int skip_entry(struct tar_reader *r, struct err *err)
{
	int result = tar_skip(&r->in, r->data_left, err);

	if (result >= 0) {
		int64_t missing = tar_skip_up_to(&r->in, r->padding, err);

		result = missing < 0 ? (int)missing : 0;
	}
	r->data_left = 0;
	r->padding = 0;
	return result;
}

static bool all_zero(const char *p, size_t n)
{
	return *p == 0 && memcmp(p, p + 1, n - 1) == 0;
}

/*
 * The next header block. Returns 0 at the end: two zero blocks, one zero block and nothing, or (as
 * some writers leave them away) nothing at all between entries.
 */
static int read_block(struct tar_reader *r, struct err *err)
{
	bool zero_seen = false;
	int64_t sum;

	for (;;) {
		ssize_t n = tar_copy(&r->in, &r->block, TAR_BLOCK_SIZE, err);

		if (n < 0)
			return (int)n;
		if (n == 0)
			return 0;
		if (n < TAR_BLOCK_SIZE)
			return tar_ended_early(err);
		if (!all_zero(r->block.bytes, TAR_BLOCK_SIZE))
			break;
		if (zero_seen)
			return 0;
		zero_seen = true;
	}
	if (tar_number(r->block.header.checksum, 8, &sum) < 0 ||
		(uint64_t)sum != tar_checksum(&r->block.header))
		return err_set(err, E_SYNTAX,
			zero_seen ? "data after the end of the tar archive"
				  : "not a tar archive: wrong checksum in a header");
	return 1;
}

/* The body of a header that describes the next one. */
static int read_text(struct tar_reader *r, struct buf *out, struct err *err)
{
	int64_t size;
	ssize_t n;

	if (tar_number(r->block.header.size, 12, &size) < 0 || size < 0)
		return err_set(err, E_SYNTAX, "impossible size of a pax header or long name");
	if (size > TAR_PAX_MAX)
		return err_set(err, E_LIMIT, "pax header or long name of %lld bytes (at most %u)",
			(long long)size, TAR_PAX_MAX);
	buf_reset(out);
	buf_reserve(out, (size_t)size);
	n = tar_copy(&r->in, out->data, (size_t)size, err);
	if (n < 0)
		return (int)n;
	if (n < size)
		return tar_ended_early(err);
	out->len = (size_t)size;
	out->data[out->len] = '\0';
	return tar_skip(&r->in, tar_padding((uint64_t)size), err);
}

/* A global pax header: checked as any other, then forgotten. */
static int read_global(struct tar_reader *r, struct err *err)
{
	struct tar_pax *pax = xcalloc(1, sizeof(*pax));
	struct buf text = {0};
	int result = read_text(r, &text, err);

	if (result >= 0)
		result = tar_pax_decode(text.data, text.len, pax, err);
	buf_release(&text);
	buf_release(&pax->sparse_pairs);
	free(pax);
	return result;
}

/* Headers that only describe the next one. Returns 0 when the block is not of that kind. */
static int read_preface(struct tar_reader *r, struct err *err)
{
	int result;

	switch (r->block.header.type) {
	case 'x':
	case 'X': /* old Solaris: the same */
		result = read_text(r, &r->pax_text, err);
		if (result < 0)
			return result;
		tar_pax_reset(&r->pax);
		result = tar_pax_decode(r->pax_text.data, r->pax_text.len, &r->pax, err);
		break;
	case 'g':
		result = read_global(r, err);
		break;
	case 'L':
		r->has_long_name = true;
		result = read_text(r, &r->long_name, err);
		break;
	case 'K':
		r->has_long_link = true;
		result = read_text(r, &r->long_link, err);
		break;
	default:
		return 0;
	}
	return result < 0 ? result : 1;
}

/* A field that is NUL-terminated unless it is full. Returns the length. */
static size_t copy_field(char *to, const char *field, size_t len)
{
	size_t n = strnlen(field, len);

	memcpy(to, field, n);
	to[n] = '\0';
	return n;
}

static void header_path(struct tar_reader *r)
{
	const struct tar_header *h = &r->block.header;
	size_t n = 0;

	/* GNU and old archives keep other things there; star's is shorter ("tar" at its end) */
	if (memcmp(h->magic, "ustar\0", 6) == 0 && h->prefix[0])
		n = copy_field(r->path, h->prefix,
			memcmp(h->padding + 8, "tar\0", 4) == 0 ? 131 : sizeof(h->prefix));
	if (n)
		r->path[n++] = '/';
	copy_field(r->path + n, h->name, sizeof(h->name));
}

static int set_names(struct tar_reader *r, struct tar_entry *e, struct err *err)
{
	header_path(r);
	copy_field(r->link, r->block.header.link, sizeof(r->block.header.link));
	e->path = r->has_long_name ? buf_str(&r->long_name) : r->path;
	if (r->pax.path)
		e->path = r->pax.path;
	if (r->pax.sparse_name)
		e->path = r->pax.sparse_name;
	e->link = "";
	if (e->type == TAR_HARDLINK || e->type == TAR_SYMLINK) {
		e->link = r->has_long_link ? buf_str(&r->long_link) : r->link;
		if (r->pax.link)
			e->link = r->pax.link;
	}
	if (strlen(e->path) > TAR_PATH_MAX || strlen(e->link) > TAR_PATH_MAX)
		return err_set(err, E_LIMIT, "name of more than %d bytes: '%.100s...'",
			TAR_PATH_MAX, strlen(e->path) > TAR_PATH_MAX ? e->path : e->link);
	return 0;
}

static int impossible(struct err *err, const struct tar_entry *e, const char *what)
{
	return err_set(err, E_SYNTAX, "'%.300s': impossible %s", e->path, what);
}

static int set_id(const char *field, bool has, int64_t given, uint32_t *id)
{
	int64_t n = given;

	/* the field beside a pax value holds what the writer could fit in */
	if (!has && tar_number(field, 8, &n) < 0)
		return -1;
	if (n < 0 || n > TAR_ID_MAX)
		return -1;
	*id = (uint32_t)n;
	return 0;
}

static int set_numbers(struct tar_reader *r, struct tar_entry *e, struct err *err)
{
	const struct tar_header *h = &r->block.header;
	int64_t mode, major = 0, minor = 0;

	if (set_id(h->uid, r->pax.has_uid, r->pax.uid, &e->uid) < 0)
		return impossible(err, e, "owner (uid)");
	if (set_id(h->gid, r->pax.has_gid, r->pax.gid, &e->gid) < 0)
		return impossible(err, e, "group (gid)");
	if (tar_number(h->mode, 8, &mode) < 0 || mode < 0)
		return impossible(err, e, "mode");
	e->mode = (mode_t)mode & 07777;
	e->mtime = r->pax.mtime;
	e->mtime_ns = r->pax.mtime_ns;
	if (!r->pax.has_mtime && tar_number(h->mtime, 12, &e->mtime) < 0)
		return impossible(err, e, "time");
	if (e->mtime < TAR_TIME_MIN || e->mtime > TAR_TIME_MAX)
		return impossible(err, e, "time");
	if (e->type == TAR_CHAR || e->type == TAR_BLOCK) {
		if (tar_number(h->dev_major, 8, &major) < 0 ||
			tar_number(h->dev_minor, 8, &minor) < 0 || major < 0 || minor < 0 ||
			major > 0xfff || minor > 0xfffff)
			return impossible(err, e, "device number");
	}
	e->dev_major = (uint32_t)major;
	e->dev_minor = (uint32_t)minor;
	return 0;
}

static int set_type(struct tar_reader *r, struct tar_entry *e, struct err *err)
{
	char type = r->block.header.type;

	switch (type) {
	case '\0': /* old archives have no type for directories */
		e->type = e->path[0] && e->path[strlen(e->path) - 1] == '/' ? TAR_DIR : TAR_FILE;
		return 0;
	case '0':
	case '7': /* "contiguous": a regular file for everyone */
	case 'S': /* GNU sparse */
		e->type = TAR_FILE;
		return 0;
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
		e->type = (enum tar_type)type;
		return 0;
	}
	return err_set(err, E_UNSUPPORTED, "'%.300s': unknown type of entry '%c'", e->path, type);
}

/* Fill the map of a sparse file. Returns 0 for a plain one, 1 with *size set. */
static int read_map(struct tar_reader *r, int64_t *size, struct err *err)
{
	const struct tar_pax *pax = &r->pax;
	int result;

	if (r->block.header.type == 'S') {
		result = tar_map_read_gnu(&r->map, &r->in, &r->block.sparse, size, err);
	} else if (pax->has_sparse_major && pax->sparse_major == 1 && pax->sparse_minor == 0) {
		*size = pax->has_sparse_size ? pax->sparse_size : -1;
		result = tar_map_read_1_0(&r->map, &r->in, &r->data_left, err);
	} else if (pax->sparse_map || pax->sparse_pairs.len) {
		*size = pax->has_sparse_size ? pax->sparse_size : -1;
		result = tar_map_add_text(&r->map,
			pax->sparse_map ? pax->sparse_map : buf_str(&pax->sparse_pairs), err);
	} else if (pax->has_sparse_major) {
		return err_set(err, E_UNSUPPORTED, "sparse file of unknown format %lld.%lld",
			(long long)pax->sparse_major, (long long)pax->sparse_minor);
	} else {
		return 0;
	}
	return result < 0 ? result : 1;
}

/* Only regular files have data, whatever the size says (as Go's and GNU's readers see it). */
static int set_data(struct tar_reader *r, struct tar_entry *e, struct err *err)
{
	int64_t size = r->pax.size;
	int sparse;

	if (!r->pax.has_size && tar_number(r->block.header.size, 12, &size) < 0)
		return impossible(err, e, "size");
	if (size < 0)
		return impossible(err, e, "size");
	if (size > TAR_SIZE_MAX)
		return err_set(err, E_LIMIT, "'%.300s' is larger than 1 PiB", e->path);
	r->map.count = 0;
	r->region = 0;
	r->region_done = 0;
	r->regular = e->type == TAR_FILE;
	e->size = 0;
	if (!r->regular)
		return 0;
	r->data_left = (uint64_t)size;
	r->padding = tar_padding((uint64_t)size);
	sparse = read_map(r, &size, err);
	if (sparse < 0)
		return err_wrap(err, "'%.200s'", e->path);
	if (size < 0 || size > TAR_SIZE_MAX)
		return impossible(err, e, "size");
	e->size = (uint64_t)size;
	if (!sparse)
		return tar_map_add(&r->map, 0, size, err);
	if (tar_map_check(&r->map, r->data_left, e->size, err) < 0)
		return err_wrap(err, "'%.200s'", e->path);
	return 0;
}

int tar_reader_next(struct tar_reader *r, struct tar_entry *e, struct err *err)
{
	bool prefaced = false;
	int result = skip_entry(r, err);

	if (result < 0)
		return result;
	tar_pax_reset(&r->pax);
	r->has_long_name = r->has_long_link = false;
	for (;;) {
		result = read_block(r, err);
		if (result == 0 && prefaced)
			return tar_ended_early(err);
		if (result <= 0)
			return result;
		result = read_preface(r, err);
		if (result < 0)
			return result;
		if (result == 0)
			break;
		prefaced = prefaced || r->block.header.type != 'g';
	}
	e->type = (enum tar_type)r->block.header.type;
	if (set_names(r, e, err) < 0 || set_type(r, e, err) < 0 || set_numbers(r, e, err) < 0 ||
		set_data(r, e, err) < 0)
		return -err->code;
	e->xattrs = r->pax.xattrs;
	e->nxattrs = r->pax.nxattrs;
	return 1;
}

/* n bytes of the region that is being read are done. */
static void advance(struct tar_reader *r, uint64_t n)
{
	r->data_left -= n;
	r->region_done += n;
	if (r->region_done == r->map.regions[r->region].len) {
		r->region++;
		r->region_done = 0;
	}
}

ssize_t tar_reader_data(struct tar_reader *r, const void **data, uint64_t *offset, struct err *err)
{
	const struct tar_region *region;
	size_t n;
	int more;

	if (!r->regular || r->region == r->map.count || r->data_left == 0)
		return 0;
	more = tar_refill(&r->in, err);
	if (more < 0)
		return more;
	if (!more)
		return tar_ended_early(err);
	region = &r->map.regions[r->region];
	n = r->in.left < r->data_left ? r->in.left : (size_t)r->data_left;
	if (n > region->len - r->region_done)
		n = (size_t)(region->len - r->region_done);
	*data = r->in.at;
	*offset = region->offset + r->region_done;
	r->in.at += n;
	r->in.left -= n;
	advance(r, n);
	return (ssize_t)n;
}

int64_t tar_reader_splice(struct tar_reader *r, int pipe, struct err *err)
{
	uint64_t n;
	int64_t moved;

	if (r->region_done == 0 || r->in.left || r->in.ended)
		return 0;
	n = r->map.regions[r->region].len - r->region_done;
	if (n > r->data_left)
		n = r->data_left;
	moved = n ? stream_splice(r->in.in, pipe, n, err) : 0;
	if (moved > 0)
		advance(r, (uint64_t)moved);
	return moved;
}
