/* SPDX-License-Identifier: Apache-2.0 */
/* How much room things take. */
#ifndef KIST_ENGINE_DISK_USAGE_H
#define KIST_ENGINE_DISK_USAGE_H

#include <stdint.h>

#include "engine/verb/engine.h"
#include "store/container.h"

/* Bytes of the regular files beneath a directory of ours, without following links; missing is 0. */
int64_t disk_usage_tree(int dirfd, const char *name);

/* A container's writable directory, and the layers that it has beneath it. */
void disk_usage_container(
	struct engine *e, const struct container_record *record, int64_t *upper, int64_t *layers);

#endif
