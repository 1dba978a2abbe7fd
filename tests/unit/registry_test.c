/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/registry.h"

#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/url.h"
#include "tests/unit/unit.h"

static void error_words(void)
{
	static const struct {
		long status;
		const char *text;
		int code;
		const char *message;
	} rows[] = {
		{404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}",
			E_MANIFEST_UNKNOWN, "manifest unknown: manifest unknown"},
		{404, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}", E_NAME_UNKNOWN, "name unknown"},
		{401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\"}]}",
			E_DENIED, "unauthorized: authentication required"},
		{403, "{\"errors\":[{\"code\":\"SOMETHING\",\"message\":\"no\"}]}", E_DENIED,
			"something: no"},
		{429, "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"slow down\"}]}",
			E_NETWORK, "toomanyrequests: slow down"},
		{500, "<html>", E_NETWORK, "unexpected answer (HTTP status 500)"},
		{404, "", E_NOT_FOUND, "not found (HTTP status 404)"},
		{404, "{\"errors\":{}}", E_NOT_FOUND, "not found (HTTP status 404)"},
		{404, "{\"errors\":[7]}", E_NOT_FOUND, "not found (HTTP status 404)"},
		{400, "{\"errors\":[{\"code\":\"X\",\"message\":\"a\\u001b[1m\\nb\"}]}", E_NETWORK,
			"x: a\\x1b[1m\\x0ab"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err;

		CU_ASSERT_EQUAL(
			registry_error(rows[i].status, rows[i].text, strlen(rows[i].text), &err),
			-rows[i].code);
		UNIT_STRING(err.msg, rows[i].message);
	}
}

static void next_pages(void)
{
	static const char *const rows[][2] = {
		{"</v2/a/tags/list?last=b>; rel=\"next\"", "/v2/a/tags/list?last=b"},
		{"<x>;rel=next", "x"},
		{"<p>; rel=prev, <n>; title=\"a, <b>; rel=next\"; REL=\"last Next\"", "n"},
		{"<x>; rel=\"nextish\"", NULL},
		{"<next>; rel=prev", NULL},
		{"<x>; rel=\"next", NULL},
		{"<x", NULL},
		{"x; rel=next", NULL},
		{"", NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		own_mem char *url = url_next_page(rows[i][0]);

		if (rows[i][1])
			UNIT_STRING(url, rows[i][1]);
		else
			CU_ASSERT_PTR_NULL(url);
	}
}

static void same_site(void)
{
	CU_ASSERT_TRUE(host_same_site("registry-1.docker.io", "auth.docker.io"));
	CU_ASSERT_TRUE(host_same_site("registry.gitlab.com", "gitlab.com"));
	CU_ASSERT_TRUE(host_same_site("gitlab.com", "registry.gitlab.com"));
	CU_ASSERT_TRUE(host_same_site("a.example.co.uk", "auth.example.co.uk"));
	CU_ASSERT_TRUE(host_same_site("10.0.0.1", "10.0.0.1"));
	CU_ASSERT_FALSE(host_same_site("evil.co.uk", "victim.co.uk"));
	CU_ASSERT_FALSE(host_same_site("evil.io", "docker.io"));
	CU_ASSERT_FALSE(host_same_site("docker.io", "evil-docker.io"));
	CU_ASSERT_FALSE(host_same_site("10.0.0.1", "10.0.0.2"));
	CU_ASSERT_FALSE(host_same_site("127.0.0.1", "localhost"));
	CU_ASSERT_FALSE(host_same_site("com", "example.com"));
	CU_ASSERT_FALSE(host_same_site("[::1]", "[::2]"));
}

static void origins(void)
{
	own_origin struct origin a = {0}, b = {0}, c = {0};
	struct err err;

	UNIT_OK(origin_parse("https://Reg.example/v2/", &a, &err), &err);
	UNIT_OK(origin_parse("https://reg.example:443/x?y", &b, &err), &err);
	UNIT_OK(origin_parse("http://reg.example/", &c, &err), &err);
	CU_ASSERT_TRUE(origin_equal(&a, &b));
	CU_ASSERT_FALSE(origin_equal(&a, &c));
	UNIT_STRING(c.port, "80");
	for (const char *const *bad = (const char *const[]){"ftp://x/", "file:///etc/passwd", "",
		     "https://user@reg.example/", "https://", "//x", NULL};
		*bad; bad++) {
		own_origin struct origin o = {0};

		if (origin_parse(*bad, &o, &err) != -E_SYNTAX)
			CU_FAIL(*bad);
	}
}

static void resolving(void)
{
	static const char *const rows[][2] = {
		{"/upload/1?x=y", "https://reg:5000/upload/1?x=y"},
		{"https://cdn.example/b", "https://cdn.example/b"},
		{"../z", "https://reg:5000/v2/z"},
		{"?q", "https://reg:5000/v2/a/b?q"},
	};
	own_buf struct buf url = {0};
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		own_mem char *found = NULL;

		UNIT_OK(url_resolve("https://reg:5000/v2/a/b", rows[i][0], &found, &err), &err);
		UNIT_STRING(found ? found : "(none)", rows[i][1]);
	}
	buf_adds(&url, "https://reg/token");
	url_add_query(&url, "service", "a b&c");
	url_add_query(&url, "scope", "repository:x:pull,push");
	UNIT_STRING(buf_str(&url),
		"https://reg/token?service=a%20b%26c&scope=repository%3Ax%3Apull%2Cpush");
}

static void loopback(void)
{
	static const char *const yes[] = {
		"localhost", "LOCALHOST:5000", "127.0.0.1", "127.9.9.9:1", "[::1]:5000", "[::1]"};
	static const char *const no[] = {"localhost.example", "128.0.0.1", "127.0.0.1.example:80",
		"[::2]:1", "10.0.0.1", "", "0127.0.0.1", "127.1"};

	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		if (!http_host_is_loopback(yes[i]))
			CU_FAIL(yes[i]);
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		if (http_host_is_loopback(no[i]))
			CU_FAIL(no[i]);
}

static void insecure(void)
{
	own_strv struct strv hosts = {0};
	const struct http_options options = {.insecure = &hosts};
	struct http *h;

	strv_add_many(&hosts, "reg.example", "other.example:5000", "[fd00::1]", NULL);
	h = http_new(&options);
	CU_ASSERT_TRUE(http_host_is_insecure(h, "reg.example:443"));
	CU_ASSERT_TRUE(http_host_is_insecure(h, "REG.example"));
	CU_ASSERT_TRUE(http_host_is_insecure(h, "other.example:5000"));
	CU_ASSERT_TRUE(http_host_is_insecure(h, "[fd00::1]:5000"));
	CU_ASSERT_FALSE(http_host_is_insecure(h, "other.example"));
	CU_ASSERT_FALSE(http_host_is_insecure(h, "other.example:50001"));
	CU_ASSERT_FALSE(http_host_is_insecure(h, "x.reg.example"));
	CU_ASSERT_FALSE(http_host_is_insecure(h, "127.0.0.1"));
	CU_ASSERT_TRUE(http_plain_allowed(h, "127.0.0.1:5000"));
	http_free(h);
}

UNIT_TESTS(registry) = {
	{"the next page is the link with that relation", next_pages},
	{"a registry's errors come in docker's words, escaped, with our codes", error_words},
	{"credentials may go to a token server of the same site only", same_site},
	{"scheme, host and port make an origin", origins},
	{"Location is resolved against the request", resolving},
	{"plain HTTP is for loopback addresses and nothing that looks like one", loopback},
	{"--insecure is for the named host, with any port unless one is named", insecure},
};
UNIT_COUNT(registry)
