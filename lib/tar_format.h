/* SPDX-License-Identifier: Apache-2.0 */
/* The tar block as it lies in the archive (POSIX.1-2017 pax, "ustar Interchange Format"), for
 * tar_*.c. */
#ifndef KIST_LIB_TAR_FORMAT_H
#define KIST_LIB_TAR_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/stream.h"
#include "lib/tar.h"

#define TAR_BLOCK_SIZE 512

struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8];
	char type;
	char link[100], magic[6], version[2], uname[32], gname[32], dev_major[8], dev_minor[8];
	char prefix[155], padding[12];
};

_Static_assert(sizeof(struct tar_header) == TAR_BLOCK_SIZE, "a tar header is one block");

/* GNU's use of the same block for a sparse file ('S'), and the blocks that continue its map. */
struct tar_sparse_header {
	char before[386];
	char map[4][24]; /* offset and length, 12 bytes each */
	char extended, real_size[12], padding[17];
};

struct tar_sparse_block {
	char map[21][24];
	char extended, padding[7];
};

_Static_assert(sizeof(struct tar_sparse_header) == TAR_BLOCK_SIZE, "one block");
_Static_assert(sizeof(struct tar_sparse_block) == TAR_BLOCK_SIZE, "one block");

/* The sum over a header, its checksum field counted as blanks. */
unsigned tar_checksum(const struct tar_header *h);

/*
 * A numeric field: octal digits between blanks or NULs, or GNU's base 256. Returns 0, or -EINVAL
 * for anything else and -ERANGE for what does not fit.
 */
int tar_number(const char *field, size_t len, int64_t *value);

static inline unsigned tar_padding(uint64_t size)
{
	return (unsigned)(-size % TAR_BLOCK_SIZE);
}

/* Where the reader is in its stream. */
struct tar_cursor {
	struct stream *in;       /* borrowed */
	const unsigned char *at; /* the rest of in's block */
	size_t left;
	bool ended; /* in is at its end */
};

/* Make sure that at least one byte is there. Returns 1, or 0 at the end. */
int tar_refill(struct tar_cursor *c, struct err *err);

/* Copy n bytes. Returns how many there were. */
ssize_t tar_copy(struct tar_cursor *c, void *to, size_t n, struct err *err);

/* Skip up to n bytes. Returns how many the archive did not have. */
int64_t tar_skip_up_to(struct tar_cursor *c, uint64_t n, struct err *err);

/* Skip n bytes, all of which must be there. Returns 0. */
int tar_skip(struct tar_cursor *c, uint64_t n, struct err *err);

int tar_ended_early(struct err *err); /* E_SYNTAX */

/* What pax headers said, for the entry that follows. NULL or false: not given. */
struct tar_pax {
	const char *path, *link;
	bool has_size, has_uid, has_gid, has_mtime;
	int64_t size, uid, gid, mtime;
	uint32_t mtime_ns;
	struct tar_xattr xattrs[TAR_XATTRS_MAX];
	size_t nxattrs;
	/* GNU sparse files in pax archives, versions 0.0, 0.1 and 1.0 */
	int64_t sparse_major, sparse_minor, sparse_size;
	bool has_sparse_major, has_sparse_size;
	const char *sparse_name;
	const char *sparse_map;  /* "offset,length,offset,length" (0.1) */
	struct buf sparse_pairs; /* the same, collected from single records (0.0) */
};

/* Decode a pax header's records in place (NULs are put behind values). text ends with a NUL. */
int tar_pax_decode(char *text, size_t len, struct tar_pax *pax, struct err *err);
void tar_pax_reset(struct tar_pax *pax);

struct tar_region {
	uint64_t offset, len;
};

/* Where the stored bytes of the current file belong. A plain file is one region. */
struct tar_map {
	struct tar_region *regions;
	size_t count, cap;
};

/* Append a region; they must ascend. E_SYNTAX, E_LIMIT. */
int tar_map_add(struct tar_map *map, int64_t offset, int64_t len, struct err *err);

/*
 * From a GNU sparse header and the blocks that continue it: these lie before the data and do not
 * count as such. *size gets the file's size, or -1.
 */
int tar_map_read_gnu(struct tar_map *map, struct tar_cursor *in, const struct tar_sparse_header *h,
	int64_t *size, struct err *err);

/* From the text in front of the data (pax, version 1.0), which *left is lessened by. */
int tar_map_read_1_0(struct tar_map *map, struct tar_cursor *in, uint64_t *left, struct err *err);

/* From "offset,length,..." text. */
int tar_map_add_text(struct tar_map *map, const char *text, struct err *err);

/* Check that the map holds just the stored bytes within the file's size. */
int tar_map_check(const struct tar_map *map, uint64_t stored, uint64_t size, struct err *err);

#endif
