/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/image.h"

#include <stdio.h>
#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

#define C16(c) c c c c c c c c c c c c c c c c
#define D(c)   "sha256:" C16(c) C16(c) C16(c) C16(c)
#define DESCRIPTOR(type, c, rest)                                                                  \
	"{\"mediaType\":\"" type "\",\"digest\":\"" D(c) "\",\"size\":7" rest "}"
#define CONFIG   "\"config\":" DESCRIPTOR(MEDIA_TYPE_CONFIG, "a", "")
#define LAYER    DESCRIPTOR(MEDIA_TYPE_LAYER_GZIP, "b", "")
#define MANIFEST "{\"schemaVersion\":2," CONFIG ",\"layers\":[" LAYER "]"

static void encoded(const struct schema *schema, const void *value, struct buf *out)
{
	own_arena struct arena a = {0};

	buf_reset(out);
	json_write(schema_encode(schema, value, &a), JSON_COMPACT, out);
}

static void manifests(void)
{
	static const char text[] = MANIFEST
		",\"annotations\":{\"k\":\"v\"},\"subject\":{\"x\":[1]}}";
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct manifest m;
	struct err err = {0};

	UNIT_OK(manifest_parse(text, strlen(text), &m, &a, &err), &err);
	CU_ASSERT_EQUAL(m.layers.count, 1);
	UNIT_STRING(m.config.digest, D("a"));
	UNIT_STRING(m.layers.items[0].media_type, MEDIA_TYPE_LAYER_GZIP);
	UNIT_STRING(string_map_get(&m.annotations, "k"), "v");
	encoded(&manifest_schema, &m, &out);
	UNIT_STRING(buf_str(&out), text);
}

static void bad_manifests(void)
{
	static const struct {
		const char *text, *message;
		int code;
	} table[] = {
		{MANIFEST ",\"manifests\":[]}", "manifest: manifests: does not belong", E_SYNTAX},
		{"{\"schemaVersion\":2," CONFIG "}", "manifest: layers: missing", E_SYNTAX},
		{"{\"schemaVersion\":2,\"layers\":[]}", "manifest: config: missing", E_SYNTAX},
		{"{\"schemaVersion\":1,\"fsLayers\":[]}", "manifest: schemaVersion: 1",
			E_UNSUPPORTED},
		{"{\"schemaVersion\":3," CONFIG ",\"layers\":[]}",
			"manifest: schemaVersion: expected 2", E_SYNTAX},
		{MANIFEST ",\"mediaType\":\"" MEDIA_TYPE_INDEX "\"}",
			"manifest: mediaType:", E_SYNTAX},
		{"{\"schemaVersion\":2," CONFIG
		 ",\"layers\":[{\"mediaType\":\"x\",\"digest\":\"sha256:x\",\"size\":1}]}",
			"manifest: layers[0].digest: invalid digest", E_SYNTAX},
		{"{\"schemaVersion\":2," CONFIG
		 ",\"layers\":[{\"mediaType\":\"x\",\"digest\":\"" D("b") "\",\"size\":-1}]}",
			"manifest: layers[0].size: -1 is negative", E_SYNTAX},
		{"{\"schemaVersion\":2," CONFIG
		 ",\"layers\":[{\"mediaType\":\"x\",\"digest\":\"" D("b") "\",\"size\":1.5}]}",
			"manifest: layers[0].size: expected a whole number", E_SYNTAX},
		{"{\"schemaVersion\":2," CONFIG ",\"layers\":[{\"mediaType\":\"x\",\"digest\":\"" D(
			 "b") "\",\"size\":"
			      "9223372036854775807},{\"mediaType\":\"x\",\"digest\":\"" D(
				      "b") "\",\"size\":1}]}",
			"manifest: layers[1].size: the sum", E_LIMIT},
		{"[]", "manifest: expected an object", E_SYNTAX},
		{"{", "manifest: not valid JSON", E_SYNTAX},
		{"", "manifest: not valid JSON", E_SYNTAX},
	};
	own_arena struct arena a = {0};
	struct manifest m;
	struct err err = {0};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		CU_ASSERT_EQUAL(manifest_parse(table[i].text, strlen(table[i].text), &m, &a, &err),
			-table[i].code);
		if (strncmp(err.msg, table[i].message, strlen(table[i].message)) != 0)
			UNIT_STRING(err.msg, table[i].message);
	}
}

