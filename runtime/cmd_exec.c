/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/env.h"
#include "lib/io.h"
#include "lib/own.h"
#include "runtime/apparmor.h"
#include "runtime/cgroup.h"
#include "runtime/exec.h"
#include "runtime/runtime.h"

#define LAST_MS 200 /* between the kill of a container and the end of its first process */

struct exec_command {
	const char *process, *console_socket, *pid_file, *pidfd_socket, *cwd, *user, *apparmor,
		*process_label;
	struct strv env, caps, gids, cgroup;
	bool detach, tty, no_new_privs, ignore_paused;
	int64_t preserve_fds;
};

static const struct cli_option options[] = {
	OPT_STRING(struct exec_command, process, "process", 'p', "FILE",
		"the process as JSON, as in config.json; also a pipe; - is stdin"),
	OPT_FLAG(struct exec_command, detach, "detach", 'd', "return when the program runs"),
	OPT_FLAG(struct exec_command, tty, "tty", 't', "give it a terminal"),
	OPT_STRING(struct exec_command, console_socket, "console-socket", 0, "SOCKET",
		"send the terminal's master over this AF_UNIX socket"),
	OPT_STRING(struct exec_command, pid_file, "pid-file", 0, "FILE",
		"write the process id to this file"),
	OPT_STRING(struct exec_command, pidfd_socket, "pidfd-socket", 0, "SOCKET",
		"send a pidfd of the process over this AF_UNIX socket"),
	OPT_STRING(struct exec_command, cwd, "cwd", 0, "DIR",
		"working directory (default the container's)"),
	OPT_LIST(struct exec_command, env, "env", 'e', "NAME=VALUE", "add to the environment"),
	OPT_STRING(struct exec_command, user, "user", 'u', "UID[:GID]", "run as this user"),
	OPT_LIST(struct exec_command, gids, "additional-gids", 'g', "GID", "be in this group, too"),
	OPT_LIST(struct exec_command, caps, "cap", 'c', "CAP",
		"add to the bounding, permitted and effective set"),
	OPT_FLAG(struct exec_command, no_new_privs, "no-new-privs", 0, "set no_new_privs"),
	OPT_FLAG(struct exec_command, ignore_paused, "ignore-paused", 0,
		"enter also a paused container"),
	OPT_INT(struct exec_command, preserve_fds, "preserve-fds", 0, "N",
		"pass on N descriptors from 3 on"),
	OPT_STRING(struct exec_command, apparmor, "apparmor", 0, "PROFILE",
		"AppArmor profile (default the container's)"),
	OPT_STRING(struct exec_command, process_label, "process-label", 0, "LABEL",
		"refused: not supported"),
	OPT_LIST(struct exec_command, cgroup, "cgroup", 0, "[CONTROLLER,...:]PATH",
		"run in this cgroup below the container's, which exists"),
};

static int parse_id(const char *text, char **end, uint32_t *id, struct err *err)
{
	unsigned long n;

	errno = 0;
	n = strtoul(text, end, 10);
	if (*text < '0' || *text > '9' || errno || n >= UINT32_MAX)
		return err_set(err, E_USAGE, "'%s' is no numeric id", text);
	*id = (uint32_t)n;
	return 0;
}

static int parse_user(const char *text, struct process_user *user, struct err *err)
{
	char *end;

	if (parse_id(text, &end, &user->uid, err) < 0)
		return -err->code;
	user->gid = 0;
	user->additional_gids.count = 0;
	if (*end == ':' && parse_id(end + 1, &end, &user->gid, err) < 0)
		return -err->code;
	return *end ? err_set(err, E_USAGE, "'%s' is not UID[:GID] in numbers", text) : 0;
}

static int add_groups(
	const struct strv *gids, struct process_user *user, struct arena *a, struct err *err)
{
	struct uint32_list *have = &user->additional_gids;
	uint32_t *all = arena_array(a, have->count + gids->count, sizeof(*all));

	if (have->count)
		memcpy(all, have->items, have->count * sizeof(*all));
	for (size_t i = 0; i < gids->count; i++) {
		char *end;

		if (parse_id(gids->items[i], &end, &all[have->count + i], err) < 0 || *end)
			return err_set(err, E_USAGE, "'%s' is no numeric group id", gids->items[i]);
	}
	have->items = all;
	have->count += gids->count;
	return 0;
}

