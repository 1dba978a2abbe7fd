/* SPDX-License-Identifier: Apache-2.0 */
/* Flags of run and create that limit, or that give and take privileges. */
#include <stdlib.h>
#include <string.h>

#include "engine/cli/run_options_parts.h"
#include "lib/own.h"

/* "NAME=SOFT[:HARD]" */
static int add_ulimit(
	const char *text, struct docker_host_config *h, struct arena *a, struct err *err)
{
	struct docker_ulimit u, *more;
	size_t name = strcspn(text, "=");
	char *end;

	if (!text[name] || !name)
		return err_set(err, E_USAGE, "invalid ulimit argument: %s", text);
	u.name = arena_strndup(a, text, name);
	text += name + 1;
	u.soft = u.hard = strtoll(text, &end, 10);
	if (end == text)
		return err_set(err, E_USAGE, "invalid ulimit argument: %s", text);
	if (*end == ':') {
		text = end + 1;
		u.hard = strtoll(text, &end, 10);
	}
	if (*end || end == text || u.soft < -1 || u.hard < -1)
		return err_set(err, E_USAGE, "invalid ulimit argument: %s", text);
	if (u.hard != -1 && (u.soft > u.hard || u.soft == -1))
		return err_set(err, E_USAGE,
			"ulimit soft limit must be less than or equal to hard limit: %lld > %lld",
			(long long)u.soft, (long long)u.hard);
	more = arena_array(a, h->ulimits.count + 1, sizeof(*more));
	if (h->ulimits.count)
		memcpy(more, h->ulimits.items, h->ulimits.count * sizeof(*more));
	more[h->ulimits.count++] = u;
	h->ulimits.items = more;
	return 0;
}

static bool is_access(const char *text)
{
	return *text && text[strspn(text, "rwm")] == '\0';
}

/* "PATH", "PATH:PATH", "PATH:rwm", "PATH:PATH:rwm" */
static int add_device(
	const char *text, struct docker_host_config *h, struct arena *a, struct err *err)
{
	struct docker_device d = {.permissions = "rwm"}, *more;
	char *copy = arena_strdup(a, text);
	char *second = strchr(copy, ':'), *third = NULL;

	if (second) {
		*second++ = '\0';
		third = strchr(second, ':');
		if (third)
			*third++ = '\0';
	}
	d.host_path = d.container_path = copy;
	if (second && !third && is_access(second))
		d.permissions = second;
	else if (second)
		d.container_path = second;
	if (third)
		d.permissions = third;
	if (!is_access(d.permissions))
		return err_set(err, E_USAGE, "invalid device mode: %s", d.permissions);
	if (copy[0] != '/' || d.container_path[0] != '/')
		return err_set(err, E_USAGE, "invalid device specification: %s", text);
	more = arena_array(a, h->devices.count + 1, sizeof(*more));
	if (h->devices.count)
		memcpy(more, h->devices.items, h->devices.count * sizeof(*more));
	more[h->devices.count++] = d;
	h->devices.items = more;
	return 0;
}

/* "PATH:RATE" of each flag, rates in bytes where suffixes make sense */
static int add_rates(const struct strv *texts, bool bytes, struct docker_rates *rates,
	struct arena *a, struct err *err)
{
	rates->items = arena_array(a, texts->count, sizeof(*rates->items));
	for (size_t i = 0; i < texts->count; i++) {
		const char *text = texts->items[i];
		const char *colon = strrchr(text, ':');
		struct docker_rate *r = &rates->items[rates->count++];
		char *end = NULL;

		if (!colon || text[0] != '/')
			return err_set(err, E_USAGE, "bad format: %s", text);
		r->path = arena_strndup(a, text, (size_t)(colon - text));
		if (bytes ? cli_parse_size(colon + 1, &r->rate) < 0
			  : ((r->rate = strtoll(colon + 1, &end, 10)) < 0 || *end || !colon[1]))
			return err_set(err, E_USAGE, "invalid rate for device: %s", text);
	}
	return 0;
}

static int set_weights(
	const struct run_options *o, struct docker_host_config *h, struct arena *a, struct err *err)
{
	struct docker_rates weights = {0};

	if (o->blkio_weight && (o->blkio_weight < 10 || o->blkio_weight > 1000))
		return err_set(err, E_USAGE, "Range of blkio weight is from 10 to 1000");
	h->blkio_weight = o->blkio_weight;
	if (add_rates(&o->blkio_weight_device, false, &weights, a, err) < 0)
		return -err->code;
	h->blkio_weight_device.items = arena_array(
		a, weights.count, sizeof(*h->blkio_weight_device.items));
	for (size_t i = 0; i < weights.count; i++)
		h->blkio_weight_device.items[h->blkio_weight_device.count++] =
			(struct docker_weight){weights.items[i].path, weights.items[i].rate};
	if (add_rates(&o->device_read_bps, true, &h->read_bps, a, err) < 0 ||
		add_rates(&o->device_write_bps, true, &h->write_bps, a, err) < 0 ||
		add_rates(&o->device_read_iops, false, &h->read_iops, a, err) < 0)
		return -err->code;
	return add_rates(&o->device_write_iops, false, &h->write_iops, a, err);
}

