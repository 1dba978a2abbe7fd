/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/own.h"

static const struct {
	const char *word, *proc;
	uint64_t flag;
} types[NAMESPACES] = {
	[NAMESPACE_USER] = {"user", "user", CLONE_NEWUSER},
	[NAMESPACE_PID] = {"pid", "pid", CLONE_NEWPID},
	[NAMESPACE_NETWORK] = {"network", "net", CLONE_NEWNET},
	[NAMESPACE_IPC] = {"ipc", "ipc", CLONE_NEWIPC},
	[NAMESPACE_UTS] = {"uts", "uts", CLONE_NEWUTS},
	[NAMESPACE_CGROUP] = {"cgroup", "cgroup", CLONE_NEWCGROUP},
	[NAMESPACE_TIME] = {"time", "time", CLONE_NEWTIME},
	[NAMESPACE_MOUNT] = {"mount", "mnt", CLONE_NEWNS},
};

void namespaces_release(struct namespaces *ns)
{
	for (int i = 0; i < NAMESPACES; i++)
		own_fd_release(&ns->fds[i]);
}

uint64_t namespace_flag(const char *type)
{
	for (int i = 0; i < NAMESPACES; i++)
		if (strcmp(types[i].word, type) == 0)
			return types[i].flag;
	return 0;
}

static int leave_as_it_is(struct namespaces *ns, int type)
{
	own_fd_release(&ns->fds[type]);
	ns->fds[type] = -1;
	return 0;
}

static int open_joined(struct namespaces *ns, int type, const char *path, struct err *err)
{
	char own_path[32];
	struct stat theirs, ours;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int is;

	if (fd < 0)
		return err_errno(err, "cannot open the %s namespace '%s'", types[type].word, path);
	ns->fds[type] = fd;
	is = ioctl(fd, NS_GET_NSTYPE);
	if (is < 0 || (uint64_t)is != types[type].flag)
		return err_set(err, EINVAL, "'%s' is no %s namespace", path, types[type].word);
	snprintf(own_path, sizeof(own_path), "/proc/self/ns/%s", types[type].proc);
	if (fstat(fd, &theirs) < 0 || stat(own_path, &ours) < 0)
		return err_errno(err, "cannot look at the %s namespace", types[type].word);
	if (theirs.st_ino != ours.st_ino || theirs.st_dev != ours.st_dev)
		ns->own_flags |= types[type].flag;
	else if (type == NAMESPACE_USER)
		return leave_as_it_is(ns, type); /* setns(2) refuses the one that we are in */
	ns->join_flags |= types[type].flag;
	return 0;
}

int namespaces_plan(struct namespaces *ns, const struct linux_config *l, struct err *err)
{
	memset(ns, 0, sizeof(*ns));
	for (int i = 0; i < NAMESPACES; i++)
		ns->fds[i] = -1;
	for (size_t i = 0; i < l->namespaces.count; i++) {
		const struct namespace_config *n = &l->namespaces.items[i];
		int type = 0;

		while (type < NAMESPACES && strcmp(types[type].word, n->type) != 0)
			type++;
		if (type == NAMESPACES)
			return err_set(err, E_UNSUPPORTED, "namespace '%s' is unknown", n->type);
		if (n->path && *n->path) {
			if (open_joined(ns, type, n->path, err) < 0)
				return -err->code;
			continue;
		}
		ns->new_flags |= types[type].flag;
		ns->own_flags |= types[type].flag;
	}
	if (!(ns->own_flags & CLONE_NEWNS))
		return err_set(err, E_UNSUPPORTED,
			"linux.namespaces has no mount namespace: the container's mounts would be the host's");
	return 0;
}

bool namespaces_join_user(const struct namespaces *ns)
{
	return ns->fds[NAMESPACE_USER] >= 0;
}

uint64_t namespaces_clone_flags(const struct namespaces *ns)
{
	return ns->new_flags & ~(uint64_t)(CLONE_NEWCGROUP | CLONE_NEWTIME);
}

bool namespaces_join_pid(const struct namespaces *ns)
{
	return ns->fds[NAMESPACE_PID] >= 0;
}

int namespaces_enter_pid(const struct namespaces *ns, struct err *err)
{
	if (setns(ns->fds[NAMESPACE_PID], CLONE_NEWPID) == 0)
		return 0;
	if (errno == EPERM)
		return err_set(err, EPERM,
			"cannot join the pid namespace: it belongs to another user namespace");
	return err_errno(err, "cannot join the pid namespace");
}

void namespaces_leave_time(int saved)
{
	if (saved >= 0 && setns(saved, CLONE_NEWTIME) == 0)
		close(saved);
}

/*
 * Some namespaces may be joined only with the rights that the user namespace gives, others only
 * with those it takes away: a first round before it, and a second one after.
 */
int namespaces_join(const struct namespaces *ns, struct err *err)
{
	bool joined[NAMESPACES] = {false};

	for (int round = 0; round < 2; round++) {
		for (int i = NAMESPACE_NETWORK; i < NAMESPACES; i++) {
			if (ns->fds[i] < 0 || joined[i])
				continue;
			joined[i] = setns(ns->fds[i], (int)types[i].flag) == 0;
			if (!joined[i] && (round == 1 || errno != EPERM))
				return err_errno(
					err, "cannot join the %s namespace", types[i].word);
		}
		if (round == 0 && ns->fds[NAMESPACE_USER] >= 0 &&
			setns(ns->fds[NAMESPACE_USER], CLONE_NEWUSER) < 0)
			return err_errno(err, "cannot join the user namespace");
	}
	return 0;
}

int namespaces_new_time(const struct linux_config *l, struct err *err)
{
	own_buf struct buf text = {0};
	own_fd int fd = -1;

	if (unshare(CLONE_NEWTIME) < 0)
		return err_errno(err, "cannot make a time namespace");
	if (!l->time_offsets.count)
		return 0;
	for (size_t i = 0; i < l->time_offsets.count; i++)
		buf_addf(&text, "%s %lld %u\n", l->time_offsets.items[i].clock,
			(long long)l->time_offsets.items[i].secs,
			l->time_offsets.items[i].nanosecs);
	fd = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text.data, text.len) != (ssize_t)text.len)
		return err_errno(err, "cannot set the time namespace's offsets");
	return 0;
}

int namespaces_loopback(struct err *err)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	own_fd int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0 || ioctl(sock, SIOCSIFFLAGS, &request) < 0)
		return err_errno(err, "cannot bring up the loopback interface");
	return 0;
}

pid_t namespaces_clone(uint64_t flags, int *into)
{
	/* a sibling's exit signal is ours */
	struct clone_args args = {
		.flags = flags, .exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD};
	pid_t pid = -1;

	if (*into >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (__u64)*into;
		pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
		if (pid >= 0)
			return pid;
		args.flags &= ~(__u64)CLONE_INTO_CGROUP;
		args.cgroup = 0;
		*into = -1;
	}
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}
