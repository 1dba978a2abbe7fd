/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clients that are attached to a container (spec/attach.h), as a table of connections. Who
 * breaks the rules or is gone is marked, and dropped by clients_sweep(), so that its place means
 * the same until then.
 */
#ifndef KIST_RUNTIME_CLIENTS_H
#define KIST_RUNTIME_CLIENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "spec/attach.h"

struct clients {
	int fds[ATTACH_CLIENTS_MAX]; /* -1: the place is free */
	uint32_t gone;               /* bit i: client i is to be dropped */
	uint32_t quiet;              /* bit i: client i wants no output */
};

void clients_init(struct clients *c);

/* Bit i: client i is there. */
uint32_t clients_there(const struct clients *c);

/* The same for those who want output. */
uint32_t clients_listening(const struct clients *c);

/* Client i wants no more output. */
void clients_hush(struct clients *c, unsigned i);

/* Take in a connection, which is given away, with a HELLO of these features; or turn it away. */
void clients_add(struct clients *c, int client, uint8_t features);

/*
 * Take in one that waits at the listening socket, with a HELLO of these features; or turn it away.
 * Returns false when there was none.
 */
bool clients_accept(struct clients *c, int listener, uint8_t features);

/* Send a frame to client i. Returns 0, -EAGAIN, or an error: it is marked as gone then. */
int clients_send(
	struct clients *c, unsigned i, enum attach_type type, const void *content, size_t len);

/* Text for people. */
void clients_complain(struct clients *c, unsigned i, const char *text);

/*
 * Read one frame of client i into packet, of ATTACH_PACKET_MAX bytes. Returns 1, or 0 when there
 * is none.
 */
int clients_read(struct clients *c, unsigned i, void *packet, struct attach_frame *frame);

/* Let client i go. */
void clients_mark(struct clients *c, unsigned i);

/* Close the connections of those who are marked. */
void clients_sweep(struct clients *c);

/* Tell all the container's exit status, and close. */
void clients_end(struct clients *c, int status);

#endif
