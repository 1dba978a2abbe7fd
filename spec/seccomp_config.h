/* SPDX-License-Identifier: Apache-2.0 */
/* "linux.seccomp" of config.json (runtime-spec 1.3, config-linux.md, Seccomp). */
#ifndef KIST_SPEC_SECCOMP_CONFIG_H
#define KIST_SPEC_SECCOMP_CONFIG_H

#include <stdint.h>

#include "lib/schema.h"

#define SECCOMP_ARGS_MAX 6

struct seccomp_arg {
	uint32_t index; /* 0..5 */
	uint64_t value, value_two;
	const char *op; /* "SCMP_CMP_MASKED_EQ": (argument & value) == value_two */
};

struct seccomp_rule {
	struct strings names;
	const char *action;  /* "SCMP_ACT_ALLOW" */
	uint32_t *errno_ret; /* NULL: EPERM; only with SCMP_ACT_ERRNO and SCMP_ACT_TRACE */
	LIST_OF(struct seccomp_arg) args; /* all must match */
};

struct seccomp_config {
	const char *default_action;
	uint32_t *default_errno_ret;
	struct strings architectures; /* "SCMP_ARCH_X86_64" */
	struct strings flags;         /* "SECCOMP_FILTER_FLAG_LOG" */
	const char *listener_path, *listener_metadata;
	LIST_OF(struct seccomp_rule) syscalls;
};

extern const struct schema seccomp_config_schema;

/*
 * Known actions, operators, architectures and flags; an errno only where the action takes one.
 * Whether a system call's name is known is the runtime's matter. Returns 0, or E_SYNTAX.
 */
int seccomp_config_check(const struct seccomp_config *s, struct err *err);

#endif
