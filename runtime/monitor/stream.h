/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One output stream of a container: to the log, to the monitor's own descriptor and to the
 * attached clients. Nothing here blocks: a reader that is slow holds its stream back (and so the
 * container, as docker does), but neither the other stream nor signals nor the end.
 */
#ifndef KIST_RUNTIME_STREAM_H
#define KIST_RUNTIME_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/relay.h"
#include "runtime/monitor/clients.h"
#include "runtime/monitor/monitor_log.h"

struct stream {
	int from; /* a pipe's end or the pseudo-terminal's master; -1: ended */
	enum attach_type frame;
	struct relay_end sink; /* fd -1: none, or nobody reads there any more */
	struct monitor_log_line line;
	char *block;      /* read when everybody has the one before */
	size_t len, sunk; /* of the block: its bytes, and how many the sink has */
	size_t room;
	uint32_t owed; /* bit i: client i has yet to get the block */
	int broken;    /* -errno by which the sink ended; 0: it has not */
};

/* Where a stream's bytes go besides its own sink. */
struct stream_targets {
	struct monitor_log *log;
	struct clients *clients;
};

void stream_init(struct stream *s, enum attach_type frame, const char *name);

/* Close all of it; what the sink has not got is lost. */
void stream_release(struct stream *s, const struct stream_targets *t);

/* Somebody has yet to get the block. */
bool stream_owes(const struct stream *s, const struct stream_targets *t);
bool stream_sinking(const struct stream *s); /* the sink has */

/* The sink is not written to any more. */
void stream_leave(struct stream *s);

/* Read what is there, at most a block, and pass it on. */
void stream_read(struct stream *s, const struct stream_targets *t);

/* Pass on what could not be before. */
void stream_flush(struct stream *s, const struct stream_targets *t);

/* The end of what is read: the log's last line is written. */
void stream_end(struct stream *s, const struct stream_targets *t);

/*
 * The container has ended a while ago. What is in its pipe now is the last, whoever has the other
 * end open: it is read into memory, as much as a pipe holds, and the stream ends. Clients who do
 * not read are dropped; the sink may take its time. Returns how many bytes at least were too many
 * and are lost.
 */
size_t stream_cut(struct stream *s, const struct stream_targets *t);

#endif
