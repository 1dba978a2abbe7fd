/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/snapshot_record.h"

#include "spec/digest.h"
#include "spec/document_version.h"

static const struct schema_field fields[] = {
	FIELD(struct snapshot_record, version, "version", SCHEMA_INT64),
	FIELD(struct snapshot_record, layers, "layers", SCHEMA_STRINGS,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
};

const struct schema snapshot_record_schema = SCHEMA(struct snapshot_record, fields);

int snapshot_record_decode(const char *text, size_t len, struct snapshot_record *record,
	struct arena *a, struct err *err)
{
	struct snapshot_record r;
	struct digest digest;

	if (schema_decode_text(&snapshot_record_schema, text, len, JSON_DOCUMENT_MAX, &r, a, err) <
			0 ||
		document_version_check(r.version, SNAPSHOT_RECORD_VERSION, err) < 0)
		return -err->code;
	for (size_t i = 0; i < r.layers.count; i++)
		if (digest_parse(r.layers.items[i], &digest, err) < 0)
			return schema_error_at(err, "layers[%zu]", i);
	*record = r;
	return 0;
}
