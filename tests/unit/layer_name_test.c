/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_name.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void cleans(void)
{
	static const char *const table[][2] = {
		{"", ""},
		{"/", ""},
		{"./", ""},
		{".//./", ""},
		{"a", "a"},
		{"/etc/passwd", "etc/passwd"},
		{"./a//b/./c/", "a/b/c"},
		{"a/../b", "b"},
		{"a/b/../../c", "c"},
		{"a/b/..", "a"},
		{"a/..", ""},
		{"...", "..."},
		{"..a/b..", "..a/b.."},
	};
	char out[TAR_PATH_MAX + 1];
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		UNIT_OK(layer_name_clean(table[i][0], out, &err), &err);
		UNIT_STRING(out, table[i][1]);
	}
}

static void leaving_is_refused(void)
{
	static const char *const table[] = {"..", "../a", "/..", "a/../..", "a/../../b", "./../x"};
	char out[TAR_PATH_MAX + 1];
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		CU_ASSERT(layer_name_clean(table[i], out, &err) == -E_SYNTAX);
}

static void length_is_limited(void)
{
	char name[TAR_PATH_MAX + 10], out[TAR_PATH_MAX + 1];
	struct err err;

	memset(name, 'a', sizeof(name));
	name[TAR_PATH_MAX - 1] = '\0';
	UNIT_OK(layer_name_clean(name, out, &err), &err);
	name[TAR_PATH_MAX - 1] = 'a';
	name[TAR_PATH_MAX + 5] = '\0';
	CU_ASSERT(layer_name_clean(name, out, &err) == -E_LIMIT);
}

static void kinds(void)
{
	static const struct {
		const char *name;
		int kind; /* -1: refused */
		const char *target;
	} table[] = {
		{"a", LAYER_NAME_PLAIN, NULL},
		{"a/.whx", LAYER_NAME_PLAIN, NULL},
		{".wh.a", LAYER_NAME_WHITEOUT, "a"},
		{"a/b/.wh.c.d", LAYER_NAME_WHITEOUT, "c.d"},
		{".wh..hidden", LAYER_NAME_WHITEOUT, ".hidden"},
		{".wh.....", LAYER_NAME_WHITEOUT, "...."},
		{".wh..wh..opq", LAYER_NAME_OPAQUE, NULL},
		{"a/.wh..wh..opq", LAYER_NAME_OPAQUE, NULL},
		{".wh..wh.plnk", LAYER_NAME_METADATA, NULL},
		{".wh..wh.plnk/1.2", LAYER_NAME_METADATA, NULL},
		{".wh.", -1, NULL},
		{".wh..", -1, NULL},
		{".wh...", -1, NULL},
		{"a/.wh.", -1, NULL},
		{"a/.wh..", -1, NULL},
		{"a/.wh...", -1, NULL},
		{"a/.wh..wh.x", -1, NULL},
		{".wh.a/b", -1, NULL},
		{"a/.wh.b/c", -1, NULL},
		{"a/.wh.b/.wh.c", -1, NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		enum layer_name_kind kind;
		const char *target;
		struct err err;
		int r = layer_name_kind(table[i].name, &kind, &target, &err);

		if (table[i].kind < 0) {
			CU_ASSERT(r == -E_SYNTAX && strstr(err.msg, "invalid whiteout name"));
			continue;
		}
		UNIT_OK(r, &err);
		CU_ASSERT(kind == (enum layer_name_kind)table[i].kind);
		UNIT_STRING(target, table[i].target);
	}
}

UNIT_TESTS(layer_name) = {
	{"names become relative to the layer's root", cleans},
	{"names that lead out of the layer are refused", leaving_is_refused},
	{"names longer than a path can be are refused", length_is_limited},
	{"whiteouts are told from names, and impossible ones refused", kinds},
};
UNIT_COUNT(layer_name)
