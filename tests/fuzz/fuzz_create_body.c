/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a create call, as a client posts it: what is accepted becomes a record, options and a
 * config.json that their readers accept. Some bodies come with their lists made long: no cost grows
 * with the square of them.
 */
#include "tests/fuzz/create.h"

static const char image_text[] =
	"{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},"
	"\"config\":{\"Env\":[\"PATH=/bin\",\"A=image\"],\"Cmd\":[\"sh\"],\"Labels\":{\"a\":\"1\"},"
	"\"ExposedPorts\":{\"80/tcp\":{},\"9000/udp\":{}},\"Volumes\":{\"/cache\":{},\"/b\":{}}}}";

static void widened(const struct image_config *image, const char *text, size_t size)
{
	own_arena struct arena a = {0};
	own_buf struct buf all = {0};
	struct err err;
	struct json *body = json_parse(&a, text, size, JSON_DOCUMENT_MAX, &err);
	int64_t began;

	fuzz_widen(body, 2000, &a);
	json_write(body, JSON_COMPACT, &all);
	if (all.len > JSON_DOCUMENT_MAX)
		return;
	began = fuzz_clock();
	create_check(image, body);
	fuzz_check_cost(began, all.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	struct image_config image;
	struct err err;
	struct json *body;

	if (size > JSON_DOCUMENT_MAX / 16)
		return 0;
	body = json_parse(&a, (const char *)data, size, JSON_DOCUMENT_MAX, &err);
	if (!body)
		return 0;
	FUZZ_CHECK(image_config_parse(image_text, strlen(image_text), &image, &a, &err) == 0);
	if (create_check(&image, body) && fuzz_sometimes(data, size))
		widened(&image, (const char *)data, size);
	return 0;
}
