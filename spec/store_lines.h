/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kist-store prints for other programs: a line for each image, container or volume, for each
 * image that was loaded, for what gc removed; and the document of an image.
 */
#ifndef KIST_SPEC_STORE_LINES_H
#define KIST_SPEC_STORE_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/schema.h"
#include "spec/image.h"

/* ls */
struct image_line {
	const char *reference; /* canonical; NULL, and null on the line: untagged */
	const char *digest;    /* of the manifest */
	const char *id;
	int64_t size;          /* bytes of the blobs */
	int64_t unpacked_size; /* of the uncompressed layers; 0: not known */
	const char *created;
	const char *repo_digest; /* NAME@DIGEST; NULL: not known */
};

extern const struct schema image_line_schema;

/* load: each image that was */
struct loaded_line {
	const char *reference; /* NULL: none */
	const char *digest, *id;
};

extern const struct schema loaded_line_schema;

/* gc */
struct gc_line {
	uint64_t blobs, layers, temporaries, bytes;
};

extern const struct schema gc_line_schema;

/* containers */
struct container_line {
	const char *id, *name, *created, *image, *image_id;
	bool running;
};

extern const struct schema container_line_schema;

/* volume ls, volume inspect */
struct volume_line {
	const char *name, *path, *created;
	struct string_map labels;
	bool anonymous;
};

extern const struct schema volume_line_schema;

/* inspect: one document, not a line */
struct image_document {
	const char *reference;
	struct descriptor descriptor;
	const struct json *manifest, *config; /* as they stand */
};

extern const struct schema image_document_schema;

/* Append the line with its line feed. */
void store_line_write(const struct schema *schema, const void *line, struct buf *out);

#endif
