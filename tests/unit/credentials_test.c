/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/credentials.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

#define ALICE "YWxpY2U6c2VjcmV0" /* alice:secret */

/* A file with this text; its path is removed and freed by the caller. */
static char *file_with(const char *text)
{
	char *path = xstrdup("/tmp/kist-unit-XXXXXX");
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(io_write_full(fd, text, strlen(text)), 0);
	close(fd);
	return path;
}

/* Look a registry up in a file with this text. */
static int find(const char *text, const char *registry, const char *repository,
	struct credential *c, char **helper, struct err *err)
{
	own_mem char *path = file_with(text);
	int r = credential_find(path, registry, repository, c, helper, err);

	unlink(path);
	return r;
}

static void check_user(
	const char *text, const char *registry, const char *repository, const char *user)
{
	own_credential struct credential c = {0};
	struct err err;

	UNIT_OK(find(text, registry, repository, &c, NULL, &err), &err);
	UNIT_STRING(c.user ? c.user : "(none)", user ? user : "(none)");
}

static void keys(void)
{
	check_user(
		"{\"auths\":{\"reg:5000\":{\"auth\":\"" ALICE "\"}}}", "reg:5000", "app", "alice");
	check_user("{\"auths\":{\"reg:5000\":{\"auth\":\"" ALICE "\"}}}", "reg:5001", "app", NULL);
	check_user(
		"{\"auths\":{\"https://reg/v2/\":{\"auth\":\"" ALICE "\"}}}", "reg", NULL, "alice");
	check_user("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" ALICE "\"}}}",
		"docker.io", "library/alpine", "alice");
	check_user(
		"{\"auths\":{\"docker.io\":{\"auth\":\"" ALICE "\"}}}", "docker.io", "x", "alice");
	check_user(
		"{\"auths\":{\"reg.evil.example\":{\"auth\":\"" ALICE "\"}}}", "reg", NULL, NULL);
	check_user("{\"auths\":{\"reg\":{\"username\":\"bob\",\"password\":\"p\"}}}", "reg", NULL,
		"bob");
	check_user("{}", "reg", NULL, NULL);
	check_user("{\"auths\":{\"reg\":{}}}", "reg", NULL, NULL);
}

static void longest(void)
{
	const char *text = "{\"auths\":{\"reg\":{\"auth\":\"" ALICE "\"},"
			   "\"reg/team\":{\"auth\":\"Ym9iOng=\"}}}"; /* bob:x */

	check_user(text, "reg", "team/app", "bob");
	check_user(text, "reg", "team", "bob");
	check_user(text, "reg", "other/app", "alice");
	check_user(text, "reg", "teamwork/app", "alice");
}

static void broken(void)
{
	static const char *const texts[] = {
		"{\"auths\":{\"reg\":{\"auth\":\"%%\"}}}",
		"{\"auths\":{\"reg\":{\"auth\":\"YWxpY2U=\"}}}",     /* alice */
		"{\"auths\":{\"reg\":{\"auth\":\"OnNlY3JldA==\"}}}", /* :secret */
		"{\"auths\":",
		"",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		own_credential struct credential c = {0};
		struct err err;

		if (find(texts[i], "reg", NULL, &c, NULL, &err) != -E_SYNTAX)
			CU_FAIL(texts[i]);
		CU_ASSERT_PTR_NULL(c.user);
	}
}

static void helpers_and_tokens(void)
{
	own_credential struct credential c = {0};
	own_mem char *helper = NULL, *other = NULL;
	struct err err;

	UNIT_OK(find("{\"credsStore\":\"desktop\",\"credHelpers\":{\"reg\":\"ecr\"}}", "reg", NULL,
			&c, &helper, &err),
		&err);
	UNIT_STRING(helper, "ecr");
	UNIT_OK(find("{\"credsStore\":\"desktop\"}", "reg", NULL, &c, &other, &err), &err);
	UNIT_STRING(other, "desktop");
	UNIT_OK(find("{\"auths\":{\"reg\":{\"identitytoken\":\"t\"}}}", "reg", NULL, &c, NULL,
			&err),
		&err);
	UNIT_STRING(c.token, "t");
}

static void store_and_remove(void)
{
	own_mem char *path = file_with(
		"{\"auths\":{\"a\":{\"auth\":\"" ALICE "\"}},\"psFormat\":\"x\"}");
	struct credential bob = {.user = xstrdup("bob"), .password = xstrdup("a:b")};
	own_credential struct credential c = {0};
	own_buf struct buf text = {0};
	struct err err;
	struct stat st;

	CU_ASSERT_EQUAL(credential_store(path, "reg:1", &bob, &err), 0);
	CU_ASSERT_EQUAL(credential_store(path, "reg:1", &bob, &err), 1);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	UNIT_OK(credential_find(path, "reg:1", "app", &c, NULL, &err), &err);
	UNIT_STRING(c.user, "bob");
	UNIT_STRING(c.password, "a:b");
	CU_ASSERT_EQUAL(credential_store(path, "reg:1", NULL, &err), 1);
	CU_ASSERT_EQUAL(credential_store(path, "reg:1", NULL, &err), 0);
	UNIT_OK(io_read_file(-100, path, 4096, &text, &err), &err);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&text), "psFormat"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&text), ALICE));
	CU_ASSERT_PTR_NULL(strstr(buf_str(&text), "reg:1"));
	credential_release(&bob);
	unlink(path);
}

/* What is no auth file is not written over, and not taken for an empty one. */
static void not_an_object(void)
{
	static const char *const texts[] = {"[[]]", "[]", "7", "\"x\"", "null", "{\"auths\":[]}",
		"{\"auths\":[{\"auth\":1}]}", "{\"auths\":\"x\"}"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		own_mem char *path = file_with(texts[i]);
		struct credential bob = {.user = (char[]){"bob"}, .password = (char[]){"p"}};
		own_credential struct credential c = {0};
		own_buf struct buf text = {0};
		struct err err;

		CU_ASSERT_EQUAL(credential_find(path, "reg:1", "a", &c, NULL, &err), -E_SYNTAX);
		CU_ASSERT_EQUAL(credential_store(path, "reg:1", NULL, &err), -E_SYNTAX);
		CU_ASSERT_EQUAL(credential_store(path, "reg:1", &bob, &err), -E_SYNTAX);
		UNIT_OK(io_read_file(-100, path, 4096, &text, &err), &err);
		UNIT_STRING(buf_str(&text), texts[i]);
		unlink(path);
	}
}

UNIT_TESTS(credentials) = {
	{"a file that is no object is an error, and stays as it is", not_an_object},
	{"a registry is found under each spelling that auth files use", keys},
	{"the entry of the longest prefix of the repository counts", longest},
	{"a broken entry or file is an error, not the absence of credentials", broken},
	{"credential helpers are named, identity tokens are read", helpers_and_tokens},
	{"storing and removing leaves the rest of the file as it is", store_and_remove},
};
UNIT_COUNT(credentials)