static bool lists(const struct strings *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (capability_parse(set->items[i]) == capability_parse(name))
			return true;
	return false;
}

/*
 * Never inheritable, and ambient only what the container's own process passes on anyway: a program
 * would pass them on (CVE-2022-29162).
 */
static void add_caps(const struct strv *caps, struct process_config *p, struct arena *a)
{
	struct capability_sets *sets = arena_alloc(a, sizeof(*sets));

	if (!caps->count)
		return;
	if (p->capabilities)
		*sets = *p->capabilities;
	for (size_t i = 0; i < caps->count; i++) {
		strings_add(a, &sets->bounding, caps->items[i]);
		strings_add(a, &sets->effective, caps->items[i]);
		strings_add(a, &sets->permitted, caps->items[i]);
		if (lists(&sets->inheritable, caps->items[i]))
			strings_add(a, &sets->ambient, caps->items[i]);
	}
	p->capabilities = sets;
}

static int read_process(
	const char *path, struct process_config *p, struct arena *a, struct err *err)
{
	bool stdin_named = strcmp(path, "-") == 0;
	own_fd int opened = stdin_named ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	own_buf struct buf text = {0};

	/* a file, or a pipe: so that what is secret stands in no file and no argument */
	if (!stdin_named && opened < 0)
		return err_errno(err, "cannot open it");
	if (io_read_fd(stdin_named ? 0 : opened, JSON_DOCUMENT_MAX, path, &text, err) < 0)
		return -err->code;
	return process_config_parse(buf_str(&text), text.len, p, a, err);
}

/* The container's process with other words, or the one in a file. */
static int make_process(const struct cli_call *call, const struct runtime_config *config,
	struct process_config *p, struct arena *a, struct err *err)
{
	const struct exec_command *o = call->options;
	const struct strings env = {(const char **)o->env.items, o->env.count};

	if (o->process) {
		if (read_process(o->process, p, a, err) < 0)
			return err_wrap(err, "process file '%s'", o->process);
	} else {
		*p = *config->process;
		p->terminal = false;
		p->console_size = NULL;
		p->args = (struct strings){0};
		for (size_t i = 1; i < call->nargs; i++)
			strings_add(a, &p->args, call->args[i]);
	}
	if (o->tty)
		p->terminal = true;
	if (o->cwd)
		p->cwd = o->cwd;
	if (o->apparmor)
		p->apparmor_profile = o->apparmor;
	if (o->no_new_privs)
		p->no_new_privileges = true;
	if (o->user && parse_user(o->user, &p->user, err) < 0)
		return -err->code;
	add_caps(&o->caps, p, a);
	env_merge(&p->env, &env, a);
	if (add_groups(&o->gids, &p->user, a, err) < 0)
		return -err->code;
	return process_config_check(p, err);
}

static int check_options(const struct cli_call *call, struct err *err)
{
	const struct exec_command *o = call->options;

	if (o->process_label)
		return err_set(err, E_UNSUPPORTED, "exec: --process-label is not supported");
	if (cgroup_check_below(&o->cgroup, err) < 0)
		return -err->code;
	if (!o->process && call->nargs < 2)
		return err_set(err, E_USAGE, "exec: a command is needed (or --process)");
	if (o->process && call->nargs > 1)
		return err_set(err, E_USAGE, "exec: --process and a command exclude each other");
	if (o->preserve_fds < 0 || o->preserve_fds > 1024)
		return err_set(err, E_USAGE, "--preserve-fds must be between 0 and 1024");
	for (int64_t i = 0; i < o->preserve_fds; i++)
		if (fcntl(3 + (int)i, F_GETFD) < 0)
			return err_set(err, E_USAGE,
				"descriptor %d is to be preserved and is not open", 3 + (int)i);
	return 0;
}

