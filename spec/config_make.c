/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/config_make.h"

#include <string.h>

#include "lib/own.h"
#include "spec/config_parts.h"

/* The oldest that has all that is written here: a runtime refuses what is newer than itself. */
#define WRITTEN_VERSION "1.0.2"

#define CPUS_MAX 8192 /* what the kernel can be built for */

/* What tells about the host or lets the container change it. */
static const char *const masked_paths[] = {
	"/proc/acpi",
	"/proc/asound",
	"/proc/interrupts", /* timing of keystrokes and of other containers */
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/sys/devices/virtual/powercap", /* power as a side channel, CVE-2020-8694 */
	"/sys/firmware",
	NULL,
};

static const char *const readonly_paths[] = {
	"/proc/bus",
	"/proc/fs",
	"/proc/irq",
	"/proc/sys",
	"/proc/sysrq-trigger",
	NULL,
};

/* Does an option ask for a namespace of the container's own? */
static bool is_private(const char *option)
{
	return !option || !*option || strcmp(option, "private") == 0;
}

static int add_namespace(
	const struct config_maker *m, const char *type, const char *option, struct err *err)
{
	struct linux_config *l = m->config->linux_;
	struct namespace_config *n = &l->namespaces.items[l->namespaces.count];

	if (option && strcmp(option, "host") == 0)
		return 0;
	n->type = type;
	if (!is_private(option)) {
		if (*option != '/')
			return err_set(err, E_SYNTAX,
				"invalid %s namespace '%.200s': private, host or an absolute path",
				type, option);
		n->path = option;
	}
	l->namespaces.count++;
	return 0;
}

static int make_namespaces(const struct config_maker *m, struct err *err)
{
	const struct config_options *o = m->options;
	const struct {
		const char *type, *option;
	} all[] = {
		{"mount", NULL},
		{"network", o->network_namespace},
		{"uts", o->uts_namespace},
		{"pid", o->pid_namespace},
		{"ipc", o->ipc_namespace},
		{"cgroup", o->cgroup_namespace},
	};
	struct linux_config *l = m->config->linux_;

	l->namespaces.items = arena_array(m->arena, ARRAY_LEN(all), sizeof(*l->namespaces.items));
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (add_namespace(m, all[i].type, all[i].option, err) < 0)
			return -err->code;
	return 0;
}

/*
 * In a network of its own the container may bind port 80 and ping without privileges (which is for
 * groups that exist, so not for all of them without root). The keys of the user win.
 */
static void make_sysctls(const struct config_maker *m)
{
	const struct config_options *o = m->options;
	struct string_map *sysctl = &m->config->linux_->sysctl;

	bool host = o->network_namespace && strcmp(o->network_namespace, "host") == 0;

	if (!host && !o->network_shared) {
		if (!o->host_rootless)
			string_map_set(
				m->arena, sysctl, "net.ipv4.ping_group_range", "0 2147483647");
		string_map_set(m->arena, sysctl, "net.ipv4.ip_unprivileged_port_start", "0");
	}
	for (size_t i = 0; i < o->sysctls.count; i++)
		string_map_set(
			m->arena, sysctl, o->sysctls.items[i].key, o->sysctls.items[i].value);
}

/* Temperature counters of each CPU are a side channel, too; the runtime passes over what is not
 * there. */
static void mask_thermal_throttle(const struct config_maker *m)
{
	for (int64_t cpu = 0; cpu < m->options->host_cpus && cpu < CPUS_MAX; cpu++)
		strings_add(m->arena, &m->config->linux_->masked_paths,
			arena_printf(m->arena, "/sys/devices/system/cpu/cpu%d/thermal_throttle",
				(int)cpu));
}

static void make_confinement(const struct config_maker *m)
{
	const struct config_options *o = m->options;
	struct linux_config *l = m->config->linux_;

	l->mount_label = o->mount_label;
	if (o->privileged)
		return;
	if (!o->systempaths_unconfined) {
		strings_add_words(m->arena, &l->masked_paths, masked_paths);
		mask_thermal_throttle(m);
		strings_add_words(m->arena, &l->readonly_paths, readonly_paths);
	}
	if (o->seccomp)
		l->seccomp = o->seccomp;
	else if (!o->seccomp_unconfined)
		l->seccomp = seccomp_default(
			&m->config->process->capabilities->bounding, m->architecture, m->arena);
}

static void make_names(const struct config_maker *m)
{
	const struct config_options *o = m->options;

	/* without a UTS namespace of its own they would rename another container or the host */
	if (!is_private(o->uts_namespace))
		return;
	m->config->hostname = o->hostname;
	m->config->domainname = o->domainname;
}

int config_make(const struct image_config *image, const struct config_options *o,
	struct runtime_config *out, struct arena *a, struct err *err)
{
	static const struct image_execution none;
	struct runtime_config config = {
		.oci_version = WRITTEN_VERSION,
		.process = arena_alloc(a, sizeof(*config.process)),
		.root = {.path = o->rootfs ? o->rootfs : "rootfs", .readonly = o->readonly_rootfs},
		.annotations = o->annotations,
		.linux_ = arena_alloc(a, sizeof(*config.linux_)),
	};
	const struct config_maker m = {
		.image = image ? &image->config : &none,
		.architecture = image ? image->architecture : NULL,
		.options = o,
		.config = &config,
		.arena = a,
	};
	int r;

	make_names(&m);
	r = config_make_process(&m, err);
	if (r == 0)
		r = make_namespaces(&m, err);
	if (r == 0)
		r = config_make_mounts(&m, err);
	if (r == 0)
		r = config_make_resources(&m, err);
	if (r < 0)
		return r;
	make_sysctls(&m);
	make_confinement(&m);
	config.linux_->cgroups_path = o->cgroups_path;
	r = runtime_config_check(&config, err);
	if (r == 0)
		*out = config;
	return r;
}
