/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerfile/dockerfile.h"

#include <stdlib.h>
#include <string.h>

#include "builder/dockerfile/dockerfile_json.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

struct parsed {
	struct arena arena;
	struct dockerfile d;
	struct err err;
	int result;
};

static void parsed_release(struct parsed *p)
{
	arena_release(&p->arena);
}

#define own_parsed __attribute__((cleanup(parsed_release)))

static void parse(struct parsed *p, const char *text)
{
	memset(p, 0, sizeof(*p));
	p->result = dockerfile_parse(text, strlen(text), &p->d, &p->arena, &p->err);
}

static const struct instruction *only(struct parsed *p, const char *text)
{
	static const struct instruction none = {.name = "none"};

	parse(p, text);
	UNIT_OK(p->result, &p->err);
	CU_ASSERT_EQUAL(p->d.instructions.count, 1);
	return p->d.instructions.count ? &p->d.instructions.items[0] : &none;
}

static void arg(const struct instruction *in, size_t i, const char *expected)
{
	UNIT_STRING(i < in->args.count ? in->args.items[i] : "(none)", expected);
}

static void line_ends(void)
{
	own_parsed struct parsed p;

	parse(&p, "\xef\xbb\xbf# escape=`\r\nFROM a\r\n  run b `\r\n  c\r\n");
	UNIT_OK(p.result, &p.err);
	CU_ASSERT_EQUAL(p.d.instructions.count, 2);
	arg(&p.d.instructions.items[1], 0, "b   c");
	CU_ASSERT_EQUAL(p.d.instructions.items[1].line, 3);
	CU_ASSERT_EQUAL(p.d.instructions.items[1].end_line, 4);
	CU_ASSERT_EQUAL(p.d.escape, '`');
}

static void comments(void)
{
	own_parsed struct parsed p;
	const struct instruction *in = only(&p, "# x\n\n  # y\nRUN a \\\n # z\n\n  b # c\n#end");

	arg(in, 0, "a   b # c");
	CU_ASSERT_EQUAL(p.d.warnings.count, 1);
	UNIT_STRING(p.d.warnings.items[0].rule, "NoEmptyContinuation");
}

static void directives(void)
{
	own_parsed struct parsed p;

	parse(&p,
		"#!/usr/bin/x\n# SYNTAX = docker/dockerfile:1 \n#check=skip=all\n#escape=\\\nFROM x");
	UNIT_OK(p.result, &p.err);
	UNIT_STRING(p.d.syntax, "docker/dockerfile:1");
	UNIT_STRING(p.d.check, "skip=all");
}

static void directives_end(void)
{
	own_parsed struct parsed p;

	parse(&p, "# other=1\n# escape=`\nFROM x\n");
	UNIT_OK(p.result, &p.err);
	CU_ASSERT_EQUAL(p.d.escape, '\\');
}

static void directives_wrong(void)
{
	own_parsed struct parsed twice, token;

	parse(&twice, "# syntax=a\n# syntax=b\nFROM x");
	UNIT_STRING(twice.err.msg,
		"dockerfile parse error on line 2: only one syntax parser directive can be used");
	parse(&token, "# escape=x\nFROM x");
	UNIT_STRING(token.err.msg,
		"dockerfile parse error on line 1: invalid escape token 'x' does "
		"not match ` or \\");
}

static void flags(void)
{
	own_parsed struct parsed p;
	const struct instruction *in = only(
		&p, "COPY --from=b --chown='a b' --link --exclude=x --exclude=y -- --a /b");

	CU_ASSERT_EQUAL(in->flags.count, 5);
	UNIT_STRING(instruction_flag(in, "chown"), "a b");
	CU_ASSERT(instruction_flag_true(in, "link"));
	CU_ASSERT_PTR_NULL(instruction_flag(in, "chmod"));
	arg(in, 0, "--a");
	arg(in, 1, "/b");
}

static void exec_form(void)
{
	own_parsed struct parsed json, shell, tail;
	const struct instruction *in = only(&json, "CMD [ \"a\\n\", \"b c\" ]");

	CU_ASSERT(in->json);
	arg(in, 0, "a\n");
	arg(in, 1, "b c");
	in = only(&shell, "CMD ['a']");
	CU_ASSERT(!in->json);
	arg(in, 0, "['a']");
	in = only(&tail, "RUN [ \"a\" ] && b");
	CU_ASSERT(!in->json);
	arg(in, 0, "[ \"a\" ] && b");
}

static void nul_bytes(void)
{
	own_parsed struct parsed p;

	parse(&p, "CMD [\"\\u0000\"]");
	CU_ASSERT_EQUAL(p.result, -E_SYNTAX);
	p.result = dockerfile_parse("RUN a\0b", 7, &p.d, &p.arena, &p.err);
	CU_ASSERT_EQUAL(p.result, -E_SYNTAX);
}

static void pairs(void)
{
	own_parsed struct parsed new_form, old_form;
	const struct instruction *in = only(&new_form, "ENV a=1 b=\"2 3\" c=4\\ 5 d='6\\'");

	arg(in, 0, "a=1");
	arg(in, 1, "b=\"2 3\"");
	arg(in, 2, "c=4\\ 5");
	arg(in, 3, "d='6\\'");
	in = only(&old_form, "ENV a   b=c  d");
	arg(in, 0, "a=b=c  d");
	CU_ASSERT(in->legacy);
}

