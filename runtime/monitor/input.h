/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's stdin. Whoever writes to it, attached clients or the monitor's own stdin, writes
 * to a pipe or a terminal of ours; the caller's descriptor stays with the monitor.
 */
#ifndef KIST_RUNTIME_INPUT_H
#define KIST_RUNTIME_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/detach_keys.h"
#include "lib/relay.h"

struct input {
	int to; /* where clients' frames go: our end of a pipe, or the master; -1: nowhere */
	bool is_terminal;
	bool end;                /* close it once the block is written */
	struct relay_end own;    /* our stdin while it is copied to a terminal; fd -1 */
	struct relay relay;      /* ... or to a pipe, which is all its own then */
	struct detach_keys keys; /* typed at our own stdin; none: nobody leaves by them */
	char *block;
	size_t len, done;
};

void input_init(struct input *in);
void input_release(struct input *in);

/* Bytes for the container; nothing may be waiting (len is 0), at most a frame's content. */
void input_add(struct input *in, const void *data, size_t len);

/* No more bytes: a pipe is closed, at a terminal Ctrl-D is typed. */
void input_end(struct input *in);

/*
 * Read from our own stdin for a terminal, when nothing is waiting. Returns true when the detach
 * keys were typed.
 */
bool input_read_own(struct input *in);

/* Our own stdin is not read any more: a pipe is at its end, a terminal stays as it is. */
void input_leave(struct input *in);

/* Write what is waiting. */
void input_flush(struct input *in);

#endif
