/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/signals.h"

#define STOP_SECONDS 10 /* docker's default */

int stop_parse_seconds(const char *value, void *field, struct err *err)
{
	struct optional_seconds *s = field;
	char *end;

	errno = 0;
	s->seconds = strtoll(value, &end, 10);
	if (!*value || *end || errno)
		return err_set(err, E_USAGE, "expected a number of seconds");
	s->given = true;
	return 0;
}

int stop_check_running(const struct subject *s, struct err *err)
{
	if (s->state.status == STATUS_RUNNING || s->state.status == STATUS_PAUSED)
		return 0;
	return err_set(err, E_NOT_RUNNING, "container %s is not running", s->container.id);
}

static struct step *plan_runtime(struct engine *e, struct subject *s, const char *verb)
{
	return plan_program(&e->plan, s->docker.host_config.runtime, "--root",
		engine_run_path(e, "runtime"), verb, s->container.id, NULL);
}

struct step *stop_plan_kill(struct engine *e, struct subject *s, int signo)
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

static int wait_end(void *arg, struct err *err)
{
	struct subject *s = arg;
	int r = container_wait_end(&s->state, -1, err);

	return r < 0 ? r : 0;
}

void stop_plan_wait(struct engine *e, struct subject *s)
{
	struct step *wait = plan_program(&e->plan, "flock", "-s",
		engine_run_path(e, "containers/%s/lock", s->container.id), "true", NULL);

	wait->comment = "the monitor holds it until everything is tidied up";
	wait->call = wait_end;
	wait->arg = s;
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

void stop_plan_lock(struct engine *e, struct subject *s)
{
	struct locking *l = arena_alloc(&e->plan.arena, sizeof(*l));
	struct step *lock = plan_shell(&e->plan, "");

	*l = (struct locking){e, s};
	lock->call = take_lock;
	lock->arg = l;
}

/* The wait for the container's own end, and what follows when it does not come. */
struct grace {
	struct engine *engine;
	struct subject *subject;
	int64_t seconds;
};

static int wait_or_kill(void *arg, struct err *err)
{
	struct grace *g = arg;
	int ms = g->seconds < 0 || g->seconds > 1000000 ? -1 : (int)g->seconds * 1000;
	int r = container_wait_end(&g->subject->state, ms, err);
	struct plan own;

	if (r != 0)
		return r < 0 ? r : 0;
	own = g->engine->plan;
	g->engine->plan = (struct plan){.title = own.title};
	stop_plan_kill(g->engine, g->subject, SIGKILL);
	stop_plan_wait(g->engine, g->subject);
	r = plan_execute(&g->engine->plan, err);
	plan_release(&g->engine->plan);
	g->engine->plan = own;
	/* it may have ended by itself just now */
	return r < 0 && container_wait_end(&g->subject->state, 1000, err) == 1 ? 0 : r;
}

int stop_plan(struct engine *e, struct subject *s, const char *signal,
	const struct optional_seconds *timeout, struct err *err)
{
	const char *text = signal ? signal : s->docker.config.stop_signal;
	int signo = text && *text ? signal_parse(text) : SIGTERM;
	struct grace *g = arena_alloc(&e->plan.arena, sizeof(*g));
	const char *lock = engine_run_path(e, "containers/%s/lock", s->container.id);
	struct step *wait;

	if (signo < 0)
		return err_set(err, E_USAGE, "invalid signal: %s", text);
	*g = (struct grace){.engine = e, .subject = s, .seconds = STOP_SECONDS};
	if (timeout->given)
		g->seconds = timeout->seconds;
	else if (s->docker.config.stop_timeout)
		g->seconds = *s->docker.config.stop_timeout;
	/* one that has just ended is what was wanted: the wait says how it is */
	stop_plan_kill(e, s, signo)->flags = STEP_MAY_FAIL;
	wait = plan_shell(&e->plan,
		arena_printf(&e->arena,
			"flock -s %s%s %s true || { %s --root %s kill %s 9; flock -s %s true; }",
			g->seconds < 0 ? "" : "-w ",
			g->seconds < 0 ? ""
				       : arena_printf(&e->arena, "%lld", (long long)g->seconds),
			lock, s->docker.host_config.runtime, engine_run_path(e, "runtime"),
			s->container.id, lock));
	wait->comment = "the monitor holds the lock until everything is tidied up";
	wait->call = wait_or_kill;
	wait->arg = g;
	return 0;
}
