/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docker's documented default seccomp policy as a table. What is not named gets EPERM; a group
 * with a capability counts when the container may hold it; a group with architectures counts where
 * one of them is built for.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "lib/own.h"
#include "spec/config_make.h"

#define ALLOW "SCMP_ACT_ALLOW"
#define ERRNO "SCMP_ACT_ERRNO"

/* Of include/linux/sched.h: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
#define CLONE_NEW_NAMESPACES 0x7e020000

#if defined(__x86_64__)
#define ARCHITECTURE  "amd64"
#define ARCHITECTURES "SCMP_ARCH_X86_64 SCMP_ARCH_X86 SCMP_ARCH_X32"
#elif defined(__i386__)
#define ARCHITECTURE  "x86"
#define ARCHITECTURES "SCMP_ARCH_X86"
#elif defined(__aarch64__)
#define ARCHITECTURE  "arm64"
#define ARCHITECTURES "SCMP_ARCH_AARCH64 SCMP_ARCH_ARM"
#elif defined(__arm__)
#define ARCHITECTURE  "arm"
#define ARCHITECTURES "SCMP_ARCH_ARM"
#elif defined(__powerpc64__)
#define ARCHITECTURE  "ppc64le"
#define ARCHITECTURES "SCMP_ARCH_PPC64LE"
#elif defined(__s390x__)
#define ARCHITECTURE  "s390x"
#define ARCHITECTURES "SCMP_ARCH_S390X SCMP_ARCH_S390"
#elif defined(__riscv)
#define ARCHITECTURE  "riscv64"
#define ARCHITECTURES "SCMP_ARCH_RISCV64"
#else
#define ARCHITECTURE  ""
#define ARCHITECTURES ""
#endif

static const char always[] =
	"accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod "
	"chown chown32 clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 "
	"clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 close "
	"close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 "
	"epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd "
	"eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fadvise64_64 "
	"fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat "
	"fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat "
	"fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex futex_requeue "
	"futex_time64 futex_wait futex_waitv futex_wake futimesat get_robust_list "
	"get_thread_area getcpu getcwd getdents getdents64 getegid getegid32 geteuid "
	"geteuid32 getgid getgid32 getgroups getgroups32 getitimer getpeername getpgid "
	"getpgrp getpid getppid getpriority getrandom getresgid getresgid32 getresuid "
	"getresuid32 getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday "
	"getuid getuid32 getxattr getxattrat inotify_add_watch inotify_init inotify_init1 "
	"inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents "
	"io_pgetevents_time64 io_setup io_submit ioctl ioprio_get ioprio_set ipc kill "
	"landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lchown32 "
	"lgetxattr link linkat listen listmount listxattr listxattrat llistxattr _llseek "
	"lremovexattr lseek lsetxattr lstat lstat64 madvise map_shadow_stack membarrier "
	"memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall "
	"mmap mmap2 mprotect mq_getsetattr mq_notify mq_open mq_timedreceive "
	"mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink mremap mseal "
	"msgctl msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at "
	"nanosleep newfstatat _newselect open openat openat2 pause pidfd_open "
	"pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll "
	"ppoll_time64 prctl pread64 preadv preadv2 prlimit64 process_mrelease "
	"process_vm_readv process_vm_writev pselect6 pselect6_time64 ptrace pwrite64 pwritev "
	"pwritev2 read readahead readlink readlinkat readv recv recvfrom recvmmsg "
	"recvmmsg_time64 recvmsg remap_file_pages removexattr removexattrat rename renameat "
	"renameat2 restart_syscall riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending "
	"rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait "
	"rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_get_priority_max "
	"sched_get_priority_min sched_getaffinity sched_getattr sched_getparam "
	"sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 "
	"sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield "
	"seccomp select semctl semget semop semtimedop semtimedop_time64 send sendfile "
	"sendfile64 sendmmsg sendmsg sendto set_robust_list set_thread_area set_tid_address "
	"setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 "
	"setitimer setpgid setpriority setregid setregid32 setresgid setresgid32 setresuid "
	"setresuid32 setreuid setreuid32 setrlimit setsid setsockopt setuid setuid32 setxattr "
	"setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 "
	"sigprocmask sigreturn socketpair splice stat stat64 statfs statfs64 "
	"statmount statx symlink symlinkat sync sync_file_range syncfs sysinfo tee tgkill "
	"time timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64 "
	"timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 "
	"timerfd_settime timerfd_settime64 times tkill truncate truncate64 ugetrlimit umask "
	"uname unlink unlinkat uretprobe utime utimensat utimensat_time64 utimes vfork "
	"vmsplice wait4 waitid waitpid write writev";

struct group {
	const char *names;
	const char *architectures;  /* words; NULL: all. "!" in front: all but these */
	const char *with, *without; /* a capability; NULL: whether or not */
	const char *image;          /* architecture of an image's config; NULL: any */
	const char *op;             /* NULL: whatever the arguments are */
	uint32_t index;
	uint64_t value;
	uint32_t errno_ret; /* 0: allowed */
};

