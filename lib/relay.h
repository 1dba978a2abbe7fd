/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying streams between what a caller has open and what a container gets. The caller's own
 * descriptors never go into a container, which could open them anew through /proc/self/fd with
 * other rights than they have: it gets a pipe or a terminal of ours, and we copy. Nothing here
 * blocks, and nothing changes how the caller's descriptors behave for others who share them. Where
 * the kernel can, bytes are spliced and not copied.
 */
#ifndef KIST_LIB_RELAY_H
#define KIST_LIB_RELAY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"

#define RELAY_BLOCK (64u * 1024)

/* One end of a stream. */
struct relay_end {
	int fd; /* -1: closed, or none */
	enum {
		RELAY_NONE,
		RELAY_PLAIN,         /* never blocks: a regular file, or set to O_NONBLOCK by us */
		RELAY_DEVICE,        /* the same, and not for splice() */
		RELAY_SOCKET,        /* MSG_DONTWAIT does not change what others see */
		RELAY_POLLED,        /* could not be opened again: blocks unless it polls ready */
		RELAY_POLLED_BY_PAGE /* ... and a pipe to write to, which takes PIPE_BUF then */
	} kind;
	bool ours; /* close fd when it is done */
};

/*
 * An end at which somebody else's descriptor is read, or written. O_NONBLOCK belongs to the open
 * file that is shared: pipes and terminals are opened anew. relay_source() refuses a directory
 * (EISDIR), which in a container would be a way out of it. The descriptor stays the caller's; one
 * that is not open is an end that is closed. Both return 0.
 */
int relay_source(struct relay_end *end, int fd, struct err *err);
void relay_sink(struct relay_end *end, int fd);

/* An end of ours, which gets O_NONBLOCK; relay_close() closes it. */
struct relay_end relay_own(int fd);
void relay_close(struct relay_end *end);

/*
 * As read() and write(), but never waiting: -EAGAIN, or another -errno; 0 is the end of what is
 * read. (SIGPIPE is ignored since io_start().)
 */
ssize_t relay_read(const struct relay_end *end, void *data, size_t len);
ssize_t relay_write(const struct relay_end *end, const void *data, size_t len);

/* One direction. The caller's poll() may hold more than these two. */
struct relay {
	struct relay_end from, to;
	bool no_splice; /* the kernel cannot between these two */
	bool full;      /* the last splice may have found "to" full: wait for it */
	int64_t left;   /* bytes that may still come; -1: as many as there are */
	char *block;    /* where splice cannot */
	size_t at, len; /* of the block: what is to be written */
	int error;      /* -errno that ended it early; -EPIPE: nobody reads any more */
};

#define RELAY_FDS 2

/* Takes both ends. relay_release() closes what is open and ours. */
void relay_start(struct relay *r, struct relay_end from, struct relay_end to);
void relay_release(struct relay *r);

/* Fill in what to wait for; unused ones get fd -1. */
void relay_poll(const struct relay *r, struct pollfd pfds[RELAY_FDS]);

/*
 * Copy what poll() said is possible. At the end of what is read, or when nobody reads what is
 * written, both ends are closed; relay_done() says so.
 */
void relay_step(struct relay *r, const struct pollfd pfds[RELAY_FDS]);
bool relay_done(const struct relay *r);

/*
 * Whoever wrote into the pipe at "from" has gone: what is in it now is copied, and then it ends,
 * even when somebody else has it open still.
 */
void relay_drain(struct relay *r);

#endif
