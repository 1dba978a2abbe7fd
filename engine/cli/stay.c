/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/stay.h"

#include <unistd.h>

static void begin(struct stay *stay, bool tty)
{
	struct terminal_stay *t = (struct terminal_stay *)stay;
	enum foreground_mode mode = FOREGROUND_PLAIN;

	if (tty)
		mode = stay->use_stdin ? FOREGROUND_RAW : FOREGROUND_TERMINAL;
	foreground_begin(&t->foreground, mode, t->proxy);
}

static int wait_end(struct stay *stay, struct child *child, int left, struct err *err)
{
	return foreground_wait(&((struct terminal_stay *)stay)->foreground, child, left, err);
}

static void end(struct stay *stay)
{
	foreground_end(&((struct terminal_stay *)stay)->foreground);
}

void stay_init(struct terminal_stay *t, bool proxy)
{
	*t = (struct terminal_stay){.stay = {.terminal = isatty(STDIN_FILENO),
					    .begin = begin,
					    .wait = wait_end,
					    .end = end},
		.proxy = proxy};
}
