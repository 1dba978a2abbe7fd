/* SPDX-License-Identifier: Apache-2.0 */
/* The flags of run and create, and the body of docker's create call that they fill. */
#ifndef KIST_ENGINE_RUN_OPTIONS_H
#define KIST_ENGINE_RUN_OPTIONS_H

#include <stdbool.h>

#include "engine/docker/docker.h"
#include "lib/buf.h"
#include "lib/err.h"

struct optional_number {
	bool given;
	int64_t value;
};

/* One field per flag, as the command line has it. */
struct run_options {
	struct strv add_host, annotation, attach, blkio_weight_device, cap_add, cap_drop, device;
	struct strv device_cgroup_rule, device_read_bps, device_read_iops, device_write_bps;
	struct strv device_write_iops, dns, dns_option, dns_search, env, env_file, expose;
	struct strv group_add, label, label_file, mount, network, network_alias, publish;
	struct strv security_opt, sysctl, tmpfs, ulimit, volume, volumes_from;
	const char *cgroup_parent, *cgroupns, *cidfile, *cpuset_cpus, *cpuset_mems, *detach_keys;
	const char *domainname, *entrypoint, *hostname, *ip, *ipc, *isolation, *log_driver;
	const char *mac_address, *name, *pid, *platform, *pull, *restart, *runtime, *stop_signal;
	const char *user, *userns, *uts, *volume_driver, *workdir;
	int64_t blkio_weight, cpu_period, cpu_quota, cpu_rt_period, cpu_rt_runtime, cpu_shares;
	int64_t cpus; /* in billionths */
	int64_t memory, memory_reservation, memory_swap, shm_size, oom_score_adj;
	struct optional_number memory_swappiness, pids_limit, stop_timeout;
	bool detach, disable_content_trust, interactive, no_healthcheck, oom_kill_disable;
	bool privileged, publish_all, quiet, read_only, rm, tty;
	bool no_sig_proxy;
};

/*
 * What the flags and words (IMAGE [COMMAND...]) ask for, in the words that docker's client posts:
 * nothing of it is looked up, and all the same it is what docker_body_check() and the translator
 * take. Reads env and label files and seccomp profiles. Everything lives in the arena or is
 * borrowed from *o and words. Returns 0, or E_USAGE in docker's words.
 */
int run_body(const struct run_options *o, char *const *words, size_t nwords,
	struct docker_body *body, struct arena *a, struct err *err);

/* The parts of it: memory, CPU, block I/O, ulimits, devices. */
int run_resources(const struct run_options *o, struct docker_host_config *h, struct arena *a,
	struct err *err);

/* Capabilities, security options, sysctls, namespaces. */
int run_security(const struct run_options *o, struct docker_host_config *h, struct arena *a,
	struct err *err);

/* -v, --mount, --tmpfs and --volumes-from. */
int run_mounts(
	const struct run_options *o, struct docker_body *body, struct arena *a, struct err *err);

/* --network and what belongs to it, -p, -P and --expose. */
int run_network(
	const struct run_options *o, struct docker_body *body, struct arena *a, struct err *err);

/* A list of flags as strings. */
void run_take(struct strings *to, const struct strv *from, struct arena *a);

/* "k=v" of each as a map; "k" alone has the value "", the last of a key counts. */
void run_pairs(struct string_map *map, const struct strings *list, struct arena *a);

/* NULL when the flag was not given. */
int64_t *run_optional(const struct optional_number *n, struct arena *a);

#endif
