/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A seccomp profile, docker's or the runtime's form: the first byte says which capabilities the
 * container has. What is accepted is accepted by the runtime, and has a key of its own.
 */
#include "engine/docker/seccomp_profile.h"
#include "tests/fuzz/fuzz.h"

#include "runtime/seccomp_cache.c"

static int read_config(const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	int r = schema_decode_text(
		&seccomp_config_schema, text, len, JSON_DOCUMENT_MAX, value, a, err);

	return r < 0 ? r : seccomp_config_check(value, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_CHOWN"};
	own_arena struct arena a = {0};
	own_buf struct buf key = {0};
	struct strings capabilities = {0};
	struct seccomp_config config, room;
	struct err err = {0};
	const struct json *profile;
	int64_t began = fuzz_clock();
	int r;

	if (!size || size > JSON_DOCUMENT_MAX / 8)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (data[0] & 1u << i)
			strings_add(&a, &capabilities, names[i]);
	profile = json_parse(&a, (const char *)data + 1, size - 1, JSON_DOCUMENT_MAX, &err);
	if (!profile)
		return 0;
	r = seccomp_profile_decode(profile, &capabilities, &config, &a, &err);
	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	fuzz_check_stable(&seccomp_config_schema, &config, read_config, &room);
	seccomp_key(&config, &key);
	FUZZ_CHECK(key.len % sizeof(struct sock_filter) == 0);
	fuzz_check_cost(began, size);
	return 0;
}
