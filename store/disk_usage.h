/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much room things take: bytes of regular files, without following links; missing is 0, what
 * cannot be read is an error. All return 0.
 */
#ifndef KIST_STORE_DISK_USAGE_H
#define KIST_STORE_DISK_USAGE_H

#include <stdint.h>

#include "store/container.h"

/* A container's writable directory, and the layers that it has beneath it. */
int disk_usage_container(struct store *store, const struct container_record *record, int64_t *upper,
	int64_t *layers, struct err *err);

int disk_usage_volume(struct store *store, const char *name, int64_t *bytes, struct err *err);

/* ROOT/cache: the builder's. */
int disk_usage_cache(struct store *store, int64_t *bytes, struct err *err);

#endif
