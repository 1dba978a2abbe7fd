/* SPDX-License-Identifier: Apache-2.0 */
/* The bodies of a registry's and of a token server's answers: errors, tokens, lists of tags. */
#include "tests/fuzz/fuzz.h"

#include "puller/pull_tags.c"
#include "puller/registry_auth.c"

int pull_to_store(struct store *store, struct registry *registry, const struct reference *ref,
	const struct pull_store_options *options, struct progress *progress, struct err *err)
{
	(void)store;
	(void)registry;
	(void)ref;
	(void)options;
	(void)progress;
	return err_set(err, E_UNSUPPORTED, "not here");
}

static void token(const struct buf *body)
{
	struct registry r = {0};
	struct err err = {0};
	int result = token_read(&r, "repository:a:pull", body, &err);

	if (result < 0) {
		fuzz_check_error(result, &err);
		FUZZ_CHECK(!r.tokens);
		return;
	}
	FUZZ_CHECK(r.tokens && !r.tokens->next && !strpbrk(r.tokens->text, " \r\n\t"));
	FUZZ_CHECK(r.tokens->expires <= http_now() + TOKEN_LIFE_MAX * INT64_C(1000));
	free(r.tokens->scopes);
	free(r.tokens->text);
	free(r.tokens);
}

static void tags(const struct buf *body)
{
	own_strv struct strv list = {0};
	struct err err = {0};
	int r = take_page(body, &list, &err);

	if (r < 0)
		fuzz_check_error(r, &err);
	FUZZ_CHECK(list.count <= TAGS_MAX);
	for (size_t i = 0; i < list.count; i++)
		FUZZ_CHECK(!strpbrk(list.items[i], "/: \n") && *list.items[i] != '.');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const long statuses[] = {200, 401, 404, 429, 500};
	own_buf struct buf body = {0};

	buf_add(&body, data, size);
	token(&body);
	tags(&body);
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		struct err err = {0};
		int r = registry_error(statuses[i], buf_str(&body), body.len, &err);

		fuzz_check_error(r, &err);
		for (const char *c = err.msg; *c; c++)
			FUZZ_CHECK((unsigned char)*c >= ' ' && *c != 0x7f);
	}
	return 0;
}
