/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK_SIZE 4096
#define ARENA_ALIGN      16

struct arena_block {
	struct arena_block *previous;
	size_t size;
	_Alignas(ARENA_ALIGN) char data[];
};

static void out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	_Exit(1);
}

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

void *xreallocarray(void *p, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		out_of_memory();
	return xrealloc(p, count * size);
}

char *xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = xmalloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&p, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	return p;
}

void arena_release(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *previous = a->blocks->previous;

		free(a->blocks);
		a->blocks = previous;
	}
	a->next = a->end = NULL;
}

/*
 * Blocks double, so that a large document costs few of them. They come zeroed, and none of their
 * bytes is handed out twice.
 */
static void arena_grow(struct arena *a, size_t need)
{
	size_t size = a->blocks ? a->blocks->size * 2 : ARENA_BLOCK_SIZE;
	struct arena_block *b;

	if (size > 1 << 20)
		size = 1 << 20;
	if (size < need)
		size = need;
	b = xcalloc(1, sizeof(*b) + size);
	b->previous = a->blocks;
	b->size = size;
	a->blocks = b;
	a->next = b->data;
	a->end = b->data + size;
}

static char *arena_take(struct arena *a, size_t size)
{
	char *p;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	if (!a->next || (size_t)(a->end - a->next) < size)
		arena_grow(a, size);
	p = a->next;
	a->next += size;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t pad = a->next ? (size_t)(-(uintptr_t)a->next) & (ARENA_ALIGN - 1) : 0;

	if (a->next && (size_t)(a->end - a->next) >= pad + size)
		a->next += pad;
	else
		arena_grow(a, size); /* a fresh block is aligned */
	return arena_take(a, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 2 / size)
		out_of_memory();
	return arena_alloc(a, count * size);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_take(a, n + 1);

	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		out_of_memory();
	p = arena_take(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}
