/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "lib/tar_format.h"

int tar_refill(struct tar_cursor *c, struct err *err)
{
	const void *block;
	ssize_t n;

	if (c->left || c->ended)
		return c->left > 0;
	n = stream_next(c->in, &block, err);
	if (n < 0)
		return (int)n;
	c->ended = n == 0;
	c->at = block;
	c->left = (size_t)n;
	return n > 0;
}

int tar_ended_early(struct err *err)
{
	return err_set(err, E_SYNTAX, "the tar archive ends in the middle");
}

ssize_t tar_copy(struct tar_cursor *c, void *to, size_t n, struct err *err)
{
	size_t done = 0;

	while (done < n) {
		int more = tar_refill(c, err);
		size_t now = c->left < n - done ? c->left : n - done;

		if (more < 0)
			return more;
		if (!more)
			break;
		memcpy((char *)to + done, c->at, now);
		c->at += now;
		c->left -= now;
		done += now;
	}
	return (ssize_t)done;
}

int64_t tar_skip_up_to(struct tar_cursor *c, uint64_t n, struct err *err)
{
	while (n) {
		int more = tar_refill(c, err);
		size_t now = c->left < n ? c->left : (size_t)n;

		if (more < 0)
			return more;
		if (!more)
			break;
		c->at += now;
		c->left -= now;
		n -= now;
	}
	return (int64_t)n;
}

int tar_skip(struct tar_cursor *c, uint64_t n, struct err *err)
{
	int64_t missing = tar_skip_up_to(c, n, err);

	return missing > 0 ? tar_ended_early(err) : (int)missing;
}
