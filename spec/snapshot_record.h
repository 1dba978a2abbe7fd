/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot.json: the layers that a container, or a step of a build, stands on. */
#ifndef KIST_SPEC_SNAPSHOT_RECORD_H
#define KIST_SPEC_SNAPSHOT_RECORD_H

#include <stddef.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"

#define SNAPSHOT_RECORD_VERSION 1

struct snapshot_record {
	int64_t version;       /* see spec/document_version.h */
	struct strings layers; /* diff_ids, topmost last; none: "scratch" */
};

extern const struct schema snapshot_record_schema;

/* Decode and check. Everything lives in the arena. Returns 0. */
int snapshot_record_decode(const char *text, size_t len, struct snapshot_record *record,
	struct arena *a, struct err *err);

#endif
