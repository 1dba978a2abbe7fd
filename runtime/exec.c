/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/own.h"
#include "runtime/cgroup.h"
#include "runtime/console.h"
#include "runtime/create.h"
#include "runtime/init.h"
#include "runtime/runtime_log.h"
#include "runtime/scheduling.h"
#include "runtime/sync.h"
#include "runtime/threshold.h"

/* What the child needs, besides struct exec. */
struct joining {
	int pidfd;      /* of the container's first process */
	uint64_t flags; /* the namespaces to enter, all at once */
	bool user;      /* the user namespace is among them */
	int sync, console;
};

static int enter(struct exec *e, const struct joining *j, struct err *err)
{
	const struct cpu_affinity *cpus = e->process.config->exec_cpu_affinity;

	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_errno(err, "cannot become undumpable");
	if (cpus && cpus->initial && scheduling_affinity(cpus->initial, err) < 0)
		return -err->code;
	if (process_find_profile(&e->process, err) < 0 ||
		process_apply_profile(&e->process, err) < 0)
		return -err->code;
	if (j->flags && setns(j->pidfd, (int)j->flags) < 0)
		return err_errno(err, "cannot enter the container's namespaces");
	if (j->user && (syscall(SYS_setresgid, 0, 0, 0) < 0 || syscall(SYS_setresuid, 0, 0, 0) < 0))
		return err_errno(err, "cannot become root of the container's user namespace");
	return process_prepare(&e->process, err);
}

static int open_terminal(const struct exec *e, const struct joining *j, int *slave, struct err *err)
{
	own_fd int root = -1;

	if (j->console < 0)
		return 0;
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return err_errno(err, "cannot open the container's root");
	*slave = init_open_terminal(root, j->console, e->process.config, err);
	return *slave < 0 ? -err->code : 0;
}

/* In the container's pid namespace, with nothing of the host's: from the cgroups to the program. */
static int go_on(struct exec *e, int sync, int slave, struct err *err)
{
	const struct cpu_affinity *cpus = e->process.config->exec_cpu_affinity;

	setsid();
	if (slave >= 0 && process_use_terminal(slave, err) < 0)
		return -err->code;
	if (sync_expect(sync, NULL, SYNC_CGROUP, NULL, err) < 0 ||
		(cpus && cpus->final && scheduling_affinity(cpus->final, err) < 0) ||
		sync_send(sync, SYNC_READY, 0, err) < 0 ||
		sync_expect(sync, NULL, SYNC_GO, NULL, err) < 0 || threshold_untie(err) < 0)
		return -err->code;
	return process_execute(&e->process, err);
}

/* In the child, of which the container sees nothing yet. Does not return. */
static void exec_main(struct exec *e, struct joining *j)
{
	int slave = -1;
	int *const kept[] = {&j->sync, &slave};
	struct err err = {0};

	runtime_log_stop();
	if (enter(e, j, &err) >= 0 && open_terminal(e, j, &slave, &err) >= 0 &&
		threshold_shed(e->process.preserve_fds, kept, ARRAY_LEN(kept), &err) >= 0 &&
		process_become(&e->process, &err) >= 0 &&
		process_confine(&e->process, false, &err) >= 0 &&
		threshold_cross(j->sync, &err) >= 0)
		go_on(e, j->sync, slave, &err);
	sync_send_error(j->sync, &err);
	_exit(err_status(&err));
}

/* Those of the container's namespaces that are not ours anyway: setns(2) refuses to join its own.
 */
static int namespaces_of(const struct exec *e, struct joining *j, struct err *err)
{
	static const struct {
		const char *name;
		uint64_t flag;
	} all[] = {{"user", CLONE_NEWUSER}, {"pid", CLONE_NEWPID}, {"net", CLONE_NEWNET},
		{"ipc", CLONE_NEWIPC}, {"uts", CLONE_NEWUTS}, {"cgroup", CLONE_NEWCGROUP},
		{"time", CLONE_NEWTIME}, {"mnt", CLONE_NEWNS}};

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		char theirs_path[48], ours_path[32];
		struct stat theirs, ours;

		snprintf(theirs_path, sizeof(theirs_path), "/proc/%d/ns/%s",
			(int)e->container->record.pid, all[i].name);
		snprintf(ours_path, sizeof(ours_path), "/proc/self/ns/%s", all[i].name);
		if (stat(theirs_path, &theirs) < 0 || stat(ours_path, &ours) < 0) {
			if (errno == ENOENT && all[i].flag == CLONE_NEWTIME)
				continue; /* a kernel without */
			return err_errno(err, "cannot look at the container's namespaces");
		}
		if (theirs.st_ino == ours.st_ino && theirs.st_dev == ours.st_dev)
			continue;
		j->flags |= all[i].flag;
	}
	j->user = j->flags & CLONE_NEWUSER;
	return 0;
}

