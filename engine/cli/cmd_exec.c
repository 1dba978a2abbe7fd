/* SPDX-License-Identifier: Apache-2.0 */
/* kist exec */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/cli/run_options.h"
#include "engine/verb/subject.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "spec/config_make.h"
#include "spec/user_files.h"

struct exec_options {
	bool detach, interactive, privileged, tty;
	struct strv env, env_file;
	const char *user, *workdir;
};

static int add_env(const struct exec_options *o, struct engine *e, struct step *s, const char *home,
	struct err *err)
{
	struct strings env = {0};

	/* docker: who is named gets a HOME, and -e stands above that */
	if (home)
		strings_add(&e->arena, &env, arena_printf(&e->arena, "HOME=%s", home));
	for (size_t i = 0; i < o->env_file.count; i++)
		if (run_options_read_file(o->env_file.items[i], true, &env, &e->arena, err) < 0)
			return -err->code;
	for (size_t i = 0; i < o->env.count; i++)
		run_options_add_env(o->env.items[i], &env, &e->arena);
	for (size_t i = 0; i < env.count; i++)
		if (strchr(env.items[i], '='))
			step_add2(&e->plan, s, "--env", env.items[i]);
	return 0;
}

/* Names are looked up in the container's own files, as it sees them now. */
static int add_user(const struct exec_options *o, struct engine *e, const struct subject *subject,
	struct step *s, const char **home, struct err *err)
{
	int pid = container_pid(e, &subject->container, &subject->docker, err);
	own_fd int root = -1;
	struct user user;

