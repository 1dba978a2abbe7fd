/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers' records: containers/<id>/record.json and its neighbours, and names/<name>, a symbolic
 * link made exclusively, so that a name is taken once (docs/state.md).
 */
#ifndef KIST_STORE_CONTAINER_H
#define KIST_STORE_CONTAINER_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/mem.h"
#include "lib/schema.h"
#include "spec/container_record.h"
#include "store/store.h"

struct exit_record;

struct stored_container {
	char id[CONTAINER_ID_LEN + 1];
	char *path; /* absolute, of containers/<id> */
	int dir;    /* O_DIRECTORY */
	int lock;   /* flock on containers/<id>/lock, or -1 */
	struct container_record record;
	struct arena arena; /* holds the record */
};

void stored_container_release(struct stored_container *c);

#define own_stored_container __attribute__((cleanup(stored_container_release)))
#define STORED_CONTAINER_INIT                                                                      \
	{                                                                                          \
		.dir = -1, .lock = -1                                                              \
	}

/* A fresh random ID. */
void stored_container_new_id(char id[CONTAINER_ID_LEN + 1]);

enum stored_container_flags {
	STORED_CONTAINER_DURABLE = 1,    /* create: survives a power cut (not for --rm) */
	STORED_CONTAINER_LOCK = 2,       /* find: take the lock, waiting for whoever has it */
	STORED_CONTAINER_TRY = 4,        /* with LOCK: E_IN_USE instead of waiting */
	STORED_CONTAINER_UNFINISHED = 8, /* create: it counts from stored_container_finish() on */
	STORED_CONTAINER_UNHELD = 16, /* ... until which nobody holds its lock: a script makes it */
};

/*
 * Make containers/<id> with record.json, the snapshot of record->layers (upper, work,
 * snapshot.json) and an empty bundle/rootfs, and take its name. *c is open and locked, so that
 * nobody starts or removes it before the caller is done. E_EXISTS: another one has the name.
 */
int stored_container_create(struct store *store, const struct container_record *record,
	unsigned flags, struct stored_container *c, struct err *err);

/*
 * An unfinished one gets its name, and is a container from here on. flags:
 * STORED_CONTAINER_DURABLE. Returns 0, or E_EXISTS when somebody else has taken the name meanwhile.
 */
int stored_container_finish(
	struct store *store, struct stored_container *c, unsigned flags, struct err *err);

/* Does its name lead to it? One that is being made or removed is none, whoever finds its ID. */
bool stored_container_finished(struct store *store, const struct container_record *record);

/*
 * Remove what is left of containers whose maker or remover was killed, with the volumes that were
 * made for them. Adds to *count. Returns 0.
 */
int stored_container_collect(struct store *store, uint64_t *count, struct err *err);

/*
 * Find by full ID, name (with or without '/' in front), or a prefix of the ID that only one
 * container has. E_NOT_FOUND, E_USAGE for an ambiguous prefix. Returns 0.
 */
int stored_container_find(struct store *store, const char *text, unsigned flags,
	struct stored_container *c, struct err *err);

/* The lock of an open container into c->lock: flags STORED_CONTAINER_TRY or 0. Returns 0. */
int stored_container_lock(struct stored_container *c, unsigned flags, struct err *err);
void stored_container_unlock(struct stored_container *c);

/* Does a monitor hold RUN/containers/<id>/lock? */
bool stored_container_running(struct store *store, const char *id);

/*
 * Wait until no monitor holds that lock any more: then all of the container's run is tidied up.
 * timeout_ms -1: for ever. Returns 1, or 0 when it still runs after the time.
 */
int stored_container_wait(struct store *store, const char *id, int timeout_ms, struct err *err);

/*
 * Remove RUN/containers/<id>. While a monitor holds its lock: E_IN_USE, unless held is true (for
 * what the monitor itself starts at the end). Missing is no error. Returns 0.
 */
int stored_container_forget_run(struct store *store, const char *id, bool held, struct err *err);

/*
 * Who holds RUN/containers/<id>/lock? Returns 1 (a monitor: *pid, 0 when it does not say, and
 * *since, the time of its lock), 0 (nobody), -1 (there is no such file).
 */
int stored_container_monitor(
	struct store *store, const char *id, pid_t *pid, const char **since, struct arena *a);

/* The exit record, as exit_record_read() and exit_record_started() have it. */
int stored_container_exit(struct store *store, const char *id, struct exit_record *record,
	struct arena *a, struct err *err);
int stored_container_started(
	struct store *store, const char *id, const char **started_at, struct arena *a);

/* Has it a log, and so was started once? Is it frozen (RUN/containers/<id>/paused)? */
bool stored_container_has_log(struct store *store, const char *id);
bool stored_container_paused(struct store *store, const char *id);

struct container_records {
	struct container_record *items;
	size_t count;
	struct strings
		damaged; /* why others cannot be read, a sentence each with the file's name */
};

/*
 * The records of all containers, oldest first. Incomplete ones are left out. One that is damaged,
 * or a newer program's, hides no other; but who removes what no container uses looks at
 * list->damaged first. Returns 0.
 */
int stored_container_list(
	struct store *store, struct container_records *list, struct arena *a, struct err *err);

/* Has a container that name, or does a killed process's link stand in its way? */
bool container_name_taken(struct store *store, const char *name);

/* Replace record.json whole by *record (same id and name). The caller holds the lock. */
int stored_container_write_record(struct stored_container *c, const struct container_record *record,
	unsigned flags, struct err *err);

/* Give it another name. The caller holds the lock. E_EXISTS as stored_container_create(). */
int stored_container_rename(
	struct store *store, struct stored_container *c, const char *name, struct err *err);

/*
 * Remove the container's name and directory. The caller holds the lock and has seen to it that it
 * does not run. *c is released. Returns 0.
 */
int stored_container_remove(struct store *store, struct stored_container *c, struct err *err);

/*
 * Remove the directory of one whose record cannot be read; names that led to it are free then.
 * E_IN_USE while somebody works on it, or a monitor is there. Returns 0.
 */
int stored_container_remove_damaged(struct store *store, const char *id, struct err *err);

#endif
