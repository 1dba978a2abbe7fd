/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/container_record.h"

#include <string.h>

#include "spec/digest.h"
#include "spec/document_version.h"
#include "spec/reference.h"

static const struct schema_field fields[] = {
	FIELD(struct container_record, version, "version", SCHEMA_INT64),
	FIELD(struct container_record, id, "id", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct container_record, name, "name", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct container_record, created, "created", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct container_record, image, "image", SCHEMA_STRING),
	FIELD(struct container_record, image_id, "image_id", SCHEMA_STRING),
	FIELD(struct container_record, layers, "layers", SCHEMA_STRINGS, .flags = SCHEMA_ALWAYS),
	FIELD(struct container_record, volumes, "volumes", SCHEMA_STRINGS),
	FIELD(struct container_record, engine, "engine", SCHEMA_JSON),
	FIELD(struct container_record, source, NULL, SCHEMA_SOURCE),
};

const struct schema container_record_schema = SCHEMA(struct container_record, fields);

bool container_id_valid(const char *id)
{
	return strlen(id) == CONTAINER_ID_LEN && strspn(id, "0123456789abcdef") == CONTAINER_ID_LEN;
}

int container_record_decode(const char *text, size_t len, struct container_record *record,
	struct arena *a, struct err *err)
{
	struct container_record r;
	struct digest digest;

	if (schema_decode_text(&container_record_schema, text, len, JSON_DOCUMENT_MAX, &r, a, err) <
			0 ||
		document_version_check(r.version, CONTAINER_RECORD_VERSION, err) < 0)
		return -err->code;
	if (!container_id_valid(r.id))
		return err_set(err, E_SYNTAX, "id: expected 64 hex digits");
	if (!name_valid(r.name))
		return err_set(
			err, E_SYNTAX, "name: '%.100s' is not the name of a container", r.name);
	for (size_t i = 0; i < r.layers.count; i++)
		if (digest_parse(r.layers.items[i], &digest, err) < 0)
			return schema_error_at(err, "layers[%zu]", i);
	*record = r;
	return 0;
}
