/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerfile/substitute.h"

#include <ctype.h>
#include <string.h>

#include "builder/dockerfile/pattern.h"
#include "lib/own.h"

struct lexer {
	const struct substitution *s;
	const char *next;
	bool keep_escapes;
	unsigned depth;
	struct err *err;
};

/* Collects the words of substitute_words(); NULL where words do not matter. */
struct splitter {
	struct strv *words;
	struct buf word;
	bool in_word;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Text that cannot end a word: it was quoted or escaped. */
static void split_raw(struct splitter *sp, const char *text, size_t len)
{
	if (!sp)
		return;
	buf_add(&sp->word, text, len);
	sp->in_word = true;
}

static void split_flush(struct splitter *sp)
{
	if (!sp->word.len)
		return;
	strv_add(sp->words, buf_str(&sp->word));
	buf_reset(&sp->word);
	sp->in_word = false;
}

static void split_text(struct splitter *sp, const char *text, size_t len)
{
	for (size_t i = 0; sp && i < len; i++) {
		if (!is_blank(text[i]))
			split_raw(sp, text + i, 1);
		else if (sp->in_word)
			split_flush(sp);
	}
}

static int syntax(struct lexer *lx, const char *why)
{
	return err_set(lx->err, E_SYNTAX, "%s", why);
}

static int check_size(struct lexer *lx, const struct buf *out)
{
	if (out->len > SUBSTITUTE_RESULT_MAX)
		return err_set(lx->err, E_LIMIT, "the expanded text is longer than %u bytes",
			SUBSTITUTE_RESULT_MAX);
	return 0;
}

/* $name takes letters, digits and '_', or a number, or one special character. */
static void read_name(struct lexer *lx, struct buf *name)
{
	const char *p = lx->next;

	if (isdigit((unsigned char)*p))
		while (isdigit((unsigned char)*p))
			p++;
	else if (*p && strchr("@*#?-$!", *p))
		p++;
	else
		while (isalnum((unsigned char)*p) || *p == '_')
			p++;
	buf_add(name, lx->next, (size_t)(p - lx->next));
	lx->next = p;
}

static int expand(struct lexer *lx, char stop, struct buf *out, struct splitter *sp);

/* The word behind a modifier, up to stop. Inside, missing is what to say when stop never comes. */
static int modifier_word(
	struct lexer *lx, char stop, bool keep_escapes, const char *missing, struct buf *out)
{
	bool saved = lx->keep_escapes;
	int r;

