/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/create.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/proc.h"
#include "lib/socket.h"
#include "runtime/console.h"
#include "runtime/hooks.h"
#include "runtime/idmap.h"
#include "runtime/opener.h"
#include "runtime/scheduling.h"
#include "runtime/supported.h"
#include "runtime/sync.h"

#define END_WAIT_MS    10000 /* for a killed process to be gone */
#define FROZEN_WAIT_MS 50    /* before something is looked for that holds it up */
#define PRESERVED_MAX  1024  /* descriptors by socket activation; as for --preserve-fds */

void birth_init(struct birth *c, const struct create_options *options)
{
	memset(c, 0, sizeof(*c));
	c->options = options;
	c->container = (struct instance)INSTANCE_INIT;
	c->sync = c->child_sync = c->console = -1;
	for (int i = 0; i < NAMESPACES; i++)
		c->init.namespaces.fds[i] = -1;
	c->init.config = &c->config;
	c->init.container = &c->container;
	c->init.sync = c->init.listener = c->init.console = -1;
	c->init.rootfs = (struct rootfs){.config = &c->config,
		.cgroup = &c->cgroup,
		.namespaces = &c->init.namespaces,
		.bundle = -1,
		.fd = -1,
		.proc = -1,
		.opener = -1};
	c->opener = -1;
}

void birth_release(struct birth *c)
{
	rootfs_release(&c->init.rootfs);
	own_fd_release(&c->init.rootfs.bundle);
	own_fd_release(&c->init.listener);
	own_fd_release(&c->init.console);
	own_fd_release(&c->sync);
	own_fd_release(&c->child_sync);
	own_fd_release(&c->console);
	own_fd_release(&c->opener);
	namespaces_release(&c->init.namespaces);
	filter_release(&c->filter);
	cgroup_release(&c->cgroup);
	instance_release(&c->container);
}

/* Read the bundle, and find everything that is wrong before anything is made. */
static int read_bundle(struct birth *c, struct buf *text, struct err *err)
{
	const struct create_options *o = c->options;
	struct init *i = &c->init;
	own_mem char *bundle = path_absolute(o->bundle ? o->bundle : ".");

	i->rootfs.bundle = open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (i->rootfs.bundle < 0)
		return err_errno(err, "cannot open the bundle '%s'", bundle);
	if (io_read_file(i->rootfs.bundle, "config.json", JSON_DOCUMENT_MAX, text, err) < 0 ||
		runtime_config_parse(
			buf_str(text), text->len, &c->config, &c->container.arena, err) < 0)
		return err_wrap(err, "bundle '%s'", bundle);
	if (runtime_config_is_newer(&c->config))
		log_warn("config.json: ociVersion '%.40s' is newer than " RUNTIME_SPEC_VERSION
			 ": what it has added is ignored",
			c->config.oci_version);
	if (c->config.linux_ && c->config.linux_->resources)
		linux_resources_unset_zeros(c->config.linux_->resources);
	i->rootfs.bundle_path = arena_strdup(&c->container.arena, bundle);
	c->container.record.bundle = i->rootfs.bundle_path;
	if (supported_check(&c->config, err) < 0 ||
		namespaces_plan(&i->namespaces, c->config.linux_, err) < 0 ||
		supported_namespaces(&c->config, &i->namespaces, err) < 0 ||
		rootfs_check_sysctl(&c->config, &i->namespaces, err) < 0 ||
		process_init(&i->process, &c->config, c->config.process, err) < 0)
		return -err->code;
	if (c->config.process->terminal && !o->console_socket && !o->foreground)
		return err_set(err, E_USAGE, "process.terminal is set: --console-socket is needed");
	if (!c->config.process->terminal && o->console_socket)
		return err_set(
			err, E_USAGE, "--console-socket is given, but process.terminal is not set");
	return 0;
}

/* The number in a variable of our environment, 0 when it is none. */
static long environment_number(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long n;

	if (!text || *text < '0' || *text > '9')
		return 0;
	n = strtol(text, &end, 10);
	return *end ? 0 : n;
}

