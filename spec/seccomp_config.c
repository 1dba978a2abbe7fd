/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/seccomp_config.h"

#include <string.h>

#include "spec/check.h"

static const struct schema_field arg_fields[] = {
	FIELD(struct seccomp_arg, index, "index", SCHEMA_UINT32,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct seccomp_arg, value, "value", SCHEMA_UINT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct seccomp_arg, value_two, "valueTwo", SCHEMA_UINT64),
	FIELD(struct seccomp_arg, op, "op", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
};

static const struct schema arg_schema = SCHEMA(struct seccomp_arg, arg_fields);

static const struct schema_field rule_fields[] = {
	FIELD(struct seccomp_rule, names, "names", SCHEMA_STRINGS, .flags = SCHEMA_REQUIRED),
	FIELD(struct seccomp_rule, action, "action", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct seccomp_rule, errno_ret, "errnoRet", SCHEMA_OPT_UINT32),
	FIELD(struct seccomp_rule, args, "args", SCHEMA_LIST, .sub = &arg_schema),
};

static const struct schema rule_schema = SCHEMA(struct seccomp_rule, rule_fields);

static const struct schema_field seccomp_fields[] = {
	FIELD(struct seccomp_config, default_action, "defaultAction", SCHEMA_STRING,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct seccomp_config, default_errno_ret, "defaultErrnoRet", SCHEMA_OPT_UINT32),
	FIELD(struct seccomp_config, architectures, "architectures", SCHEMA_STRINGS),
	FIELD(struct seccomp_config, flags, "flags", SCHEMA_STRINGS),
	FIELD(struct seccomp_config, listener_path, "listenerPath", SCHEMA_STRING),
	FIELD(struct seccomp_config, listener_metadata, "listenerMetadata", SCHEMA_STRING),
	FIELD(struct seccomp_config, syscalls, "syscalls", SCHEMA_LIST, .sub = &rule_schema),
};

const struct schema seccomp_config_schema = SCHEMA(struct seccomp_config, seccomp_fields);

static const struct check_words actions = {
	(const char *const[]){"SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL",
		"SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY",
		"SCMP_ACT_TRACE", "SCMP_ACT_TRAP", NULL},
	"a seccomp action",
};

static const struct check_words operators = {
	(const char *const[]){"SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE",
		"SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE", NULL},
	"a comparison of seccomp",
};

static const struct check_words architectures = {
	(const char *const[]){"SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM",
		"SCMP_ARCH_AARCH64", "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_MIPS",
		"SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64",
		"SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64", "SCMP_ARCH_PPC",
		"SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE", "SCMP_ARCH_RISCV64", "SCMP_ARCH_S390",
		"SCMP_ARCH_S390X", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB", NULL},
	"an architecture of seccomp",
};

static const struct check_words filter_flags = {
	(const char *const[]){"SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
		"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", NULL},
	"a flag of seccomp(2)",
};

/* The kernel keeps errno in the action's 16 data bits and returns at most 4095. */
static int check_errno(const char *action, const uint32_t *errno_ret, struct err *err)
{
	if (!errno_ret)
		return 0;
	if (strcmp(action, "SCMP_ACT_ERRNO") != 0 && strcmp(action, "SCMP_ACT_TRACE") != 0)
		return err_set(err, E_SYNTAX, "%s takes no errno", action);
	return *errno_ret > 4095 ? err_set(err, E_SYNTAX, "%u is no errno", *errno_ret) : 0;
}

static int check_rule(const struct seccomp_rule *r, struct err *err)
{
	if (!r->names.count)
		return err_set(err, E_SYNTAX, "names: must not be empty");
	if (check_word(r->action, &actions, err) < 0)
		return schema_error_at(err, "action");
	if (check_errno(r->action, r->errno_ret, err) < 0)
		return schema_error_at(err, "errnoRet");
	for (size_t i = 0; i < r->args.count; i++) {
		if (r->args.items[i].index >= SECCOMP_ARGS_MAX)
			return err_set(err, E_SYNTAX, "args[%zu].index: must be 0 to 5", i);
		if (check_word(r->args.items[i].op, &operators, err) < 0)
			return schema_error_at(err, "args[%zu].op", i);
	}
	return 0;
}

int seccomp_config_check(const struct seccomp_config *s, struct err *err)
{
	if (check_word(s->default_action, &actions, err) < 0)
		return schema_error_at(err, "defaultAction");
	if (check_errno(s->default_action, s->default_errno_ret, err) < 0)
		return schema_error_at(err, "defaultErrnoRet");
	if (check_all_words(&s->architectures, &architectures, err) < 0)
		return schema_error_at(err, "architectures");
	if (check_all_words(&s->flags, &filter_flags, err) < 0)
		return schema_error_at(err, "flags");
	if (s->listener_metadata && *s->listener_metadata && !s->listener_path)
		return err_set(err, E_SYNTAX, "listenerMetadata: needs listenerPath");
	for (size_t i = 0; i < s->syscalls.count; i++)
		if (check_rule(&s->syscalls.items[i], err) < 0)
			return schema_error_at(err, "syscalls[%zu]", i);
	return 0;
}
