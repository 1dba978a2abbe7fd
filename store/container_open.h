/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: the directory of a container, and the record in it. */
#ifndef KIST_STORE_CONTAINER_OPEN_H
#define KIST_STORE_CONTAINER_OPEN_H

#include "lib/buf.h"
#include "store/container.h"

#define STORED_CONTAINER_RECORD "record.json"
#define STORED_CONTAINER_MARK   "unheld" /* of an unfinished one that a script makes */

/* Read record.json of a container's directory. Returns 0; -ENODATA: it is incomplete. */
int stored_container_read_record(
	int dir, struct container_record *record, struct arena *a, struct err *err);

/* All ids in containers/, complete or not. Returns 0. */
int stored_container_ids(struct store *store, struct strv *ids, struct err *err);

/* Open containers/<id>, any that has a record. Returns 0; E_NOT_FOUND for an incomplete one. */
int stored_container_open(
	struct store *store, const char *id, struct stored_container *c, struct err *err);

/*
 * One that is not finished, or cannot be read as one: remove it, with the volumes that were made
 * for it, unless somebody works on it. Returns 1 when it is gone, 0 when it stays.
 */
int stored_container_collect_one(struct store *store, const char *id, struct err *err);

#endif