/*
 * systemd's socket activation: the descriptors are preserved and the environment says so. Only when
 * they are meant for us (sd_listen_fds(3)): another's, which our caller inherited, are the host's.
 */
static void pass_listen_fds(struct birth *c)
{
	struct process_config *p = c->config.process;
	struct arena *a = &c->container.arena;
	long n = environment_number("LISTEN_FDS");

	c->init.process.preserve_fds = c->options->preserve_fds;
	if (n <= 0 || n > PRESERVED_MAX || environment_number("LISTEN_PID") != getpid())
		return;
	c->init.process.preserve_fds += (unsigned)n;
	strings_add(a, &p->env, arena_printf(a, "LISTEN_FDS=%ld", n));
	strings_add(a, &p->env, "LISTEN_PID=1");
}

static int check_preserved(const struct birth *c, struct err *err)
{
	for (unsigned i = 0; i < c->init.process.preserve_fds; i++)
		if (fcntl(3 + (int)i, F_GETFD) < 0)
			return err_set(err, E_USAGE,
				"descriptor %u is to be preserved and is not open", 3 + i);
	return 0;
}

static int make_record(struct birth *c, const struct buf *text, struct err *err)
{
	struct instance *k = &c->container;
	struct instance_record *r = &k->record;
	const char *rootfs = c->config.root.path;
	char now[IO_TIME_MAX];

	if (instance_create(k, c->options->root, c->options->id, err) < 0)
		return -err->code;
	c->made = true;
	io_time_now(now);
	r->created = arena_strdup(&k->arena, now);
	r->rootfs = *rootfs == '/' ? rootfs : arena_printf(&k->arena, "%s/%s", r->bundle, rootfs);
	r->owner = (int64_t)getuid();
	r->annotations = c->config.annotations;
	if (cgroup_init(&c->cgroup, c->config.linux_->cgroups_path, r->id, &k->arena, err) < 0)
		return -err->code;
	log_debug("container '%s': recorded, bundle '%s', cgroup '%s'", r->id, r->bundle,
		c->cgroup.path);
	if (cgroup_check_unused(&c->cgroup, err) < 0)
		return -err->code;
	/* recorded before they are made: whoever cleans up after our death finds them */
	cgroup_dirs(&c->cgroup, false, &r->cgroups, &k->arena);
	if (instance_save_config(k, text->data, text->len, err) < 0)
		return -err->code;
	return instance_save(k, err);
}

/* start.sock, on which the process will wait. */
static int make_listener(struct birth *c, struct err *err)
{
	if (!c->options->wait_for_start)
		return 0;
	c->init.listener = socket_listen(
		c->container.dir, INSTANCE_START_SOCK, SOCK_SEQPACKET, 0600, err);
	return c->init.listener < 0 ? -err->code : 0;
}

static int make_sockets(struct birth *c, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(err, "cannot make a socket pair");
	c->sync = pair[0];
	c->init.sync = c->child_sync = pair[1];
	if (make_listener(c, err) < 0)
		return -err->code;
	if (c->init.namespaces.own_flags & CLONE_NEWUSER) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
			return err_errno(err, "cannot make a socket pair");
		c->opener = pair[0];
		c->init.rootfs.opener = pair[1];
	}
	if (!c->config.process->terminal)
		return 0;
	if (c->options->console_socket) {
		c->init.console = console_connect(c->options->console_socket, err);
		return c->init.console < 0 ? -err->code : 0;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(err, "cannot make a socket pair");
	c->console = pair[0];
	c->init.console = pair[1];
	return 0;
}

static int prepare(struct birth *c, struct err *err)
{
	struct init *i = &c->init;
	const struct seccomp_config *seccomp = c->config.linux_->seccomp;

	i->no_pivot = c->options->no_pivot;
	i->process.limits_by_parent = i->namespaces.own_flags & CLONE_NEWUSER;
	if (!c->options->no_new_keyring)
		i->process.keyring = arena_printf(
			&c->container.arena, "_ses.%s", c->container.record.id);
	if (seccomp) {
		if (seccomp_prepare(&c->filter, c->container.root, seccomp, err) < 0)
			return -err->code;
		i->process.filter = &c->filter;
	}
	if (rootfs_prepare(&i->rootfs, err) < 0)
		return -err->code;
	return make_sockets(c, err);
}

