/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tar archives as streams: POSIX ustar and pax, GNU and old (v7) ones are read, ustar with pax
 * headers where needed is written.
 *
 * This is a parser of our own because the bytes are hostile and their treatment is part of the
 * contract: a general archive library turns an owner of -1 into root, sends names through the
 * locale, and brings code for formats that must not be tried here. The tests compare the two.
 */
#ifndef KIST_LIB_TAR_H
#define KIST_LIB_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"
#include "lib/stream.h"

/* Limits; what exceeds them is E_LIMIT. */
#define TAR_PATH_MAX   4095       /* bytes in a name or link target: what the kernel can open */
#define TAR_PAX_MAX    (1u << 20) /* one pax header, or GNU long name */
#define TAR_SIZE_MAX   (INT64_C(1) << 50)    /* one file */
#define TAR_ID_MAX     4294967294u           /* -1 means "leave it" to chown */
#define TAR_TIME_MIN   INT64_C(-62135596800) /* year 1 */
#define TAR_TIME_MAX   INT64_C(253402300799) /* year 9999 */
#define TAR_XATTRS_MAX 256                   /* of one entry */
#define TAR_SPARSE_MAX 65536                 /* data regions of one sparse file */

enum tar_type {
	TAR_FILE = '0',
	TAR_HARDLINK = '1',
	TAR_SYMLINK = '2',
	TAR_CHAR = '3',
	TAR_BLOCK = '4',
	TAR_DIR = '5',
	TAR_FIFO = '6',
};

struct tar_xattr {
	const char *name;
	const void *value;
	size_t len;
};

struct tar_entry {
	enum tar_type type;
	const char
		*path; /* byte for byte as in the archive: ".." and "/" are the reader's business */
	const char *link; /* target of a symbolic or hard link, else "" */
	mode_t mode;      /* the 12 permission bits */
	uint32_t uid, gid;
	uint64_t size; /* of a regular file, holes counted; else 0 */
	int64_t mtime;
	uint32_t mtime_ns;
	uint32_t dev_major, dev_minor;
	const struct tar_xattr *xattrs;
	size_t nxattrs;
};

struct tar_reader;

/* Reads from in, which is borrowed. The caller frees the result. */
struct tar_reader *tar_reader_new(struct stream *in);
void tar_reader_free(struct tar_reader *r); /* NULL is fine */

static inline void own_tar_reader_release(struct tar_reader **r)
{
	tar_reader_free(*r);
}

#define own_tar_reader __attribute__((cleanup(own_tar_reader_release)))

/*
 * Go to the next entry, past what is left of this one's data. Returns 1, or 0 at the end of the
 * archive. What *e points to is valid until the next call. Impossible values (owner -1, negative
 * sizes, ...), wrong checksums and an end in the middle are E_SYNTAX; unknown types E_UNSUPPORTED.
 * Global pax headers are checked and ignored, as docker does.
 */
int tar_reader_next(struct tar_reader *r, struct tar_entry *e, struct err *err);

/*
 * The next piece of a regular file's data, as it lies in the stream's block (no copy), and where in
 * the file it belongs: pieces ascend, between them are holes. Returns its length, 0 at the end.
 */
ssize_t tar_reader_data(struct tar_reader *r, const void **data, uint64_t *offset, struct err *err);

/*
 * Move what follows the last piece, without a hole between, into a pipe (stream_splice()). Returns
 * how many bytes; 0: tar_reader_data() has to read.
 */
int64_t tar_reader_splice(struct tar_reader *r, int pipe, struct err *err);

struct tar_writer;

/* Takes finished pieces of the archive. Returns 0. */
typedef int tar_output(void *arg, const void *data, size_t len, struct err *err);

/* The caller frees the result. */
struct tar_writer *tar_writer_new(tar_output *output, void *arg);
void tar_writer_free(struct tar_writer *w); /* NULL is fine */

static inline void own_tar_writer_release(struct tar_writer **w)
{
	tar_writer_free(*w);
}

#define own_tar_writer __attribute__((cleanup(own_tar_writer_release)))

/*
 * Write an entry's header. The same entry gives the same bytes: ustar, and before it a pax header
 * with just the values that do not fit (in a fixed order), numeric owners, whole seconds, no access
 * or change times. A regular file's size bytes of data must follow. Returns 0.
 */
int tar_writer_entry(struct tar_writer *w, const struct tar_entry *e, struct err *err);

/*
 * Room for data of the current entry, to be filled in place (by read(2), say), then committed with
 * the number of bytes. Returns where, and in *room (at least 1) how much. NULL: see *err.
 */
void *tar_writer_room(struct tar_writer *w, size_t *room, struct err *err);
void tar_writer_commit(struct tar_writer *w, size_t len);

/* The same by copying. Returns 0. */
int tar_writer_data(struct tar_writer *w, const void *data, size_t len, struct err *err);

/* Write the end of the archive and flush. Returns 0. */
int tar_writer_finish(struct tar_writer *w, struct err *err);

#endif
