/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/progress_line.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Written, and read again into *line. */
static void there_and_back(const struct progress_line *in, const char *text,
	struct progress_line *line, struct arena *a)
{
	own_buf struct buf out = {0};
	struct err err = {0};

	progress_line_write(in, &out);
	UNIT_STRING(buf_str(&out), text);
	CU_ASSERT_FATAL(out.len > 0);
	UNIT_OK(progress_line_read(out.data, out.len - 1, line, a, &err), &err);
	CU_ASSERT_EQUAL(line->status, in->status);
}

static void each_kind(void)
{
	own_arena struct arena a = {0};
	struct progress_line line;

	there_and_back(&(struct progress_line){.status = PROGRESS_RESOLVING, .reference = "r/a:1"},
		"{\"status\":\"resolving\",\"reference\":\"r/a:1\"}\n", &line, &a);
	UNIT_STRING(line.reference, "r/a:1");
	there_and_back(
		&(struct progress_line){
			.status = PROGRESS_DOWNLOADING, .digest = DIGEST, .current = 5, .total = 7},
		"{\"status\":\"downloading\",\"digest\":\"" DIGEST
		"\",\"current\":5,\"total\":7}\n",
		&line, &a);
	CU_ASSERT_TRUE(line.current == 5 && line.total == 7);
	there_and_back(&(struct progress_line){.status = PROGRESS_PULLED,
			       .reference = "r/a:1",
			       .digest = DIGEST,
			       .changed = true},
		"{\"status\":\"pulled\",\"reference\":\"r/a:1\",\"digest\":\"" DIGEST
		"\",\"changed\":true}\n",
		&line, &a);
	CU_ASSERT_TRUE(line.changed);
	there_and_back(&(struct progress_line){.status = PROGRESS_STEP,
			       .step = 2,
			       .steps = 5,
			       .text = "RUN make",
			       .cached = true},
		"{\"status\":\"step\",\"step\":2,\"steps\":5,\"text\":\"RUN make\","
		"\"cached\":true}\n",
		&line, &a);
	CU_ASSERT_TRUE(line.cached && line.step == 2 && line.steps == 5);
	there_and_back(&(struct progress_line){.status = PROGRESS_RESULT,
			       .descriptor = {.media_type = "t", .digest = DIGEST, .size = 0}},
		"{\"mediaType\":\"t\",\"digest\":\"" DIGEST "\",\"size\":0}\n", &line, &a);
	UNIT_STRING(line.descriptor.digest, DIGEST);
}

static void failures(void)
{
	own_arena struct arena a = {0};
	struct progress_line line;
	struct err err;

	there_and_back(&(struct progress_line){.status = PROGRESS_FAILED,
			       .reference = "r/a:1",
			       .error = "no \"such\" tag",
			       .code = E_MANIFEST_UNKNOWN},
		"{\"status\":\"failed\",\"reference\":\"r/a:1\",\"error\":\"no \\\"such\\\" "
		"tag\",\"code\":1030}\n",
		&line, &a);
	CU_ASSERT_EQUAL(progress_line_error(&line, &err), -E_MANIFEST_UNKNOWN);
	UNIT_STRING(err.msg, "no \"such\" tag");
	line = (struct progress_line){.status = PROGRESS_FAILED, .code = -1};
	CU_ASSERT_EQUAL(progress_line_error(&line, &err), -E_CHILD);
}

static void others(void)
{
	static const char *const wrong[] = {"", "{", "[]", "1", "{\"status\":1}",
		"{\"status\":\"done\",\"digest\":[]}", "{}", "{\"digest\":\"" DIGEST "\"}",
		"{\"status\":\"downloading\",\"current\":\"5\"}"};
	own_arena struct arena a = {0};
	struct progress_line line;
	const char *newer = "{\"status\":\"dreaming\",\"digest\":\"x\",\"depth\":3}";
	struct err err;

	UNIT_OK(progress_line_read(newer, strlen(newer), &line, &a, &err), &err);
	CU_ASSERT_EQUAL(line.status, PROGRESS_OTHER);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		CU_ASSERT_EQUAL(
			progress_line_read(wrong[i], strlen(wrong[i]), &line, &a, &err), -E_SYNTAX);
}

UNIT_TESTS(progress_line) = {
	{"each kind of line comes out as it went in", each_kind},
	{"a failure keeps its code and its message", failures},
	{"a status of a newer program is passed over, a wrong type is an error", others},
};
UNIT_COUNT(progress_line)
