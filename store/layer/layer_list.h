/* SPDX-License-Identifier: Apache-2.0 */
/* The names in a directory, sorted by their bytes: the order that layers are written in. */
#ifndef KIST_STORE_LAYER_LIST_H
#define KIST_STORE_LAYER_LIST_H

#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Zeroed: valid and empty. */
struct layer_list {
	struct buf bytes;   /* per name: its d_type, the name, NUL */
	const char **names; /* sorted */
	size_t count;
};

void layer_list_release(struct layer_list *list);

/* Read dirfd, which is borrowed and read from its start. Returns 0. */
int layer_list_read(struct layer_list *list, int dirfd, struct err *err);

/* d_type of a name of the list. */
static inline unsigned char layer_list_type(const char *name)
{
	return (unsigned char)name[-1];
}

#endif
