/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/ending.h"

#include <signal.h>

#include "engine/docker/signals.h"

#define STOP_SECONDS 10 /* docker's default */

static struct step *plan_runtime(struct engine *e, struct subject *s, const char *verb)
{
	return plan_program(&e->plan, s->docker.host_config.runtime, "--root",
		engine_run_path(e, "runtime"), verb, s->container.id, NULL);
}

struct step *ending_plan_kill(struct engine *e, struct subject *s, int signo)
{
	struct step *kill = plan_runtime(e, s, "kill");

	step_add(&e->plan, kill, arena_printf(&e->arena, "%d", signo));
	/* a frozen process gets its signal when it is thawed */
	if (s->state.status == STATUS_PAUSED) {
		plan_runtime(e, s, "resume");
		plan_remove(&e->plan, engine_run_path(e, "containers/%s/paused", s->container.id));
		s->state.status = STATUS_RUNNING;
	}
	return kill;
}

struct waiting {
	struct subject *subject;
	int64_t seconds; /* -1: as long as it takes */
};

static int wait_end(void *arg, struct err *err)
{
	const struct waiting *w = arg;
	int ms = w->seconds < 0 || w->seconds > 1000000 ? -1 : (int)w->seconds * 1000;
	int r = container_wait_end(&w->subject->state, ms, err);

	if (r == 0)
		return err_set(err, E_TIMEOUT, "container %s has not ended in time",
			w->subject->container.id);
	return r < 0 ? r : 0;
}

static struct step *plan_wait(struct engine *e, struct subject *s, int64_t seconds)
{
	struct step *wait = plan_program(&e->plan, "flock", "-s", NULL);
	struct waiting *w = arena_alloc(&e->plan.arena, sizeof(*w));

	if (seconds >= 0)
		step_add2(
			&e->plan, wait, "-w", arena_printf(&e->arena, "%lld", (long long)seconds));
	step_add2(
		&e->plan, wait, engine_run_path(e, "containers/%s/lock", s->container.id), "true");
	*w = (struct waiting){s, seconds};
	wait->call = wait_end;
	wait->arg = w;
	return wait;
}

void ending_plan_wait(struct engine *e, struct subject *s)
{
	plan_wait(e, s, -1)->comment = "the monitor holds it until everything is tidied up";
}

struct locking {
	struct engine *engine;
	struct subject *subject;
};

static int take_lock(void *arg, struct err *err)
{
	struct locking *l = arg;
	struct subject *s = l->subject;

	if (s->container.lock >= 0)
		return 0;
	if (subject_lock(l->engine, s, err) < 0)
		return -err->code;
	return s->state.monitor
		? err_set(err, E_IN_USE, "container %s was started meanwhile", s->container.id)
		: 0;
}

void ending_plan_lock(struct engine *e, struct subject *s)
{
	struct locking *l = arena_alloc(&e->plan.arena, sizeof(*l));
	struct step *lock = plan_shell(&e->plan, "");

	*l = (struct locking){e, s};
	lock->call = take_lock;
	lock->arg = l;
}

/* SIGKILL; what cannot get it any more has ended by itself just now. */
static void plan_last_kill(struct engine *e, struct subject *s)
{
	struct step_list *outer = plan_otherwise(&e->plan, ending_plan_kill(e, s, SIGKILL));

	plan_wait(e, s, 1);
	plan_otherwise_end(&e->plan, outer);
}

int ending_plan_stop(struct engine *e, struct subject *s, const char *signal,
	const int64_t *timeout, struct err *err)
{
	const char *text = signal ? signal : s->docker.config.stop_signal;
	int signo = text && *text ? signal_parse(text) : SIGTERM;
	int64_t seconds = STOP_SECONDS;
	struct step_list *outer;
	struct step *wait;

	if (signo < 0)
		return err_set(err, E_USAGE, "invalid signal: %s", text);
	if (timeout)
		seconds = *timeout;
	else if (s->docker.config.stop_timeout)
		seconds = *s->docker.config.stop_timeout;
	/* one that has just ended is what was wanted: the wait says how it is */
	ending_plan_kill(e, s, signo)->flags = STEP_MAY_FAIL;
	wait = plan_wait(e, s, seconds);
	wait->comment = "the monitor holds the lock until everything is tidied up";
	if (seconds < 0)
		return 0;
	outer = plan_otherwise(&e->plan, wait);
	plan_last_kill(e, s);
	ending_plan_wait(e, s);
	plan_otherwise_end(&e->plan, outer);
	return 0;
}
