/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's record on disk, ROOT/<id>/, and what can be told from it. The directory is made
 * exclusively and its record renamed into place; whoever changes the container holds its lock.
 *
 *	record.json	struct container_record
 *	config.json	the bundle's, as it was when the container was created
 *	start.sock	there from create until start: the init process listens on it
 *	lock		flock
 */
#ifndef KIST_RUNTIME_CONTAINER_H
#define KIST_RUNTIME_CONTAINER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"
#include "spec/runtime_config.h"

#define CONTAINER_ID_MAX     1024
#define CONTAINER_START_SOCK "start.sock"

struct container_record {
	const char *id, *bundle, *rootfs, *created;
	int64_t pid;            /* of the init process; 0: not known yet */
	uint64_t start_time;    /* of that pid, in clock ticks since boot: pids come again */
	struct strings cgroups; /* the container's own directories, one per hierarchy */
	int64_t owner;          /* uid of who made it */
	struct string_map annotations;
};

enum container_status {
	CONTAINER_CREATING,
	CONTAINER_CREATED,
	CONTAINER_RUNNING,
	CONTAINER_PAUSED,
	CONTAINER_STOPPED,
};

struct container {
	struct container_record record;
	struct arena arena; /* of the record and whatever else lives as long */
	int root;           /* the directory of all containers */
	int dir;            /* ROOT/<id> */
	int lock;           /* -1: not held */
};

#define CONTAINER_INIT                                                                             \
	{                                                                                          \
		.root = -1, .dir = -1, .lock = -1                                                  \
	}

void container_release(struct container *c);

#define own_container __attribute__((cleanup(container_release)))

/* Take id, with its lock held. E_EXISTS when it is taken, E_USAGE for what is no id. Returns 0. */
int container_create(struct container *c, const char *root, const char *id, struct err *err);

/*
 * Find id and read its record. With lock, wait until nobody else changes it (10 s, then E_IN_USE).
 * A directory whose creator died before the record was written has an empty record. Returns 0, or
 * E_NOT_FOUND.
 */
int container_open(
	struct container *c, const char *root, const char *id, bool lock, struct err *err);

/* Let others change the container. */
void container_unlock(struct container *c);

/* Write the record; readers see the old or the new one. Returns 0. */
int container_save(struct container *c, struct err *err);

/* Keep the text of config.json beside the record, and read it back into the container's arena. */
int container_save_config(struct container *c, const char *text, size_t len, struct err *err);
int container_load_config(struct container *c, struct runtime_config *config, struct err *err);

/* Remove all of the record; the id is free again. Returns 0. */
int container_remove(struct container *c, struct err *err);

enum container_status container_status(const struct container *c);
const char *container_status_name(enum container_status status);

/* Is the init process alive (and no zombie, and still the one we started)? */
bool container_alive(const struct container *c);

/* A pidfd of the init process, E_NOT_RUNNING when it has ended. The caller closes it. */
int container_pidfd(const struct container *c, struct err *err);

/* Field 22 of /proc/PID/stat, or 0 when there is no such process or it is a zombie. */
uint64_t process_start_time(pid_t pid);

/*
 * The state document (runtime-spec, runtime.md, State). The pid is left out when there is none.
 * extra: also runc's own members, rootfs, created and owner. In the container's arena.
 */
struct json *container_state(struct container *c, enum container_status status, bool extra);

/* The ids of all containers in root, sorted; a root that does not exist has none. Returns 0. */
int container_list(const char *root, struct strv *ids, struct err *err);

#endif
