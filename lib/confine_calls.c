/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of system calls, compiled by hand. Names that an architecture does not have are left out.
 */
#include "lib/confine_calls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/confine.h"
#include "lib/own.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__arm__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH AUDIT_ARCH_ARM
#elif defined(__i386__)
#define ARCH AUDIT_ARCH_I386
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH AUDIT_ARCH_PPC64LE
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
#define ARCH AUDIT_ARCH_S390X
#else
/* cppcheck-suppress preprocessorErrorDirective */
#error "add this architecture's AUDIT_ARCH"
#endif

static const unsigned short stream_calls[] = {
	SYS_read,
	SYS_write,
	SYS_writev,
	SYS_close,
	SYS_lseek,
#ifdef SYS__llseek
	SYS__llseek,
#endif
	SYS_fstat,
#ifdef SYS_fstat64
	SYS_fstat64,
#endif
#ifdef SYS_newfstatat
	SYS_newfstatat,
#endif
#ifdef SYS_fstatat64
	SYS_fstatat64,
#endif
	SYS_brk,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_futex,
#ifdef SYS_futex_time64
	SYS_futex_time64,
#endif
	SYS_getrandom,
	SYS_rt_sigreturn,
#ifdef SYS_sigreturn
	SYS_sigreturn,
#endif
	SYS_restart_syscall,
	SYS_exit,
	SYS_exit_group,
#ifdef __SANITIZE_ADDRESS__
	SYS_sigaltstack,
	SYS_getpid,
	SYS_gettid,
	SYS_sched_yield,
	SYS_rt_sigprocmask,
#endif
};

static const unsigned short read_calls[] = {
	SYS_openat,
	SYS_openat2,
	SYS_fcntl,
#ifdef SYS_fcntl64
	SYS_fcntl64,
#endif
	SYS_getdents64,
	SYS_readlinkat,
	SYS_statx,
	SYS_getxattr,
	SYS_lgetxattr,
	SYS_fgetxattr,
	SYS_listxattr,
	SYS_llistxattr,
	SYS_flistxattr,
};

static const unsigned short file_calls[] = {
	SYS_openat,
	SYS_openat2,
	SYS_fcntl,
#ifdef SYS_fcntl64
	SYS_fcntl64,
#endif
	SYS_getdents64,
	SYS_readlinkat,
	SYS_ftruncate,
#ifdef SYS_ftruncate64
	SYS_ftruncate64,
#endif
	SYS_mkdirat,
	SYS_mknodat,
	SYS_linkat,
	SYS_symlinkat,
	SYS_unlinkat,
#ifdef SYS_renameat
	SYS_renameat,
#endif
	SYS_renameat2,
	SYS_fchown,
	SYS_fchownat,
	SYS_fchmod,
	SYS_fchmodat,
	SYS_utimensat,
#ifdef SYS_utimensat_time64
	SYS_utimensat_time64,
#endif
	SYS_fsetxattr,
};

static const unsigned short thread_calls[] = {
	SYS_sched_yield,
	SYS_getpid,
	SYS_gettid,
	SYS_tgkill,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
};

static const unsigned short splice_calls[] = {
	SYS_splice,
};

/* Allowed unless the memory is to be executable. */
static const unsigned short memory_calls[] = {
#ifdef SYS_mmap2
	SYS_mmap2,
#elif !defined(__s390x__)
	SYS_mmap,
#endif
	SYS_mprotect,
};

#ifdef __s390x__
/* its arguments are in memory, where a filter cannot look: mprotect(2) alone is checked there */
static const unsigned short unchecked_calls[] = {SYS_mmap};
#endif

/* The kernel's own state, other processes, and what is attacked most. */
static const unsigned short kernel_calls[] = {
	SYS_acct,
	SYS_add_key,
	SYS_adjtimex,
	SYS_bpf,
	SYS_clock_adjtime,
	SYS_clock_settime,
	SYS_delete_module,
	SYS_finit_module,
	SYS_init_module,
#ifdef SYS_io_uring_setup
	SYS_io_uring_enter,
	SYS_io_uring_register,
	SYS_io_uring_setup,
#endif
#ifdef SYS_ioperm
	SYS_ioperm,
#endif
#ifdef SYS_iopl
	SYS_iopl,
#endif
	SYS_kcmp,
#ifdef SYS_kexec_file_load
	SYS_kexec_file_load,
#endif
	SYS_kexec_load,
	SYS_keyctl,
	SYS_migrate_pages,
#ifdef SYS_modify_ldt
	SYS_modify_ldt,
#endif
	SYS_move_pages,
	SYS_name_to_handle_at,
	SYS_open_by_handle_at,
	SYS_perf_event_open,
	SYS_personality,
#ifdef SYS_pidfd_getfd
	SYS_pidfd_getfd,
#endif
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_ptrace,
	SYS_quotactl,
	SYS_reboot,
	SYS_request_key,
	SYS_settimeofday,
	SYS_swapoff,
	SYS_swapon,
	SYS_syslog,
	SYS_userfaultfd,
	SYS_vhangup,
};

