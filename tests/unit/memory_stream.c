/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/memory_stream.h"

#include <stdlib.h>

#include "lib/mem.h"

struct memory_stream {
	struct stream base;
	const void *data;
	size_t len;
};

static ssize_t memory_next(struct stream *s, const void **block, struct err *err)
{
	struct memory_stream *m = (struct memory_stream *)s;
	size_t n = m->len;

	(void)err;
	*block = m->data;
	m->len = 0;
	return (ssize_t)n;
}

static void memory_release(struct stream *s)
{
	free(s);
}

static const struct stream_ops memory_ops = {.next = memory_next, .release = memory_release};

struct stream *stream_from_memory(const void *data, size_t len)
{
	struct memory_stream *m = xmalloc(sizeof(*m));

	*m = (struct memory_stream){{&memory_ops}, data, len};
	return &m->base;
}
