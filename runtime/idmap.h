/* SPDX-License-Identifier: Apache-2.0 */
/* User namespaces by their mappings: of a container's first process, and for idmapped mounts. */
#ifndef KIST_RUNTIME_IDMAP_H
#define KIST_RUNTIME_IDMAP_H

#include <stddef.h>
#include <sys/types.h>

#include "lib/err.h"
#include "spec/linux_config.h"

/* The shape of the lists in the configuration. */
struct id_mappings {
	struct id_mapping *items;
	size_t count;
};

/* Write /proc/PID/uid_map and gid_map. Returns 0. */
int idmap_write(
	pid_t pid, const struct id_mappings *uids, const struct id_mappings *gids, struct err *err);

/*
 * Who the user id of the process's user namespace is in ours. Returns 0, or -ENOENT when it is
 * nobody.
 */
int idmap_user(pid_t pid, uint32_t id, uid_t *out);

/*
 * A user namespace with these mappings that no process is in. Returns a descriptor of it; the
 * caller closes it.
 */
int idmap_namespace(
	const struct id_mappings *uids, const struct id_mappings *gids, struct err *err);

#endif
