/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which system calls does the filter refuse that this process has? A second one is laid over it
 * that lets none pass to the kernel (SECCOMP_RET_TRACE without a tracer: ENOSYS), while a refusal
 * by the first one counts for more and is seen. One line each: "NUMBER ERRNO" of what was refused.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
	};
	struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};
	static char text[1 << 16];
	int last = argc > 1 ? atoi(argv[1]) : 0;
	size_t n = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		return 1;
	for (int nr = 0; nr <= last; nr++) {
		/* 335, 336: uretprobe and uprobe of x86-64, which no filter sees */
		if (nr == SYS_write || nr == SYS_exit_group || nr == 335 || nr == 336)
			continue;
		errno = 0;
		if (syscall(nr, 0, 0, 0, 0, 0, 0) != -1 || errno == ENOSYS)
			continue;
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%d %d\n", nr, errno);
	}
	return write(1, text, n) != (ssize_t)n;
}
