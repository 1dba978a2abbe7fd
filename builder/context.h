/* SPDX-License-Identifier: Apache-2.0 */
/* The build context: a directory, or a tar on standard input unpacked into the workspace. */
#ifndef KIST_BUILDER_CONTEXT_H
#define KIST_BUILDER_CONTEXT_H

#include <stdbool.h>

#include "builder/dockerignore.h"
#include "builder/workspace.h"
#include "lib/buf.h"

struct context {
	int root; /* O_DIRECTORY; everything of the context is opened beneath it */
	struct dockerignore ignore;
	struct buf dockerfile;       /* its text */
	bool has_dockerfile;         /* stdin was one */
	const char *dockerfile_name; /* for messages: "Dockerfile" */
};

#define CONTEXT_INIT                                                                               \
	{                                                                                          \
		.root = -1                                                                         \
	}

/*
 * Open the context (a path, or "-" for stdin: a tar, or a Dockerfile alone) and read its Dockerfile
 * (file: --file's value; NULL: "Dockerfile" in the context; "-": stdin). Strings are borrowed.
 * Returns 0; the caller ends it with context_release().
 */
int context_open(struct context *c, const char *where, const char *file, struct workspace *w,
	struct err *err);
void context_release(struct context *c);

#endif
