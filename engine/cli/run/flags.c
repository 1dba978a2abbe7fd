/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/run/flags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/keys_flag.h"
#include "engine/cli/run/options.h"
#include "lib/own.h"

/* The flag is docker's, and kist does not have its effect: better said than ignored. */
static int refuse(const char *value, void *field, struct err *err)
{
	(void)value;
	(void)field;
	return err_set(err, E_UNSUPPORTED, "kist does not have this flag yet");
}

/* Bytes, or -1 for no limit. */
static int parse_limit(const char *value, void *field, struct err *err)
{
	int64_t *bytes = field;

	if (strcmp(value, "-1") == 0) {
		*bytes = -1;
		return 0;
	}
	if (cli_parse_size(value, bytes) < 0)
		return err_set(err, E_USAGE, "invalid size: '%s'", value);
	return 0;
}

/* "1.5" CPUs in billionths */
static int parse_cpus(const char *value, void *field, struct err *err)
{
	char *end;
	double n = strtod(value, &end);

	if (!*value || *end || !(n >= 0) || n > 1e6)
		return err_set(err, E_USAGE, "failed to parse %s as a rational number", value);
	*(int64_t *)field = (int64_t)(n * 1e9 + 0.5);
	return 0;
}

/* A whole number of which 0 is not the same as "not given". */
static int parse_optional(const char *value, void *field, struct err *err)
{
	struct optional_number *number = field;
	char *end;
	long long n;

	errno = 0;
	n = strtoll(value, &end, 10);
	if (!*value || *end || errno)
		return err_set(
			err, E_USAGE, "strconv.ParseInt: parsing \"%s\": invalid syntax", value);
	*number = (struct optional_number){true, n};
	return 0;
}

