/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/seccomp.h"

#define ERRNO_DEFAULT 1 /* EPERM: config-linux.md, Seccomp */

static const struct {
	const char *name;
	uint32_t value;
} actions[] = {
	{"SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD},
	{"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD},
	{"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS},
	{"SCMP_ACT_TRAP", SCMP_ACT_TRAP},
	{"SCMP_ACT_LOG", SCMP_ACT_LOG},
	{"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW},
	{"SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY},
};

static const struct {
	const char *name;
	enum scmp_compare value;
} operators[] = {
	{"SCMP_CMP_NE", SCMP_CMP_NE},
	{"SCMP_CMP_LT", SCMP_CMP_LT},
	{"SCMP_CMP_LE", SCMP_CMP_LE},
	{"SCMP_CMP_EQ", SCMP_CMP_EQ},
	{"SCMP_CMP_GE", SCMP_CMP_GE},
	{"SCMP_CMP_GT", SCMP_CMP_GT},
	{"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
};

static int parse_action(const char *name, const uint32_t *errno_ret, uint32_t *out, struct err *err)
{
	uint32_t code = errno_ret ? *errno_ret : ERRNO_DEFAULT;

	if (strcmp(name, "SCMP_ACT_ERRNO") == 0 || strcmp(name, "SCMP_ACT_TRACE") == 0) {
		*out = name[9] == 'E' ? SCMP_ACT_ERRNO(code) : SCMP_ACT_TRACE(code);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (strcmp(name, actions[i].name) == 0) {
			*out = actions[i].value;
			return 0;
		}
	}
	return err_set(err, E_SYNTAX, "linux.seccomp: action '%s' is unknown", name);
}

static int parse_argument(const struct seccomp_arg *a, struct scmp_arg_cmp *out, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
		if (strcmp(a->op, operators[i].name) != 0)
			continue;
		*out = (struct scmp_arg_cmp){.arg = a->index,
			.op = operators[i].value,
			.datum_a = a->value,
			.datum_b = a->value_two};
		return 0;
	}
	return err_set(err, E_SYNTAX, "linux.seccomp: operator '%s' is unknown", a->op);
}

static int add_rule(scmp_filter_ctx ctx, uint32_t action, const char *name,
	const struct scmp_arg_cmp *args, unsigned count, struct err *err)
{
	int call = seccomp_syscall_resolve_name(name), r;

	/* a policy names calls of all architectures and of newer kernels */
	if (call == __NR_SCMP_ERROR)
		return 0;
	r = seccomp_rule_add_array(ctx, action, call, count, args);
	if (r < 0)
		return err_set(err, -r, "linux.seccomp: rule for '%s': %s", name, strerror(-r));
	return 0;
}

static bool index_repeats(const struct scmp_arg_cmp *args, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (args[i].arg == args[j].arg)
				return true;
	return false;
}

static int add_rules(
	scmp_filter_ctx ctx, const struct seccomp_rule *rule, uint32_t fallback, struct err *err)
{
	struct scmp_arg_cmp args[SECCOMP_ARGS_MAX];
	size_t nargs = rule->args.count;
	uint32_t action;

	if (parse_action(rule->action, rule->errno_ret, &action, err) < 0)
		return -err->code;
	if (action == fallback)
		return 0; /* libseccomp refuses what changes nothing */
	if (nargs > SECCOMP_ARGS_MAX)
		return err_set(err, E_LIMIT, "linux.seccomp: more than %d arguments in a rule",
			SECCOMP_ARGS_MAX);
	for (size_t i = 0; i < nargs; i++)
		if (parse_argument(&rule->args.items[i], &args[i], err) < 0)
			return -err->code;
	for (size_t i = 0; i < rule->names.count; i++) {
		/* two conditions on one argument are two rules of which one is enough, as in runc
		 */
		bool apart = index_repeats(args, nargs);

		for (size_t k = 0; k < (apart ? nargs : 1); k++)
			if (add_rule(ctx, action, rule->names.items[i], apart ? &args[k] : args,
				    apart ? 1 : (unsigned)nargs, err) < 0)
				return -err->code;
	}
	return 0;
}

/* "SCMP_ARCH_X86_64" is "x86_64" to libseccomp. */
static int resolve_architecture(const char *word, uint32_t *arch, struct err *err)
{
	char name[32] = "";

	for (size_t k = 0; word[k] && k + 11 < sizeof(name); k++)
		if (k >= 10)
			name[k - 10] = (char)(word[k] | 0x20);
	for (char *p = name; *p; p++)
		*p = *p == 0x7f ? '_' : *p; /* '_' | 0x20 */
	*arch = seccomp_arch_resolve_name(name);
	return *arch ? 0
		     : err_set(err, E_SYNTAX, "linux.seccomp: architecture '%s' is unknown", word);
}

static int add_architectures(scmp_filter_ctx ctx, const struct strings *list, struct err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		uint32_t arch;
		int r;

		if (resolve_architecture(list->items[i], &arch, err) < 0)
			return -err->code;
		r = seccomp_arch_add(ctx, arch);
		if (r < 0 && r != -EEXIST)
			return err_set(err, -r, "linux.seccomp: architecture '%s': %s",
				list->items[i], strerror(-r));
	}
	return 0;
}

static int build(scmp_filter_ctx ctx, const struct seccomp_config *config, uint32_t fallback,
	int fd, struct err *err)
{
	int r;

	if (add_architectures(ctx, &config->architectures, err) < 0)
		return -err->code;
	/* a binary tree over the numbers: the kernel walks it for every call, also when loading */
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; i < config->syscalls.count; i++)
		if (add_rules(ctx, &config->syscalls.items[i], fallback, err) < 0)
			return -err->code;
	r = seccomp_export_bpf(ctx, fd);
	return r < 0 ? err_set(err, -r, "cannot compile the seccomp filter: %s", strerror(-r)) : 0;
}

/*
 * socketcall(2) has the arguments of socket(2) in memory, where no filter sees them. libseccomp
 * lets socketcall's number 1 pass where a policy allows some sockets only, and so all. Unless the
 * policy names socketcall itself, what is not allowed for every argument is not by this way.
 */
static bool hides_sockets(const struct seccomp_config *config)
{
	bool some = false;

	for (size_t i = 0; i < config->syscalls.count; i++) {
		const struct seccomp_rule *rule = &config->syscalls.items[i];
		bool passes = strcmp(rule->action, "SCMP_ACT_ALLOW") == 0 ||
			strcmp(rule->action, "SCMP_ACT_LOG") == 0;

		for (size_t k = 0; passes && k < rule->names.count; k++) {
			bool socket = strcmp(rule->names.items[k], "socket") == 0;

			if (!socket && strcmp(rule->names.items[k], "socketcall") != 0)
				continue;
			if (!rule->args.count)
				return false;
			some |= socket;
		}
	}
	return some;
}

/* In front of libseccomp's program: socketcall(1, ...) gets the default action. */
static int refuse_socketcall(uint32_t fallback, int fd, struct err *err)
{
	static const uint32_t architectures[] = {
		AUDIT_ARCH_I386, AUDIT_ARCH_PPC64LE, AUDIT_ARCH_S390, AUDIT_ARCH_S390X};
	enum { COUNT = ARRAY_LEN(architectures), CALL = 102, SOCKET = 1 };
	struct sock_filter program[COUNT + 7];
	bool big_endian = htons(1) == 1;
	size_t n = 0;
	int r;

	program[n++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	for (size_t i = 0; i < COUNT; i++)
		program[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, architectures[i], (unsigned char)(COUNT - i), 0);
	program[n++] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 5);
	program[n++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALL, 0, 3);
	/* the kernel looks at the lower half */
	program[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, args) + (big_endian ? 4 : 0));
	program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCKET, 0, 1);
	program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, fallback);
	r = io_write_full(fd, program, n * sizeof(*program));
	return r < 0 ? err_set(err, -r, "cannot write the seccomp filter: %s", strerror(-r)) : 0;
}