static void many_layers(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct manifest m;
	struct err err = {0};

	buf_adds(&text, "{\"schemaVersion\":2," CONFIG ",\"layers\":[" LAYER);
	for (int i = 1; i < IMAGE_LAYERS_MAX; i++)
		buf_adds(&text, "," LAYER);
	buf_adds(&text, "]}");
	UNIT_OK(manifest_parse(buf_str(&text), text.len, &m, &a, &err), &err);
	CU_ASSERT_EQUAL(m.layers.count, IMAGE_LAYERS_MAX);
	text.len -= 2;
	buf_adds(&text, "," LAYER "]}");
	CU_ASSERT_EQUAL(manifest_parse(buf_str(&text), text.len, &m, &a, &err), -E_LIMIT);
}

static void docker_documents(void)
{
	static const char text[] =
		"{\"schemaVersion\":2,\"mediaType\":\"" MEDIA_TYPE_DOCKER_MANIFEST
		"\",\"config\":" DESCRIPTOR(MEDIA_TYPE_DOCKER_CONFIG, "a",
			"") ",\"layers\":[" DESCRIPTOR(MEDIA_TYPE_DOCKER_LAYER, "b", "") "]}";
	static const char list[] = "{\"schemaVersion\":2,\"mediaType\":\"" MEDIA_TYPE_DOCKER_LIST
				   "\",\"manifests\":[" DESCRIPTOR(
					   MEDIA_TYPE_DOCKER_MANIFEST, "c", "") "]}";
	own_arena struct arena a = {0};
	struct manifest m;
	struct index i;
	struct err err = {0};

	UNIT_OK(manifest_parse(text, strlen(text), &m, &a, &err), &err);
	CU_ASSERT_TRUE(media_type_is_manifest(m.media_type));
	CU_ASSERT_TRUE(media_type_is_layer(m.layers.items[0].media_type));
	UNIT_OK(index_parse(list, strlen(list), &i, &a, &err), &err);
	CU_ASSERT_TRUE(media_type_is_index(i.media_type));
	CU_ASSERT_FALSE(media_type_is_index(m.media_type));
	CU_ASSERT_FALSE(media_type_is_index(NULL));
	CU_ASSERT_EQUAL(index_parse(text, strlen(text), &i, &a, &err), -E_SYNTAX);
}

#define FOR(c, platform)                                                                           \
	DESCRIPTOR(MEDIA_TYPE_MANIFEST, c, ",\"platform\":{\"os\":\"linux\"," platform "}")

static const char platforms[] = "{\"schemaVersion\":2,\"manifests\":[" DESCRIPTOR(
	MEDIA_TYPE_MANIFEST, "9",
	",\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}") "," FOR("1",
	"\"architecture\":\"arm\",\"variant\":\"v6\"") "," FOR("2",
	"\"architecture\":\"arm\",\"variant\":\"v7\"") "," FOR("3",
	"\"architecture\":\"arm64\",\"variant\":\"v8\"") "," FOR("4",
	"\"architecture\":\"amd64\",\"variant\":\"v3\"") "," FOR("5",
	"\"architecture\":\"amd64\"") "," FOR("6",
	"\"architecture\":\"amd64\",\"variant\":\"v2\"") "]}";

static void choose(void)
{
	static const struct {
		const char *platform, *digest;
	} table[] = {
		{"linux/amd64", D("5")},
		{"linux/x86_64", D("5")},
		{"linux/amd64/v2", D("6")},
		{"linux/amd64/v4", D("4")},
		{"linux/arm64", D("3")},
		{"linux/aarch64/v8", D("3")},
		{"linux/arm64/v8.2", D("3")},
		{"linux/arm", D("2")},
		{"linux/arm/v7", D("2")},
		{"linux/arm/v6", D("1")},
		{"linux/armhf", D("2")},
		{"linux/armel", D("1")},
	};
	own_arena struct arena a = {0};
	struct index i;
	struct err err = {0};

	UNIT_OK(index_parse(platforms, strlen(platforms), &i, &a, &err), &err);
	for (size_t n = 0; n < ARRAY_LEN(table); n++) {
		const struct descriptor *d = index_choose(&i, table[n].platform, &err);

		CU_ASSERT_PTR_NOT_NULL_FATAL(d);
		UNIT_STRING(d->digest, table[n].digest);
	}
	CU_ASSERT_PTR_NULL(index_choose(&i, "linux/arm/v5", &err));
	CU_ASSERT_EQUAL(err.code, E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg,
		"no image for platform linux/arm/v5; there is "
		"linux/arm/v6, linux/arm/v7"));
	CU_ASSERT_PTR_NULL(strstr(err.msg, "unknown"));
	CU_ASSERT_PTR_NULL(index_choose(&i, "windows/amd64", &err));
	CU_ASSERT_PTR_NULL(index_choose(&i, "unknown/unknown/x", &err));
}

