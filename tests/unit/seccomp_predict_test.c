/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "runtime/seccomp.h"
#include "tests/unit/unit.h"

#define REFUSED 97 /* nothing that is called here fails so by itself */

/* Harmless calls, which are made with what is predicted. */
static const struct {
	int number;
	uint64_t arg0, arg1;
} calls[] = {
	{SYS_getppid, 0, 0},
	{SYS_getpgid, 0, 0},
	{SYS_close, ~0U, 0},
	{SYS_close, 1000, 0},
	{SYS_prctl, PR_GET_DUMPABLE, 0},
	{SYS_prctl, PR_GET_KEEPCAPS, 0},
	{SYS_dup3, ~0U, 5},
	{SYS_dup3, ~0U, 6},
	{SYS_dup3, ~0U, (1ULL << 32) + 5},
	{SYS_ioctl, ~0U, TIOCSCTTY},
	{SYS_ioctl, ~0U, 0x1200},
	{SYS_ioctl, ~0U, 0x1234},
	{SYS_fcntl, ~0U, 40},
	{SYS_fcntl, ~0U, 41},
};

/* In a child, under the filter: the first call whose fate is not what was predicted, from 1 on. */
static int compare(const struct seccomp_filter *f)
{
	bool lets[ARRAY_LEN(calls)];
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		lets[i] = filter_lets(f, calls[i].number, calls[i].arg0, calls[i].arg1);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || filter_load(f, &err) < 0)
		return 100;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		long r = syscall(calls[i].number, calls[i].arg0, calls[i].arg1, 0, 0, 0, 0);

		if (lets[i] == (r < 0 && errno == REFUSED))
			return (int)i + 1;
	}
	return 0;
}

static struct strings one(const char **name)
{
	return (struct strings){.items = name, .count = 1};
}

static void agree(bool refuse)
{
	const char *names[] = {"getpgid", "prctl", "dup3", "ioctl", "fcntl"};
	uint32_t code = REFUSED;
	struct seccomp_arg args[] = {{.index = 0, .value = PR_GET_KEEPCAPS, .op = "SCMP_CMP_EQ"},
		{.index = 1, .value = 6, .op = "SCMP_CMP_LT"},
		{.index = 1, .value = 0xff, .value_two = 0x34, .op = "SCMP_CMP_MASKED_EQ"},
		{.index = 1, .value = 41, .op = "SCMP_CMP_GE"}};
	struct seccomp_rule rules[ARRAY_LEN(names)];
	struct seccomp_config config = {
		.default_action = refuse ? "SCMP_ACT_ALLOW" : "SCMP_ACT_ERRNO",
		.default_errno_ret = &code,
		.syscalls = {.items = rules, .count = ARRAY_LEN(rules)}};
	own_fd int fd = memfd_create("filter", MFD_CLOEXEC);
	struct seccomp_filter f = {0};
	struct err err;
	int status;
	pid_t pid;

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		rules[i] = (struct seccomp_rule){.names = one(&names[i]),
			.action = refuse ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW",
			.errno_ret = refuse ? &code : NULL};
		if (i) {
			rules[i].args.items = &args[i - 1];
			rules[i].args.count = 1;
		}
	}
	UNIT_OK(seccomp_compile(&config, fd, &err), &err);
	f.map_size = (size_t)lseek(fd, 0, SEEK_END);
	f.program = mmap(NULL, f.map_size, PROT_READ, MAP_PRIVATE, fd, 0);
	f.count = (unsigned short)(f.map_size / sizeof(*f.program));
	CU_ASSERT_FATAL(f.program != MAP_FAILED);
	CU_ASSERT_EQUAL(filter_lets(&f, SYS_getppid, 0, 0), refuse);
	CU_ASSERT_EQUAL(filter_lets(&f, SYS_getpgid, 0, 0), !refuse);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		/* the policy may forbid exit_group(2) and all that would say why */
		_exit(refuse ? compare(&f) : 0);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	munmap((void *)f.program, f.map_size);
}

static void refusing(void)
{
	agree(true);
}

static void allowing(void)
{
	agree(false);
}

static void no_program(void)
{
	static const struct sock_filter log[] = {BPF_STMT(BPF_RET | BPF_K, 0x7ffc0000)};
	static const struct sock_filter endless[] = {BPF_STMT(BPF_LD | BPF_IMM, 1)};
	static const struct sock_filter by_cells[] = {BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1), BPF_STMT(BPF_ST, 3),
		BPF_STMT(BPF_LDX | BPF_MEM, 3), BPF_STMT(BPF_MISC | BPF_TXA, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 32, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0x7fff0000), BPF_STMT(BPF_RET | BPF_K, 0)};
	struct seccomp_filter f = {.program = log, .count = ARRAY_LEN(log)};

	CU_ASSERT_TRUE(filter_lets(&f, SYS_getppid, 0, 0));
	f = (struct seccomp_filter){.program = endless, .count = ARRAY_LEN(endless)};
	CU_ASSERT_FALSE(filter_lets(&f, SYS_getppid, 0, 0));
	f = (struct seccomp_filter){.program = by_cells, .count = ARRAY_LEN(by_cells)};
	CU_ASSERT_TRUE(filter_lets(&f, SYS_getppid, 0, 0));
}

UNIT_TESTS(seccomp_predict) = {
	{"what a filter will refuse is what the kernel then refuses", refusing},
	{"the same where only what is named passes", allowing},
	{"a program without an end lets nothing pass, a log passes, cells hold", no_program},
};
UNIT_COUNT(seccomp_predict)