/* Does a call that no rule names get through, or to somebody who can answer for it? */
static bool is_permissive(uint32_t action)
{
	action &= SECCOMP_RET_ACTION_FULL;
	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG ||
		action == SECCOMP_RET_TRACE || action == SECCOMP_RET_USER_NOTIF;
}

/* The highest number among the calls that the policy names; -1: none of this architecture. */
static int last_call(const struct seccomp_config *config, uint32_t arch)
{
	int last = -1;

	for (size_t i = 0; i < config->syscalls.count; i++) {
		const struct strings *names = &config->syscalls.items[i].names;

		for (size_t k = 0; k < names->count; k++) {
			int call = seccomp_syscall_resolve_name_arch(arch, names->items[k]);

			if (call > last)
				last = call;
		}
	}
	return last;
}

/* Calls of one table, from "from" to below "to", with a number above last: not known. */
static size_t add_unknown(
	struct sock_filter *out, uint32_t audit, uint32_t from, uint32_t to, uint32_t last)
{
	const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, audit, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, from, 0, 3),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, to, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, last, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	};

	memcpy(out, program, sizeof(program));
	return ARRAY_LEN(program);
}

/*
 * A policy made before a call was cannot have forbidden it: the C library, which asks for it first
 * and has another way, hears that the kernel does not have it, as on an older one. What is newer
 * is known by its number.
 */
