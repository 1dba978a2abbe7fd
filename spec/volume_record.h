/* SPDX-License-Identifier: Apache-2.0 */
/* volumes/<name>/volume.json: what is known of a volume beside its files. */
#ifndef KIST_SPEC_VOLUME_RECORD_H
#define KIST_SPEC_VOLUME_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"

#define VOLUME_RECORD_VERSION 1

struct volume_record {
	int64_t version;     /* see spec/document_version.h */
	const char *created; /* RFC 3339 */
	struct string_map labels;
	bool anonymous;
};

extern const struct schema volume_record_schema;

/* Decode and check. Everything lives in the arena. Returns 0. */
int volume_record_decode(const char *text, size_t len, struct volume_record *record,
	struct arena *a, struct err *err);

#endif
