/* SPDX-License-Identifier: Apache-2.0 */
/* What verbs that list tell of each object: the rows behind struct result. */
#ifndef KIST_ENGINE_SUMMARY_H
#define KIST_ENGINE_SUMMARY_H

#include "engine/verb/state.h"
#include "lib/sha256.h"
#include "spec/network_definition.h"
#include "spec/port.h"
#include "store/image.h"
#include "store/volume.h"

struct container_summary {
	const struct container_record *record;
	struct docker_container docker;
	struct container_state state;
	bool running;           /* or frozen */
	struct port_list ports; /* published, while it runs */
	int64_t upper, layers;  /* bytes, when sizes were asked for */
};

/* docker's sentence about a state: "Up 2 hours". In the arena. */
const char *container_status_text(const struct container_state *state, struct arena *a);

struct image_summary {
	const struct image_entry *entry;
	const char *name, *tag; /* docker's short form; "<none>" */
};

struct network_summary {
	struct network_definition d; /* its driver is docker's word */
	bool built_in;
	char id[SHA256_HEX_LEN + 1];
};

/* A network by a name that a person knows. Returns as network_read(). */
int network_summary_read(
	struct engine *e, const char *name, struct network_summary *n, struct err *err);

/*
 * The name of a network by it, or by its ID or a front of that which no other has. NULL:
 * E_NOT_FOUND, E_USAGE.
 */
const char *network_find(struct engine *e, const char *text, struct err *err);

struct volume_summary {
	const struct volume *volume;
	const char *user; /* a container that has it, or NULL */
};

struct usage_summary {
	const char *type; /* "Images" */
	size_t total, active;
	int64_t size, reclaimable; /* bytes */
};

#endif
