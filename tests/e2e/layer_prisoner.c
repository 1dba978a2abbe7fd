/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layer_prisoner DIR: enters the sandbox of `kist-layer unpack` and then does what an attacker who
 * has taken the worker over would do. Every attempt that succeeds is printed; the status is 1 then.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/layer/layer_sandbox.h"

static int escaped;

static void must_fail(const char *what, long result)
{
	if (result < 0)
		return;
	printf("succeeded: %s\n", what);
	escaped = 1;
}

static void reach_for_files(void)
{
	static const char *const paths[] = {"/etc/shadow", "../../../../etc/shadow", "/proc/1/root",
		"/proc/self/exe", "/dev/null", "/sys", "/.."};
	char one = 0;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths) - 1; i++)
		must_fail(paths[i], openat(AT_FDCWD, paths[i], O_RDONLY));
	/* a descriptor that the caller leaked */
	must_fail("inherited descriptor", openat(9, "etc/shadow", O_RDONLY));
	must_fail("reading the inherited descriptor", read(9, &one, 1));
	/* a device node may be made, as layers hold them, but not used */
	mknodat(AT_FDCWD, "mem", S_IFCHR | 0666, 1 << 8 | 5); /* /dev/zero */
	must_fail("opening a device", openat(AT_FDCWD, "mem", O_RDONLY));
}

static void reach_for_the_system(void)
{
	must_fail("socket", socket(AF_INET, SOCK_STREAM, 0));
	must_fail("unix socket", socket(AF_UNIX, SOCK_STREAM, 0));
	must_fail("fork", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	must_fail("exec", execl("/bin/sh", "sh", NULL));
	must_fail("ptrace", ptrace(PTRACE_TRACEME, 0, 0, 0));
	must_fail("mount", mount("none", "/", "tmpfs", 0, NULL));
	must_fail("chroot", syscall(SYS_chroot, "."));
	must_fail("unshare", unshare(CLONE_NEWUSER));
	must_fail("setns", syscall(SYS_setns, 0, 0));
	must_fail("kill", kill(1, 0));
	must_fail("bpf", syscall(SYS_bpf, 0, NULL, 0));
	must_fail("io_uring", syscall(SYS_io_uring_setup, 1, NULL));
	must_fail("setuid", syscall(SYS_setuid, 0));
	must_fail("open_by_handle_at", syscall(SYS_open_by_handle_at, 0, NULL, 0));
	must_fail("executable memory",
		mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
				MAP_FAILED
			? -1
			: 0);
}

int main(int argc, char **argv)
{
	struct layer_sandbox sandbox;
	struct err err;
	int dir = argc > 1 ? open(argv[1], O_RDONLY | O_DIRECTORY) : -1;

	if (dir < 0 || layer_sandbox_enter(dir, NULL, 0, true, &sandbox, &err) < 0 ||
		layer_sandbox_seal(&err) < 0) {
		printf("no sandbox: %s\n", dir < 0 ? "no directory" : err.msg);
		return 2;
	}
	reach_for_files();
	reach_for_the_system();
	fflush(stdout);
	return escaped;
}
