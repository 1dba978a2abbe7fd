/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kist does while a program that it stays for runs: signals go on to it, and the terminal is
 * in raw mode, given back on every way out.
 */
#ifndef KIST_ENGINE_FOREGROUND_H
#define KIST_ENGINE_FOREGROUND_H

#include <signal.h>
#include <stdbool.h>
#include <termios.h>

#include "lib/err.h"
#include "lib/spawn.h"

struct foreground {
	sigset_t signals, before;
	struct termios terminal;
	int changed; /* the descriptor whose terminal has another mode, or -1 */
	bool proxy;
};

enum foreground_mode {
	FOREGROUND_PLAIN,    /* the terminal stays as it is */
	FOREGROUND_TERMINAL, /* the program has a terminal of its own, which writes CR LF already */
	FOREGROUND_RAW,      /* ... and reads from ours: every key is its */
};

/*
 * Block the signals that will be passed on, so that none is lost while the program is started, and
 * give our terminal the mode. The caller ends it by foreground_end().
 */
void foreground_begin(struct foreground *f, enum foreground_mode mode, bool proxy);

/*
 * Pass signals on until the child has ended, or has said at the pipe left that it goes on without
 * us (engine/verb/starting.h). Returns its exit status, 128+n for a signal.
 */
int foreground_wait(struct foreground *f, struct child *child, int left, struct err *err);

/* Give the terminal back and unblock the signals. */
void foreground_end(struct foreground *f);

#endif
