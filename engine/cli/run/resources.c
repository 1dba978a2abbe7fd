/* SPDX-License-Identifier: Apache-2.0 */
/* Flags of run and create that limit, or that give and take privileges. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/run/options.h"
#include "lib/cli.h"
#include "lib/own.h"

/* "NAME=SOFT[:HARD]" */
static int parse_ulimit(const char *text, struct docker_ulimit *u, struct arena *a, struct err *err)
{
	const char *numbers = text + strcspn(text, "=");
	char *end;

	if (!*numbers || numbers == text)
		return err_set(err, E_USAGE, "invalid ulimit argument: %s", text);
	u->name = arena_strndup(a, text, (size_t)(numbers - text));
	numbers++;
	u->soft = u->hard = strtoll(numbers, &end, 10);
	if (end != numbers && *end == ':') {
		numbers = end + 1;
		u->hard = strtoll(numbers, &end, 10);
	}
	if (*end || end == numbers)
		return err_set(err, E_USAGE, "invalid ulimit argument: %s", text);
	return 0;
}

static bool is_access(const char *text)
{
	return *text && text[strspn(text, "rwm")] == '\0';
}

/* "PATH", "PATH:PATH", "PATH:rwm", "PATH:PATH:rwm" */
static void parse_device(const char *text, struct docker_device *d, struct arena *a)
{
	char *copy = arena_strdup(a, text);
	char *second = strchr(copy, ':'), *third = NULL;

	if (second) {
		*second++ = '\0';
		third = strchr(second, ':');
		if (third)
			*third++ = '\0';
	}
	*d = (struct docker_device){copy, copy, "rwm"};
	if (second && !third && is_access(second))
		d->permissions = second;
	else if (second)
		d->container_path = second;
	if (third)
		d->permissions = third;
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

/* A list with room for one of each flag. */
#define ROOM(list, flags, a) (list).items = arena_array(a, (flags)->count, sizeof(*(list).items))

int run_resources(
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
	h->memory_swappiness = run_optional(&o->memory_swappiness, a);
	h->pids_limit = run_optional(&o->pids_limit, a);
	/* docker's client posts 0 when nobody asked: who says 0 wants no limit */
	if (h->pids_limit && *h->pids_limit == 0)
		*h->pids_limit = -1;
	h->oom_score_adj = o->oom_score_adj;
	h->shm_size = o->shm_size;
	h->cgroup_parent = o->cgroup_parent;
	if (o->oom_kill_disable) {
		h->oom_kill_disable = arena_alloc(a, sizeof(bool));
		*h->oom_kill_disable = true;
	}
	ROOM(h->ulimits, &o->ulimit, a);
	for (size_t i = 0; i < o->ulimit.count; i++)
		if (parse_ulimit(
			    o->ulimit.items[i], &h->ulimits.items[h->ulimits.count++], a, err) < 0)
			return -err->code;
	ROOM(h->devices, &o->device, a);
	for (size_t i = 0; i < o->device.count; i++)
		parse_device(o->device.items[i], &h->devices.items[h->devices.count++], a);
	return set_weights(o, h, a, err);
}

/* As docker's client: the profile itself is posted, not its name. */
static int add_seccomp(
	const char *path, struct docker_host_config *h, struct arena *a, struct err *err)
{
	const struct json *profile = json_read_file(a, AT_FDCWD, path, err);
	own_buf struct buf text = {0};

	if (!profile)
		return err_wrap(err, "opening seccomp profile (%s) failed", path);
	json_write(profile, JSON_COMPACT, &text);
	strings_add(a, &h->security_opt, arena_printf(a, "seccomp=%s", buf_str(&text)));
	return 0;
}

static int add_security(
	const char *text, struct docker_host_config *h, struct arena *a, struct err *err)
{
	const char *value = text + strcspn(text, "=:");
	bool seccomp = strncmp(text, "seccomp", 7) == 0 && value == text + 7 && *value;

	if (seccomp && strcmp(value + 1, "unconfined") != 0 && strcmp(value + 1, "builtin") != 0)
		return add_seccomp(value + 1, h, a, err);
	if (strcmp(text, "systempaths=unconfined") == 0) {
		h->masked_paths.items = arena_array(a, 1, sizeof(char *));
		h->readonly_paths.items = arena_array(a, 1, sizeof(char *));
		return 0;
	}
	strings_add(a, &h->security_opt, text);
	return 0;
}

int run_security(
	const struct run_options *o, struct docker_host_config *h, struct arena *a, struct err *err)
{
	struct strings pairs = {0};

	h->privileged = o->privileged;
	h->readonly_rootfs = o->read_only;
	run_take(&h->cap_add, &o->cap_add, a);
	run_take(&h->cap_drop, &o->cap_drop, a);
	run_take(&h->group_add, &o->group_add, a);
	run_take(&h->device_cgroup_rules, &o->device_cgroup_rule, a);
	for (size_t i = 0; i < o->security_opt.count; i++)
		if (add_security(o->security_opt.items[i], h, a, err) < 0)
			return -err->code;
	run_take(&pairs, &o->sysctl, a);
	for (size_t i = 0; i < pairs.count; i++)
		if (!strchr(pairs.items[i], '='))
			return err_set(err, E_USAGE, "sysctl '%s' is not allowed", pairs.items[i]);
	run_pairs(&h->sysctls, &pairs, a);
	pairs = (struct strings){0};
	run_take(&pairs, &o->annotation, a);
	run_pairs(&h->annotations, &pairs, a);
	h->pid_mode = o->pid;
	h->ipc_mode = o->ipc;
	h->uts_mode = o->uts;
	h->userns_mode = o->userns;
	h->cgroupns_mode = o->cgroupns;
	return 0;
}
