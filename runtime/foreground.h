/* SPDX-License-Identifier: Apache-2.0 */
/* A command that waits for a process of the container in the foreground, and is told to end. */
#ifndef KIST_RUNTIME_FOREGROUND_H
#define KIST_RUNTIME_FOREGROUND_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/err.h"

/* What ends a wait for a process that does not run its program yet. */
struct interrupts {
	int fd; /* a signalfd of INT, TERM, HUP and QUIT, but those the caller ignores; -1: none */
	int caught; /* the signal that came; 0: none */
};

#define INTERRUPTS_NONE                                                                            \
	{                                                                                          \
		.fd = -1                                                                           \
	}

void interrupts_release(struct interrupts *i);

#define own_interrupts __attribute__((cleanup(interrupts_release)))

/*
 * Block every signal, so that none is lost between the start of a process and the wait for it.
 * Returns 0.
 */
int foreground_block_signals(struct interrupts *i, struct err *err);

/*
 * Wait until fd can be read. Returns 0, or EINTR with the signal in i->caught when one of them came
 * first: the caller takes back what it has begun. i may be NULL: wait for fd alone.
 */
int interrupts_wait(struct interrupts *i, int fd, struct err *err);

/* Before its program runs: the terminal that it gets has our own's size. */
void foreground_prepare(int master);

/*
 * Wait for a process of ours in the foreground: signals go on to it, and one that asks it to end
 * lets it continue when it is stopped; with a terminal (master, else -1) our own is put into raw
 * mode and copied. Returns its exit status, 128 + n for a signal.
 */
int foreground_follow(pid_t pid, int master, struct err *err);

#endif
