/* SPDX-License-Identifier: Apache-2.0 */
/* One overlayfs, made through the mount API of Linux 5.2 and attached nowhere. */
#ifndef KIST_STORE_OVERLAY_H
#define KIST_STORE_OVERLAY_H

#include <stddef.h>

#include "lib/err.h"

#define OVERLAY_LOWERS_MAX 500 /* Linux: OVL_MAX_STACK */

struct overlay_lower {
	char *path; /* absolute, for people who read mountinfo */
	int fd;
};

struct overlay {
	struct overlay_lower *lowers; /* topmost first */
	size_t count;
	int upper, work; /* both -1: read-only */
};

/* Takes over fd; path is copied. */
void overlay_add_lower(struct overlay *o, const char *path, int fd);
void overlay_release(struct overlay *o);

/* Returns the mount's descriptor; the caller closes it. */
int overlay_mount(const struct overlay *o, struct err *err);

/*
 * The form for kernels before 6.5, which have no "lowerdir+": all lower directories in one option,
 * whose length the kernel limits to 255 bytes: more than 128 are E_UNSUPPORTED.
 */
int overlay_mount_classic(const struct overlay *o, struct err *err);

#endif
