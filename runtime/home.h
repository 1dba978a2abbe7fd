/* SPDX-License-Identifier: Apache-2.0 */
/* HOME of a container's user, from the container's own passwd file. */
#ifndef KIST_RUNTIME_HOME_H
#define KIST_RUNTIME_HOME_H

#include <stddef.h>
#include <stdint.h>

#define HOME_MAX 1024 /* of "HOME=/home/user", with its end */

/*
 * In the container's root: "HOME=" and what /etc/passwd says of the user; "/" when it says
 * nothing, or is no file that can be read.
 */
void home_find(uint32_t uid, char entry[HOME_MAX]);

/* A passwd file, of which only the line at hand is held. */
struct home_search {
	uint32_t uid;
	char line[HOME_MAX * 2];
	size_t length; /* of what there is of the line */
};

/* The next bytes. Returns the user's home directory, in s->line, or NULL: not known yet. */
const char *home_search(struct home_search *s, const char *data, size_t n);

#endif