int run_options_resources(
	const struct run_options *o, struct docker_host_config *h, struct arena *a, struct err *err)
{
	h->cpu_shares = o->cpu_shares;
	h->nano_cpus = o->cpus;
	h->cpu_period = o->cpu_period;
	h->cpu_quota = o->cpu_quota;
	h->cpu_rt_period = o->cpu_rt_period;
	h->cpu_rt_runtime = o->cpu_rt_runtime;
	h->cpuset_cpus = o->cpuset_cpus;
	h->cpuset_mems = o->cpuset_mems;
	h->memory = o->memory > 0 ? o->memory : 0;
	h->memory_reservation = o->memory_reservation;
	h->memory_swap = o->memory_swap;
	h->memory_swappiness = run_options_optional(&o->memory_swappiness, a);
	h->pids_limit = run_options_optional(&o->pids_limit, a);
	h->oom_score_adj = o->oom_score_adj;
	h->shm_size = o->shm_size ? o->shm_size : 64 << 20;
	h->cgroup_parent = o->cgroup_parent;
	if (o->oom_kill_disable) {
		h->oom_kill_disable = arena_alloc(a, sizeof(bool));
		*h->oom_kill_disable = true;
	}
	if (h->nano_cpus && (h->cpu_period || h->cpu_quota))
		return err_set(err, E_USAGE,
			"Conflicting options: Nano CPUs and CPU %s cannot both be set",
			h->cpu_quota ? "Quota" : "Period");
	if (h->memory && h->memory < 6 << 20)
		return err_set(err, E_USAGE, "Minimum memory limit allowed is 6MB");
	if (h->memory && h->memory_swap > 0 && h->memory_swap < h->memory)
		return err_set(err, E_USAGE,
			"Minimum memoryswap limit should be larger than memory limit, see usage");
	/* docker's default, which inspect shows */
	if (h->memory && !h->memory_swap)
		h->memory_swap = 2 * h->memory;
	if (!h->memory && h->memory_swap > 0)
		return err_set(err, E_USAGE,
			"You should always set the Memory limit when using Memoryswap limit, see usage");
	if (h->memory && h->memory_reservation > h->memory)
		return err_set(err, E_USAGE,
			"Minimum memory limit can not be less than memory reservation limit, see usage");
	for (size_t i = 0; i < o->ulimit.count; i++)
		if (add_ulimit(o->ulimit.items[i], h, a, err) < 0)
			return -err->code;
	return set_weights(o, h, a, err);
}

static int one_of(const char *flag, const char *value, const char *const *allowed, struct err *err)
{
	if (!value || !*value)
		return 0;
	for (; *allowed; allowed++)
		if (strcmp(value, *allowed) == 0)
			return 0;
	return err_set(err, E_UNSUPPORTED, "--%s: invalid %s mode: %s", flag, flag, value);
}

static int set_namespaces(
	const struct run_options *o, struct docker_host_config *h, struct err *err)
{
	static const char *const host[] = {"host", NULL};
	static const char *const host_or_private[] = {"host", "private", NULL};
	static const char *const ipc[] = {"host", "private", "shareable", NULL};

	h->pid_mode = o->pid;
	h->ipc_mode = o->ipc ? o->ipc : "private";
	h->uts_mode = o->uts;
	h->userns_mode = o->userns;
	h->cgroupns_mode = o->cgroupns ? o->cgroupns : "private";
	if (o->uts && strcmp(o->uts, "host") == 0 && o->hostname)
		return err_set(err, E_USAGE, "conflicting options: hostname and the UTS mode");
	if (one_of("pid", o->pid, host, err) < 0 || one_of("ipc", o->ipc, ipc, err) < 0 ||
		one_of("uts", o->uts, host, err) < 0 ||
		one_of("cgroupns", o->cgroupns, host_or_private, err) < 0)
		return -err->code;
	if (o->userns && *o->userns && strcmp(o->userns, "host") != 0)
		return err_set(err, E_USAGE, "--userns: invalid USER mode");
	return 0;
}

static int check_security(const char *text, struct err *err)
{
	static const char *const known[] = {"no-new-privileges", "no-new-privileges=true",
		"no-new-privileges:true", "no-new-privileges=false", "no-new-privileges:false",
		"systempaths=unconfined", "seccomp=unconfined", "seccomp:unconfined",
		"apparmor=unconfined", "apparmor:unconfined", "label=disable", "label:disable"};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(text, known[i]) == 0)
			return 0;
	if (strncmp(text, "seccomp=", 8) == 0 || strncmp(text, "seccomp:", 8) == 0 ||
		strncmp(text, "apparmor=", 9) == 0)
		return 0;
	return err_set(err, E_USAGE, "Invalid --security-opt: \"%s\"", text);
}

int run_options_security(
	const struct run_options *o, struct docker_host_config *h, struct arena *a, struct err *err)
{
	h->privileged = o->privileged;
	h->readonly_rootfs = o->read_only;
	run_options_take(&h->cap_add, &o->cap_add, a);
	run_options_take(&h->cap_drop, &o->cap_drop, a);
	run_options_take(&h->group_add, &o->group_add, a);
	run_options_take(&h->device_cgroup_rules, &o->device_cgroup_rule, a);
	run_options_take(&h->security_opt, &o->security_opt, a);
	for (size_t i = 0; i < o->security_opt.count; i++)
		if (check_security(o->security_opt.items[i], err) < 0)
			return -err->code;
	for (size_t i = 0; i < o->sysctl.count; i++) {
		if (!strchr(o->sysctl.items[i], '='))
			return err_set(
				err, E_USAGE, "sysctl '%s' is not allowed", o->sysctl.items[i]);
		run_options_pair(&h->sysctls, o->sysctl.items[i], a);
	}
	for (size_t i = 0; i < o->annotation.count; i++)
		run_options_pair(&h->annotations, o->annotation.items[i], a);
	for (size_t i = 0; i < o->device.count; i++)
		if (add_device(o->device.items[i], h, a, err) < 0)
			return -err->code;
	return set_namespaces(o, h, err);
}
