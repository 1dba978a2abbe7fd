/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerfile/dockerfile.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "builder/dockerfile/dockerfile_args.h"
#include "builder/dockerfile/substitute.h"
#include "lib/buf.h"

struct slice {
	const char *text;
	size_t len;
};

struct reader {
	struct dockerfile *d;
	struct arena *arena;
	struct err *err;
	const char *next, *end;
	int line; /* of the slice that was read last */
	bool directives_over;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The directive may still come as long as d->escape is NUL. */
static char escape_char(const struct reader *r)
{
	return r->d->escape ? r->d->escape : '\\';
}

static int fail(struct reader *r, int line, int code)
{
	r->d->error_line = line;
	err_wrap(r->err, "dockerfile parse error on line %d", line);
	return -code;
}

static int refuse(struct reader *r, int line, const char *why)
{
	err_set(r->err, E_SYNTAX, "%s", why);
	return fail(r, line, E_SYNTAX);
}

/* The next line with its line feed. Returns 1, 0 at the end, or an error. */
static int read_line(struct reader *r, struct slice *line)
{
	const char *lf;

	if (r->next == r->end)
		return 0;
	lf = memchr(r->next, '\n', (size_t)(r->end - r->next));
	line->text = r->next;
	line->len = (size_t)((lf ? lf + 1 : r->end) - r->next);
	r->next += line->len;
	r->line++;
	if (line->len > DOCKERFILE_LINE_MAX + (lf != NULL)) {
		err_set(r->err, E_LIMIT, "dockerfile line greater than max allowed size of %d",
			DOCKERFILE_LINE_MAX);
		return fail(r, r->line, E_LIMIT);
	}
	if (memchr(line->text, '\0', line->len))
		return refuse(r, r->line, "the line contains a NUL byte");
	return 1;
}

static struct slice trim_end_of_line(struct slice s)
{
	while (s.len && (s.text[s.len - 1] == '\n' || s.text[s.len - 1] == '\r'))
		s.len--;
	return s;
}

static struct slice trim_left(struct slice s)
{
	while (s.len && is_blank(*s.text)) {
		s.text++;
		s.len--;
	}
	return s;
}

static bool is_comment(struct slice s)
{
	s = trim_left(s);
	return s.len && *s.text == '#';
}

/* The escape character last on the line but for blanks, not behind another one. */
static bool continues(char escape, struct slice *s)
{
	size_t n = s->len;

	while (n && (s->text[n - 1] == ' ' || s->text[n - 1] == '\t'))
		n--;
	if (!n || s->text[n - 1] != escape || (n > 1 && s->text[n - 2] == escape))
		return false;
	s->len = n - 1;
	return true;
}

static int set_directive(struct reader *r, const char *name, const char *value)
{
	const char **field = strcmp(name, "syntax") == 0 ? &r->d->syntax : &r->d->check;
	bool escape = strcmp(name, "escape") == 0;

	if (escape && strcmp(value, "`") != 0 && strcmp(value, "\\") != 0) {
		err_set(r->err, E_SYNTAX, "invalid escape token '%s' does not match ` or \\",
			value);
		return fail(r, r->line, E_SYNTAX);
	}
	if (escape ? r->d->escape != '\0' : *field != NULL) {
		err_set(r->err, E_SYNTAX, "only one %s parser directive can be used", name);
		return fail(r, r->line, E_SYNTAX);
	}
	if (escape)
		r->d->escape = *value;
	else
		*field = value;
	return 0;
}

/* "# key = value" in the first lines; anything else ends the block. */
static int read_directive(struct reader *r, struct slice s)
{
	const char *end = s.text + s.len, *p = s.text, *key, *value;
	char name[8] = "";
	size_t n;

	if (r->directives_over)
		return 0;
	if (r->line == 1 && s.len > 1 && memcmp(s.text, "#!", 2) == 0)
		return 0;
	r->directives_over = true;
	if (p == end || *p != '#')
		return 0;
	for (p++; p < end && is_blank(*p); p++)
		;
	for (key = p; p < end && isalnum((unsigned char)*p); p++)
		;
	n = (size_t)(p - key);
	for (; p < end && is_blank(*p); p++)
		;
	if (n >= sizeof(name) || p == end || *p != '=')
		return 0;
	for (size_t i = 0; i < n; i++)
		name[i] = (char)tolower((unsigned char)key[i]);
	if (strcmp(name, "syntax") != 0 && strcmp(name, "escape") != 0 &&
		strcmp(name, "check") != 0)
		return 0;
	for (p++; p < end && is_blank(*p); p++)
		;
	for (value = p; end > value && is_blank(end[-1]); end--)
		;
	if (value == end)
		return 0;
	r->directives_over = false;
	return set_directive(r, name, arena_strndup(r->arena, value, (size_t)(end - value)));
}

/* Items with room for one more: lists grow by doubling inside the arena. */
static void *grow(struct reader *r, void *items, size_t count, size_t size)
{
	void *more;

	if (count & (count - 1))
		return items;
	more = arena_array(r->arena, count ? 2 * count : 1, size);
	if (count)
		memcpy(more, items, count * size);
	return more;
}

static void warn(struct reader *r, const char *rule, int line, const char *text)
{
	struct dockerfile *d = r->d;

	d->warnings.items = grow(
		r, d->warnings.items, d->warnings.count, sizeof(*d->warnings.items));
	d->warnings.items[d->warnings.count++] = (struct dockerfile_warning){rule, text, line};
}

/* Join what follows a line that ended in the escape character. */
static int read_continuation(struct reader *r, struct buf *joined)
{
	struct slice s;
	bool more = true, empty = false;
	int got;

	while (more) {
		got = read_line(r, &s);
		if (got < 0)
			return got;
		if (got == 0)
			break;
		if (is_comment(s))
			continue;
		s = trim_end_of_line(s);
		if (!trim_left(s).len) {
			empty = true;
			continue;
		}
		more = continues(escape_char(r), &s);
		buf_add(joined, s.text, s.len);
	}
	if (empty)
		warn(r, "NoEmptyContinuation", r->line, "Empty continuation line");
	return 0;
}

static int read_heredoc(struct reader *r, struct heredoc *h, int line)
{
	own_buf struct buf content = {0};
	size_t len = strlen(h->name);
	struct slice s, name;
	int got;

	while ((got = read_line(r, &s)) > 0) {
		name = trim_end_of_line(s);
		while (h->chomp && name.len && *name.text == '\t') {
			name.text++;
			name.len--;
		}
		if (name.len == len && memcmp(name.text, h->name, len) == 0) {
			h->content = arena_strdup(r->arena, buf_str(&content));
			return 0;
		}
		buf_add(&content, s.text, s.len);
	}
	return got < 0 ? got : refuse(r, line, "unterminated heredoc");
}

static const char *no_value(const void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

/* The bodies that the words of the line announce follow it, one after the other. */
static int read_heredocs(struct reader *r, struct instruction *in, int line)
{
	struct err ignored;
	const struct substitution s = {.escape = '\\',
		.lookup = no_value,
		.keep_quotes = true,
		.keep_escapes = true,
		.keep_unset = true};
	const struct instruction *inner = in->trigger ? in->trigger : in;
	own_strv struct strv words = {0};

	if (inner->json || !strstr(in->original, "<<") ||
		(inner->kind != INSTRUCTION_RUN && inner->kind != INSTRUCTION_COPY &&
			inner->kind != INSTRUCTION_ADD))
		return 0;
	if (substitute_words(&s, in->original, &words, &ignored) < 0)
		return 0; /* unbalanced quotes: the shell will say so */
	for (size_t i = 0; i < words.count; i++) {
		struct heredoc h = {0};
		int got;

		if (!heredoc_parse(words.items[i], &h, r->arena))
			continue;
		got = read_heredoc(r, &h, line);
		if (got < 0)
			return got;
		in->heredocs.items = grow(r, in->heredocs.items, in->heredocs.count, sizeof(h));
		in->heredocs.items[in->heredocs.count++] = h;
	}
	return 0;
}

/* ONBUILD keeps its trigger as text: what a child's build parses again. */
static void set_trigger_text(struct reader *r, struct instruction *in)
{
	own_buf struct buf text = {0};

	buf_adds(&text, in->args.items[0]);
	for (size_t i = 0; i < in->heredocs.count; i++)
		buf_addf(
			&text, "\n%s%s", in->heredocs.items[i].content, in->heredocs.items[i].name);
	in->args.items[0] = arena_strdup(r->arena, buf_str(&text));
	in->trigger->heredocs.items = in->heredocs.items;
	in->trigger->heredocs.count = in->heredocs.count;
	in->trigger->line = in->line;
	in->trigger->end_line = r->line;
}

static int read_instruction(struct reader *r, struct slice first, struct instruction *in)
{
	own_buf struct buf joined = {0};
	int line = r->line, got;

	buf_add(&joined, first.text, first.len);
	if (continues(escape_char(r), &first)) {
		joined.len = first.len;
		joined.data[joined.len] = '\0';
		got = read_continuation(r, &joined);
		if (got < 0)
			return got;
	}
	in->line = line;
	if (instruction_parse(buf_str(&joined), escape_char(r), in, r->arena, r->err) < 0)
		return fail(r, line, r->err->code);
	got = read_heredocs(r, in, line);
	if (got < 0)
		return got;
	if (in->trigger)
		set_trigger_text(r, in);
	in->end_line = r->line;
	return 0;
}

/* A line with only the escape character on it begins nothing. */
static bool begins_nothing(const struct reader *r, struct slice s)
{
	return !s.len || is_comment(s) || (s.len == 1 && *s.text == escape_char(r));
}

static int read_all(struct reader *r)
{
	struct dockerfile *d = r->d;
	struct slice s;
	int got;

	while ((got = read_line(r, &s)) > 0) {
		s = trim_left(trim_end_of_line(s));
		got = read_directive(r, s);
		if (got < 0)
			return got;
		if (begins_nothing(r, s))
			continue;
		d->instructions.items = grow(r, d->instructions.items, d->instructions.count,
			sizeof(*d->instructions.items));
		got = read_instruction(r, s, &d->instructions.items[d->instructions.count]);
		if (got < 0)
			return got;
		d->instructions.count++;
	}
	if (got == 0 && !d->instructions.count)
		return refuse(r, r->line ? r->line : 1,
			r->line ? "file with no instructions" : "the Dockerfile cannot be empty");
	return got;
}

int dockerfile_parse(
	const char *text, size_t len, struct dockerfile *d, struct arena *a, struct err *err)
{
	struct reader r = {.d = d, .arena = a, .err = err, .next = text, .end = text + len};
	int got;

	memset(d, 0, sizeof(*d));
	if (len > DOCKERFILE_MAX)
		return err_set(
			err, E_LIMIT, "the Dockerfile is longer than %u bytes", DOCKERFILE_MAX);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		r.next += 3;
	got = read_all(&r);
	if (!d->escape)
		d->escape = '\\';
	return got;
}
