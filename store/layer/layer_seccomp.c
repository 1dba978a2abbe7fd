/* SPDX-License-Identifier: Apache-2.0 */
/* The system call filter of kist-layer: a list of what may be called, compiled by hand. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/own.h"
#include "store/layer/layer_sandbox.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
/* cppcheck-suppress preprocessorErrorDirective */
#error "add this architecture's AUDIT_ARCH"
#endif

static const unsigned allowed[] = {
	/* data in and out */
	SYS_read,
	SYS_write,
	SYS_writev,
	SYS_lseek,
	SYS_ftruncate,
	SYS_close,
	SYS_fcntl,
	/* files beneath the root */
	SYS_openat,
	SYS_openat2,
	SYS_fstat,
	SYS_newfstatat,
	SYS_getdents64,
	SYS_mkdirat,
	SYS_mknodat,
	SYS_linkat,
	SYS_symlinkat,
	SYS_readlinkat,
	SYS_unlinkat,
	SYS_renameat,
	SYS_renameat2,
	SYS_fchown,
	SYS_fchownat,
	SYS_fchmod,
	SYS_fchmodat,
	SYS_utimensat,
	SYS_fsetxattr,
	/* memory, threads that exist, the end */
	SYS_brk,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_futex,
	SYS_sched_yield,
	SYS_getrandom,
	SYS_getpid,
	SYS_gettid,
	SYS_tgkill,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_restart_syscall,
	SYS_exit,
	SYS_exit_group,
#ifdef __SANITIZE_ADDRESS__
	SYS_sigaltstack,
#endif
};

#ifdef __SANITIZE_ADDRESS__
/* The search for leaks at exit starts a process, which the filter forbids: unit tests do it. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

/* Allowed unless the memory is to be executable. */
static const unsigned memory[] = {SYS_mmap, SYS_mprotect};

#define LOAD(field)   BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define NCALLS        (ARRAY_LEN(allowed) + ARRAY_LEN(memory))

int layer_sandbox_seal(struct err *err)
{
	/* an unknown call fails as on an old kernel: libraries know what to do then */
	const struct sock_filter tail[] = {
		RETURN(SECCOMP_RET_ERRNO | ENOSYS),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD(args[2]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
		RETURN(SECCOMP_RET_ERRNO | EPERM),
		RETURN(SECCOMP_RET_ALLOW),
	};
	enum { DENY, ALLOW, CHECK_EXEC };
	struct sock_filter code[4 + NCALLS + ARRAY_LEN(tail)] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
	};
	struct sock_fprog program = {.len = ARRAY_LEN(code), .filter = code};
	size_t at = 4;

	for (size_t i = 0; i < NCALLS; i++, at++) {
		size_t m = i - ARRAY_LEN(allowed);
		bool plain = i < ARRAY_LEN(allowed);
		unsigned char jump = (unsigned char)(NCALLS - 1 - i + (plain ? ALLOW : CHECK_EXEC));

		code[at] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, plain ? allowed[i] : memory[m], jump, 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(tail); i++)
		code[at + i] = tail[i];
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0)
		return err_errno(err, "cannot set the system call filter");
	return 0;
}
