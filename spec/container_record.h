/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's record, containers/<id>/record.json: what it is, written by whoever makes it, and
 * replaced whole.
 */
#ifndef KIST_SPEC_CONTAINER_RECORD_H
#define KIST_SPEC_CONTAINER_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"

#define CONTAINER_RECORD_VERSION 1
#define CONTAINER_ID_LEN         64

struct container_record {
	int64_t version;           /* see spec/document_version.h */
	const char *id;            /* container_id_valid() */
	const char *name;          /* name_valid() */
	const char *created;       /* RFC 3339 */
	const char *image;         /* as the user gave it; NULL: none */
	const char *image_id;      /* "sha256:..." of the config; NULL: none */
	struct strings layers;     /* diff_ids, topmost last: what snapshot.json gets */
	struct strings volumes;    /* anonymous ones that are made together with it */
	const struct json *engine; /* what only the engine knows, as it stands; NULL: nothing */
	const struct json *source;
};

extern const struct schema container_record_schema;

/* 64 lower-case hex digits. */
bool container_id_valid(const char *id);

/* Decode and check. Everything lives in the arena. Returns 0. */
int container_record_decode(const char *text, size_t len, struct container_record *record,
	struct arena *a, struct err *err);

#endif