static void heredocs(void)
{
	own_parsed struct parsed p;
	const struct instruction *in = only(
		&p, "RUN 3<<A cat <<-\"B C\" && x\n# text\nA\n\t$y\n\tB C\n");

	CU_ASSERT_EQUAL(in->heredocs.count, 2);
	if (in->heredocs.count != 2)
		return;
	UNIT_STRING(in->heredocs.items[0].name, "A");
	UNIT_STRING(in->heredocs.items[0].content, "# text\n");
	CU_ASSERT_EQUAL(in->heredocs.items[0].fd, 3);
	CU_ASSERT(in->heredocs.items[0].expand);
	UNIT_STRING(in->heredocs.items[1].name, "B C");
	UNIT_STRING(in->heredocs.items[1].content, "\t$y\n");
	CU_ASSERT(!in->heredocs.items[1].expand);
	UNIT_STRING(heredoc_text(&in->heredocs.items[1], &p.arena), "$y\n");
	CU_ASSERT_EQUAL(in->end_line, 5);
}

static void no_heredocs(void)
{
	own_parsed struct parsed quoted, json, other;

	CU_ASSERT_EQUAL(only(&quoted, "RUN echo '<<A' $((1<<2)) <<<x")->heredocs.count, 0);
	CU_ASSERT_EQUAL(only(&json, "RUN [\"<<A\"]")->heredocs.count, 0);
	CU_ASSERT_EQUAL(only(&other, "CMD cat <<A")->heredocs.count, 0);
}

static void heredoc_end(void)
{
	own_parsed struct parsed p;

	parse(&p, "FROM a\nCOPY <<A /b\nx\n");
	UNIT_STRING(p.err.msg, "dockerfile parse error on line 2: unterminated heredoc");
	CU_ASSERT_EQUAL(p.d.error_line, 2);
}

static void triggers(void)
{
	own_parsed struct parsed p;
	const struct instruction *in = only(&p, "onbuild  COPY --from=x <<A /a\nb\nA\n");

	arg(in, 0, "COPY --from=x <<A /a\nb\nA");
	CU_ASSERT_PTR_NOT_NULL_FATAL(in->trigger);
	CU_ASSERT_EQUAL(in->trigger->kind, INSTRUCTION_COPY);
	CU_ASSERT_EQUAL(in->trigger->heredocs.count, 1);
	UNIT_STRING(instruction_flag(in->trigger, "from"), "x");
}

static void long_lines(void)
{
	own_parsed struct parsed p;
	own_buf struct buf text = {0};

	buf_adds(&text, "RUN ");
	while (text.len < DOCKERFILE_LINE_MAX)
		buf_addc(&text, 'x');
	buf_addc(&text, '\n');
	CU_ASSERT_EQUAL(only(&p, buf_str(&text))->line, 1);
	parsed_release(&p);
	text.data[text.len - 1] = 'x';
	buf_addc(&text, '\n');
	parse(&p, buf_str(&text));
	UNIT_STRING(p.err.msg,
		"dockerfile parse error on line 1: dockerfile line greater than max "
		"allowed size of 65535");
}

static void through_json(void)
{
	own_parsed struct parsed p;
	own_arena struct arena a = {0};
	own_buf struct buf lines = {0};
	struct dockerfile back;
	struct err err = {0};

	parse(&p, "# escape=`\nFROM x\nRUN --mount=type=cache a <<E\nb\nE\nONBUILD ENV q w\n");
	UNIT_OK(p.result, &p.err);
	json_write(directives_to_json(&p.d, &a), JSON_COMPACT, &lines);
	buf_addc(&lines, '\n');
	for (size_t i = 0; i < p.d.instructions.count; i++) {
		json_write(
			instruction_to_json(&p.d.instructions.items[i], &a), JSON_COMPACT, &lines);
		buf_addc(&lines, '\n');
	}
	UNIT_OK(dockerfile_from_json(buf_str(&lines), lines.len, &back, &a, &err), &err);
	CU_ASSERT_EQUAL(back.instructions.count, 3);
	CU_ASSERT_EQUAL(back.escape, '`');
	CU_ASSERT_EQUAL(back.instructions.items[1].kind, INSTRUCTION_RUN);
	UNIT_STRING(instruction_flag(&back.instructions.items[1], "mount"), "type=cache");
	UNIT_STRING(back.instructions.items[1].heredocs.items[0].content, "b\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(back.instructions.items[2].trigger);
	CU_ASSERT_EQUAL(back.instructions.items[2].trigger->kind, INSTRUCTION_ENV);
	CU_ASSERT(back.instructions.items[2].trigger->legacy);
}

UNIT_TESTS(dockerfile) = {
	{"CRLF, a byte-order mark and leading blanks are no part of the text", line_ends},
	{"comments and empty lines vanish inside a continuation", comments},
	{"directives are read in any case and with blanks", directives},
	{"an unknown directive is a comment and ends the block", directives_end},
	{"a directive given twice or wrongly is refused", directives_wrong},
	{"flags stand behind the name, -- ends them", flags},
	{"only a JSON array of strings is the exec form", exec_form},
	{"NUL is refused, written out or as an escape", nul_bytes},
	{"ENV keeps quotes and escapes for the expansion", pairs},
	{"heredocs follow in order, quoted names are not expanded", heredocs},
	{"quoted <<, <<<, JSON and other instructions begin no heredoc", no_heredocs},
	{"a heredoc without end names the line that began it", heredoc_end},
	{"a trigger keeps its text and is parsed", triggers},
	{"lines may have 65535 bytes", long_lines},
	{"an instruction survives the way through JSON", through_json},
};
UNIT_COUNT(dockerfile)
