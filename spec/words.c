/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/words.h"

#include <stdbool.h>
#include <string.h>

#include "lib/buf.h"

#define BLANKS " \t\n"

/* What stands between double quotes; s is behind the first. Returns behind the last, or NULL. */
static const char *double_quoted(const char *s, struct buf *word)
{
	for (; *s && *s != '"'; s++) {
		if (*s == '\\' && s[1] && strchr("\"\\$`", s[1]))
			s++;
		buf_addc(word, *s);
	}
	return *s ? s + 1 : NULL;
}

static const char *single_quoted(const char *s, struct buf *word)
{
	size_t n = strcspn(s, "'");

	buf_add(word, s, n);
	return s[n] ? s + n + 1 : NULL;
}

/* One word, which begins at s. Returns behind it, or NULL. */
static const char *read_word(const char *s, struct buf *word)
{
	while (s && *s && !strchr(BLANKS, *s)) {
		if (*s == '"') {
			s = double_quoted(s + 1, word);
		} else if (*s == '\'') {
			s = single_quoted(s + 1, word);
		} else {
			if (*s == '\\' && !*++s)
				return NULL;
			buf_addc(word, *s++);
		}
	}
	return s;
}

int words_split(const char *line, struct strings *words, struct arena *a, struct err *err)
{
	own_buf struct buf word = {0};

	for (const char *s = line + strspn(line, BLANKS); *s; s += strspn(s, BLANKS)) {
		buf_reset(&word);
		s = read_word(s, &word);
		if (!s)
			return err_set(err, E_SYNTAX, "a quote without its end in: %.200s", line);
		strings_add(a, words, buf_str(&word));
	}
	return 0;
}
