/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/threshold.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/capabilities.h"
#include "runtime/console.h"
#include "runtime/mount_api.h"
#include "runtime/sync.h"

extern char **environ;

int threshold_shed(unsigned preserved, int *const fds[], size_t n, struct err *err)
{
	unsigned first = 3 + preserved, kept = 0;

	for (char **e = environ; e && *e; e++)
		explicit_bzero(*e, strlen(*e));
	/* first out of the way of the places, then each into its own */
	for (size_t i = 0; i < n; i++) {
		if (*fds[i] < 0)
			continue;
		*fds[i] = fcntl(*fds[i], F_DUPFD_CLOEXEC, (int)(first + n));
		if (*fds[i] < 0)
			return err_errno(err, "cannot arrange the descriptors");
	}
	for (size_t i = 0; i < n; i++) {
		if (*fds[i] < 0)
			continue;
		*fds[i] = dup3(*fds[i], (int)(first + kept++), O_CLOEXEC);
		if (*fds[i] < 0)
			return err_errno(err, "cannot arrange the descriptors");
	}
	if (syscall(SYS_close_range, first + kept, ~0U, 0) < 0)
		return err_errno(err, "cannot close the host's descriptors");
	return 0;
}

int threshold_cross(int sync, struct err *err)
{
	/*
	 * The exit signal is ours then: SIGCHLD to the runtime. Not clone3(2), which filters forbid
	 * because they cannot see its flags.
	 */
#ifdef __s390__
	long pid = syscall(SYS_clone, 0, CLONE_PARENT, 0, 0, 0);
#else
	long pid = syscall(SYS_clone, CLONE_PARENT, 0, 0, 0, 0);
#endif

	if (pid == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return err_errno(err, "cannot tie the container's process to the runtime");
	if (pid == 0)
		return 0;
	if (pid < 0)
		return err_errno(err, "cannot make the container's process");
	_exit(sync_send(sync, SYNC_BORN, (int32_t)pid, err) < 0);
}

int threshold_untie(struct err *err)
{
	if (prctl(PR_SET_PDEATHSIG, 0) < 0)
		return err_errno(err, "cannot untie the container's process from the runtime");
	return 0;
}

/* In a process of its own: let go of all that a process which is seen there should not have. */
static int step_back(struct rootfs *r, int *sock, struct err *err)
{
	int *const kept[] = {sock};

	if (fchdir(r->fd) < 0)
		return err_errno(err, "cannot enter the root file system");
	/*
	 * In a user namespace procfs may be mounted only where another one is seen in full, which
	 * is the host's (mount_too_revealing() of the kernel): there the mount namespace stays.
	 */
	if (r->namespaces->own_flags & CLONE_NEWUSER) {
		if (chroot(".") < 0)
			return err_errno(err, "cannot change the root");
	} else if (unshare(CLONE_NEWNS) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 ||
		umount2(".", MNT_DETACH) < 0 || chdir("/") < 0) {
		return err_errno(err, "cannot leave the host's root");
	}
	if (namespaces_enter_pid(r->namespaces, err) < 0 ||
		threshold_shed(0, kept, ARRAY_LEN(kept), err) < 0)
		return -err->code;
	return capabilities_keep((uint64_t)1 << CAP_SYS_ADMIN, err);
}

static int mount_and_send(
	int sock, const struct mount_config *m, const struct mount_options *o, struct err *err)
{
	int mnt = mount_new(m->type, m->source, o, 0, err);

	if (mnt < 0 || sync_send(sock, SYNC_READY, 0, err) < 0)
		return -err->code;
	return console_send(sock, mnt, m->type, err);
}

static void mount_proc_main(
	struct rootfs *r, int sock, const struct mount_config *m, const struct mount_options *o)
{
	struct err err = {0};
	pid_t pid = -1;

	if (step_back(r, &sock, &err) >= 0) {
		pid = fork();
		if (pid < 0)
			err_errno(&err, "cannot make a process in the pid namespace");
		if (pid == 0 && mount_and_send(sock, m, o, &err) >= 0)
			_exit(0);
	}
	if (err.code)
		sync_send_error(sock, &err);
	else
		waitpid(pid, NULL, 0);
	_exit(0);
}

int threshold_mount_proc(struct rootfs *r, const struct mount_config *m,
	const struct mount_options *o, struct err *err)
{
	int pair[2], mnt = mount_new_proc(r->namespaces->fds[NAMESPACE_PID], m->source, o, err);
	pid_t pid;

	if (mnt >= 0 || err->code != E_UNSUPPORTED)
		return mnt;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(err, "cannot make a socket pair");
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		mount_proc_main(r, pair[1], m, o);
	}
	close(pair[1]);
	if (pid < 0)
		err_errno(err, "cannot make a process to mount procfs");
	else if (sync_expect(pair[0], NULL, SYNC_READY, NULL, err) >= 0)
		mnt = console_receive(pair[0], NULL, err);
	close(pair[0]);
	if (mnt < 0 && pid > 0)
		kill(pid, SIGKILL);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return mnt < 0 ? -err->code : mnt;
}
