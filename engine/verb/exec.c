/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "engine/verb/subject.h"
#include "engine/verb/verb.h"
#include "lib/env.h"
#include "lib/own.h"
#include "spec/config_make.h"
#include "spec/process_config.h"
#include "spec/user_files.h"

/* Where the runtime finds the process document: never in its arguments, which everybody can read.
 */
#define PROCESS_FD   3
#define PROCESS_PATH "/proc/self/fd/3"

/* Names are looked up in the container's own files, as it sees them now. */
static int find_user(struct engine *e, const struct subject *s, const char *name,
	struct process_config *p, const char **home, struct err *err)
{
	int pid = container_pid(e, s->container, &s->docker, err);
	own_fd int root = -1;
	struct user user;

	if (pid < 0)
		return pid;
	root = open(
		arena_printf(&e->arena, "/proc/%d/root", pid), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return err_errno(err, "cannot look into container %s", s->id);
	if (user_lookup_in(root, name, &user, &e->arena, err) < 0)
		return -err->code;
	p->user.uid = user.uid;
	p->user.gid = user.gid;
	p->user.additional_gids = user.additional_gids;
	*home = user.home;
	return 0;
}

/* Never inheritable or ambient: a program would pass them on (CVE-2022-29162). */
static int add_capabilities(struct engine *e, struct process_config *p, struct err *err)
{
	struct config_options o = {.privileged = true};
	struct capability_sets *sets = arena_alloc(&e->arena, sizeof(*sets));
	struct strings all;

	config_host(&o);
	if (config_capabilities(&o, &all, &e->arena, err) < 0)
		return -err->code;
	if (p->capabilities)
		*sets = *p->capabilities;
	sets->bounding = sets->effective = sets->permitted = all;
	p->capabilities = sets;
	return 0;
}

/* The container's own process, as its config.json has it, with what is asked for in its place. */
static int make_process(struct engine *e, const struct subject *s, const struct exec_request *rq,
	struct process_config *p, struct err *err)
{
	struct runtime_config config;
	struct strings env = {0};
	const char *home = NULL;

	if (container_config(e, s->container, &config, err) < 0)
		return -err->code;
	if (!config.process)
		return err_set(
			err, E_SYNTAX, "container %s has no process in its configuration", s->id);
	*p = *config.process;
	p->args = rq->command;
	p->terminal = rq->tty && !rq->detach;
	p->console_size = NULL;
	if (p->terminal && rq->rows && rq->columns) {
		p->console_size = arena_alloc(&e->arena, sizeof(*p->console_size));
		*p->console_size = (struct console_size){rq->rows, rq->columns};
	}
	if (rq->workdir)
		p->cwd = rq->workdir;
	if (rq->user && find_user(e, s, rq->user, p, &home, err) < 0)
		return -err->code;
	/* docker: who is named gets a HOME, and what is asked for stands above that */
	if (home)
		strings_add(&e->arena, &env, arena_printf(&e->arena, "HOME=%s", home));
	for (size_t i = 0; i < rq->env.count; i++)
		if (strchr(rq->env.items[i], '='))
			strings_add(&e->arena, &env, rq->env.items[i]);
	env_merge(&p->env, &env, &e->arena);
	if (rq->privileged && add_capabilities(e, p, err) < 0)
		return -err->code;
	return process_config_check(p, err);
}

static const char *process_text(struct engine *e, const struct process_config *p)
{
	own_buf struct buf text = {0};

	json_write(schema_encode(&process_config_schema, p, &e->arena), JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	return arena_strdup(&e->plan.arena, buf_str(&text));
}

/* Its streams are /dev/null: what went wrong is in the log that the runtime is given. */
static struct step *plan_detached(struct engine *e, const struct subject *s, const char *log)
{
	struct step *step = plan_program(&e->plan, s->docker.host_config.runtime, "--root",
		engine_run_path(e, "runtime"), "--log", log, "--log-format", "json", "exec",
		"--detach", NULL);

	step->flags = STEP_SILENT;
	return step;
}

static void plan_log(struct engine *e, struct step *step, const char *log)
{
	struct step_list *outer = plan_otherwise(&e->plan, step);

	plan_program(&e->plan, "kist", "exec-failed", log, NULL)->flags = STEP_STATUS;
	plan_otherwise_end(&e->plan, outer);
	plan_remove(&e->plan, log);
}

/* What the caller has open stays with kist-relay; the container gets pipes or its own terminal. */
static struct step *plan_relayed(
	struct engine *e, const struct subject *s, const struct exec_request *rq)
{
	struct step *step = plan_program(&e->plan, "kist-relay", "--fd", "3", NULL);

	if (rq->interactive)
		step_add(&e->plan, step, "--interactive");
	if (rq->tty)
		step_add(&e->plan, step, "--tty");
	if (rq->detach_keys)
		step_add2(&e->plan, step, "--detach-keys", rq->detach_keys);
	step_add2(&e->plan, step, "--", s->docker.host_config.runtime);
	step_add2(&e->plan, step, "--root", engine_run_path(e, "runtime"));
	step_add(&e->plan, step, "exec");
	step->flags = rq->in_place ? STEP_EXEC : STEP_LAST;
	return step;
}

/* The caller has made the pipes, and takes the terminal. */
static struct step *plan_own(
	struct engine *e, const struct subject *s, const struct exec_request *rq)
{
	struct step *step = plan_program(&e->plan, s->docker.host_config.runtime, "--root",
		engine_run_path(e, "runtime"), NULL);

	if (rq->log) {
		step_add2(&e->plan, step, "--log", rq->log);
		step_add2(&e->plan, step, "--log-format", "json");
	}
	step_add(&e->plan, step, "exec");
	if (rq->pid_file)
		step_add2(&e->plan, step, "--pid-file", rq->pid_file);
	if (rq->tty)
		step_add2(&e->plan, step, "--console-socket", rq->console_socket);
	step->flags = STEP_LAST;
	return step;
}

int verb_exec(struct engine *e, const struct exec_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	struct process_config p;
	struct step *step;
	const char *log;

	if (subject_find(e, rq->container, SUBJECT_STARTED | SUBJECT_SETTLED, &s, err) < 0)
		return -err->code;
	if (s.state.status == STATUS_PAUSED)
		return err_set(err, E_NOT_RUNNING,
			"Container %s is paused, unpause the container before exec", rq->container);
	if (s.state.status != STATUS_RUNNING)
		return err_set(err, E_NOT_RUNNING, "container %s is not running", s.id);
	if (make_process(e, &s, rq, &p, err) < 0)
		return -err->code;
	log = engine_run_path(e, "containers/%s/exec-%d.log", s.id, (int)getpid());
	step = rq->detach         ? plan_detached(e, &s, log)
		: rq->own_streams ? plan_own(e, &s, rq)
				  : plan_relayed(e, &s, rq);
	step_add2(&e->plan, step, "--process", PROCESS_PATH);
	step_add(&e->plan, step, s.id);
	step->input = process_text(e, &p);
	step->input_fd = PROCESS_FD;
	if (rq->detach)
		plan_log(e, step, log);
	return engine_do(e, sink, err);
}
