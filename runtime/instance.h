/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's record on disk, ROOT/<id>/, and what can be told from it. The directory is made
 * exclusively and its record renamed into place; whoever changes the container holds its lock.
 *
 *	record.json	struct instance_record
 *	config.json	the bundle's, as it was when the container was created
 *	start.sock	there from create until start: the init process listens on it
 *	lock		flock
 */
#ifndef KIST_RUNTIME_INSTANCE_H
#define KIST_RUNTIME_INSTANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"
#include "spec/runtime_config.h"

#define INSTANCE_ID_MAX     1024
#define INSTANCE_START_SOCK "start.sock"

struct instance_record {
	const char *id, *bundle, *rootfs, *created;
	int64_t pid;            /* of the init process; 0: not known yet */
	uint64_t start_time;    /* of that pid, in clock ticks since boot: pids come again */
	struct strings cgroups; /* the container's own directories, one per hierarchy */
	int64_t owner;          /* uid of who made it */
	struct string_map annotations;
};

enum instance_status {
	INSTANCE_CREATING,
	INSTANCE_CREATED,
	INSTANCE_RUNNING,
	INSTANCE_PAUSED,
	INSTANCE_STOPPED,
};

struct instance {
	struct instance_record record;
	struct arena arena; /* of the record and whatever else lives as long */
	int root;           /* the directory of all containers */
	int dir;            /* ROOT/<id> */
	int lock;           /* -1: not held */
};

#define INSTANCE_INIT                                                                              \
	{                                                                                          \
		.root = -1, .dir = -1, .lock = -1                                                  \
	}

void instance_release(struct instance *c);

#define own_instance __attribute__((cleanup(instance_release)))

/* Take id, with its lock held. E_EXISTS when it is taken, E_USAGE for what is no id. Returns 0. */
int instance_create(struct instance *c, const char *root, const char *id, struct err *err);

/*
 * Find id and read its record. With lock, wait until nobody else changes it (10 s, then E_IN_USE).
 * A directory whose creator died before the record was written has an empty record. Returns 0, or
 * E_NOT_FOUND.
 */
int instance_open(struct instance *c, const char *root, const char *id, bool lock, struct err *err);

/* Let others change the container. */
void instance_unlock(struct instance *c);

/* Write the record; readers see the old or the new one. Returns 0. */
int instance_save(struct instance *c, struct err *err);

/* Keep the text of config.json beside the record, and read it back into the container's arena. */
int instance_save_config(struct instance *c, const char *text, size_t len, struct err *err);
int instance_load_config(struct instance *c, struct runtime_config *config, struct err *err);

/* Remove all of the record; the id is free again. Returns 0. */
int instance_remove(struct instance *c, struct err *err);

enum instance_status instance_status(const struct instance *c);
const char *instance_status_name(enum instance_status status);

/* Is the init process alive (and no zombie, and still the one we started)? */
bool instance_alive(const struct instance *c);

/* A pidfd of the init process, E_NOT_RUNNING when it has ended. The caller closes it. */
int instance_pidfd(const struct instance *c, struct err *err);

/*
 * The state document (runtime-spec, runtime.md, State). The pid is left out when there is none.
 * extra: also runc's own members, rootfs, created and owner. In the container's arena.
 */
struct json *instance_state(struct instance *c, enum instance_status status, bool extra);

/* The ids of all containers in root, sorted; a root that does not exist has none. Returns 0. */
int instance_list(const char *root, struct strv *ids, struct err *err);

#endif
