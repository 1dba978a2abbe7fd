/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/retry.h"

#define FIRST_DELAY_MS 300 /* doubled for each attempt */

void retry_progress(struct retry *r, int64_t offset)
{
	if (offset - r->begun_at >= RETRY_PROGRESS_MIN)
		r->tries = 0;
	r->begun_at = offset;
}

static bool may_be_better(const struct http_request *q)
{
	if (q->err.code)
		return q->err.code == E_NETWORK;
	switch (q->reply.status) {
	case 429:
	case 500:
	case 502:
	case 503:
	case 504:
		return true;
	default:
		return false;
	}
}

int64_t retry_wait(struct retry *r, const struct http_request *q)
{
	unsigned limit = q->unreached ? RETRY_CONNECTS_MAX : RETRY_TRIES_MAX;
	int64_t asked = q->err.code ? -1 : q->reply.retry_after, delay;

	if (!may_be_better(q) || ++r->tries >= limit)
		return -1;
	delay = (int64_t)FIRST_DELAY_MS << (r->tries - 1);
	if (asked < 0)
		return delay;
	if (asked > RETRY_WAIT_MAX || r->waited + asked * 1000 > RETRY_WAITS_MAX * 1000)
		return -1;
	r->waited += asked * 1000;
	return asked * 1000 > delay ? asked * 1000 : delay;
}
