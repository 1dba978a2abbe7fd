/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that a person named as an output. "-" is stdout. A device, FIFO, socket or terminal is
 * written to; a symbolic link is followed; a regular file appears or is replaced when it is
 * complete, and not otherwise.
 */
#ifndef KIST_LIB_OUTPUT_H
#define KIST_LIB_OUTPUT_H

#include <sys/types.h>

#include "lib/err.h"

enum output_flags {
	OUTPUT_EXCLUSIVE = 1, /* E_EXISTS when anything has the name, now or when it is complete */
};

struct output {
	int fd;        /* to write to; borrowed */
	int opened;    /* fd, when it is ours; else -1 */
	int directory; /* where the complete file gets its name; -1: it is written in place */
	char *name;    /* in that directory */
	char temp[40]; /* its name until then; "": it has none, whatever ends us leaves nothing */
	const char *said; /* as the person named it; borrowed */
	unsigned flags;
};

#define OUTPUT_INIT                                                                                \
	{                                                                                          \
		.fd = -1, .opened = -1, .directory = -1                                            \
	}

/*
 * name stays borrowed until output_abandon(). mode (less the umask) is for a file that is new; one
 * that is replaced keeps its mode and owner. The socket is connected to (SOCK_STREAM), a FIFO waits
 * for its reader. Returns 0; o->fd is open for writing.
 */
int output_open(struct output *o, const char *name, mode_t mode, unsigned flags, struct err *err);

/* All is written: close, and give a regular file its name. Returns 0. */
int output_commit(struct output *o, struct err *err);

/* Close; what was not committed is gone. Also right after output_commit() and a failed open. */
void output_abandon(struct output *o);

#define own_output __attribute__((cleanup(output_abandon)))

/* All three at once for a short text. Returns 0. */
int output_write(const char *name, const void *data, size_t len, mode_t mode, unsigned flags,
	struct err *err);

#endif
