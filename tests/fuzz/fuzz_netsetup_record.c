/* SPDX-License-Identifier: Apache-2.0 */
/* What kist-netsetup finds on disk: whose an endpoint is, and names of files that stand for ports.
 */
#include "tests/fuzz/fuzz.h"

#include "netsetup/endpoint.c"

/* each has functions of these names */
#define read_record ports_read_record
#include "netsetup/ports.c"
#undef read_record

static int read_tenant(const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return schema_decode_text(&tenant_schema, text, len, JSON_DOCUMENT_MAX, value, a, err);
}

static int read_endpoint(
	const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return schema_decode_text(&endpoint_schema, text, len, JSON_DOCUMENT_MAX, value, a, err);
}

static void names(const char *name)
{
	for (int range = 0; range < 2; range++) {
		struct recorded r;

		if (parse_name(name, range, &r) == 0)
			FUZZ_CHECK(r.first <= r.last && r.last <= 65535 && r.rest >= name &&
				r.rest <= name + strlen(name));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	const char *text = arena_strndup(&a, (const char *)data, size);
	struct tenant tenant, other_tenant;
	struct endpoint endpoint, other_endpoint;
	struct err err = {0};
	int r;

	if (size > JSON_DOCUMENT_MAX / 8)
		return 0;
	names(text);
	r = read_tenant(text, size, &tenant, &a, &err);
	if (r < 0)
		fuzz_check_error(r, &err);
	else
		fuzz_check_stable(&tenant_schema, &tenant, read_tenant, &other_tenant);
	r = read_endpoint(text, size, &endpoint, &a, &err);
	if (r < 0)
		fuzz_check_error(r, &err);
	else
		fuzz_check_stable(&endpoint_schema, &endpoint, read_endpoint, &other_endpoint);
	return 0;
}