	if (++lx->depth > SUBSTITUTE_DEPTH_MAX)
		return err_set(lx->err, E_LIMIT, "substitutions are nested deeper than %d",
			SUBSTITUTE_DEPTH_MAX);
	lx->keep_escapes = keep_escapes;
	r = expand(lx, stop, out, NULL);
	lx->keep_escapes = saved;
	lx->depth--;
	if (r < 0 && lx->err->code == E_SYNTAX && !*lx->next)
		return syntax(lx, missing);
	return r;
}

/* ${name#p}, ${name##p}, ${name%p}, ${name%%p} */
static int trim(struct lexer *lx, char op, const char *word, const char *value, struct buf *out)
{
	own_pattern struct pattern p = {0};
	bool longest = *word == op;

	if (pattern_parse(longest ? word + 1 : word, &p, lx->err) < 0)
		return -lx->err->code;
	return op == '#' ? pattern_trim_prefix(&p, value, longest, out, lx->err)
			 : pattern_trim_suffix(&p, value, longest, out, lx->err);
}

/* ${name/p/r}, ${name//p/r}; the first '/' is read. */
static int replace(struct lexer *lx, const char *name, struct buf *out)
{
	own_buf struct buf text = {0}, replacement = {0};
	own_pattern struct pattern p = {0};
	bool all = *lx->next == '/';
	const char *value;

	if (all)
		lx->next++;
	if (modifier_word(lx, '/', true, "syntax error: missing '/' in ${}", &text) < 0 ||
		modifier_word(lx, '}', true, "syntax error: missing '}'", &replacement) < 0)
		return -lx->err->code;
	value = lx->s->lookup(lx->s->ctx, name);
	if (!value && lx->s->keep_unset) {
		buf_addf(out, "${%s%s%s/%s}", name, all ? "//" : "/", buf_str(&text),
			buf_str(&replacement));
		return 0;
	}
	if (pattern_parse(buf_str(&text), &p, lx->err) < 0)
		return -lx->err->code;
	return pattern_replace(&p, value ? value : "", buf_str(&replacement), all, out, lx->err);
}

static int required(struct lexer *lx, const char *name, const char *value, bool empty_is_unset,
	const char *message, struct buf *out)
{
	if (!value)
		return err_set(lx->err, E_SYNTAX, "%s: %s", name,
			*message ? message : "is not allowed to be unset");
	if (empty_is_unset && !*value)
		return err_set(lx->err, E_SYNTAX, "%s: %s", name,
			*message ? message : "is not allowed to be empty");
	buf_adds(out, value);
	return 0;
}

/* ${name and one of :- - :+ + :? ? # %; lx->next is at the modifier. */
static int modified(struct lexer *lx, const char *name, struct buf *out)
{
	own_buf struct buf word = {0};
	const char *modifier = lx->next, *value;
	bool colon = *modifier == ':';
	char op = modifier[colon];
	bool set;

	if (!op || !strchr(colon ? "-+?" : "-+?#%", op))
		return err_set(lx->err, E_SYNTAX, "unsupported modifier (%.*s) in substitution",
			1 + (colon && op), modifier);
	lx->next += 1 + colon;
	if (modifier_word(lx, '}', op == '#' || op == '%', "syntax error: missing '}'", &word) < 0)
		return -lx->err->code;
	value = lx->s->lookup(lx->s->ctx, name);
	if (!value && lx->s->keep_unset) {
		buf_addf(out, "${%s%.*s%s}", name, 1 + colon, modifier, buf_str(&word));
		return 0;
	}
	set = value && (!colon || *value);
	switch (op) {
	case '-':
		buf_adds(out, set ? value : buf_str(&word));
		return 0;
	case '+':
		buf_adds(out, set ? buf_str(&word) : "");
		return 0;
	case '?':
		return required(lx, name, value, colon, buf_str(&word), out);
	default:
		return trim(lx, op, buf_str(&word), value ? value : "", out);
	}
}

/* The '$' is read. */
static int dollar(struct lexer *lx, struct buf *out)
{
	own_buf struct buf name = {0};
	bool braces = *lx->next == '{';
	const char *value;

	if (braces) {
		lx->next++;
		if (!*lx->next)
			return syntax(lx, "syntax error: missing '}'");
		if (strchr("{}:", *lx->next))
			return syntax(lx, "syntax error: bad substitution");
	}
	read_name(lx, &name);
	if (!braces && !name.len) {
		buf_addc(out, '$');
		return 0;
	}
	if (braces && *lx->next == '/' && name.len) {
		lx->next++;
		return replace(lx, buf_str(&name), out);
	}
	if (braces && *lx->next != '}')
		return *lx->next ? modified(lx, buf_str(&name), out)
				 : syntax(lx, "syntax error: missing '}'");
	lx->next += braces;
	value = lx->s->lookup(lx->s->ctx, buf_str(&name));
	if (value)
		buf_adds(out, value);
	else if (lx->s->keep_unset)
		buf_addf(out, braces ? "${%s}" : "$%s", buf_str(&name));
	return 0;
}

static int single_quote(struct lexer *lx, struct buf *out)
{
	const char *end = strchr(lx->next, '\'');

	if (!end)
		return syntax(
			lx, "unexpected end of statement while looking for matching single-quote");
	if (lx->s->keep_quotes)
		buf_addc(out, '\'');
	buf_add(out, lx->next, (size_t)(end - lx->next));
	if (lx->s->keep_quotes)
		buf_addc(out, '\'');
	lx->next = end + 1;
	return 0;
}

static int double_quote(struct lexer *lx, struct buf *out)
{
	char escape = lx->s->escape;

	if (lx->s->keep_quotes)
		buf_addc(out, '"');
	while (*lx->next != '"') {
		char c = *lx->next;

		if (!c)
			return syntax(lx,
				"unexpected end of statement while looking for matching "
				"double-quote");
		lx->next++;
		if (c == '$') {
			if (dollar(lx, out) < 0 || check_size(lx, out) < 0)
				return -lx->err->code;
			continue;
		}
		if (c == escape && *lx->next &&
			(*lx->next == '"' || *lx->next == '$' || *lx->next == escape)) {
			if (lx->keep_escapes)
				buf_addc(out, c);
			c = *lx->next++;
		} else if (c == escape && !*lx->next) {
			continue;
		}
		buf_addc(out, c);
	}
	lx->next++;
	if (lx->s->keep_quotes)
		buf_addc(out, '"');
	return 0;
}

/* An escape or a plain character outside of quotes. */
static void plain(struct lexer *lx, struct buf *out, struct splitter *sp)
{
	char c = *lx->next++;

	if (c != lx->s->escape) {
		buf_addc(out, c);
		split_text(sp, &c, 1);
		return;
	}
	if (lx->keep_escapes) {
		buf_addc(out, c);
		split_raw(sp, &c, 1);
	}
	c = *lx->next;
	if (!c)
		return; /* an escape at the very end is dropped */
	lx->next++;
	buf_addc(out, c);
	split_raw(sp, &c, 1);
}

/* "<< EOF": the blanks between belong to the word. */
static void heredoc_mark(struct lexer *lx, struct buf *out, struct splitter *sp)
{
	size_t n = 1, start = out->len;

	if (lx->next[1] == '<')
		n = 2 + strspn(lx->next + 2, " \t\r");
	buf_add(out, lx->next, n);
	split_raw(sp, out->data + start, n);
	lx->next += n;
}

static int special(struct lexer *lx, struct buf *out, struct splitter *sp)
{
	size_t start = out->len;
	char c = *lx->next++;
	int r = c == '$'   ? dollar(lx, out)
		: c == '"' ? double_quote(lx, out)
			   : single_quote(lx, out);

	if (r < 0)
		return r;
	if (c == '$')
		split_text(sp, out->data + start, out->len - start);
	else
		split_raw(sp, out->data + start, out->len - start);
	return check_size(lx, out);
}

/* Up to stop, which is consumed, or with stop NUL to the end. */
static int expand(struct lexer *lx, char stop, struct buf *out, struct splitter *sp)
{
	buf_reserve(out, 1);
	while (*lx->next) {
		if (stop && *lx->next == stop) {
			lx->next++;
			return 0;
		}
		if (strchr(lx->s->plain_quotes ? "$" : "$'\"", *lx->next)) {
			if (special(lx, out, sp) < 0)
				return -lx->err->code;
		} else if (*lx->next == '<') {
			heredoc_mark(lx, out, sp);
		} else {
			plain(lx, out, sp);
		}
	}
	if (stop)
		return err_set(lx->err, E_SYNTAX,
			"unexpected end of statement while looking for matching %c", stop);
	return 0;
}

static int run(const struct substitution *s, const char *text, struct buf *out, struct splitter *sp,
	struct err *err)
{
	struct lexer lx = {.s = s, .next = text, .keep_escapes = s->keep_escapes, .err = err};

	if (expand(&lx, '\0', out, sp) < 0)
		return err_wrap(err, "failed to process \"%.100s\"", text);
	return 0;
}

int substitute_word(
	const struct substitution *s, const char *word, struct buf *out, struct err *err)
{
	return run(s, word, out, NULL, err);
}

int substitute_words(
	const struct substitution *s, const char *text, struct strv *words, struct err *err)
{
	own_buf struct buf out = {0};
	struct splitter sp = {.words = words};
	int r = run(s, text, &out, &sp, err);

	if (r == 0)
		split_flush(&sp);
	buf_release(&sp.word);
	return r;
}
