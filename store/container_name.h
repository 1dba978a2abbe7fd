/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside store/: names/<name>, a symbolic link to a container's id. A link counts while that
 * container's record has the name, too: so one that a killed process left is no obstacle.
 */
#ifndef KIST_STORE_CONTAINER_NAME_H
#define KIST_STORE_CONTAINER_NAME_H

#include <stdint.h>

#include "lib/buf.h"
#include "store/container.h"

/*
 * The id behind a name that counts; a container whose record cannot be read keeps the names that
 * lead to it. Returns 0 or E_NOT_FOUND.
 */
int container_name_resolve(
	struct store *store, const char *name, char id[CONTAINER_ID_LEN + 1], struct err *err);

/* E_EXISTS when the name is taken. */
int container_name_check(struct store *store, const char *name, struct err *err);

/* Take the name for a container whose record has it already. E_EXISTS. */
int container_name_claim(struct store *store, const char *name, const char *id, struct err *err);

/*
 * Keep other takers of a link that does not count away: a rename holds this from before it makes
 * the new link until the record has the new name. Returns a descriptor whose close ends it.
 */
int container_name_lock(struct store *store, struct err *err);

/* As container_name_claim(), for who holds the lock already. */
int container_name_claim_locked(
	struct store *store, const char *name, const char *id, struct err *err);

/* Remove the link if it leads to id. */
int container_name_free(struct store *store, const char *name, const char *id, struct err *err);

/* Remove links that do not count. Adds to *count. */
int container_name_collect(struct store *store, uint64_t *count, struct err *err);

#endif
