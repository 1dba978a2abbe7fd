/* SPDX-License-Identifier: Apache-2.0 */
/* The flags of run and create: their table, and what they ask for in docker's words. */
#ifndef KIST_ENGINE_RUN_OPTIONS_H
#define KIST_ENGINE_RUN_OPTIONS_H

#include <stdbool.h>

#include "engine/cli/mount_flag.h"
#include "engine/cli/publish.h"
#include "engine/docker/docker.h"
#include "lib/cli.h"

struct optional_number {
	bool given;
	int64_t value;
};

/* One field per flag, as the command line has it. */
struct run_options {
	struct strv add_host, annotation, attach, blkio_weight_device, cap_add, cap_drop, device;
	struct strv device_cgroup_rule, device_read_bps, device_read_iops, device_write_bps;
	struct strv device_write_iops, dns, dns_option, dns_search, env, env_file, expose;
	struct strv group_add, label, label_file, mount, network, publish, security_opt, sysctl;
	struct strv tmpfs, ulimit, volume, volumes_from;
	const char *cgroup_parent, *cgroupns, *cidfile, *cpuset_cpus, *cpuset_mems, *detach_keys;
	const char *domainname, *entrypoint, *hostname, *ipc, *isolation, *log_driver, *name, *pid;
	const char *platform, *pull, *restart, *runtime, *stop_signal, *user, *userns, *uts;
	const char *volume_driver, *workdir;
	int64_t blkio_weight, cpu_period, cpu_quota, cpu_rt_period, cpu_rt_runtime, cpu_shares;
	int64_t cpus; /* in billionths */
	int64_t memory, memory_reservation, memory_swap, shm_size, oom_score_adj;
	struct optional_number memory_swappiness, pids_limit, stop_timeout;
	bool detach, disable_content_trust, interactive, no_healthcheck, oom_kill_disable;
	bool privileged, publish_all, quiet, read_only, rm, tty;
	bool no_sig_proxy;
};

enum pull_policy { PULL_MISSING, PULL_ALWAYS, PULL_NEVER };

/* A container that is asked for. What is not set is the image's or docker's default. */
struct create_request {
	const char *name; /* NULL: generate one */
	const char *image;
	const char *platform;
	enum pull_policy pull;
	bool quiet;
	bool network_given; /* by a flag */
	struct docker_config config;
	struct docker_host_config host;
	struct mount_requests mounts;
	struct port_list ports;   /* to publish */
	struct port_list exposed; /* by --expose */
};

/*
 * What the flags and words (IMAGE [COMMAND...]) ask for. Reads env and label files. Everything
 * lives in the arena or is borrowed from *o. Returns 0, or E_USAGE in docker's words; a flag whose
 * effect kist does not have is E_UNSUPPORTED and named.
 */
int run_options_request(const struct run_options *o, char *const *words, size_t nwords,
	struct create_request *request, struct arena *a, struct err *err);

/* "KEY=VALUE" lines of an --env-file or --label-file, added to *list. Used by exec, too. */
int run_options_read_file(
	const char *path, bool env, struct strings *list, struct arena *a, struct err *err);

/* -e: "K=V" as it stands, "K" with the value of our environment; without one "K" removes. */
void run_options_add_env(const char *text, struct strings *env, struct arena *a);

#endif