/* The child is born; everything that changes what "our children" are is put back at once. */
static int give_birth(struct birth *c, int *cgroup, struct err *err)
{
	const struct namespaces *ns = &c->init.namespaces;
	int saved_time = -1, code;

	if ((ns->new_flags & CLONE_NEWTIME) && !(ns->own_flags & CLONE_NEWUSER)) {
		saved_time = open("/proc/self/ns/time", O_RDONLY | O_CLOEXEC);
		if (saved_time < 0)
			return err_errno(err, "cannot open our time namespace");
		if (namespaces_new_time(c->config.linux_, err) < 0)
			return -err->code;
	}
	c->pid = namespaces_clone(
		namespaces_join_user(ns) ? 0 : namespaces_clone_flags(ns), cgroup);
	if (c->pid == 0) {
		/* our end, or we would never see the runtime's death */
		close(c->sync);
		own_fd_release(&c->opener);
		init_main(&c->init);
	}
	code = errno;
	namespaces_leave_time(saved_time);
	if (c->pid < 0) {
		c->pid = 0;
		errno = code;
		return err_errno(err, "cannot make the container's process and namespaces");
	}
	/* only the child may hold its ends: their closing is how its death or exec is seen */
	own_fd_release(&c->child_sync);
	own_fd_release(&c->init.console);
	own_fd_release(&c->init.listener);
	own_fd_release(&c->init.rootfs.opener);
	c->child_sync = c->init.console = c->init.listener = c->init.sync = -1;
	c->init.rootfs.opener = -1;
	return 0;
}

/* The child's heir: with what the child was, in the pid namespace that is joined. */
static int take_heir(struct birth *c, pid_t pid, struct err *err)
{
	waitpid(c->pid, NULL, __WALL);
	c->pid = pid;
	c->container.record.pid = pid;
	c->container.record.start_time = process_start_time(pid);
	return sync_send(c->sync, SYNC_BORN, 0, err);
}

/* The container's process, which is the child or its heir, and who opens for it what is the host's.
 */
static int see_birth(struct birth *c, struct err *err)
{
	int32_t pid;

	if (namespaces_join_user(&c->init.namespaces) &&
		(sync_expect(c->sync, c->options->interrupts, SYNC_BORN, &pid, err) < 0 ||
			take_heir(c, pid, err) < 0))
		return -err->code;
	log_debug("container '%s': process %d with new namespaces %#llx, joined %#llx",
		c->container.record.id, (int)c->pid,
		(unsigned long long)c->init.namespaces.new_flags,
		(unsigned long long)c->init.namespaces.join_flags);
	if (c->opener < 0)
		return 0;
	pid = opener_start(&c->init.rootfs, c->pid, c->opener, err);
	if (pid < 0)
		return -err->code;
	c->opener_pid = pid;
	own_fd_release(&c->opener);
	c->opener = -1;
	return 0;
}

/* What the child waits for and only we can do. */
static int serve(struct birth *c, bool in_v2, struct err *err)
{
	const struct linux_config *l = c->config.linux_;
	struct init *i = &c->init;

	if (i->namespaces.new_flags & CLONE_NEWUSER) {
		if (idmap_write(c->pid, (const struct id_mappings *)&l->uid_mappings,
			    (const struct id_mappings *)&l->gid_mappings, err) < 0 ||
			sync_send(c->sync, SYNC_MAPPED, 0, err) < 0)
			return -err->code;
	}
	if (cgroup_make_v1(&c->cgroup, l->resources, err) < 0 ||
		cgroup_join(&c->cgroup, c->pid, !in_v2, err) < 0)
		return -err->code;
	log_debug("container '%s': process %d is in its cgroups", c->container.record.id,
		(int)c->pid);
	scheduling_all_cpus(c->pid);
	return init_needs_cgroup(i) ? sync_send(c->sync, SYNC_CGROUP, 0, err) : 0;
}

