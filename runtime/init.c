/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "runtime/console.h"
#include "runtime/hooks.h"
#include "runtime/mount_api.h"
#include "runtime/runtime_log.h"
#include "runtime/sync.h"
#include "runtime/threshold.h"

bool init_needs_cgroup(const struct init *i)
{
	return (i->namespaces.new_flags & CLONE_NEWCGROUP) || rootfs_has_cgroup_mount(i->config);
}

static bool needs_hooks(const struct init *i)
{
	const struct hooks *h = &i->config->hooks;

	return h->prestart.count || h->create_runtime.count || h->create_container.count ||
		h->start_container.count;
}

/* Become root of the user namespace we are in; before its mappings are written there is none. */
static int become_root(struct err *err)
{
	if (syscall(SYS_setresgid, 0, 0, 0) < 0 || syscall(SYS_setresuid, 0, 0, 0) < 0)
		return err_errno(err, "cannot become root of the user namespace (is id 0 mapped?)");
	if (syscall(SYS_setgroups, 0, NULL) < 0 && errno != EPERM)
		return err_errno(err, "cannot drop the caller's groups");
	return 0;
}

static int set_names(const struct runtime_config *c, struct err *err)
{
	if (c->hostname && *c->hostname && sethostname(c->hostname, strlen(c->hostname)) < 0)
		return err_errno(err, "cannot set the hostname '%s'", c->hostname);
	if (c->domainname && *c->domainname &&
		setdomainname(c->domainname, strlen(c->domainname)) < 0)
		return err_errno(err, "cannot set the domainname '%s'", c->domainname);
	return 0;
}

/*
 * In the user namespace that we have joined, make the process that goes on, with the namespaces
 * that belong to it. Returns 0 in that one.
 */
static int leave_to_heir(struct init *i, struct err *err)
{
	uint64_t flags = namespaces_clone_flags(&i->namespaces);
	int no_cgroup = -1;
	pid_t pid = namespaces_clone(flags | CLONE_PARENT, &no_cgroup);

	if (pid < 0)
		return err_errno(err, "cannot make the container's process and namespaces");
	if (pid > 0)
		_exit(sync_send(i->sync, SYNC_BORN, (int32_t)pid, err) < 0);
	setsid();
	if (sync_expect(i->sync, NULL, SYNC_BORN, NULL, err) < 0)
		return -err->code;
	/* the way to it is for the process that opens it alone; as another user we could not */
	return process_find_profile(&i->process, err);
}

static int enter_namespaces(struct init *i, struct err *err)
{
	const struct namespaces *ns = &i->namespaces;
	const bool users = (ns->new_flags | ns->join_flags) & CLONE_NEWUSER;

	if (!namespaces_join_user(ns) && process_find_profile(&i->process, err) < 0)
		return -err->code;
	if (namespaces_join(ns, err) < 0)
		return -err->code;
	/* one that belongs to a user namespace: as another user we could not write its offsets */
	if (users && (ns->new_flags & CLONE_NEWTIME) &&
		namespaces_new_time(i->config->linux_, err) < 0)
		return -err->code;
	if (namespaces_join_user(ns) && leave_to_heir(i, err) < 0)
		return -err->code;
	if ((ns->new_flags & CLONE_NEWUSER) &&
		sync_expect(i->sync, NULL, SYNC_MAPPED, NULL, err) < 0)
		return -err->code;
	if (users && become_root(err) < 0)
		return -err->code;
	/*
	 * Nobody in a namespace that we share with others may look into us through procfs
	 * (CVE-2016-9962). It comes after the mappings, because it makes our files there root's.
	 */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_errno(err, "cannot become undumpable");
	if ((ns->new_flags & CLONE_NEWNET) && namespaces_loopback(err) < 0)
		return -err->code;
	return set_names(i->config, err);
}

static int enter_cgroup(struct init *i, struct err *err)
{
	if (!init_needs_cgroup(i))
		return 0;
	if (sync_expect(i->sync, NULL, SYNC_CGROUP, NULL, err) < 0)
		return -err->code;
	if ((i->namespaces.new_flags & CLONE_NEWCGROUP) && unshare(CLONE_NEWCGROUP) < 0)
		return err_errno(err, "cannot make a cgroup namespace");
	return 0;
}

/* A cgroup mount that has to come in its turn cannot wait until the others are done. */
static bool cgroup_comes_early(const struct runtime_config *c)
{
	for (size_t i = 0; i < c->mounts.count; i++) {
		const char *type = c->mounts.items[i].type;

		if (type && strncmp(type, "cgroup", 6) == 0 && !rootfs_mount_deferred(c, i))
			return true;
	}
	return false;
}

static int set_up_mounts(struct init *i, struct err *err)
{
	bool early = cgroup_comes_early(i->config);

	if (rootfs_open(&i->rootfs, err) < 0 || (early && enter_cgroup(i, err) < 0) ||
		rootfs_mount(&i->rootfs, false, err) < 0 || rootfs_devices(&i->rootfs, err) < 0)
		return -err->code;
	/* until here the parent had time to make the cgroups */
	if ((!early && enter_cgroup(i, err) < 0) || rootfs_mount(&i->rootfs, true, err) < 0)
		return -err->code;
	own_fd_release(&i->rootfs.opener);
	i->rootfs.opener = -1;
	rootfs_make_directory(&i->rootfs, i->process.config->cwd);
	return rootfs_sysctl(&i->rootfs, err);
}

