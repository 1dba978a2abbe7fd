/* SPDX-License-Identifier: Apache-2.0 */
/* Whole reads and writes, and files that appear complete or not at all. */
#ifndef KIST_LIB_IO_H
#define KIST_LIB_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

#define IO_BLOCK_SIZE (256 * 1024)

/* Read until n bytes or end of file. Returns the bytes read or -errno; EINTR is retried. */
ssize_t io_read_full(int fd, void *data, size_t n);

/* Write all n bytes. Returns 0 or -errno; EINTR is retried, a short write is continued. */
int io_write_full(int fd, const void *data, size_t n);

/*
 * Append the rest of fd to *out. More than max bytes is E_LIMIT ("what" names the object in
 * messages). Returns 0.
 */
int io_read_fd(int fd, size_t max, const char *what, struct buf *out, struct err *err);

/*
 * Append a regular file's content to *out; anything else than a regular file is refused without
 * blocking. The path is trusted (ours): for paths that others control use path_open() first.
 */
int io_read_file(int dirfd, const char *path, size_t max, struct buf *out, struct err *err);

/*
 * Call each() for every line of fd as it comes, without its line feed, and for what is behind the
 * last one. Ends with a negative code of each(), or E_LIMIT for a line of more than max bytes.
 * Returns 0 at the end of fd.
 */
int io_each_line(int fd, size_t max,
	int (*each)(void *arg, const char *text, size_t len, struct err *err), void *arg,
	struct err *err);

enum io_publish_flags {
	IO_DURABLE = 1,   /* fsync the file and its directory: survives a power cut */
	IO_EXCLUSIVE = 2, /* E_EXISTS when the name is there */
};

/*
 * Write data under a temporary name in dirfd and rename it to name: readers see the old content
 * or the new, never a part. Temporary names begin with ".tmp-". Returns 0.
 */
int io_publish_file(int dirfd, const char *name, const void *data, size_t len, mode_t mode,
	unsigned flags, struct err *err);

/* A fresh file opened for writing under a ".tmp-" name in dirfd; name gets it. Returns the fd. */
int io_temp_file(int dirfd, mode_t mode, char name[40], struct err *err);

/*
 * Copy in to out until end of file, with splice or sendfile where the kernel can. Returns the
 * number of bytes, or -errno.
 */
int64_t io_copy(int in, int out, struct err *err);

/* 16 lower-case hex digits more per 8 bytes: n random bytes as 2n digits plus NUL into hex. */
void io_random_hex(char *hex, size_t n);

/* "2026-11-24T04:25:11.334953633Z", now. RFC 3339 with nine digits, in UTC. */
#define IO_TIME_MAX 64
void io_time_now(char text[IO_TIME_MAX]);
void io_time_format(int64_t seconds, long nanoseconds, char text[IO_TIME_MAX]);

/* Reads RFC 3339 with any offset. Returns 0, or -EINVAL. */
int io_time_parse(const char *text, int64_t *seconds, long *nanoseconds);

/* Programs begin with this: SIGPIPE is ignored (EPIPE is an error), 0, 1 and 2 are open. */
void io_start(void);

/*
 * A file in memory with these bytes, at its beginning: for a reader that may come late, or not at
 * all. name is for /proc alone. Returns the descriptor.
 */
int io_memory_file(const char *name, const void *data, size_t len, struct err *err);

#endif
