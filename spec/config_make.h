/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an image config and a user's wishes to config.json, with docker's defaults: what "run"
 * means, as a function without side effects. Names of users are resolved before (spec/user.h),
 * paths of the host are taken as they are given.
 */
#ifndef KIST_SPEC_CONFIG_MAKE_H
#define KIST_SPEC_CONFIG_MAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"
#include "spec/image.h"
#include "spec/runtime_config.h"

#define CONFIG_DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define CONFIG_SHM_SIZE     (64 << 20)

struct mount_option {
	const char *type;   /* "bind" (NULL, too; a volume is a bind of its _data) or "tmpfs" */
	const char *source; /* absolute, on the host; not for tmpfs */
	const char *destination; /* absolute, in the container */
	bool readonly;
	bool non_recursive;      /* bind instead of rbind */
	const char *propagation; /* "rprivate" when NULL */
	struct strings
		options; /* bind: "nodev", ...; tmpfs: "size=64m", "mode=1777", "exec", ... */
};

/* A device of the host that the container gets, with the access its cgroup grants. */
struct device_option {
	struct device_config device;
	const char *access; /* of "rwm"; NULL: all */
};

/*
 * A zeroed struct is "docker run IMAGE". Its JSON form is the stable one of kist-spec's --options
 * and of a container's record; the names are in config_options.c.
 *
 * Namespaces: NULL or "private": a new one; "host": none; an absolute path: join that one.
 */
struct config_options {
	/* the process */
	struct strings
		entrypoint; /* items NULL: the image's. Otherwise the image's cmd is dropped, too */
	struct strings args; /* count 0: the image's cmd */
	struct strings env;  /* "K=V" over the image's; "K" alone removes it */
	const char *cwd;     /* NULL: the image's, else "/" */
	bool terminal;
	struct console_size *console_size;
	struct process_user user; /* numbers, from user_lookup() */
	const char *home;         /* NULL: "/"; for HOME where the environment has none */
	LIST_OF(struct rlimit_config) rlimits; /* "nofile" or "RLIMIT_NOFILE" */
	int64_t *oom_score_adj;

	/* privileges */
	bool privileged;
	struct strings cap_add, cap_drop; /* "NET_ADMIN", "cap_net_admin", "ALL" */
	bool no_new_privileges;
	bool seccomp_unconfined;
	struct seccomp_config *seccomp; /* NULL: docker's default for the capabilities granted */
	bool systempaths_unconfined;    /* nothing masked, nothing read-only */
	/* apparmor_profile NULL: kist's own where host_apparmor, unless privileged; or "unconfined"
	 */
	const char *apparmor_profile, *selinux_label, *mount_label;

	/* names and namespaces */
	const char *hostname, *domainname;
	const char *pid_namespace, *network_namespace, *ipc_namespace, *uts_namespace,
		*cgroup_namespace;
	bool network_shared; /* the network is another container's: leave its sysctls alone */
	struct string_map sysctls;

	/* file system */
	const char *rootfs; /* NULL: "rootfs" */
	bool readonly_rootfs;
	LIST_OF(struct mount_option) mounts;
	const char *hosts_file, *hostname_file,
		*resolv_conf; /* bound over those in /etc; NULL: not */
	int64_t shm_size;     /* 0: 64 MiB */
	LIST_OF(struct device_option) devices;
	LIST_OF(struct device_rule) device_rules; /* after those of docker's default and devices */

	/* resources: 0 means "no wish", -1 "no limit" where docker has it */
	int64_t memory, memory_swap, memory_reservation; /* bytes */
	int64_t *memory_swappiness;
	bool oom_kill_disable;
	int64_t nano_cpus; /* "--cpus 1.5" is 1500000000 */
	int64_t cpu_period, cpu_quota, cpu_shares, cpu_rt_period, cpu_rt_runtime;
	const char *cpuset_cpus, *cpuset_mems;
	int64_t pids_limit;
	struct block_io_resources *block_io;
	const char *cgroups_path;

	struct string_map annotations;
	/* facts of the machine, see config_host() */
	int64_t host_cpus; /* how many there may be; their thermal_throttle is masked. 0: unknown */
	bool host_apparmor;         /* it is enabled, and profiles can be loaded */
	bool host_rootless;         /* the container's root is an ordinary user there */
	bool host_one_id;           /* and the only user that there is in the container */
	uint64_t host_capabilities; /* bit by number: what "ALL" and privileged can mean. 0: all */
};

extern const struct schema config_options_schema;

/*
 * Make the config. image may be NULL (a bare root file system). *out may share memory with image
 * and options, and lives in the arena. Errors are in docker's words where docker has some ("no
 * command specified", "invalid CapAdd: unknown capability: ..."). Returns 0.
 */
int config_make(const struct image_config *image, const struct config_options *o,
	struct runtime_config *out, struct arena *a, struct err *err);

/*
 * The parts, for callers that make a config in another way (exec, build).
 *
 * The bounding set: docker's default changed by privileged, cap_add and cap_drop. Returns 0, or
 * E_SYNTAX for an unknown name.
 */
int config_capabilities(
	const struct config_options *o, struct strings *out, struct arena *a, struct err *err);

/* Fill in the facts of this machine that are not there yet (makes system calls). */
void config_host(struct config_options *o);

/*
 * docker's default seccomp policy for a process that may hold these capabilities (bounding set).
 * image: the architecture in its config ("386" gets what its C library needs), or NULL.
 */
struct seccomp_config *seccomp_default(
	const struct strings *capabilities, const char *image, struct arena *a);

#endif