static const struct group groups[] = {
	{.names = always},
	/*
	 * Sockets but AF_ALG (38) and AF_VSOCK (40), which reach out of the container. The kernel
	 * looks at 32 bits of the family and seccomp at 64, so "above 40" would let 2^32 + 40
	 * through: the families up to AF_MCTP (45) are named one by one. socketcall, by which
	 * 32-bit programs reach socket(2), too, has the family in memory, out of a filter's sight:
	 * only an image of 32 bits gets it, as its C library may know no other way.
	 */
	{.names = "socket", .op = "SCMP_CMP_LT", .value = 38},
	{.names = "socket", .op = "SCMP_CMP_EQ", .value = 39},
	{.names = "socket", .op = "SCMP_CMP_EQ", .value = 41},
	{.names = "socket", .op = "SCMP_CMP_EQ", .value = 42},
	{.names = "socket", .op = "SCMP_CMP_EQ", .value = 43},
	{.names = "socket", .op = "SCMP_CMP_EQ", .value = 44},
	{.names = "socket", .op = "SCMP_CMP_EQ", .value = 45},
	{.names = "socketcall", .image = "386"},
	{.names = "socketcall", .architectures = "s390x"},
	/* PER_LINUX, PER_LINUX32, each also with UNAME26; and asking for the present one */
	{.names = "personality", .op = "SCMP_CMP_EQ", .value = 0},
	{.names = "personality", .op = "SCMP_CMP_EQ", .value = 0x8},
	{.names = "personality", .op = "SCMP_CMP_EQ", .value = 0x20000},
	{.names = "personality", .op = "SCMP_CMP_EQ", .value = 0x20008},
	{.names = "personality", .op = "SCMP_CMP_EQ", .value = 0xffffffff},

	{.names = "sync_file_range2 swapcontext", .architectures = "ppc64le"},
	{.names = "arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls sync_file_range2",
		.architectures = "arm arm64"},
	{.names = "arch_prctl", .architectures = "amd64"},
	{.names = "modify_ldt", .architectures = "amd64 x86"},
	{.names = "s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr",
		.architectures = "s390x"},
	{.names = "riscv_flush_icache", .architectures = "riscv64"},

	{.names = "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie "
		  "lsm_get_self_attr lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount "
		  "open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog "
		  "umount umount2 unshare",
		.with = "CAP_SYS_ADMIN"},
	/* no new namespaces; s390 has clone's arguments in another order */
	{.names = "clone",
		.architectures = "!s390x",
		.without = "CAP_SYS_ADMIN",
		.op = "SCMP_CMP_MASKED_EQ",
		.index = 0,
		.value = CLONE_NEW_NAMESPACES},
	{.names = "clone",
		.architectures = "s390x",
		.without = "CAP_SYS_ADMIN",
		.op = "SCMP_CMP_MASKED_EQ",
		.index = 1,
		.value = CLONE_NEW_NAMESPACES},
	/* its flags lie in memory, out of a filter's sight; on ENOSYS the C library takes clone */
	{.names = "clone3", .without = "CAP_SYS_ADMIN", .errno_ret = ENOSYS},
	{.names = "open_by_handle_at", .with = "CAP_DAC_READ_SEARCH"},
	{.names = "reboot", .with = "CAP_SYS_BOOT"},
	{.names = "chroot", .with = "CAP_SYS_CHROOT"},
	{.names = "delete_module finit_module init_module", .with = "CAP_SYS_MODULE"},
	{.names = "acct", .with = "CAP_SYS_PACCT"},
	{.names = "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace",
		.with = "CAP_SYS_PTRACE"},
	{.names = "ioperm iopl", .with = "CAP_SYS_RAWIO"},
	{.names = "clock_settime clock_settime64 settimeofday stime", .with = "CAP_SYS_TIME"},
	{.names = "vhangup", .with = "CAP_SYS_TTY_CONFIG"},
	{.names = "get_mempolicy mbind set_mempolicy set_mempolicy_home_node",
		.with = "CAP_SYS_NICE"},
	{.names = "syslog", .with = "CAP_SYSLOG"},
	{.names = "bpf", .with = "CAP_BPF"},
	{.names = "perf_event_open", .with = "CAP_PERFMON"},
};

