/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/volume_record.h"

#include "spec/document_version.h"

static const struct schema_field fields[] = {
	FIELD(struct volume_record, version, "version", SCHEMA_INT64),
	FIELD(struct volume_record, created, "created", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct volume_record, labels, "labels", SCHEMA_STRING_MAP),
	FIELD(struct volume_record, anonymous, "anonymous", SCHEMA_BOOL),
};

const struct schema volume_record_schema = SCHEMA(struct volume_record, fields);

int volume_record_decode(const char *text, size_t len, struct volume_record *record,
	struct arena *a, struct err *err)
{
	struct volume_record r;

	if (schema_decode_text(&volume_record_schema, text, len, JSON_DOCUMENT_MAX, &r, a, err) <
			0 ||
		document_version_check(r.version, VOLUME_RECORD_VERSION, err) < 0)
		return -err->code;
	*record = r;
	return 0;
}
