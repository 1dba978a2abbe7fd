/* SPDX-License-Identifier: Apache-2.0 */
/* SIGINT and SIGTERM as events of the HTTP loop: it ends, everything is tidied, then we die of it.
 */
#ifndef KIST_PULLER_INTERRUPT_H
#define KIST_PULLER_INTERRUPT_H

#include "puller/http.h"

struct interrupt {
	struct http *http;
	struct http_watch watch;
	int fd, signal; /* signal: what came, 0: nothing */
};

/* Block the signals and watch for them. Returns 0. */
int interrupt_start(struct interrupt *i, struct http *h, struct err *err);

/* Stop watching, before the loop is freed. */
void interrupt_stop(struct interrupt *i);

/* Unblock, and when a signal came, end by it as its sender expects. */
void interrupt_obey(struct interrupt *i);

#endif
