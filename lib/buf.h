/* SPDX-License-Identifier: Apache-2.0 */
/* A growing byte buffer that is always NUL-terminated, and a growing list of strings. */
#ifndef KIST_LIB_BUF_H
#define KIST_LIB_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A zero-initialised buf is valid and empty; data is NULL until something was added. */
struct buf {
	char *data;
	size_t len, cap;
};

void buf_release(struct buf *b);

#define own_buf __attribute__((cleanup(buf_release)))

void buf_reset(struct buf *b); /* keeps the memory */
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* The text so far; "" when empty. Borrowed until the next change. */
const char *buf_str(const struct buf *b);

/* Take the memory out of *b; the caller frees it. Never NULL. */
char *buf_give(struct buf *b);

/* Append s as one word of a POSIX shell, quoted only where it has to be. */
void buf_add_shell_word(struct buf *b, const char *s);

/* A list of owned strings, NULL-terminated after every call that adds: usable as argv or envp. */
struct strv {
	char **items;
	size_t count, cap;
};

void strv_release(struct strv *v);

#define own_strv __attribute__((cleanup(strv_release)))

void strv_add(struct strv *v, const char *s);
bool strv_has(const struct strv *v, const char *s);
void strv_addf(struct strv *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strv_add_all(struct strv *v, const char *const *items, size_t count);

/* Add one after the other up to a NULL argument. */
void strv_add_many(struct strv *v, ...) __attribute__((sentinel));

#endif
