/* SPDX-License-Identifier: Apache-2.0 */
/* Text tables: lines of cells with a tab behind each cell but the last, aligned in columns. */
#ifndef KIST_ENGINE_TABLE_H
#define KIST_ENGINE_TABLE_H

#include "lib/buf.h"

/*
 * Append text with its tabs replaced by spaces: a column is as wide as its widest cell and 3
 * spaces, and at least 10, as docker's tables are. Characters count, not bytes.
 */
void table_align(const char *text, struct buf *out);

/* As above, for docker top: each cell but the last is at least width wide, and padding more. */
void table_align_wide(const char *text, size_t width, size_t padding, struct buf *out);

#endif
