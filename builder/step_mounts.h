/* SPDX-License-Identifier: Apache-2.0 */
/* What RUN --mount asks for: sources found and keyed before the step, mounted while it runs. */
#ifndef KIST_BUILDER_STEP_MOUNTS_H
#define KIST_BUILDER_STEP_MOUNTS_H

#include "builder/cache.h"
#include "builder/execution.h"
#include "builder/run_mount.h"

#define STEP_MOUNTS_MAX 1024 /* of one RUN; each is compared with the others */

struct prepared_mount {
	struct run_mount mount;
	struct stage *from; /* bind: NULL is the context */
	struct root root;   /* of from, while the step runs */
	int lock;           /* of a cache directory */
	const char
		*attached; /* where a bind's source was attached in the workspace; NULL: nowhere */
};

struct step_mounts {
	struct stage *stage;
	struct prepared_mount *items;
	size_t count;
};

/* Parse every --mount of the instruction and build the stages they name. Returns 0. */
int step_mounts_parse(
	struct step_mounts *m, struct stage *s, const struct instruction *in, struct err *err);

/* Add what the mounts contribute to the step's key: flags, and content that is read. Returns 0. */
int step_mounts_key(struct step_mounts *m, struct cache_key *key, struct err *err);

/* Make them ready, and append them to the execution's mounts. Returns 0. */
int step_mounts_open(struct step_mounts *m, struct execution *x, struct err *err);

/* Unmount and unlock everything. */
void step_mounts_release(struct step_mounts *m);

#endif
