/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mount points that a runtime makes in a root file system (/proc, /dev, /etc/hosts, ...): noted
 * before it runs, removed after, so that they do not become part of a layer.
 */
#ifndef KIST_BUILDER_STUBS_H
#define KIST_BUILDER_STUBS_H

#include <time.h>

#include "lib/buf.h"

struct stub_parent {
	char *path;
	struct timespec time; /* its mtime, which the stub disturbs */
};

struct stubs {
	int root; /* borrowed */
	struct strv missing;
	struct stub_parent *parents;
	size_t nparents;
};

/* Note which parts of the absolute path are missing in the root. */
void stubs_note(struct stubs *s, const char *path);

/* Remove those that are empty directories or files by now, and give their parents their time back.
 */
void stubs_remove(struct stubs *s);
void stubs_release(struct stubs *s);

#endif
