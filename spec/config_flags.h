/* SPDX-License-Identifier: Apache-2.0 */
/* The flags of kist-spec config: docker's names, filled into struct config_options. */
#ifndef KIST_SPEC_CONFIG_FLAGS_H
#define KIST_SPEC_CONFIG_FLAGS_H

#include "lib/cli.h"
#include "spec/config_make.h"

#define CONFIG_FLAGS_COUNT 40

struct config_flags {
	const char *image, *image_config, *rootfs, *options;
	const char *cmd, *entrypoint, *user, *cwd, *hostname, *domainname;
	struct strv env, group_add, volumes, tmpfs, cap_add, cap_drop, ulimits, sysctls,
		annotations;
	bool compact, tty, read_only, privileged, no_new_privileges, seccomp_unconfined;
	const char *net_ns, *pid_ns, *ipc_ns, *uts_ns, *cgroup_ns;
	const char *resolv_conf, *hosts, *hostname_file;
	int64_t memory, memory_swap, shm_size, nano_cpus, cpu_shares, pids_limit;
	const char *cgroups_path;
};

extern const struct cli_option config_flags_table[]; /* CONFIG_FLAGS_COUNT of them */

/*
 * Put what was given over *o. args are the command's words, NULL-terminated; shell is the image's
 * for --cmd, empty for "/bin/sh -c". Strings live in the arena. Returns 0.
 */
int config_flags_apply(const struct config_flags *f, char *const *args, const struct strings *shell,
	struct config_options *o, struct arena *a, struct err *err);

#endif
