/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of kist-dockerfile, which has read a hostile Dockerfile, as kist-build takes them. */
#include "builder/dockerfile/dockerfile_json.h"
#include "tests/fuzz/fuzz.h"

static void write_lines(const struct dockerfile *d, struct buf *out)
{
	own_arena struct arena a = {0};

	for (size_t i = 0; i < d->instructions.count; i++) {
		json_write(instruction_to_json(&d->instructions.items[i], &a), JSON_COMPACT, out);
		buf_addc(out, '\n');
	}
}

static bool too_long(const struct buf *lines)
{
	size_t n;

	for (const char *p = buf_str(lines); *p; p += n + 1) {
		n = strcspn(p, "\n");
		if (n > JSON_LINE_MAX)
			return true;
	}
	return false;
}

static void read_lines(const char *text, size_t len)
{
	own_arena struct arena a = {0};
	own_buf struct buf once = {0}, twice = {0};
	struct dockerfile d, back;
	struct err err = {0};
	int r = dockerfile_from_json(text, len, &d, &a, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		FUZZ_CHECK(d.error_line >= 0);
		return;
	}
	write_lines(&d, &once);
	if (too_long(&once))
		return;
	FUZZ_CHECK(dockerfile_from_json(buf_str(&once), once.len, &back, &a, &err) == 0);
	write_lines(&back, &twice);
	FUZZ_CHECK(strcmp(buf_str(&once), buf_str(&twice)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_lines((const char *)data, size);
	fuzz_repeat(data, size, 256 * 1024, read_lines);
	return 0;
}