static int check_status(const struct instance *c, const struct exec_command *o, struct err *err)
{
	enum instance_status status = instance_status(c);

	if (status == INSTANCE_PAUSED && !o->ignore_paused)
		return err_set(err, E_NOT_RUNNING, "cannot exec in container '%s': it is paused",
			c->record.id);
	if (status == INSTANCE_STOPPED || status == INSTANCE_CREATING)
		return err_set(err, E_NOT_RUNNING,
			"cannot exec in container '%s': it is %s, container not running",
			c->record.id, instance_status_name(status));
	return 0;
}

/*
 * Did it fail because the container has ended under it? What has just been killed with it, or could
 * not be entered any more, may be told before its first process has gone altogether.
 */
static bool ended_meanwhile(const struct instance *c, int code)
{
	own_fd int pidfd = instance_pidfd(c, &(struct err){0});
	struct pollfd p = {.fd = pidfd, .events = POLLIN};

	if (code != E_CHILD && code != ESRCH && code != ENOENT && code != EPIPE &&
		code != ECONNRESET)
		return false;
	return pidfd < 0 || poll(&p, 1, LAST_MS) > 0;
}

static int start(const struct cli_call *call, struct instance *c, struct exec *e, struct err *err)
{
	const struct exec_command *o = call->options;
	struct process_config *p = arena_alloc(&c->arena, sizeof(*p));
	struct runtime_config *config = arena_alloc(&c->arena, sizeof(*config));
	own_filter struct seccomp_filter filter = {0};

	e->container = c;
	e->console_socket = o->console_socket;
	e->pid_file = o->pid_file;
	e->pidfd_socket = o->pidfd_socket;
	e->cgroup = &o->cgroup;
	if (instance_open(c, runtime_root(call), call->args[0], false, err) < 0 ||
		check_status(c, o, err) < 0 || instance_load_config(c, config, err) < 0 ||
		make_process(call, config, p, &c->arena, err) < 0 ||
		process_init(&e->process, config, p, err) < 0)
		return -err->code;
	if (p->terminal && o->detach && !o->console_socket)
		return err_set(err, E_USAGE, "a terminal is asked for: --console-socket is needed");
	if (apparmor_check(p->apparmor_profile, err) < 0)
		return -err->code;
	if (p->selinux_label && *p->selinux_label)
		return err_set(err, E_UNSUPPORTED, "process.selinuxLabel is not supported");
	if (config->linux_->seccomp) {
		if (seccomp_prepare(&filter, c->root, config->linux_->seccomp, err) < 0)
			return -err->code;
		e->process.filter = &filter;
	}
	e->process.preserve_fds = (unsigned)o->preserve_fds;
	e->process.keyring = arena_printf(&c->arena, "_ses.%s", c->record.id);
	if (exec_start(e, err) == 0)
		return 0;
	if (ended_meanwhile(c, err->code))
		return err_set(err, E_NOT_RUNNING,
			"cannot exec in container '%s': it has ended, container not running",
			c->record.id);
	return -err->code;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct exec_command *o = call->options;
	own_instance struct instance c = INSTANCE_INIT;
	own_fd int master = -1;
	own_interrupts struct interrupts interrupts = INTERRUPTS_NONE;
	struct exec e = {.master = -1, .interrupts = &interrupts};

	if (runtime_begin(call, err) < 0 || check_options(call, err) < 0 ||
		foreground_block_signals(&interrupts, err) < 0)
		return -err->code;
	if (start(call, &c, &e, err) < 0)
		return interrupts.caught ? 128 + interrupts.caught : -err->code;
	master = e.master;
	return o->detach ? 0 : foreground_follow(e.pid, master, err);
}

const struct cli_command runtime_exec_command = {
	.name = "exec",
	.synopsis = "[OPTIONS] CONTAINER [COMMAND [ARG...]]",
	.help = "Run one more process in a container",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct exec_command),
	.min_args = 1,
	.max_args = -1,
	.options_first = true,
	.run = run,
	.details = "The exit status is the process's, or 128 + n when signal n ended it.",
};