static struct strings split_words(const char *text, struct arena *a)
{
	struct strings words = {0};
	size_t count = 1, n;

	for (const char *s = text; *s; s++)
		count += *s == ' ';
	words.items = arena_array(a, count + 1, sizeof(*words.items));
	for (; *text; text += n + (text[n] == ' ')) {
		n = strcspn(text, " ");
		words.items[words.count++] = arena_strndup(a, text, n);
	}
	return words;
}

static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = strstr(words, word); s; s = strstr(s + 1, word))
		if ((s == words || s[-1] == ' ') && (s[n] == ' ' || !s[n]))
			return true;
	return false;
}

static bool counts(const struct group *g, const struct strings *capabilities, const char *image)
{
	const char *here = g->architectures;

	if (here &&
		(*here == '!' ? has_word(here + 1, ARCHITECTURE) : !has_word(here, ARCHITECTURE)))
		return false;
	if (g->image && (!image || strcmp(image, g->image) != 0))
		return false;
	return (!g->with || strings_has(capabilities, g->with)) &&
		(!g->without || !strings_has(capabilities, g->without));
}

static void add_rule(struct seccomp_rule *rule, const struct group *g, struct arena *a)
{
	rule->names = split_words(g->names, a);
	rule->action = g->errno_ret ? ERRNO : ALLOW;
	if (g->errno_ret) {
		rule->errno_ret = arena_alloc(a, sizeof(*rule->errno_ret));
		*rule->errno_ret = g->errno_ret;
	}
	if (!g->op)
		return;
	rule->args.items = arena_alloc(a, sizeof(*rule->args.items));
	rule->args.count = 1;
	*rule->args.items = (struct seccomp_arg){
		.index = g->index,
		.value = g->value,
		.op = g->op,
	};
}

struct seccomp_config *seccomp_default(
	const struct strings *capabilities, const char *image, struct arena *a)
{
	struct seccomp_config *s = arena_alloc(a, sizeof(*s));

	s->default_action = ERRNO;
	s->default_errno_ret = arena_alloc(a, sizeof(*s->default_errno_ret));
	*s->default_errno_ret = EPERM;
	s->architectures = split_words(ARCHITECTURES, a);
	s->syscalls.items = arena_array(a, ARRAY_LEN(groups), sizeof(*s->syscalls.items));
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		if (counts(&groups[i], capabilities, image))
			add_rule(&s->syscalls.items[s->syscalls.count++], &groups[i], a);
	return s;
}
