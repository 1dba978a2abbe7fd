/* SPDX-License-Identifier: Apache-2.0 */
/* The records of containers, snapshots and volumes, and what kist-netsetup has answered. */
#include "spec/container_record.h"
#include "spec/digest.h"
#include "spec/network_result.h"
#include "spec/snapshot_record.h"
#include "spec/volume_record.h"
#include "tests/fuzz/fuzz.h"

static int read_container(
	const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return container_record_decode(text, len, value, a, err);
}

static int read_snapshot(
	const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return snapshot_record_decode(text, len, value, a, err);
}

static int read_volume(const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return volume_record_decode(text, len, value, a, err);
}

static int read_network(const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return schema_decode_text(
		&network_result_schema, text, len, JSON_DOCUMENT_MAX, value, a, err);
}

union record {
	struct container_record container;
	struct snapshot_record snapshot;
	struct volume_record volume;
	struct network_result network;
};

static const struct kind {
	const struct schema *schema;
	fuzz_reader *read;
} kinds[] = {{&container_record_schema, read_container}, {&snapshot_record_schema, read_snapshot},
	{&volume_record_schema, read_volume}, {&network_result_schema, read_network}};

/* What is made of a record's words: names of files. */
static void check_words(size_t kind, const union record *r)
{
	const struct strings *layers = NULL;

	if (kind == 0) {
		FUZZ_CHECK(container_id_valid(r->container.id));
		FUZZ_CHECK(!strchr(r->container.name, '/') && *r->container.name != '.');
		layers = &r->container.layers;
	} else if (kind == 1) {
		layers = &r->snapshot.layers;
	}
	for (size_t i = 0; layers && i < layers->count; i++)
		FUZZ_CHECK(digest_valid(layers->items[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > JSON_DOCUMENT_MAX / 8)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		own_arena struct arena a = {0};
		union record record, room;
		struct err err = {0};
		int r = kinds[i].read((const char *)data, size, &record, &a, &err);

		if (r < 0) {
			fuzz_check_error(r, &err);
			continue;
		}
		check_words(i, &record);
		fuzz_check_stable(kinds[i].schema, &record, kinds[i].read, &room);
	}
	return 0;
}
