/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A layer on its way from its file to the worker that unpacks it: spliced out of the page cache
 * while the file still grows, so that the network never waits for the unpacker, and no byte is
 * copied or read again.
 */
#ifndef KIST_PULLER_FEED_H
#define KIST_PULLER_FEED_H

#include "puller/http.h"

struct feed {
	struct http *http;
	struct http_watch watch; /* of the pipe */
	int source;              /* the growing file, owned */
	int *pipe;               /* the worker's; closed at the end */
	int64_t fed, available;
	bool complete; /* available is all there will be */
	bool broken;   /* the worker does not read any more: its result says why */
};

/* Watch *pipe and feed it from source, which the feed takes over. */
void feed_start(struct feed *f, struct http *h, int source, int *pipe);

/* So many bytes are in the file now; complete: and that is all. */
void feed_grow(struct feed *f, int64_t available, bool complete);

/* Stop, and close what it owns (not the pipe). May be called at any time, also twice. */
void feed_stop(struct feed *f);

#endif