/* The child, and after it the one that it makes in the container's pid namespace. */
static int give_birth(struct exec *e, struct joining *j, int sync, struct err *err)
{
	pid_t child = fork();
	int32_t born;

	if (child == 0) {
		close(sync);
		exec_main(e, j);
	}
	if (child < 0)
		return err_errno(err, "cannot start a process for the container");
	e->pid = child;
	/* only the child may hold its ends: their closing is how its end or exec is seen */
	own_fd_release(&j->sync);
	own_fd_release(&j->console);
	j->sync = j->console = -1;
	if (sync_expect(sync, e->interrupts, SYNC_BORN, &born, err) < 0)
		return -err->code;
	e->pid = born;
	waitpid(child, NULL, 0);
	return 0;
}

static int see_through(struct exec *e, int sync, int console, struct err *err)
{
	struct err gone;

	if (cgroup_join_dirs(&e->container->record.cgroups, e->cgroup,
		    (pid_t)e->container->record.pid, e->pid, err) < 0)
		return -err->code;
	scheduling_all_cpus(e->pid);
	if (process_give_stdio(e->pid, &e->process, err) < 0 ||
		sync_send(sync, SYNC_CGROUP, 0, err) < 0 ||
		sync_expect(sync, e->interrupts, SYNC_READY, NULL, err) < 0 ||
		process_set_limits(e->pid, &e->process, err) < 0)
		return -err->code;
	if (e->pid_file && write_pid_file(e->pid_file, e->pid, err) < 0)
		return -err->code;
	if (e->pidfd_socket && send_pidfd(e->pidfd_socket, e->pid, err) < 0)
		return -err->code;
	if (console >= 0) {
		e->master = console_receive(console, NULL, err);
		if (e->master < 0)
			return -err->code;
		foreground_prepare(e->master);
	}
	log_debug("process %d is in the container's namespaces and cgroups", (int)e->pid);
	if (sync_send(sync, SYNC_GO, 0, err) < 0)
		return -err->code;
	/* the child's end closes when its program is executed */
	if (sync_receive(sync, e->interrupts, NULL, &gone) < 0 && gone.code != E_CHILD) {
		*err = gone;
		return -err->code;
	}
	return 0;
}

static int make_console(const struct exec *e, int pair[2], struct err *err)
{
	pair[0] = pair[1] = -1;
	if (!e->process.config->terminal)
		return 0;
	if (e->console_socket) {
		pair[1] = console_connect(e->console_socket, err);
		return pair[1] < 0 ? -err->code : 0;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(err, "cannot make a socket pair");
	return 0;
}

int exec_start(struct exec *e, struct err *err)
{
	own_fd int pidfd = instance_pidfd(e->container, err), sync = -1, console = -1;
	struct joining j = {.pidfd = pidfd, .sync = -1, .console = -1};
	int pair[2], r;

	e->pid = 0;
	e->master = -1;
	if (pidfd < 0 || namespaces_of(e, &j, err) < 0 || make_console(e, pair, err) < 0)
		return -err->code;
	e->process.limits_by_parent = j.user;
	console = pair[0];
	j.console = pair[1];
	r = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
	if (r < 0) {
		own_fd_release(&j.console);
		return err_errno(err, "cannot make a socket pair");
	}
	sync = pair[0];
	j.sync = pair[1];
	if (give_birth(e, &j, sync, err) >= 0 && see_through(e, sync, console, err) >= 0)
		return 0;
	if (e->pid > 0) {
		kill(e->pid, SIGKILL);
		waitpid(e->pid, NULL, __WALL);
	}
	own_fd_release(&j.sync);
	own_fd_release(&j.console);
	return -err->code;
}
