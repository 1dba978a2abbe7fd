/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The monitor outlives its container, also when memory runs out: the kernel looks at everybody
 * else first. What it starts has the value that its caller had.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/monitor/monitor.h"

#define SCORE_FILE "/proc/self/oom_score_adj"
#define SCORE      (-998) /* as docker's shims; -1000 is for who must never be killed */

static int write_score(int fd, int score)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", score);

	return pwrite(fd, text, (size_t)n, 0) == n ? 0 : -1;
}

void monitor_protect(struct monitor *m)
{
	own_fd int fd = open(SCORE_FILE, O_RDWR | O_CLOEXEC);
	char text[16] = "";
	int low = SCORE, high;

	m->caller_score = m->our_score = 0;
	if (fd < 0 || pread(fd, text, sizeof(text) - 1, 0) <= 0)
		return;
	m->caller_score = m->our_score = high = (int)strtol(text, NULL, 10);
	if (high <= SCORE)
		return;
	if (write_score(fd, SCORE) == 0) {
		m->our_score = SCORE;
		return;
	}
	/*
	 * Without privileges there is a lowest value, that of the last who had them, which only
	 * trying tells (proc(5)). Mostly it is the value that we have.
	 */
	if (write_score(fd, high - 1) < 0)
		return;
	high--;
	while (high - low > 1) {
		int middle = low + (high - low) / 2;

		if (write_score(fd, middle) == 0)
			high = middle;
		else
			low = middle;
	}
	m->our_score = high;
}

static void set_score(int score)
{
	own_fd int fd = open(SCORE_FILE, O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		write_score(fd, score);
}

int monitor_spawn(struct monitor *m, const struct spawn *sp, child_ended *ended, struct err *err)
{
	bool differ = m->our_score != m->caller_score;
	pid_t pid;

	/* a child's score is its parent's at its birth */
	if (differ)
		set_score(m->caller_score);
	pid = children_start(&m->children, sp, ended, m, err);
	if (differ)
		set_score(m->our_score);
	return pid;
}