int init_open_terminal(int root, int sock, const struct process_config *p, struct err *err)
{
	own_fd int pts = path_open(root, "/dev/pts", O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT, err);
	own_fd int master = -1, slave = -1;
	char name[CONSOLE_NAME_MAX];
	unsigned number;
	struct stat st;

	if (pts < 0)
		return err_wrap(err, "the container has no place for a terminal");
	/* anything else there could be another's terminal, or none */
	if (mount_fs_type(pts) != DEVPTS_SUPER_MAGIC)
		return err_set(
			err, E_DENIED, "a terminal is asked for, but /dev/pts is no devpts mount");
	master = console_open(pts, "ptmx", &slave, &number, err);
	if (master < 0)
		return -err->code;
	if (p->console_size &&
		console_set_size(master, p->console_size->height, p->console_size->width) < 0)
		return err_set(err, EINVAL, "cannot set the terminal's size");
	if (fstat(slave, &st) < 0 || fchown(slave, p->user.uid, st.st_gid) < 0)
		return err_errno(err, "cannot give the terminal to user %u", p->user.uid);
	snprintf(name, sizeof(name), "/dev/pts/%u", number);
	if (console_send(sock, master, name, err) < 0)
		return -err->code;
	return give_fd(slave);
}

static int run_hooks(struct init *i, struct err *err)
{
	const struct hook_list *list = &i->config->hooks.create_container;
	int32_t pid;

	if (!needs_hooks(i))
		return 0;
	if (sync_send(i->sync, SYNC_HOOKS, 0, err) < 0 ||
		sync_expect(i->sync, NULL, SYNC_HOOKS_DONE, &pid, err) < 0)
		return -err->code;
	i->container->record.pid = pid;
	if (!list->count)
		return 0;
	return hooks_run(list,
		&(struct hook_scene){.what = "createContainer", .cwd = i->rootfs.bundle},
		instance_state(i->container, INSTANCE_CREATING, false), err);
}

/* Up to where what we are can be seen, if others are in the pid namespace. *slave: the terminal. */
static int make_ready(struct init *i, int *slave, struct err *err)
{
	if (enter_namespaces(i, err) < 0 || process_prepare(&i->process, err) < 0 ||
		set_up_mounts(i, err) < 0)
		return -err->code;
	if (i->console >= 0) {
		*slave = init_open_terminal(i->rootfs.fd, i->console, i->process.config, err);
		if (*slave < 0 || rootfs_console(&i->rootfs, *slave, err) < 0)
			return -err->code;
	}
	if (run_hooks(i, err) < 0 || (i->no_pivot && rootfs_hide_host(&i->rootfs, err) < 0) ||
		rootfs_protect(&i->rootfs, err) < 0)
		return -err->code;
	return rootfs_enter(&i->rootfs, !i->no_pivot, err);
}

/*
 * Become the container's process, and one in its pid namespace when that is joined. Only then: the
 * mounts of procfs before it show that namespace by themselves, and hooks are the host's.
 */
static int become(struct init *i, int *slave, struct err *err)
{
	int *const kept[] = {&i->sync, &i->listener, slave};
	bool join = namespaces_join_pid(&i->namespaces);

	if (join &&
		(process_apply_profile(&i->process, err) < 0 ||
			namespaces_enter_pid(&i->namespaces, err) < 0 ||
			threshold_shed(i->process.preserve_fds, kept, ARRAY_LEN(kept), err) < 0))
		return -err->code;
	if (process_become(&i->process, err) < 0)
		return -err->code;
	if (join) {
		i->container->lock = -1; /* closed with the host's */
		if (process_confine(&i->process, i->config->hooks.start_container.count, err) < 0 ||
			threshold_cross(i->sync, err) < 0)
			return -err->code;
		setsid();
		/* once this is said, "create" may end; and we are in the record's cgroups */
		if (sync_expect(i->sync, NULL, SYNC_BORN, NULL, err) < 0 ||
			threshold_untie(err) < 0)
			return -err->code;
	}
	return *slave >= 0 ? process_use_terminal(*slave, err) : 0;
}

/*
 * Wait for "start" to connect and to say a byte; one that was killed before it did leaves the
 * container created. The connection closes when the program is executed. Returns it.
 */
static int wait_for_start(int listener, struct err *err)
{
	for (;;) {
		own_fd int sock = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		char byte;

		if (sock < 0 && errno != EINTR && errno != ECONNABORTED)
			return err_errno(err, "cannot wait for start");
		if (sock >= 0 && recv(sock, &byte, 1, 0) == 1)
			return give_fd(sock);
	}
}

static int run_program(struct init *i, struct err *err)
{
	const struct hook_list *list = &i->config->hooks.start_container;
	/* they are the container's: in its directory, with its environment and its filter */
	const struct hook_scene scene = {.what = "startContainer",
		.cwd = -1,
		.env = i->process.env,
		.confine = process_confine_hook,
		.confine_arg = &i->process};

	if (list->count &&
		hooks_run(list, &scene, instance_state(i->container, INSTANCE_CREATED, false),
			err) < 0)
		return -err->code;
	return process_execute(&i->process, err);
}

void init_main(struct init *i)
{
	struct err err = {0};
	int slave = -1;
	int32_t pid;

	runtime_log_stop();
	setsid();
	/* modes of devices, directories and files are those asked for, whatever the caller's is */
	umask(0);
	if (make_ready(i, &slave, &err) < 0 || become(i, &slave, &err) < 0 ||
		sync_send(i->sync, SYNC_READY, 0, &err) < 0 ||
		sync_expect(i->sync, NULL, SYNC_GO, &pid, &err) < 0) {
		sync_send_error(i->sync, &err);
		_exit(1);
	}
	i->container->record.pid = pid;
	instance_unlock(i->container);
	if (i->listener >= 0) {
		int sock = wait_for_start(i->listener, &err);

		if (sock < 0)
			_exit(1);
		close(i->sync);
		i->sync = sock;
	}
	run_program(i, &err);
	sync_send_error(i->sync, &err);
	_exit(err_status(&err));
}
