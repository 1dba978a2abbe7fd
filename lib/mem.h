/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory: checked allocation, and arenas that free everything a document decoded to at once.
 * Out of memory prints one line and exits 1; so a size that comes from outside is compared with a
 * named limit before it gets here.
 */
#ifndef KIST_LIB_MEM_H
#define KIST_LIB_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* The caller frees the result with free(). Never NULL. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t size);
void *xreallocarray(void *p, size_t count, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

struct arena_block;

/* A zero-initialised arena is valid and empty: struct arena a = {0}. */
struct arena {
	struct arena_block *blocks;
	char *next, *end;
};

void arena_release(struct arena *a);

#define own_arena __attribute__((cleanup(arena_release)))

/* The results live until arena_release(); arena_alloc() is zeroed and aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t count, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

#endif