static int answer_unknown(const struct seccomp_config *config, int fd, struct err *err)
{
	enum { X32 = 0x40000000, UNKNOWN = 7 };
	size_t count = config->architectures.count + 1, n = 0;
	own_mem uint32_t *archs = xcalloc(count, sizeof(*archs));
	own_mem struct sock_filter *program = xcalloc(count * UNKNOWN, sizeof(*program));
	int r;

	archs[0] = seccomp_arch_native();
	for (size_t i = 1; i < count; i++)
		if (resolve_architecture(config->architectures.items[i - 1], &archs[i], err) < 0)
			return -err->code;
	for (size_t i = 0; i < count; i++) {
		/* x32 is x86_64 to the kernel, with a bit set in the number */
		bool x32 = archs[i] == SCMP_ARCH_X32, twice = false;
		int last = last_call(config, archs[i]);

		for (size_t k = 0; k < i; k++)
			twice |= archs[k] == archs[i];
		if (last >= 0 && !twice)
			n += add_unknown(program + n, x32 ? AUDIT_ARCH_X86_64 : archs[i],
				x32 ? X32 : 0, x32 ? 0x80000000U : X32, (uint32_t)last);
	}
	r = io_write_full(fd, program, n * sizeof(*program));
	return r < 0 ? err_set(err, -r, "cannot write the seccomp filter: %s", strerror(-r)) : 0;
}

int seccomp_compile(const struct seccomp_config *config, int fd, struct err *err)
{
	scmp_filter_ctx ctx;
	uint32_t fallback;
	int r;

	if (parse_action(config->default_action, config->default_errno_ret, &fallback, err) < 0)
		return -err->code;
	ctx = seccomp_init(fallback);
	if (!ctx)
		return err_set(err, EINVAL, "linux.seccomp: defaultAction '%s' is refused",
			config->default_action);
	r = fallback != SCMP_ACT_ALLOW && hides_sockets(config)
		? refuse_socketcall(fallback, fd, err)
		: 0;
	if (r == 0 && !is_permissive(fallback) && fallback != SCMP_ACT_ERRNO(ENOSYS))
		r = answer_unknown(config, fd, err);
	if (r == 0)
		r = build(ctx, config, fallback, fd, err);
	seccomp_release(ctx);
	return r;
}