static int parse_sig_proxy(const char *value, void *field, struct err *err)
{
	bool on = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;

	if (!on && strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
		return err_set(err, E_USAGE, "expected true or false");
	*(bool *)field = !on;
	return 0;
}

#define LIST(name, letter, member, arg, help, ...)                                                 \
	OPT_LIST(struct run_options, member, name, letter, arg, help, ##__VA_ARGS__)
#define TEXT(name, letter, member, arg, help, ...)                                                 \
	OPT_STRING(struct run_options, member, name, letter, arg, help, ##__VA_ARGS__)
#define FLAG(name, letter, member, help, ...)                                                      \
	OPT_FLAG(struct run_options, member, name, letter, help, ##__VA_ARGS__)
#define NUMBER(name, letter, member, help)                                                         \
	OPT_INT(struct run_options, member, name, letter, "N", help)
#define LIMIT(name, letter, member, help)                                                          \
	OPT_VALUE(struct run_options, member, name, letter, "BYTES", help, parse_limit)
#define OPTIONAL(name, member, help)                                                               \
	OPT_VALUE(struct run_options, member, name, 0, "N", help, parse_optional)
#define REFUSED(name_)                                                                             \
	{                                                                                          \
		.name = (name_), .kind = CLI_VALUE, .arg = "VALUE", .help = "not in kist yet",     \
		.flags = CLI_HIDDEN, .parse = refuse                                               \
	}

/* What run and create share, in the order of docker's help. */
#define SHARED_OPTIONS                                                                             \
	LIST("add-host", 0, add_host, "NAME:IP", "add a line to /etc/hosts"),                      \
		LIST("annotation", 0, annotation, "KEY=VALUE",                                     \
			"add an annotation to config.json"),                                       \
		LIST("attach", 'a', attach, "STREAM", "attach to stdin, stdout or stderr"),        \
		NUMBER("blkio-weight", 0, blkio_weight, "share of block I/O, 10 to 1000"),         \
		LIST("blkio-weight-device", 0, blkio_weight_device, "PATH:N",                      \
			"share of a device's I/O"),                                                \
		LIST("cap-add", 0, cap_add, "CAP", "add a capability"),                            \
		LIST("cap-drop", 0, cap_drop, "CAP", "take a capability away"),                    \
		TEXT("cgroup-parent", 0, cgroup_parent, "PATH",                                    \
			"make the container's cgroup there"),                                      \
		TEXT("cgroupns", 0, cgroupns, "MODE", "cgroup namespace: host or private"),        \
		TEXT("cidfile", 0, cidfile, "FILE", "write the container's id to the file"),       \
		NUMBER("cpu-period", 0, cpu_period, "CFS period in microseconds"),                 \
		NUMBER("cpu-quota", 0, cpu_quota, "CFS quota in microseconds"),                    \
		NUMBER("cpu-rt-period", 0, cpu_rt_period, "real-time period in microseconds"),     \
		NUMBER("cpu-rt-runtime", 0, cpu_rt_runtime, "real-time runtime in microseconds"),  \
		NUMBER("cpu-shares", 'c', cpu_shares, "relative weight of CPU time"),              \
		OPT_VALUE(struct run_options, cpus, "cpus", 0, "N", "number of CPUs, 1.5",         \
			parse_cpus),                                                               \
		TEXT("cpuset-cpus", 0, cpuset_cpus, "LIST", "run on these CPUs, 0-3,7"),           \
		TEXT("cpuset-mems", 0, cpuset_mems, "LIST", "use these memory nodes"),             \
		LIST("device", 0, device, "PATH[:PATH][:rwm]",                                     \
			"give the container a device of the host"),                                \
		LIST("device-cgroup-rule", 0, device_cgroup_rule, "RULE",                          \
			"allow devices, 'c 1:3 rwm'"),                                             \
		LIST("device-read-bps", 0, device_read_bps, "PATH:BYTES",                          \
			"limit reading from a device"),                                            \
		LIST("device-read-iops", 0, device_read_iops, "PATH:N",                            \
			"limit reads from a device"),                                              \
		LIST("device-write-bps", 0, device_write_bps, "PATH:BYTES",                        \
			"limit writing to a device"),                                              \
		LIST("device-write-iops", 0, device_write_iops, "PATH:N",                          \
			"limit writes to a device"),                                               \
		FLAG("disable-content-trust", 0, disable_content_trust,                            \
			"signatures are not verified: always so", .flags = CLI_HIDDEN),            \
		LIST("dns", 0, dns, "IP", "name server"),                                          \
		LIST("dns-option", 0, dns_option, "OPTION", "option in resolv.conf"),              \
		LIST("dns-opt", 0, dns_option, "OPTION", "the same", .flags = CLI_HIDDEN),         \
		LIST("dns-search", 0, dns_search, "DOMAIN", "search domain"),                      \
		TEXT("domainname", 0, domainname, "NAME", "NIS domain name"),                      \
		TEXT("entrypoint", 0, entrypoint, "COMMAND", "instead of the image's entrypoint"), \
		LIST("env", 'e', env, "NAME[=VALUE]", "set an environment variable"),              \
		LIST("env-file", 0, env_file, "FILE", "read environment variables from a file"),   \
		LIST("expose", 0, expose, "PORT", "a port that -P publishes"), REFUSED("gpus"),    \
		LIST("group-add", 0, group_add, "GROUP", "further group of the process"),          \
		REFUSED("health-cmd"), REFUSED("health-interval"), REFUSED("health-retries"),      \
		REFUSED("health-start-interval"), REFUSED("health-start-period"),                  \
		REFUSED("health-timeout"),                                                         \
		TEXT("hostname", 'h', hostname, "NAME", "host name of the container"),             \
		{.name = "init",                                                                   \
			.kind = CLI_VALUE,                                                         \
			.help = "not in kist yet",                                                 \
			.arg = "VALUE",                                                            \
			.flags = CLI_HIDDEN,                                                       \
			.parse = refuse},                                                          \
		FLAG("interactive", 'i', interactive, "keep stdin open"),                          \
		TEXT("ip", 0, ip, "ADDRESS", "of the container, on the first network"),            \
		REFUSED("ip6"), TEXT("ipc", 0, ipc, "MODE", "IPC namespace: private or host"),     \
		TEXT("isolation", 0, isolation, "KIND", "only default", .flags = CLI_HIDDEN),      \
		REFUSED("kernel-memory"), LIST("label", 'l', label, "KEY[=VALUE]", "set a label"), \
		LIST("label-file", 0, label_file, "FILE", "read labels from a file"),              \
		REFUSED("link"), REFUSED("link-local-ip"),                                         \
		TEXT("log-driver", 0, log_driver, "NAME", "only json-file"), REFUSED("log-opt"),   \
		TEXT("mac-address", 0, mac_address, "MAC", "of the container's first interface"),  \
		LIMIT("memory", 'm', memory, "memory limit"),                                      \
		LIMIT("memory-reservation", 0, memory_reservation, "soft memory limit"),           \
		LIMIT("memory-swap", 0, memory_swap,                                               \
			"limit of memory and swap together, -1: none"),                            \
		OPTIONAL("memory-swappiness", memory_swappiness, "0 to 100"),                      \
		LIST("mount", 0, mount, "type=KIND,...", "mount a bind, volume or tmpfs"),         \
		TEXT("name", 0, name, "NAME", "the container's name"),                             \
		LIST("network", 0, network, "NETWORK",                                             \
			"default, none, host or one that was made; several times for several"),    \
		LIST("net", 0, network, "NETWORK", "the same", .flags = CLI_HIDDEN),               \
		LIST("network-alias", 0, network_alias, "NAME",                                    \
			"another name of the container on the first network"),                     \
		LIST("net-alias", 0, network_alias, "NAME", "the same", .flags = CLI_HIDDEN),      \
		FLAG("no-healthcheck", 0, no_healthcheck,                                          \
			"no health check, also when the image has one"),                           \
		FLAG("oom-kill-disable", 0, oom_kill_disable, "do not kill when out of memory"),   \
		NUMBER("oom-score-adj", 0, oom_score_adj, "-1000 to 1000"),                        \
		TEXT("pid", 0, pid, "MODE", "PID namespace: host"),                                \
		OPTIONAL("pids-limit", pids_limit,                                                 \
			"number of processes (default 2048), -1: no limit"),                       \
		TEXT("platform", 0, platform, "OS/ARCH", "of an image with several platforms"),    \
		FLAG("privileged", 0, privileged, "all capabilities and devices"),                 \
		LIST("publish", 'p', publish, "[IP:][PORT:]PORT", "publish a port on the host"),   \
		FLAG("publish-all", 'P', publish_all, "publish all exposed ports"),                \
		TEXT("pull", 0, pull, "WHEN", "always, missing or never"),                         \
		FLAG("quiet", 'q', quiet, "no progress while pulling"),                            \
		FLAG("read-only", 0, read_only, "the root file system cannot be written"),         \
		TEXT("restart", 0, restart, "POLICY", "only no"),                                  \
		FLAG("rm", 0, rm, "remove the container when it has ended"),                       \
		TEXT("runtime", 0, runtime, "PROGRAM", "OCI runtime, kist-runtime by default"),    \
		LIST("security-opt", 0, security_opt, "OPTION",                                    \
			"no-new-privileges, seccomp=FILE, ..."),                                   \
		LIMIT("shm-size", 0, shm_size, "of /dev/shm"),                                     \
		TEXT("stop-signal", 0, stop_signal, "SIGNAL", "what stop sends"),                  \
		OPTIONAL("stop-timeout", stop_timeout, "seconds that stop waits"),                 \
		REFUSED("storage-opt"),                                                            \
		LIST("sysctl", 0, sysctl, "KEY=VALUE", "kernel parameter of the container"),       \
		LIST("tmpfs", 0, tmpfs, "PATH[:OPTIONS]", "mount a tmpfs"),                        \
		FLAG("tty", 't', tty, "give the container a terminal"),                            \
		LIST("ulimit", 0, ulimit, "NAME=SOFT[:HARD]", "resource limit of processes"),      \
		TEXT("user", 'u', user, "USER[:GROUP]", "name or number"),                         \
		TEXT("userns", 0, userns, "MODE", "user namespace: host"),                         \
		TEXT("uts", 0, uts, "MODE", "UTS namespace: host"),                                \
		LIST("volume", 'v', volume, "[SOURCE:]PATH[:ro]",                                  \
			"mount a host path or a volume"),                                          \
		TEXT("volume-driver", 0, volume_driver, "NAME", "only local"),                     \
		LIST("volumes-from", 0, volumes_from, "CONTAINER",                                 \
			"mount the volumes of another one"),                                       \
		TEXT("workdir", 'w', workdir, "DIR", "working directory")

const struct cli_option create_flags[CREATE_FLAGS] = {SHARED_OPTIONS};

const struct cli_option run_flags[RUN_FLAGS] = {
	SHARED_OPTIONS,
	FLAG("detach", 'd', detach, "run in the background and print the id"),
	OPT_VALUE(struct run_options, detach_keys, "detach-keys", 0, "KEYS",
		"keys that leave it running (default ctrl-p,ctrl-q)", keys_flag),
	OPT_VALUE(struct run_options, no_sig_proxy, "sig-proxy", 0, "BOOL",
		"pass signals on (default true)", parse_sig_proxy),
};

_Static_assert(ARRAY_LEN(((struct cli_option[]){SHARED_OPTIONS})) == CREATE_FLAGS,
	"CREATE_FLAGS counts the rows of SHARED_OPTIONS");
