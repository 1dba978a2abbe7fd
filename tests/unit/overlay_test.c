/* SPDX-License-Identifier: Apache-2.0 */
#include "store/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "tests/unit/unit.h"

#define CANNOT_TRY 77

static int add_layers(struct overlay *o, int top, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		char name[16];
		own_fd int file = -1;
		int fd;

		snprintf(name, sizeof(name), "%u", i);
		if (mkdirat(top, name, 0755) < 0 ||
			(fd = openat(top, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
			return -1;
		overlay_add_lower(o, name, fd);
		file = openat(fd, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
		if (file < 0)
			return -1;
	}
	return 0;
}

static int has_all(int mount, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%u", i);
		if (faccessat(mount, name, F_OK, 0) < 0)
			return 0;
	}
	return 1;
}

static int become_root(void)
{
	unsigned ids[2] = {getuid(), getgid()};
	const char *const files[] = {"/proc/self/uid_map", "/proc/self/gid_map"};

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		own_fd int fd = open(files[i], O_WRONLY | O_CLOEXEC);
		own_fd int groups = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);

		if (fd < 0 || (i == 1 && write(groups, "deny", 4) != 4) ||
			dprintf(fd, "0 %u 1", ids[i]) < 0)
			return -1;
	}
	return 0;
}

/* In a user namespace of its own, where anybody may mount. The result is an exit status. */
static int try_classic(const char *name, unsigned count)
{
	struct overlay o = {.upper = -1, .work = -1};
	own_fd int mount = -1, top = -1;
	struct err err;

	if (become_root() < 0)
		return CANNOT_TRY;
	/* not before: overlayfs takes mounts of the current namespace only */
	top = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top < 0 || add_layers(&o, top, count) < 0)
		return 2;
	mount = overlay_mount_classic(&o, &err);
	overlay_release(&o);
	if (mount < 0) {
		printf("%s\n", err.msg);
		return err.code == E_UNSUPPORTED ? 3 : 2;
	}
	return has_all(mount, count) ? 0 : 2;
}

static int status_of(unsigned count)
{
	char name[] = "/tmp/kist-overlay-XXXXXX";
	struct err err;
	int status = 0;
	pid_t pid;

	if (!mkdtemp(name))
		return 2;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(try_classic(name, count));
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 2;
	UNIT_OK(path_remove_tree(AT_FDCWD, name, &err), &err);
	return WEXITSTATUS(status);
}

static void expect(unsigned count, int status)
{
	int got = status_of(count);

	if (got == CANNOT_TRY)
		printf("not tried: no user namespaces here\n");
	else
		CU_ASSERT_EQUAL(got, status);
}

static void few(void)
{
	expect(2, 0);
	expect(40, 0);
}

static void many(void)
{
	expect(100, 0);
	expect(128, 0);
}

static void too_many(void)
{
	expect(129, 3);
}

UNIT_TESTS(overlay) = {
	{"the option of old kernels carries few layers by descriptor", few},
	{"the option of old kernels carries 128 layers", many},
	{"more layers than the option can carry are refused", too_many},
};
UNIT_COUNT(overlay)
