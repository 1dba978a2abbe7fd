/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The monitor outlives its container, also when memory runs out: the kernel looks at everybody
 * else first. What it starts has the value that its caller had.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/monitor/monitor.h"

#define SCORE_FILE "/proc/self/oom_score_adj"
#define SCORE      (-998) /* as docker's shims; -1000 is for who must never be killed */

static int read_score(void)
{
	struct err ignored;
	own_buf struct buf text = {0};

	if (io_read_file(AT_FDCWD, SCORE_FILE, 32, &text, &ignored) < 0)
		return 0;
	return (int)strtol(buf_str(&text), NULL, 10);
}

static int write_score(int score)
{
	own_fd int fd = open(SCORE_FILE, O_WRONLY | O_CLOEXEC);
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", score);

	return fd < 0 || write(fd, text, (size_t)n) != n ? -1 : 0;
}

void monitor_protect(struct monitor *m)
{
	int low = SCORE, high;

	m->caller_score = m->our_score = high = read_score();
	if (high <= SCORE)
		return;
	if (write_score(SCORE) == 0) {
		m->our_score = SCORE;
		return;
	}
	/* without privileges there is a lowest value that only trying tells (proc(5)) */
	while (high - low > 1) {
		int middle = low + (high - low) / 2;

		if (write_score(middle) == 0)
			high = middle;
		else
			low = middle;
	}
	m->our_score = high;
}

int monitor_spawn(struct monitor *m, const struct spawn *sp, child_ended *ended, struct err *err)
{
	bool differ = m->our_score != m->caller_score;
	pid_t pid;

	/* a child's score is its parent's at its birth */
	if (differ)
		write_score(m->caller_score);
	pid = children_start(&m->children, sp, ended, m, err);
	if (differ)
		write_score(m->our_score);
	return pid;
}
