/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prisoner PROGRAM INSIDE OUTSIDE ATTEMPT: gives up what PROGRAM gives up (a name of
 * confine_policies, or "none") with INSIDE as the directory of its files, and then does what an
 * attacker who has taken it over would do. The status is 0 when that worked, 1 when it did not,
 * 2 when there was no confinement. Without arguments the names of all are printed; "landlock"
 * prints the version of Landlock that the kernel has, or -1.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/confine.h"
#include "lib/own.h"
#include "store/layer/layer_root.h"

static char inside[4096], outside[4096];

static int open_in(const char *dir, const char *name, int flags)
{
	char path[5000];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return open(path, flags | O_CLOEXEC, 0600);
}

static bool read_inside(void)
{
	return open_in(inside, "file", O_RDONLY) >= 0;
}

static bool read_outside(void)
{
	return open_in(outside, "file", O_RDONLY) >= 0;
}

static bool write_inside(void)
{
	return open_in(inside, "new", O_WRONLY | O_CREAT) >= 0;
}

static bool write_outside(void)
{
	return open_in(outside, "new", O_WRONLY | O_CREAT) >= 0;
}

static bool climb(void)
{
	char path[5000];

	snprintf(path, sizeof(path), "%s/../../../../../../etc/passwd", inside);
	return open(path, O_RDONLY | O_CLOEXEC) >= 0;
}

/* A directory of the host that a caller left open as 9. */
static bool use_leaked(void)
{
	return openat(9, "etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
}

static bool give_away(void)
{
	char path[5000];

	snprintf(path, sizeof(path), "%s/file", inside);
	return fchownat(AT_FDCWD, path, 1, 1, 0) == 0;
}

static bool make_device(void)
{
	char path[5000];

	snprintf(path, sizeof(path), "%s/null", inside);
	return mknodat(AT_FDCWD, path, S_IFCHR | 0600, 1 << 8 | 3) == 0;
}

static bool use_device(void)
{
	return open_in(inside, "zero", O_RDONLY) >= 0;
}

static bool speak_tcp(void)
{
	const struct sockaddr_in nobody = {.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0 &&
		(connect(fd, (const struct sockaddr *)&nobody, sizeof(nobody)) == 0 ||
			errno == ECONNREFUSED);
}

static bool speak_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static bool speak_raw(void)
{
	return socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP) >= 0;
}

static bool start_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool execute(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return false;
}

static bool make_executable(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
		MAP_FAILED;
}

static bool trace(void)
{
	return ptrace(PTRACE_TRACEME, 0, 0, 0) == 0;
}

static bool read_memory(void)
{
	char from = 'x', to = 0;
	struct iovec local = {&to, 1}, remote = {&from, 1};

	return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == 1;
}

static bool signal_others(void)
{
	return kill(1, 0) == 0;
}

static bool mount_something(void)
{
	return mount("none", *inside ? inside : "/", "tmpfs", 0, NULL) == 0;
}

static bool change_root(void)
{
	return chroot(*inside ? inside : "/") == 0;
}

static bool new_namespace(void)
{
	return unshare(CLONE_NEWNET) == 0;
}

static bool change_user(void)
{
	return setuid(1) == 0;
}

static bool name_host(void)
{
	char name[256];

	return gethostname(name, sizeof(name)) == 0 && sethostname(name, strlen(name)) == 0;
}

/* There is none of that name: whoever may unload hears so. */
static bool unload_module(void)
{
	return syscall(SYS_delete_module, "kist_no_such_module", O_NONBLOCK) == 0 ||
		errno == ENOENT;
}

static bool use_bpf(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = attr.value_size = 4;
	attr.max_entries = 1;
	return syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)) >= 0;
}

static bool use_io_uring(void)
{
	char parameters[120] = {0};

	return syscall(SYS_io_uring_setup, 1, parameters) >= 0;
}

static bool use_perf(void)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK};

	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0) >= 0;
}

static bool use_keys(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1) >= 0;
}

static bool open_by_handle(void)
{
	char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	struct file_handle *handle = (struct file_handle *)space;
	int mount_id, dir = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	handle->handle_bytes = MAX_HANDLE_SZ;
	return name_to_handle_at(AT_FDCWD, "/", handle, &mount_id, 0) == 0 &&
		open_by_handle_at(dir, handle, O_PATH) >= 0;
}

static const struct {
	const char *name;
	bool (*works)(void);
} attempts[] = {
	{"read-inside", read_inside},
	{"read-outside", read_outside},
	{"write-inside", write_inside},
	{"write-outside", write_outside},
	{"climb", climb},
	{"leaked-descriptor", use_leaked},
	{"give-away", give_away},
	{"make-device", make_device},
	{"use-device", use_device},
	{"tcp", speak_tcp},
	{"unix-socket", speak_unix},
	{"raw-socket", speak_raw},
	{"fork", start_process},
	{"exec", execute},
	{"executable-memory", make_executable},
	{"ptrace", trace},
	{"process-memory", read_memory},
	{"kill", signal_others},
	{"mount", mount_something},
	{"chroot", change_root},
	{"unshare", new_namespace},
	{"setuid", change_user},
	{"sethostname", name_host},
	{"module", unload_module},
	{"bpf", use_bpf},
	{"io_uring", use_io_uring},
	{"perf", use_perf},
	{"keys", use_keys},
	{"file-handle", open_by_handle},
};

static int enter(enum confine_program program, struct err *err)
{
	own_strv struct strv beneath = {0};

	if (program == CONFINE_LAYER_UNPACK || program == CONFINE_LAYER_UNPACK_OVERLAY) {
		int dir = open(inside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct layer_root root;

		if (layer_root_enter(dir, NULL, 0, &root, err) < 0)
			return -err->code;
		*inside = '\0';
	}
	strv_add(&beneath, *inside ? inside : "/");
	return confine_enter(program, &beneath, err);
}

int main(int argc, char **argv)
{
	struct err err;
	size_t program = 0;

	if (argc == 2 && strcmp(argv[1], "landlock") == 0)
		return printf("%ld\n", syscall(SYS_landlock_create_ruleset, NULL, 0, 1)) < 0;
	if (argc < 5) {
		for (size_t i = 0; i < ARRAY_LEN(attempts); i++)
			puts(attempts[i].name);
		return 0;
	}
	snprintf(inside, sizeof(inside), "%s", argv[2]);
	snprintf(outside, sizeof(outside), "%s", argv[3]);
	while (program < CONFINE_PROGRAMS &&
		strcmp(argv[1], confine_policies[program].program) != 0)
		program++;
	if (program == CONFINE_PROGRAMS && strcmp(argv[1], "none") != 0) {
		fprintf(stderr, "no such policy: %s\n", argv[1]);
		return 2;
	}
	if (program < CONFINE_PROGRAMS && enter((enum confine_program)program, &err) < 0) {
		fprintf(stderr, "not confined: %s\n", err.msg);
		return 2;
	}
	for (size_t i = 0; i < ARRAY_LEN(attempts); i++)
		if (strcmp(attempts[i].name, argv[4]) == 0)
			_exit(attempts[i].works() ? 0 : 1);
	return 2;
}
