/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/own.h"
#include "runtime/apparmor.h"
#include "runtime/command_lookup.h"
#include "runtime/home.h"
#include "runtime/idmap.h"
#include "runtime/scheduling.h"
#include "runtime/stdio.h"

#define DEFAULT_UMASK 0022

static const struct {
	const char *name;
	int resource;
} limits[] = {
	{"RLIMIT_AS", RLIMIT_AS},
	{"RLIMIT_CORE", RLIMIT_CORE},
	{"RLIMIT_CPU", RLIMIT_CPU},
	{"RLIMIT_DATA", RLIMIT_DATA},
	{"RLIMIT_FSIZE", RLIMIT_FSIZE},
	{"RLIMIT_LOCKS", RLIMIT_LOCKS},
	{"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK},
	{"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
	{"RLIMIT_NICE", RLIMIT_NICE},
	{"RLIMIT_NOFILE", RLIMIT_NOFILE},
	{"RLIMIT_NPROC", RLIMIT_NPROC},
	{"RLIMIT_RSS", RLIMIT_RSS},
	{"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
	{"RLIMIT_RTTIME", RLIMIT_RTTIME},
	{"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
	{"RLIMIT_STACK", RLIMIT_STACK},
};

static int find_limit(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (strcmp(name, limits[i].name) == 0)
			return limits[i].resource;
	return -1;
}

int process_init(struct process *p, const struct runtime_config *c,
	const struct process_config *config, struct err *err)
{
	own_buf struct buf ignored = {0};

	memset(p, 0, sizeof(*p));
	p->config = config;
	p->profile = -1;
	if (c->linux_)
		p->personality = c->linux_->personality;
	for (size_t i = 0; i < config->rlimits.count; i++)
		if (find_limit(config->rlimits.items[i].type) < 0)
			return err_set(err, E_SYNTAX, "process.rlimits: '%s' is unknown",
				config->rlimits.items[i].type);
	if (scheduling_check(config, p->personality, err) < 0)
		return -err->code;
	/* in a user namespace that is made or joined a process has them all */
	capabilities_parse(config->capabilities,
		linux_config_namespace(c->linux_, "user") ? CAPABILITIES_ALL : capabilities_own(),
		&p->caps, &ignored);
	if (ignored.len)
		log_warn("process.capabilities: ignored what cannot be given: %s",
			buf_str(&ignored));
	return 0;
}

static int set_rlimits(pid_t pid, const struct process_config *config, struct err *err)
{
	for (size_t i = 0; i < config->rlimits.count; i++) {
		const struct rlimit_config *l = &config->rlimits.items[i];
		struct rlimit limit = {.rlim_cur = l->soft, .rlim_max = l->hard};

		if (prlimit(pid, (unsigned)find_limit(l->type), &limit, NULL) < 0)
			return err_errno(err, "cannot set %s to %llu:%llu", l->type,
				(unsigned long long)l->soft, (unsigned long long)l->hard);
	}
	return 0;
}

int process_set_limits(pid_t pid, const struct process *p, struct err *err)
{
	char path[48], value[24];
	own_fd int fd = -1;

	if (p->limits_by_parent && set_rlimits(pid, p->config, err) < 0)
		return -err->code;
	/* not by the child itself: one of SCHED_DEADLINE has no children */
	if (scheduling_apply(p->config, pid, err) < 0)
		return -err->code;
	if (!p->config->oom_score_adj)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)pid);
	snprintf(value, sizeof(value), "%lld", (long long)*p->config->oom_score_adj);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		return err_errno(err, "cannot set oomScoreAdj to %s", value);
	return 0;
}

int process_give_stdio(pid_t pid, const struct process *p, struct err *err)
{
	uid_t uid;

	if (!p->limits_by_parent || p->config->terminal ||
		idmap_user(pid, p->config->user.uid, &uid) < 0)
		return 0;
	return stdio_give(uid, err);
}

int process_find_profile(struct process *p, struct err *err)
{
	return apparmor_open(p->config->apparmor_profile, &p->profile, err);
}

int process_apply_profile(struct process *p, struct err *err)
{
	if (p->profile < 0)
		return 0;
	if (apparmor_apply(p->profile, p->config->apparmor_profile, err) < 0)
		return -err->code;
	own_fd_release(&p->profile);
	p->profile = -1;
	return 0;
}

int process_prepare(const struct process *p, struct err *err)
{
	/* a keyring of its own, or the container could read what the caller's session holds */
	if (p->keyring && syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, p->keyring) < 0 &&
		errno != ENOSYS)
		return err_errno(
			err, "cannot make a session keyring (--no-new-keyring goes without)");
	return scheduling_personality(p->personality, err);
}

int process_use_terminal(int slave, struct err *err)
{
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		return err_errno(err, "cannot make the terminal the controlling one");
	for (int fd = 0; fd < 3; fd++)
		if (dup2(slave, fd) < 0)
			return err_errno(
				err, "cannot put the terminal in place of descriptor %d", fd);
	return 0;
}

/* Every descriptor from first on closes at the next exec. */
static int close_on_exec(unsigned first, struct err *err)
{
	if (syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		return err_errno(err, "cannot close the caller's descriptors");
	return 0;
}

/*
 * The path may lead through /proc/self/fd to a directory outside, of which we hold descriptors
 * (CVE-2024-21626): the kernel says "(unreachable)" for a directory that is not beneath "/".
 */
static int enter_directory(const char *cwd, struct err *err)
{
	char where[PATH_MAX];

	if (chdir(cwd) < 0) {
		if (errno == ENOENT)
			return err_set(err, ENOENT, "working directory '%s' does not exist", cwd);
		return err_errno(err, "cannot enter the working directory '%s'", cwd);
	}
	if (syscall(SYS_getcwd, where, sizeof(where)) < 0 || where[0] != '/')
		return err_set(
			err, E_DENIED, "working directory '%s' is not in the container", cwd);
	return 0;
}

static int set_groups(const struct process_user *user, struct err *err)
{
	const struct uint32_list *groups = &user->additional_gids;

	if (syscall(SYS_setgroups, groups->count, groups->items) == 0)
		return 0;
	/* a user namespace made without privileges forbids setgroups(2): nothing was asked for */
	if (errno == EPERM && groups->count == 0)
		return 0;
	return err_errno(err, "cannot set the additional groups");
}

static void reset_signals(void)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		sigaction(s, &plain, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static const char *variable(const struct strings *env, const char *name)
{
	size_t n = strlen(name);
	const char *value = NULL;

	for (size_t i = 0; i < env->count; i++)
		if (strncmp(env->items[i], name, n) == 0 && env->items[i][n] == '=')
			value = env->items[i] + n + 1;
	return value;
}

/* The configuration's, with a HOME where it names none. */
static void set_environment(struct process *p)
{
	const struct strings *env = &p->config->env;
	const char *home = variable(env, "HOME");
	size_t n = 0;

	p->env = env->items;
	if (home && *home)
		return;
	home_find(p->config->user.uid, p->home);
	p->env = xcalloc(env->count + 2, sizeof(*p->env));
	for (size_t i = 0; i < env->count; i++)
		if (strncmp(env->items[i], "HOME=", 5) != 0)
			p->env[n++] = env->items[i];
	p->env[n] = p->home;
}

/*
 * Loading a filter takes no_new_privs or CAP_SYS_ADMIN. Without the former the right is kept until
 * the filter is in place, and only capset(2) and execve(2) are called after that.
 */
static uint64_t rights_for_filter(const struct process *p)
{
	return p->filter && !p->config->no_new_privileges ? (uint64_t)1 << CAP_SYS_ADMIN : 0;
}

int process_become(struct process *p, struct err *err)
{
	const struct process_config *c = p->config;
	const struct process_user *user = &c->user;
	bool entered;

	if (stdio_own_null(err) < 0)
		return -err->code;
	/* root needs no ownership; that of a user namespace is the parent's matter */
	if (!c->terminal && user->uid && !p->limits_by_parent && stdio_give(user->uid, err) < 0)
		return -err->code;
	set_environment(p);
	/* before the change of user, as root may enter what the user may not; else after it */
	entered = enter_directory(c->cwd, err) == 0;
	if (!entered && err->code != EACCES)
		return -err->code;
	if (!p->limits_by_parent && set_rlimits(0, c, err) < 0)
		return -err->code;
	umask(user->umask ? *user->umask : DEFAULT_UMASK);
	if (capabilities_bound(&p->caps, err) < 0 || set_groups(user, err) < 0 ||
		capabilities_switch(&p->caps, user->uid, user->gid, rights_for_filter(p), err) < 0)
		return -err->code;
	if (!entered && enter_directory(c->cwd, err) < 0)
		return -err->code;
	if (c->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_errno(err, "cannot set no_new_privs");
	return command_lookup(c->args.items[0], variable(&c->env, "PATH"), p->path, err);
}

/* All that is called between process_confine() and the program, or its failing. */
static bool filter_lets_us_finish(const struct seccomp_filter *f)
{
	static const struct {
		int number;
		uint64_t arg0, arg1;
	} calls[] = {
		{SYS_capset, 0, 0},
		{SYS_clone, CLONE_PARENT, 0},
		{SYS_sendto, 0, 0},
		{SYS_recvfrom, 0, 0},
		{SYS_prctl, PR_SET_PDEATHSIG, SIGKILL},
		{SYS_prctl, PR_SET_PDEATHSIG, 0},
		{SYS_setsid, 0, 0},
		{SYS_ioctl, 0, TIOCSCTTY},
#ifdef SYS_dup2
		{SYS_dup2, 0, 0},
#endif
		{SYS_dup3, 0, 0},
		{SYS_sched_setaffinity, 0, 0},
		{SYS_accept4, 0, 0},
		{SYS_close, 0, 0},
		{SYS_close_range, 3, ~0U},
		{SYS_rt_sigaction, SIGINT, 0},
		{SYS_rt_sigprocmask, SIG_SETMASK, 0},
		{SYS_execve, 0, 0},
		{SYS_exit_group, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		if (!filter_lets(f, calls[i].number, calls[i].arg0, calls[i].arg1))
			return false;
	return true;
}

/* And what is called to run a hook. */
static bool filter_lets_us_hook(const struct seccomp_filter *f)
{
	static const int calls[] = {
		SYS_memfd_create,
		SYS_write,
		SYS_read,
		SYS_lseek,
		SYS_mmap,
		SYS_munmap,
		SYS_mremap,
		SYS_brk,
		SYS_openat,
		SYS_pipe2,
		SYS_clone,
		SYS_fcntl,
		SYS_fchdir,
		SYS_pidfd_open,
		SYS_wait4,
		SYS_kill,
		SYS_gettid,
		SYS_getpid,
		SYS_set_robust_list,
		SYS_seccomp,
#ifdef SYS_poll
		SYS_poll,
#else
		SYS_ppoll,
#endif
	};

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		if (!filter_lets(f, calls[i], 0, 0))
			return false;
	return true;
}

static int confine(struct process *p, struct err *err)
{
	if (p->confined)
		return 0;
	if (p->filter && filter_load(p->filter, err) < 0)
		return -err->code;
	if (rights_for_filter(p) && capabilities_finish(&p->caps, err) < 0)
		return -err->code;
	p->confined = true;
	return 0;
}

int process_confine(struct process *p, bool hooks, struct err *err)
{
	if (p->filter &&
		(!filter_lets_us_finish(p->filter) || (hooks && !filter_lets_us_hook(p->filter))))
		return 0;
	return confine(p, err);
}

int process_confine_hook(void *arg, struct err *err)
{
	return confine(arg, err);
}

int process_execute(struct process *p, struct err *err)
{
	const struct process_config *c = p->config;

	reset_signals();
	if (close_on_exec(3 + p->preserve_fds, err) < 0 || process_apply_profile(p, err) < 0 ||
		confine(p, err) < 0)
		return -err->code;
	execve(p->path, (char *const *)c->args.items, (char *const *)p->env);
	return command_failed(c->args.items[0], errno, err);
}
