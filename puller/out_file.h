/* SPDX-License-Identifier: Apache-2.0 */
/* A file that a program was told to write: it appears complete, or not at all. */
#ifndef KIST_PULLER_OUT_FILE_H
#define KIST_PULLER_OUT_FILE_H

#include <stdbool.h>

#include "lib/err.h"

struct out_file {
	int fd;
	bool opened;      /* fd is ours */
	const char *name; /* where it is to appear, borrowed; NULL: written in place */
};

/* "-" is stdout; pipes and devices are written in place. Returns 0. */
int out_file_open(struct out_file *f, const char *name, struct err *err);

/* The directory in which publishing works; the caller frees it. NULL: none. */
char *out_file_directory(const struct out_file *f);

/* Everything is written. Returns 0. */
int out_file_publish(struct out_file *f, struct err *err);

/* Close; what was not published is gone. Also after publishing. */
void out_file_abort(struct out_file *f);

#endif