static const unsigned short mount_calls[] = {
	SYS_chroot,
	SYS_execve,
	SYS_execveat,
	SYS_mount,
	SYS_pivot_root,
	SYS_setns,
	SYS_umount2,
	SYS_unshare,
#ifdef SYS_fsopen
	SYS_fsconfig,
	SYS_fsmount,
	SYS_fsopen,
	SYS_fspick,
	SYS_move_mount,
	SYS_open_tree,
#endif
#ifdef SYS_mount_setattr
	SYS_mount_setattr,
#endif
};

#define LIST(calls)                                                                                \
	{                                                                                          \
		calls, ARRAY_LEN(calls)                                                            \
	}

struct call_list {
	const unsigned short *calls;
	size_t count;
};

static const struct {
	unsigned group;
	struct call_list list;
} allowed[] =
	{
		{CONFINE_CALLS_STREAM, LIST(stream_calls)},
#ifdef __s390x__
		{CONFINE_CALLS_STREAM, LIST(unchecked_calls)},
#endif
		{CONFINE_CALLS_READ, LIST(read_calls)},
		{CONFINE_CALLS_FILES, LIST(file_calls)},
		{CONFINE_CALLS_THREADS, LIST(thread_calls)},
		{CONFINE_CALLS_SPLICE, LIST(splice_calls)},
},
  refused[] = {
	  {CONFINE_CALLS_NO_KERNEL, LIST(kernel_calls)},
	  {CONFINE_CALLS_NO_MOUNTS, LIST(mount_calls)},
};

#ifdef __SANITIZE_ADDRESS__
/* The search for leaks at exit traces the process from another one, which filters forbid. */
int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 0;
}
#endif

#define CODE_MAX 128

struct filter {
	struct sock_filter code[CODE_MAX];
	unsigned short len;
};

static void add(struct filter *f, struct sock_filter instruction)
{
	f->code[f->len++] = instruction;
}

#define LOAD(field)                                                                                \
	(struct sock_filter)                                                                       \
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define RETURN(value) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, (value))
#define JUMP(op, value, yes, no)                                                                   \
	(struct sock_filter) BPF_JUMP(BPF_JMP | (op) | BPF_K, (value), (yes), (no))

/* Each of the calls returns answer. */
static void answer_calls(struct filter *f, const struct call_list *list, uint32_t answer)
{
	for (size_t i = 0; i < list->count; i++)
		add(f,
			JUMP(BPF_JEQ, list->calls[i], (unsigned char)(list->count - 1 - i),
				(unsigned char)(i + 1 == list->count)));
	add(f, RETURN(answer));
}

/* The low half of an argument: on big-endian machines it is the second word. */
#define PROT_AT                                                                                    \
	((uint32_t)offsetof(struct seccomp_data, args[2]) +                                        \
		(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0))

static void check_memory(struct filter *f)
{
	const size_t n = ARRAY_LEN(memory_calls);

	for (size_t i = 0; i < n; i++)
		add(f,
			JUMP(BPF_JEQ, memory_calls[i], (unsigned char)(n - 1 - i),
				(unsigned char)(i + 1 == n ? 4 : 0)));
	add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, PROT_AT));
	add(f, JUMP(BPF_JSET, PROT_EXEC, 0, 1));
	add(f, RETURN(SECCOMP_RET_ERRNO | EPERM));
	add(f, RETURN(SECCOMP_RET_ALLOW));
}

int confine_calls_filter(unsigned groups, struct err *err)
{
	struct filter f = {.len = 0};
	struct sock_fprog program = {.filter = f.code};
	bool all_but = groups & CONFINE_CALLS_NO_KERNEL;

	_Static_assert(ARRAY_LEN(stream_calls) + ARRAY_LEN(read_calls) + ARRAY_LEN(file_calls) +
				ARRAY_LEN(thread_calls) + ARRAY_LEN(splice_calls) + 24 <
			CODE_MAX,
		"room for the filter");
	add(&f, LOAD(arch));
	add(&f, JUMP(BPF_JEQ, ARCH, 1, 0));
	add(&f, RETURN(SECCOMP_RET_KILL_PROCESS));
	add(&f, LOAD(nr));
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (groups & refused[i].group)
			answer_calls(&f, &refused[i].list, SECCOMP_RET_ERRNO | ENOSYS);
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		if (groups & allowed[i].group)
			answer_calls(&f, &allowed[i].list, SECCOMP_RET_ALLOW);
	if (!all_but)
		check_memory(&f);
	add(&f, RETURN(all_but ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | ENOSYS));
	program.len = f.len;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0)
		return err_errno(err, "cannot set the system call filter");
	return 0;
}
