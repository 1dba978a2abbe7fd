/* SPDX-License-Identifier: Apache-2.0 */
#include "store/image_table.h"

#include <string.h>

#include "tests/unit/unit.h"

#define A "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

static bool unset(struct image_table *t, const char *reference, bool keep, struct arena *a)
{
	const struct strings one = {&reference, 1};

	return !image_table_unset(t, &one, keep, a);
}

static const char empty[] = "{\"schemaVersion\":2,\"manifests\":[]}";

static void parse(const char *text, struct image_table *t, struct arena *a)
{
	struct err err = {0};

	UNIT_OK(image_table_parse(text, strlen(text), t, a, &err), &err);
}

static struct image_entry entry(const char *manifest, const char *id)
{
	struct image_entry e = {0};

	e.descriptor.media_type = MEDIA_TYPE_MANIFEST;
	e.descriptor.digest = manifest;
	e.descriptor.size = 7;
	memcpy(e.id.text, id, sizeof(e.id.text));
	e.size = 1000;
	return e;
}

static void set(struct image_table *t, const char *reference, struct image_entry e, struct arena *a)
{
	e.reference = reference;
	image_table_set(t, &e, 1, a);
}

/* "x:1=a -=b": what names lead to which manifests, by their first digit */
static const char *summary(const struct image_table *t, struct arena *a)
{
	const char *text = "";

	for (size_t i = 0; i < t->count; i++)
		text = arena_printf(a, "%s%s%s=%c", text, i ? " " : "",
			t->rows[i].entry.reference ? t->rows[i].entry.reference : "-",
			t->rows[i].entry.descriptor.digest[DIGEST_PREFIX_LEN]);
	return text;
}

static void moves(void)
{
	own_arena struct arena a = {0};
	struct image_table t;
	struct image_entry one = entry(A, A), two = entry(B, B);

	parse(empty, &t, &a);
	set(&t, "r/x:1", one, &a);
	UNIT_STRING(summary(&t, &a), "r/x:1=a");
	set(&t, "r/x:1", one, &a);
	UNIT_STRING(summary(&t, &a), "r/x:1=a");
	set(&t, "r/x:1", two, &a);
	UNIT_STRING(summary(&t, &a), "-=a r/x:1=b");
	set(&t, "r/y:1", one, &a);
	UNIT_STRING(summary(&t, &a), "r/x:1=b r/y:1=a");
	set(&t, "r/y:1", two, &a);
	set(&t, NULL, two, &a);
	UNIT_STRING(summary(&t, &a), "r/x:1=b -=a r/y:1=b");
	set(&t, NULL, one, &a);
	UNIT_STRING(summary(&t, &a), "r/x:1=b r/y:1=b -=a");
	CU_ASSERT_FALSE(unset(&t, "r/z:1", false, &a));
	CU_ASSERT_TRUE(unset(&t, "r/x:1", true, &a));
	UNIT_STRING(summary(&t, &a), "r/y:1=b -=a");
	CU_ASSERT_TRUE(unset(&t, "r/y:1", true, &a));
	UNIT_STRING(summary(&t, &a), "-=b -=a");
}

/* Many at once are the same as one after the other. */
static void all_at_once(void)
{
	static const char *const manifests[] = {A, B, C};
	own_arena struct arena a = {0};
	struct image_entry many[64];
	struct image_table one, all;
	unsigned random = 1;

	for (int round = 0; round < 200; round++) {
		size_t n = 1 + round % 64;

		parse(empty, &one, &a);
		parse(empty, &all, &a);
		for (size_t i = 0; i < n; i++) {
			unsigned name, image;

			random = random * 1103515245 + 12345;
			name = random >> 16 & 7;
			image = (random >> 20) % 3;
			/* B and C are the same image, compressed otherwise */
			many[i] = entry(manifests[image], image ? B : A);
			many[i].reference = name ? arena_printf(&a, "r/x:%u", name) : NULL;
			image_table_set(&one, &many[i], 1, &a);
		}
		image_table_set(&all, many, n / 2, &a);
		image_table_set(&all, many + n / 2, n - n / 2, &a);
		UNIT_STRING(summary(&all, &a), summary(&one, &a));
	}
}