static void bad_platforms(void)
{
	static const char *const table[] = {"", "linux", "/amd64", "linux/", "linux/arm/v7/x",
		"linux//v7", "0123456789012345678901234567890123/amd64"};
	own_arena struct arena a = {0};
	struct index i;
	struct err err = {0};

	UNIT_OK(index_parse(platforms, strlen(platforms), &i, &a, &err), &err);
	for (size_t n = 0; n < ARRAY_LEN(table); n++) {
		CU_ASSERT_PTR_NULL(index_choose(&i, table[n], &err));
		CU_ASSERT_EQUAL(err.code, E_SYNTAX);
	}
}

static void undeclared_platform(void)
{
	static const char text[] = "{\"schemaVersion\":2,\"manifests\":[" DESCRIPTOR(
		MEDIA_TYPE_MANIFEST, "7", "") "]}";
	own_arena struct arena a = {0};
	const struct descriptor *d;
	struct index i;
	struct err err = {0};

	UNIT_OK(index_parse(text, strlen(text), &i, &a, &err), &err);
	d = index_choose(&i, NULL, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	UNIT_STRING(d->digest, D("7"));
}

static void image_config(void)
{
	static const char text[] =
		"{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"app\","
		"\"ExposedPorts\":{\"80/tcp\":{}},\"Env\":[\"A=b\"],\"Entrypoint\":[\"/e\"],"
		"\"Cmd\":[\"x\"],\"Volumes\":{\"/v\":{}},\"WorkingDir\":\"/w\","
		"\"Labels\":{\"l\":\"1\"},\"StopSignal\":\"SIGINT\","
		"\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"],\"Interval\":30000000000},"
		"\"Future\":[null,{\"x\":1e400}]},"
		"\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" D(
			"d") "\"]},"
			     "\"history\":[{\"created_by\":\"RUN x\",\"empty_layer\":true}],"
			     "\"os.features\":[\"win32k\"]}";
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct image_config c;
	struct err err = {0};

	UNIT_OK(image_config_parse(text, strlen(text), &c, &a, &err), &err);
	UNIT_STRING(c.config.user, "app");
	UNIT_STRING(c.config.exposed_ports.items[0], "80/tcp");
	UNIT_STRING(c.config.volumes.items[0], "/v");
	CU_ASSERT_EQUAL(c.config.healthcheck->interval, 30000000000);
	CU_ASSERT_TRUE(c.history.items[0].empty_layer);
	encoded(&image_config_schema, &c, &out);
	UNIT_STRING(buf_str(&out), text);
}

static void bad_image_configs(void)
{
	static const char *const table[][2] = {
		{"{}", "image config: rootfs: missing"},
		{"{\"rootfs\":{\"type\":\"x\",\"diff_ids\":[]}}", "image config: rootfs.type:"},
		{"{\"rootfs\":{\"diff_ids\":[\"x\"]}}",
			"image config: rootfs.diff_ids[0]: invalid"},
		{"{\"rootfs\":{\"diff_ids\":[]},\"config\":{\"Env\":\"x\"}}",
			"image config: config.Env: expected an array of strings"},
		{"{\"rootfs\":{},\"rootfs\":{}}", "image config: key \"rootfs\" occurs twice"},
		{"[]", "image config: expected an object"},
	};
	own_arena struct arena a = {0};
	struct image_config c;
	struct err err = {0};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		CU_ASSERT_TRUE(
			image_config_parse(table[i][0], strlen(table[i][0]), &c, &a, &err) < 0);
		if (strncmp(err.msg, table[i][1], strlen(table[i][1])) != 0)
			UNIT_STRING(err.msg, table[i][1]);
	}
}

UNIT_TESTS(image) = {
	{"a manifest is decoded, and its unknown members survive", manifests},
	{"a malformed manifest is refused with the member's path", bad_manifests},
	{"an image has at most 1024 layers", many_layers},
	{"docker's media types are read as OCI's", docker_documents},
	{"an index is chosen from by platform, the best variant first", choose},
	{"a malformed platform is refused", bad_platforms},
	{"an entry without a platform is taken when nothing else is there", undeclared_platform},
	{"an image config is decoded, and its unknown members survive", image_config},
	{"a malformed image config is refused with the member's path", bad_image_configs},
};
UNIT_COUNT(image)
