/* SPDX-License-Identifier: Apache-2.0 */
/* Docker's sentences about a container: what its listings and both mouths say. All in the arena. */
#ifndef KIST_ENGINE_TEXTS_H
#define KIST_ENGINE_TEXTS_H

#include <stdbool.h>

#include "engine/docker/docker.h"
#include "lib/mem.h"

/*
 * "Up 2 hours (Paused)", "Exited (1) 3 days ago", "Created". status: docker's word; times are RFC
 * 3339; finished_at NULL: nobody knows when.
 */
const char *texts_status(const char *status, int64_t exit_code, const char *started_at,
	const char *finished_at, struct arena *a);

/* What is executed, in words; cut to 20 characters with an ellipsis unless all is wanted. */
const char *texts_command(const struct docker_container *d, bool whole, struct arena *a);

/* As Go quotes: an image's command may hold anything. */
const char *texts_quote(const char *text, struct arena *a);

/* "a=1,b=2" */
const char *texts_labels(const struct string_map *labels, struct arena *a);

/* Names of volumes and directories, each cut to 15 characters unless all is wanted. */
const char *texts_mounts(const struct docker_container *d, bool whole, struct arena *a);

/* What docker calls the network of a container: "bridge" for "default". Borrowed. */
const char *texts_network(const struct docker_container *d);

#endif