static int run_create_hooks(struct birth *c, struct err *err)
{
	struct instance *k = &c->container;
	const struct hooks *h = &c->config.hooks;
	const struct json *state = instance_state(k, INSTANCE_CREATING, false);

	const char *bundle = k->record.bundle;

	if (hooks_run_in_bundle(&h->prestart, "prestart", bundle, state, err) < 0 ||
		hooks_run_in_bundle(&h->create_runtime, "createRuntime", bundle, state, err) < 0)
		return -err->code;
	return sync_send(c->sync, SYNC_HOOKS_DONE, c->pid, err);
}

static int wait_until_ready(struct birth *c, struct err *err)
{
	for (;;) {
		int32_t pid;
		int kind = sync_receive(c->sync, c->options->interrupts, &pid, err);

		if (kind == SYNC_READY)
			return 0;
		if (kind == SYNC_HOOKS || kind == SYNC_BORN) {
			kind = kind == SYNC_BORN ? take_heir(c, pid, err)
						 : run_create_hooks(c, err);
			if (kind < 0)
				return kind;
		} else {
			return kind < 0 ? kind
					: err_set(err, EPROTO,
						  "unexpected message %d of the "
						  "container's process",
						  kind);
		}
	}
}

/*
 * The child's own words are better than our "broken pipe": when it has failed while we were at
 * something else, its message is waiting for us.
 */
static int prefer_childs_error(struct birth *c, struct err *err)
{
	sync_error_waits(c->sync, err);
	return -err->code;
}

/* It has ended, because the child has let go of it; or the child has never needed it. */
static void reap_opener(struct birth *c)
{
	if (c->opener_pid)
		waitpid(c->opener_pid, NULL, 0);
	c->opener_pid = 0;
}

static int make(struct birth *c, struct err *err)
{
	own_buf struct buf text = {0};
	bool in_v2;
	int cgroup;

	if (read_bundle(c, &text, err) < 0)
		return -err->code;
	pass_listen_fds(c);
	if (check_preserved(c, err) < 0 || make_record(c, &text, err) < 0 || prepare(c, err) < 0 ||
		cgroup_make_v2(&c->cgroup, c->config.linux_->resources, err) < 0)
		return -err->code;
	cgroup = c->cgroup.v2 ? c->cgroup.v2->fd : -1;
	if (give_birth(c, &cgroup, err) < 0)
		return -err->code;
	in_v2 = cgroup >= 0;
	c->container.record.pid = c->pid;
	c->container.record.start_time = process_start_time(c->pid);
	if (see_birth(c, err) < 0 || serve(c, in_v2, err) < 0 || wait_until_ready(c, err) < 0)
		return prefer_childs_error(c, err);
	reap_opener(c);
	log_debug("container '%s': process %d is ready", c->container.record.id, (int)c->pid);
	if (process_set_limits(c->pid, &c->init.process, err) < 0 ||
		process_give_stdio(c->pid, &c->init.process, err) < 0 ||
		instance_save(&c->container, err) < 0)
		return -err->code;
	if (c->options->pid_file && write_pid_file(c->options->pid_file, c->pid, err) < 0)
		return -err->code;
	if (c->options->pidfd_socket && send_pidfd(c->options->pidfd_socket, c->pid, err) < 0)
		return -err->code;
	return c->options->wait_for_start ? sync_send(c->sync, SYNC_GO, c->pid, err) : 0;
}

int birth_make(struct birth *c, struct err *err)
{
	if (make(c, err) >= 0)
		return 0;
	birth_undo(c);
	return -err->code;
}

int birth_go(struct birth *c, struct err *err)
{
	struct err gone;

	if (sync_send(c->sync, SYNC_GO, c->pid, err) < 0)
		return -err->code;
	/* the child's end closes when its program is executed */
	if (sync_receive(c->sync, c->options->interrupts, NULL, &gone) < 0 &&
		gone.code != E_CHILD) {
		*err = gone;
		return -err->code;
	}
	log_debug("container '%s': the program runs", c->container.record.id);
	instance_unlock(&c->container);
	return 0;
}

