/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "spec/attach.h"

#define BLOCK_SIZE ATTACH_CONTENT_MAX

void input_init(struct input *in)
{
	*in = (struct input){.to = -1, .own = {.fd = -1}};
	in->relay.from.fd = in->relay.to.fd = -1;
}

void input_release(struct input *in)
{
	if (in->to >= 0)
		close(in->to);
	relay_close(&in->own);
	relay_release(&in->relay);
	free(in->block);
	input_init(in);
}

void input_flush(struct input *in)
{
	const struct relay_end to = {in->to, RELAY_PLAIN, false};

	while (in->to >= 0 && in->done < in->len) {
		ssize_t n = relay_write(&to, in->block + in->done, in->len - in->done);

		if (n == -EAGAIN)
			return;
		/* an error: the container has closed its end */
		in->done = n < 0 ? in->len : in->done + (size_t)n;
	}
	in->len = in->done = 0;
	if (in->end && in->to >= 0 && !in->is_terminal) {
		close(in->to);
		in->to = -1;
	}
}

static char *block(struct input *in)
{
	if (!in->block)
		in->block = xmalloc(BLOCK_SIZE + DETACH_KEYS_MAX);
	return in->block;
}

void input_add(struct input *in, const void *data, size_t len)
{
	if (in->to < 0)
		return;
	memcpy(block(in), data, len);
	in->len = len;
	in->done = 0;
	input_flush(in);
}

void input_end(struct input *in)
{
	static const char ctrl_d = 4;

	if (in->is_terminal) {
		input_add(in, &ctrl_d, 1);
		return;
	}
	in->end = true;
	input_flush(in);
}

/* The block's first bytes without the keys that are for us. Returns true when all were typed. */
static bool take_keys(struct input *in)
{
	own_buf struct buf typed = {0};
	bool left = detach_keys_typed(&in->keys, (const unsigned char *)in->block, in->len, &typed);

	/* what was held back before is at most the keys */
	if (typed.len)
		memcpy(in->block, typed.data, typed.len);
	in->len = typed.len;
	return left;
}

bool input_read_own(struct input *in)
{
	ssize_t n = relay_read(&in->own, block(in), BLOCK_SIZE);
	bool left = false;

	if (n == -EAGAIN)
		return false;
	if (n <= 0) {
		relay_close(&in->own);
		input_end(in);
		return false;
	}
	in->len = (size_t)n;
	in->done = 0;
	if (in->keys.count)
		left = take_keys(in);
	input_flush(in);
	return left;
}

void input_leave(struct input *in)
{
	relay_close(&in->own);
	relay_release(&in->relay);
}
