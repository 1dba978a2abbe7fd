/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is asked for once more when a server did not give it, how often, and after which wait: one
 * rule for manifests, blobs, tokens and uploads. A connection that is lost or cannot be made, a
 * server that is busy (429, 503) or broken (500, 502, 504) may be better in a moment. Retry-After
 * is obeyed as long as that is worth waiting for.
 */
#ifndef KIST_PULLER_RETRY_H
#define KIST_PULLER_RETRY_H

#include "puller/http.h"

#define RETRY_TRIES_MAX    5         /* attempts, without progress in between */
#define RETRY_CONNECTS_MAX 3         /* of those, when there is nobody at the address */
#define RETRY_PROGRESS_MIN (1 << 20) /* bytes that make up for the attempts before */
#define RETRY_WAIT_MAX     60        /* seconds that a server may ask for at once */
#define RETRY_WAITS_MAX    180       /* ... and in sum */

/* Zero-initialise; one for each thing that is wanted. */
struct retry {
	unsigned tries;   /* that failed since there was progress */
	int64_t waited;   /* milliseconds, because servers asked for it */
	int64_t begun_at; /* the offset at which the last attempt began */
};

/*
 * Bytes up to this offset have come: enough of them, and the attempts count anew. To be told
 * before retry_wait().
 */
void retry_progress(struct retry *r, int64_t offset);

/*
 * An exchange is over. Returns the milliseconds after which it is worth another attempt, or -1:
 * it went well, or would not go better.
 */
int64_t retry_wait(struct retry *r, const struct http_request *q);

#endif