static void compressed_otherwise(void)
{
	own_arena struct arena a = {0};
	struct image_table t;
	struct image_entry one = entry(A, C), two = entry(B, C);

	parse(empty, &t, &a);
	set(&t, "r/x:1", one, &a);
	set(&t, "r/x:1", two, &a);
	UNIT_STRING(summary(&t, &a), "r/x:1=b");
}

static void repository(void)
{
	own_arena struct arena a = {0};
	struct image_table t;
	struct image_entry one = entry(A, A), pulled = one;

	pulled.repo_name = "r/x";
	pulled.repo_digest = B;
	parse(empty, &t, &a);
	set(&t, "r/x:1", pulled, &a);
	set(&t, "r/x:1", one, &a);
	UNIT_STRING(t.rows[0].entry.repo_digest, B);
	one = entry(C, C);
	set(&t, "r/x:1", one, &a);
	CU_ASSERT_EQUAL(t.count, 2);
	CU_ASSERT_PTR_NULL(t.rows[1].entry.repo_digest);
}

static void written_and_read(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct image_table t, back;
	struct image_entry e = entry(A, B);

	e.unpacked_size = 5000;
	e.created = "2026-01-01T00:00:00Z";
	e.repo_name = "r/x";
	e.repo_digest = C;
	parse("{\"schemaVersion\":2,\"x-top\":[1,2],\"manifests\":[{\"mediaType\":"
	      "\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"" C "\",\"size\":1,"
	      "\"x-more\":true,\"annotations\":{\"k\":\"v\","
	      "\"org.opencontainers.image.ref.name\":\"alpine:3.20\"}}]}",
		&t, &a);
	CU_ASSERT_EQUAL(t.rows[0].entry.id.text[0], '\0');
	set(&t, "docker.io/r/x:1", e, &a);
	CU_ASSERT_TRUE(unset(&t, "docker.io/library/alpine:3.20", true, &a));
	json_write(image_table_encode(&t, &a), JSON_COMPACT, &text);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&text), "\"x-top\":[1,2]"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&text), "\"x-more\":true"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&text), "\"k\":\"v\""));
	CU_ASSERT_PTR_NULL(strstr(buf_str(&text), "alpine"));
	parse(buf_str(&text), &back, &a);
	CU_ASSERT_EQUAL(back.count, 2);
	UNIT_STRING(back.rows[1].entry.reference, "docker.io/r/x:1");
	UNIT_STRING(back.rows[1].entry.id.text, B);
	UNIT_STRING(back.rows[1].entry.created, e.created);
	UNIT_STRING(back.rows[1].entry.repo_digest, C);
	CU_ASSERT_EQUAL(back.rows[1].entry.size, 1000);
	CU_ASSERT_EQUAL(back.rows[1].entry.unpacked_size, 5000);
}

static void foreign_annotations(void)
{
	own_arena struct arena a = {0};
	struct image_table t;

	parse("{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"x\",\"digest\":\"" A
	      "\",\"size\":1,\"annotations\":{\"org.kist.image.id\":\"../..\","
	      "\"org.kist.image.size\":\"-5\",\"org.kist.repo.name\":\"r/x\","
	      "\"org.kist.repo.digest\":\"none\","
	      "\"org.opencontainers.image.ref.name\":\"Not A Name\"}}]}",
		&t, &a);
	CU_ASSERT_EQUAL(t.rows[0].entry.id.text[0], '\0');
	CU_ASSERT_EQUAL(t.rows[0].entry.size, 0);
	CU_ASSERT_PTR_NULL(t.rows[0].entry.repo_name);
	CU_ASSERT_PTR_NULL(t.rows[0].entry.reference);
}

UNIT_TESTS(image_table) = {
	{"a tag moves, and the image that loses its last one stays without", moves},
	{"many names at once are as one after the other", all_at_once},
	{"an image whose layers are compressed otherwise leaves no untagged entry",
		compressed_otherwise},
	{"what the registry calls an image stays with its manifest", repository},
	{"a table survives being written and read, with what others put there", written_and_read},
	{"annotations that make no sense are not believed", foreign_annotations},
};
UNIT_COUNT(image_table)
