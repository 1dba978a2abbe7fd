/* SPDX-License-Identifier: Apache-2.0 */
/* How much room things take: bytes of regular files, without following links; missing is 0. */
#ifndef KIST_STORE_DISK_USAGE_H
#define KIST_STORE_DISK_USAGE_H

#include <stdint.h>

#include "store/container.h"

/* A container's writable directory, and the layers that it has beneath it. */
void disk_usage_container(struct store *store, const struct container_record *record,
	int64_t *upper, int64_t *layers);

int64_t disk_usage_volume(struct store *store, const char *name);

/* ROOT/cache: the builder's. */
int64_t disk_usage_cache(struct store *store);

#endif
