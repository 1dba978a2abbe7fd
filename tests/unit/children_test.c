/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/children.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/monitor/deadlines.h"
#include "tests/unit/unit.h"

struct told {
	struct children *children;
	int count, raw;
	bool again; /* start another one when it ends: a restart is a row, too */
	pid_t pid;
};

static const struct spawn exits_3 = {
	.argv = (const char *const[]){"/bin/sh", "-c", "exit 3", NULL}};
static const struct spawn sleeps = {.argv = (const char *const[]){"/bin/sleep", "1000", NULL}};

static void ended(void *arg, int raw)
{
	struct told *t = arg;
	struct err err = {0};

	t->count++;
	t->raw = raw;
	if (t->again && t->count < 3)
		CU_ASSERT(children_start(t->children, &exits_3, ended, t, &err) > 0);
}

static void reap_all(struct children *c)
{
	while (c->count) {
		children_reap(c);
		poll(NULL, 0, 5);
	}
}

static void told_once(void)
{
	struct children c = {0};
	struct told a = {&c, 0, 0, false, 0}, b = {&c, 0, 0, true, 0};
	struct err err = {0};

	CU_ASSERT(children_start(&c, &exits_3, ended, &a, &err) > 0);
	CU_ASSERT(children_start(&c, &exits_3, ended, &b, &err) > 0);
	CU_ASSERT(children_have(&c, ended, &a) && children_have(&c, ended, &b));
	reap_all(&c);
	CU_ASSERT(a.count == 1 && WIFEXITED(a.raw) && WEXITSTATUS(a.raw) == 3);
	CU_ASSERT_EQUAL(b.count, 3);
	CU_ASSERT(!children_have(&c, ended, &a));
	CU_ASSERT(
		children_start(&c, &(struct spawn){.argv = (const char *const[]){"/no/such", NULL}},
			ended, &a, &err) < 0);
	CU_ASSERT_EQUAL(c.count, 0);
	children_release(&c);
}

/* A process that came to us and whose row comes later: the container's own, before it is known. */
static void orphans(void)
{
	struct children c = {.keep_orphans = true};
	struct told t = {&c, 0, 0, false, 0};
	pid_t pid = fork();

	if (pid == 0)
		_exit(7);
	CU_ASSERT_FATAL(pid > 0);
	waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WEXITED | WNOWAIT);
	children_reap(&c);
	children_adopt(&c, pid, ended, &t);
	children_reap(&c);
	CU_ASSERT(t.count == 1 && WEXITSTATUS(t.raw) == 7);
	c.keep_orphans = false;
	pid = fork();
	if (pid == 0)
		_exit(0);
	waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WEXITED | WNOWAIT);
	children_reap(&c);
	CU_ASSERT(waitpid(pid, NULL, WNOHANG) < 0);
	children_release(&c);
}

static void too_late(void *arg)
{
	kill(((struct told *)arg)->pid, SIGKILL);
}

/* What a health probe is: a child with a deadline. */
static void with_a_deadline(void)
{
	struct children c = {0};
	struct deadlines d = {0};
	struct told t = {&c, 0, 0, false, 0};
	struct err err = {0};

	t.pid = children_start(&c, &sleeps, ended, &t, &err);
	CU_ASSERT_FATAL(t.pid > 0);
	deadlines_set(&d, deadlines_now() + 20, too_late, &t);
	while (c.count) {
		poll(NULL, 0, c.count && d.count ? deadlines_timeout(&d, deadlines_now()) : 5);
		deadlines_run(&d, deadlines_now());
		children_reap(&c);
	}
	CU_ASSERT(t.count == 1 && WIFSIGNALED(t.raw) && WTERMSIG(t.raw) == SIGKILL);
	CU_ASSERT_EQUAL(d.count, 0);
	deadlines_release(&d);
	children_release(&c);
}

UNIT_TESTS(children) = {
	{"each end is told once, and may start the next", told_once},
	{"orphans wait for a row while one may come, and go otherwise", orphans},
	{"a child with a deadline is ended by it", with_a_deadline},
};
UNIT_COUNT(children)
