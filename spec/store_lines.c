/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/store_lines.h"

static const struct schema_field image_fields[] = {
	FIELD(struct image_line, reference, "reference", SCHEMA_STRING, .flags = SCHEMA_NULL),
	FIELD(struct image_line, digest, "digest", SCHEMA_STRING),
	FIELD(struct image_line, id, "id", SCHEMA_STRING),
	FIELD(struct image_line, size, "size", SCHEMA_INT64, .flags = SCHEMA_ALWAYS),
	FIELD(struct image_line, unpacked_size, "unpacked_size", SCHEMA_INT64),
	FIELD(struct image_line, created, "created", SCHEMA_STRING),
	FIELD(struct image_line, repo_digest, "repo_digest", SCHEMA_STRING),
};

const struct schema image_line_schema = SCHEMA(struct image_line, image_fields);

static const struct schema_field loaded_fields[] = {
	FIELD(struct loaded_line, reference, "reference", SCHEMA_STRING, .flags = SCHEMA_NULL),
	FIELD(struct loaded_line, digest, "digest", SCHEMA_STRING),
	FIELD(struct loaded_line, id, "id", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
};

const struct schema loaded_line_schema = SCHEMA(struct loaded_line, loaded_fields);

static const struct schema_field gc_fields[] = {
	FIELD(struct gc_line, blobs, "blobs", SCHEMA_UINT64, .flags = SCHEMA_ALWAYS),
	FIELD(struct gc_line, layers, "layers", SCHEMA_UINT64, .flags = SCHEMA_ALWAYS),
	FIELD(struct gc_line, temporaries, "temporaries", SCHEMA_UINT64, .flags = SCHEMA_ALWAYS),
	FIELD(struct gc_line, bytes, "bytes", SCHEMA_UINT64, .flags = SCHEMA_ALWAYS),
};

const struct schema gc_line_schema = SCHEMA(struct gc_line, gc_fields);

static const struct schema_field container_fields[] = {
	FIELD(struct container_line, id, "id", SCHEMA_STRING),
	FIELD(struct container_line, name, "name", SCHEMA_STRING),
	FIELD(struct container_line, created, "created", SCHEMA_STRING),
	FIELD(struct container_line, image, "image", SCHEMA_STRING),
	FIELD(struct container_line, image_id, "image_id", SCHEMA_STRING),
	FIELD(struct container_line, running, "running", SCHEMA_BOOL, .flags = SCHEMA_ALWAYS),
};

const struct schema container_line_schema = SCHEMA(struct container_line, container_fields);

static const struct schema_field volume_fields[] = {
	FIELD(struct volume_line, name, "name", SCHEMA_STRING),
	FIELD(struct volume_line, path, "path", SCHEMA_STRING),
	FIELD(struct volume_line, created, "created", SCHEMA_STRING),
	FIELD(struct volume_line, labels, "labels", SCHEMA_STRING_MAP, .flags = SCHEMA_ALWAYS),
	FIELD(struct volume_line, anonymous, "anonymous", SCHEMA_BOOL, .flags = SCHEMA_ALWAYS),
};

const struct schema volume_line_schema = SCHEMA(struct volume_line, volume_fields);

static const struct schema_field document_fields[] = {
	FIELD(struct image_document, reference, "reference", SCHEMA_STRING, .flags = SCHEMA_NULL),
	FIELD(struct image_document, descriptor, "descriptor", SCHEMA_STRUCT,
		.sub = &descriptor_schema),
	FIELD(struct image_document, manifest, "manifest", SCHEMA_JSON),
	FIELD(struct image_document, config, "config", SCHEMA_JSON, .flags = SCHEMA_REQUIRED),
};

const struct schema image_document_schema = SCHEMA(struct image_document, document_fields);

void store_line_write(const struct schema *schema, const void *line, struct buf *out)
{
	own_arena struct arena a = {0};

	json_write(schema_encode(schema, line, &a), JSON_COMPACT, out);
	buf_addc(out, '\n');
}