	if (pid < 0)
		return pid;
	root = open(
		arena_printf(&e->arena, "/proc/%d/root", pid), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return err_errno(err, "cannot look into container %s", subject->container.id);
	if (user_lookup_in(root, o->user, &user, &e->arena, err) < 0)
		return -err->code;
	step_add2(&e->plan, s, "--user", arena_printf(&e->arena, "%u:%u", user.uid, user.gid));
	for (size_t i = 0; i < user.additional_gids.count; i++)
		step_add2(&e->plan, s, "--additional-gids",
			arena_printf(&e->arena, "%u", user.additional_gids.items[i]));
	*home = user.home;
	return 0;
}

static int add_capabilities(struct engine *e, struct step *s, struct err *err)
{
	struct config_options o = {.privileged = true};
	struct strings all;

	config_host(&o);
	if (config_capabilities(&o, &all, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < all.count; i++)
		step_add2(&e->plan, s, "--cap", all.items[i]);
	return 0;
}

struct detached {
	const struct step *step;
	const char *log;
};

/* The last message of a runtime's log of JSON lines. */
static const char *last_message(const char *text, struct arena *a)
{
	const char *message = NULL;

	while (*text) {
		size_t n = strcspn(text, "\n");
		const struct json *line = json_parse(a, text, n, JSON_LINE_MAX, &(struct err){0});
		const char *said = json_get_string(line, "msg");

		message = said ? said : message;
		text += n + (text[n] == '\n');
	}
	return message;
}

/* Its streams are /dev/null: what went wrong is in the log that the runtime was given. */
static int start_detached(void *arg, struct err *err)
{
	const struct detached *d = arg;
	struct spawn sp = {.argv = d->step->argv.items};
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct child child;
	const char *message;
	int status;

	for (int fd = 0; fd < 3; fd++)
		spawn_pass(&sp, -1, fd);
	if (spawn_start(&sp, &child, err) < 0 || child_wait(&child, &status, err) < 0)
		return -err->code;
	if (status == 0) {
		unlink(d->log);
		return 0;
	}
	message = io_read_file(AT_FDCWD, d->log, JSON_DOCUMENT_MAX, &text, &(struct err){0}) < 0
		? NULL
		: last_message(buf_str(&text), &a);
	unlink(d->log);
	return err_set(err,
		status == 127           ? E_COMMAND_NOT_FOUND
			: status == 126 ? E_COMMAND_NOT_EXECUTABLE
					: E_CHILD,
		"%s", message ? message : "the runtime could not start the command");
}

static void plan_streams(
	const struct exec_options *o, struct engine *e, struct step *s, const char *log)
{
	struct detached *d = arena_alloc(&e->plan.arena, sizeof(*d));

	if (!o->detach) {
		s->flags = STEP_EXEC;
		s->input_file = o->interactive ? NULL : "/dev/null";
		return;
	}
	*d = (struct detached){s, arena_strdup(&e->plan.arena, log)};
	s->flags = STEP_SILENT;
	s->call = start_detached;
	s->arg = d;
}

static int plan_exec(const struct cli_call *call, struct engine *e, const struct subject *subject,
	struct err *err)
{
	const struct exec_options *o = call->options;
	const char *home = NULL, *id = subject->container.id;
	const char *log = engine_run_path(e, "containers/%s/exec-%d.log", id, (int)getpid());
	struct step *s = plan_program(&e->plan, subject->docker.host_config.runtime, "--root",
		engine_run_path(e, "runtime"), NULL);

	if (o->detach) {
		step_add2(&e->plan, s, "--log", log);
		step_add2(&e->plan, s, "--log-format", "json");
	}
	step_add(&e->plan, s, "exec");
	if (o->detach)
		step_add(&e->plan, s, "--detach");
	if (o->tty && !o->detach)
		step_add(&e->plan, s, "--tty");
	if (o->workdir)
		step_add2(&e->plan, s, "--cwd", o->workdir);
	if (o->user && add_user(o, e, subject, s, &home, err) < 0)
		return -err->code;
	if (add_env(o, e, s, home, err) < 0)
		return -err->code;
	if (o->privileged && add_capabilities(e, s, err) < 0)
		return -err->code;
	step_add(&e->plan, s, id);
	for (size_t i = 1; i < call->nargs; i++)
		step_add(&e->plan, s, call->args[i]);
	plan_streams(o, e, s, log);
	return 0;
}

static int run_exec(const struct cli_call *call, struct err *err)
{
	const struct exec_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_subject struct subject s = SUBJECT_INIT;

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	if (subject_find(e, call->args[0], SUBJECT_STARTED, &s, err) < 0)
		return -err->code;
	if (s.state.status == STATUS_PAUSED)
		return err_set(err, E_NOT_RUNNING,
			"Container %s is paused, unpause the container before exec", call->args[0]);
	if (s.state.status != STATUS_RUNNING)
		return err_set(err, E_NOT_RUNNING, "container %s is not running", s.container.id);
	if (o->tty && o->interactive && !o->detach && !isatty(STDIN_FILENO))
		return err_set(err, EINVAL, "the input device is not a TTY");
	if (plan_exec(call, e, &s, err) < 0)
		return -err->code;
	return mouth_finish(&m, engine_do(e, &m.sink, err), err);
}

#define OPTION(name_, letter_, kind_, member, arg_, help_)                                         \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .kind = (kind_),                             \
		.offset = CLI_FIELD(struct exec_options, member), .arg = (arg_), .help = (help_)   \
	}

static const struct cli_option options[] = {
	OPTION("detach", 'd', CLI_FLAG, detach, NULL, "in the background"),
	OPTION("env", 'e', CLI_STRINGS, env, "NAME[=VALUE]", "set an environment variable"),
	OPTION("env-file", 0, CLI_STRINGS, env_file, "FILE", "read environment variables"),
	OPTION("interactive", 'i', CLI_FLAG, interactive, NULL, "keep stdin open"),
	OPTION("privileged", 0, CLI_FLAG, privileged, NULL, "with all capabilities"),
	OPTION("tty", 't', CLI_FLAG, tty, NULL, "with a terminal"),
	OPTION("user", 'u', CLI_STRING, user, "USER[:GROUP]", "name or number"),
	OPTION("workdir", 'w', CLI_STRING, workdir, "DIR", "working directory"),
};

const struct cli_command cmd_exec = {
	.name = "exec",
	.synopsis = "[OPTIONS] CONTAINER COMMAND [ARG...]",
	.help = "Run one more command in a running container",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct exec_options),
	.min_args = 2,
	.max_args = -1,
	.options_first = true,
	.run = run_exec,
	.details =
		"The exit status is the command's; 126: it cannot be executed, 127: it was not found.",
};
