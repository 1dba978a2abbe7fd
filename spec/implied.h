/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of directories that a layer's tar did not name and that were made 0755 root:root for
 * what is in them, parents first: JSON lines, which kist-layer writes to --implied-fd and the store
 * reads. {"path":"usr/share"}, with "whiteout":true when a whiteout needed it. A path that is not
 * plain ASCII stands in "path_hex", two digits a byte, in place of "path": JSON is UTF-8, and names
 * need not be.
 */
#ifndef KIST_SPEC_IMPLIED_H
#define KIST_SPEC_IMPLIED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

#define IMPLIED_LIST_MAX (16u << 20) /* bytes of the whole list; more is E_LIMIT */

struct implied_directory {
	const char *path; /* relative to the layer's root, "." that itself; any bytes but NUL */
	bool whiteout;
};

/* Append one line. */
void implied_write(const struct implied_directory *directory, struct buf *out);

/*
 * Read a list: each() gets one directory after the other, borrowed for the call. Stops at the first
 * negative result of each() and returns it; E_SYNTAX for a line that is none. Else 0.
 */
int implied_read(const char *text, size_t len,
	int (*each)(void *arg, const struct implied_directory *directory, struct err *err),
	void *arg, struct err *err);

#endif
