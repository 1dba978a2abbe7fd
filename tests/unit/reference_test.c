/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/reference.h"

#include <string.h>

#include "tests/unit/unit.h"

#define HEX "0123456789012345678901234567890123456789012345678901234567890123"

struct good {
	const char *text, *canonical, *familiar, *name;
};

static void each_good(const struct good *table, size_t count)
{
	own_arena struct arena a = {0};
	struct reference ref;
	struct err err = {0};

	for (size_t i = 0; i < count; i++) {
		UNIT_OK(reference_parse(table[i].text, &ref, &a, &err), &err);
		UNIT_STRING(reference_canonical(&ref, &a), table[i].canonical);
		UNIT_STRING(reference_familiar(&ref, &a), table[i].familiar);
		UNIT_STRING(reference_familiar_name(&ref, &a), table[i].name);
	}
}

static void short_names(void)
{
	static const struct good table[] = {
		{"alpine", "docker.io/library/alpine:latest", "alpine:latest", "alpine"},
		{"docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest", "alpine"},
		{"index.docker.io/library/x:1", "docker.io/library/x:1", "x:1", "x"},
		{"foo/bar", "docker.io/foo/bar:latest", "foo/bar:latest", "foo/bar"},
		{"a__b.c-d---e", "docker.io/library/a__b.c-d---e:latest", "a__b.c-d---e:latest",
			"a__b.c-d---e"},
		{"docker.io/a.b/c", "docker.io/a.b/c:latest", "docker.io/a.b/c:latest",
			"docker.io/a.b/c"},
		{"localhost:5000", "docker.io/library/localhost:5000", "localhost:5000",
			"localhost"},
	};

	each_good(table, sizeof(table) / sizeof(*table));
}

static void registries(void)
{
	static const struct good table[] = {
		{"localhost/x", "localhost/x:latest", "localhost/x:latest", "localhost/x"},
		{"127.0.0.1:5000/a/b:1", "127.0.0.1:5000/a/b:1", "127.0.0.1:5000/a/b:1",
			"127.0.0.1:5000/a/b"},
		{"[::1]:5000/app", "[::1]:5000/app:latest", "[::1]:5000/app:latest",
			"[::1]:5000/app"},
		{"Registry/app", "Registry/app:latest", "Registry/app:latest", "Registry/app"},
		{"quay.io/library/x", "quay.io/library/x:latest", "quay.io/library/x:latest",
			"quay.io/library/x"},
	};

	each_good(table, sizeof(table) / sizeof(*table));
}

static void digests(void)
{
	static const struct good table[] = {
		{"alpine@sha256:" HEX, "docker.io/library/alpine@sha256:" HEX, "alpine@sha256:" HEX,
			"alpine"},
		{"alpine:3@sha256:" HEX, "docker.io/library/alpine:3@sha256:" HEX,
			"alpine:3@sha256:" HEX, "alpine"},
	};
	own_arena struct arena a = {0};
	struct reference ref;
	struct err err = {0};

	each_good(table, sizeof(table) / sizeof(*table));
	UNIT_OK(reference_parse("alpine@sha256:" HEX, &ref, &a, &err), &err);
	CU_ASSERT_PTR_NULL(ref.tag);
	UNIT_STRING(digest_hex(&ref.digest), HEX);
}

static void dockers_words(void)
{
	static const char *const table[][2] = {
		{"BUSYBOX",
			"invalid reference format: repository name (library/BUSYBOX) must be "
			"lowercase"},
		{"127.0.0.1:5/App:1",
			"invalid reference format: repository name (App) must be lowercase"},
		{"", "invalid reference format"},
		{"a b", "invalid reference format"},
		{"-a", "invalid reference format"},
		{"a/", "invalid reference format"},
		{"/a", "invalid reference format"},
		{"a//b", "invalid reference format"},
		{"a..b", "invalid reference format"},
		{"a___b", "invalid reference format"},
		{"host.x/a/../b", "invalid reference format"},
		{"a:", "invalid reference format"},
		{"a:.x", "invalid reference format"},
		{"a:b:c", "invalid reference format"},
		{"a@sha256:1", "invalid reference format"},
		{"a@sha256:" HEX "0", "invalid reference format"},
		{"a@md5:" HEX, "invalid reference format"},
		{"host.x:99999/a", "invalid reference format"},
		{"host.x:/a", "invalid reference format"},
		{"[::1/a", "invalid reference format"},
		{"-h.x/a", "invalid reference format"},
		{"a\n", "invalid reference format"},
		{HEX, "invalid repository name"},
	};
	own_arena struct arena a = {0};
	struct reference ref;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		CU_ASSERT_EQUAL(reference_parse(table[i][0], &ref, &a, &err), -E_SYNTAX);
		if (strncmp(err.msg, table[i][1], strlen(table[i][1])) != 0)
			UNIT_STRING(err.msg, table[i][1]);
	}
}

static void lengths(void)
{
	own_arena struct arena a = {0};
	struct reference ref;
	struct err err = {0};
	char text[600];

	memset(text, 'a', sizeof(text));
	text[247] = '\0'; /* "library/" in front makes 255 */
	UNIT_OK(reference_parse(text, &ref, &a, &err), &err);
	text[247] = 'a';
	text[248] = '\0';
	CU_ASSERT_EQUAL(reference_parse(text, &ref, &a, &err), -E_SYNTAX);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "must not be more than 255 characters"));
	text[248] = 'a';
	text[1] = ':';
	text[2 + 128] = '\0';
	UNIT_OK(reference_parse(text, &ref, &a, &err), &err);
	text[2 + 128] = 'a';
	text[2 + 129] = '\0';
	CU_ASSERT_EQUAL(reference_parse(text, &ref, &a, &err), -E_SYNTAX);
}

static void names(void)
{
	CU_ASSERT_TRUE(name_valid("web_1.x-y"));
	CU_ASSERT_TRUE(name_valid("0a"));
	CU_ASSERT_FALSE(name_valid("x"));
	CU_ASSERT_FALSE(name_valid(""));
	CU_ASSERT_FALSE(name_valid("_ab"));
	CU_ASSERT_FALSE(name_valid("../x"));
	CU_ASSERT_FALSE(name_valid("a/b"));
	CU_ASSERT_FALSE(name_valid("a\n"));
	CU_ASSERT_FALSE(name_valid("\xc3\xa4h"));
}

UNIT_TESTS(reference) = {
	{"a short name gets registry, library and latest", short_names},
	{"a dot, a port, localhost or a capital makes the first part a registry", registries},
	{"a digest stands with a tag or in place of it", digests},
	{"what is refused is refused in docker's words", dockers_words},
	{"a repository has at most 255 characters, a tag 128", lengths},
	{"container names follow docker's rule", names},
};
UNIT_COUNT(reference)
