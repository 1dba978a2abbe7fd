/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters, one a line, as a client of the API gives them: names by regular expressions, labels,
 * prefixes. None of them takes long, or much memory.
 */
#include "engine/docker/filter.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const keys[] = {"name", "label", "status", "id", NULL};
	static struct string_pair pairs[] = {{"a", "1"}, {"com.example.b", ""}, {"", "x"}};
	static const struct string_map labels = {pairs, ARRAY_LEN(pairs)};
	static const char long_name[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	own_arena struct arena a = {0};
	const struct strings lines = fuzz_lines(data, size, &a);
	own_strv struct strv texts = {0};
	struct filters f;
	struct err err = {0};
	int64_t began = fuzz_clock();
	int r;

	if (lines.count > 16)
		return 0;
	strv_add_all(&texts, lines.items, lines.count);
	r = filters_parse(&texts, keys, &f, &err);
	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	for (size_t i = 0; keys[i]; i++)
		FUZZ_CHECK(filters_have(&f, keys[i]) == !!filters_value(&f, keys[i]));
	filters_match(&f, "name", filter_name, "web_1");
	filters_match(&f, "name", filter_name, long_name);
	filters_match(&f, "label", filter_label, &labels);
	filters_match(&f, "status", filter_equal, "running");
	FUZZ_CHECK(filters_match(&f, "id", filter_prefix, "0123") || filters_have(&f, "id"));
	fuzz_check_cost(began, size);
	return 0;
}
