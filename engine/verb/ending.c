/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/ending.h"

#include <signal.h>

#include "engine/docker/signals.h"

#define STOP_SECONDS   10 /* docker's default */
#define FREEZE_SECONDS 2
#define LEAVE_SECONDS  10 /* as long as a monitor may still be about its container's last output */

static struct step *plan_runtime(struct engine *e, struct subject *s, const char *verb)
{
	return plan_program(&e->plan, s->docker.host_config.runtime, "--root",
		engine_run_path(e, "runtime"), verb, s->id, NULL);
}

struct step *ending_plan_kill(struct engine *e, struct subject *s, int signo)
{
	struct step *kill = plan_runtime(e, s, "kill");

	kill->flags = STEP_TELLS;
	step_add(&e->plan, kill, arena_printf(&e->arena, "%d", signo));
	/* a frozen process gets its signal when it is thawed */
	if (s->state.status == STATUS_PAUSED) {
		/* or somebody else thaws it, or it ends */
		plan_runtime(e, s, "resume")->flags = STEP_TELLS | STEP_MAY_FAIL;
		plan_remove(&e->plan, engine_run_path(e, "containers/%s/paused", s->id));
		s->state.status = STATUS_RUNNING;
	}
	return kill;
}

static struct step *plan_wait(struct engine *e, struct subject *s, int64_t seconds)
{
	struct step *wait = plan_program(&e->plan, "kist-store", "wait", NULL);

	if (seconds >= 0)
		step_add2(&e->plan, wait, "--timeout",
			arena_printf(&e->arena, "%lld", (long long)seconds));
	step_add(&e->plan, wait, s->id);
	wait->flags = STEP_QUIET;
	return wait;
}

void ending_plan_killed(struct engine *e, struct subject *s)
{
	struct step *wait = plan_wait(e, s, FREEZE_SECONDS);
	struct step_list *outer = plan_otherwise(&e->plan, wait);

	wait->comment = "until everything is tidied up";
	/* who freezes it between its signal and its end holds it up */
	ending_plan_kill(e, s, SIGKILL)->flags |= STEP_MAY_FAIL;
	plan_wait(e, s, -1);
	plan_otherwise_end(&e->plan, outer);
}

int ending_lock(struct engine *e, struct subject *s, struct err *err)
{
	if (e->plan_only || s->container->lock >= 0)
		return 0;
	if (subject_lock(e, s, err) < 0)
		return -err->code;
	if (s->state.monitor)
		stored_container_unlock(s->container);
	return s->state.monitor ? 1 : 0;
}

void ending_plan_last_kill(struct engine *e, struct subject *s)
{
	struct step_list *outer = plan_otherwise(&e->plan, ending_plan_kill(e, s, SIGKILL));

	plan_wait(e, s, LEAVE_SECONDS);
	plan_otherwise_end(&e->plan, outer);
	ending_plan_killed(e, s);
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
	ending_plan_kill(e, s, signo)->flags |= STEP_MAY_FAIL;
	wait = plan_wait(e, s, seconds);
	wait->comment = "until everything is tidied up";
	if (seconds < 0)
		return 0;
	outer = plan_otherwise(&e->plan, wait);
	ending_plan_last_kill(e, s);
	plan_otherwise_end(&e->plan, outer);
	return 0;
}
