/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: files of JSON that say what an object is; an error names the whole file. */
#ifndef KIST_STORE_RECORD_FILE_H
#define KIST_STORE_RECORD_FILE_H

#include "lib/buf.h"
#include "lib/err.h"

/*
 * Read the record name in the directory dir. Returns 0, or -ENODATA for one that is not there, is
 * empty, or has nothing but NULs: what a power cut makes of a file that was not synced.
 */
int record_file_read(int dir, const char *name, struct buf *text, struct err *err);

/* Put the whole name in front of why it cannot be understood. Returns -err->code. */
int record_file_blame(int dir, const char *name, struct err *err);

#endif