void birth_undo(struct birth *c)
{
	struct strings cgroups = {0};
	struct err ignored;

	cgroup_dirs(&c->cgroup, true, &cgroups, &c->container.arena);
	if (c->pid > 0) {
		bool frozen;

		kill(c->pid, SIGKILL);
		frozen = cgroup_frozen(&cgroups);
		if (frozen)
			cgroup_thaw_all(&cgroups);
		/* where a cgroup above ours is frozen it dies when that is thawed, without us */
		waitpid(c->pid, NULL, __WALL | (frozen && cgroup_frozen(&cgroups) ? WNOHANG : 0));
		c->pid = 0;
	}
	if (c->opener_pid)
		kill(c->opener_pid, SIGKILL);
	reap_opener(c);
	if (!c->made)
		return;
	/* what another has processes in is not ours to empty */
	cgroup_remove(&cgroups, &ignored);
	instance_remove(&c->container, &ignored);
	c->made = false;
}

int instance_end(const struct instance *c, struct err *err)
{
	own_fd int pidfd = instance_pidfd(c, err);
	struct pollfd p = {.fd = pidfd, .events = POLLIN};

	if (pidfd < 0)
		return 0; /* it has ended by itself */
	if (pidfd_send_signal(pidfd, SIGKILL, NULL, 0) < 0)
		return 0;
	/*
	 * Frozen processes die when they are thawed; the first process of a pid namespace waits for
	 * all others, which the container may have frozen in cgroups that it made.
	 */
	if (!cgroup_frozen(&c->record.cgroups) && poll(&p, 1, FROZEN_WAIT_MS) > 0)
		return 0;
	cgroup_thaw_all(&c->record.cgroups);
	if (poll(&p, 1, END_WAIT_MS) > 0)
		return 0;
	return err_set(err, E_TIMEOUT, "the process of container '%s' does not end%s", c->record.id,
		cgroup_frozen(&c->record.cgroups) ? ": a cgroup above its own is frozen" : "");
}

int instance_destroy(struct instance *c, const struct runtime_config *config, struct err *err)
{
	struct err hook_error = {0};

	if (cgroup_remove(&c->record.cgroups, err) < 0)
		return -err->code;
	/* a failing poststop hook does not keep the container (runtime.md, Lifecycle) */
	if (config && config->hooks.poststop.count)
		hooks_run_in_bundle(&config->hooks.poststop, "poststop", c->record.bundle,
			instance_state(c, INSTANCE_STOPPED, false), &hook_error);
	if (instance_remove(c, err) < 0)
		return -err->code;
	if (hook_error.code) {
		*err = hook_error;
		return -err->code;
	}
	return 0;
}

int instance_started(
	struct instance *c, const struct runtime_config *config, bool keep, struct err *err)
{
	const struct hook_list *hooks = &config->hooks.poststart;
	struct err left;

	if (!hooks->count ||
		hooks_run_in_bundle(hooks, "poststart", c->record.bundle,
			instance_state(c, INSTANCE_RUNNING, false), err) >= 0)
		return 0;
	/* the hook's error is the one to tell */
	if (instance_end(c, &left) >= 0 && !keep)
		instance_destroy(c, config, &left);
	return -err->code;
}

int write_pid_file(const char *path, pid_t pid, struct err *err)
{
	const char *slash = strrchr(path, '/');
	own_mem char *dir = slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");
	own_fd int dirfd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char text[16];

	if (dirfd < 0)
		return err_errno(err, "cannot write the pid file '%s'", path);
	snprintf(text, sizeof(text), "%d", (int)pid);
	if (io_publish_file(dirfd, slash ? slash + 1 : path, text, strlen(text), 0644, 0, err) < 0)
		return err_wrap(err, "pid file '%s'", path);
	return 0;
}

int send_pidfd(const char *path, pid_t pid, struct err *err)
{
	own_fd int sock = socket_connect(AT_FDCWD, path, SOCK_STREAM, err), pidfd = -1;

	if (sock < 0)
		return err_wrap(err, "pidfd socket");
	pidfd = pidfd_open(pid, 0);
	if (pidfd < 0)
		return err_errno(err, "cannot open a pidfd of the process");
	return console_send(sock, pidfd, "pidfd", err) < 0 ? err_wrap(err, "pidfd socket") : 0;
}
