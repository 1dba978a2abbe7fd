/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An image's config on its way into a container: Env, Volumes, User, ExposedPorts, Cmd and all the
 * rest, with a body that says nothing, one that adds to them, and one that takes their place.
 */
#include "tests/fuzz/create.h"

static const char adding[] =
	"{\"Image\":\"img\",\"Env\":[\"A=b\",\"PATH\"],\"Volumes\":{\"/v\":{}},\"Labels\":{\"a\":\"\"},"
	"\"ExposedPorts\":{\"1000-1009/tcp\":{}},\"HostConfig\":{\"PublishAllPorts\":true,"
	"\"Binds\":[\"x:/x\",\"/y:/y:ro\"],\"Privileged\":true}}";

static const char replacing[] =
	"{\"Image\":\"img\",\"Entrypoint\":[\"\"],\"Cmd\":[\"c\"],\"User\":\"1\",\"WorkingDir\":\"/w\","
	"\"StopSignal\":\"9\",\"HostConfig\":{\"ReadonlyRootfs\":true,\"NetworkMode\":\"none\"}}";

static const char *const bodies[] = {"{\"Image\":\"img\"}", adding, replacing};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	struct image_config image;
	int64_t began = fuzz_clock();
	struct err err;

	if (size > JSON_DOCUMENT_MAX / 16 ||
		image_config_parse((const char *)data, size, &image, &a, &err) < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		create_check(&image,
			json_parse(&a, bodies[i], strlen(bodies[i]), JSON_DOCUMENT_MAX, &err));
	fuzz_check_cost(began, size);
	return 0;
}
