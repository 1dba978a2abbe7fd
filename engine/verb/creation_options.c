/* SPDX-License-Identifier: Apache-2.0 */
/* Docker's HostConfig as wishes for config.json. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "engine/docker/seccomp_profile.h"
#include "engine/verb/creation.h"
#include "engine/verb/network.h"
#include "lib/io.h"
#include "lib/own.h"

static int add_device(
	struct creation *c, const char *host, const char *path, const char *access, struct err *err)
{
	struct config_options *o = &c->options;
	struct arena *a = &c->engine->arena;
	struct device_option *more, *d;
	struct stat st;

	if (stat(host, &st) < 0)
		return err_set(err, errno == ENOENT ? E_NOT_FOUND : errno,
			"error gathering device information while adding custom device \"%s\": %s",
			host, errno == ENOENT ? "no such file or directory" : strerror(errno));
	if (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode))
		return err_set(err, E_USAGE,
			"error gathering device information while adding custom device \"%s\": not a "
			"device node",
			host);
	more = arena_array(a, o->devices.count + 1, sizeof(*more));
	if (o->devices.count)
		memcpy(more, o->devices.items, o->devices.count * sizeof(*more));
	d = &more[o->devices.count++];
	o->devices.items = more;
	d->device.path = arena_strdup(a, path);
	d->device.type = S_ISCHR(st.st_mode) ? "c" : "b";
	d->device.major = major(st.st_rdev);
	d->device.minor = minor(st.st_rdev);
	d->device.file_mode = arena_alloc(a, 3 * sizeof(uint32_t));
	d->device.uid = d->device.file_mode + 1;
	d->device.gid = d->device.file_mode + 2;
	*d->device.file_mode = st.st_mode & 07777;
	*d->device.uid = st.st_uid;
	*d->device.gid = st.st_gid;
	d->access = access;
	return 0;
}

/* With --privileged the container has every device of the host, but for terminals and such. */
static int add_host_devices(struct creation *c, const char *dir, int depth, struct err *err)
{
	static const char *const skipped[] = {"pts", "shm", "fd", "mqueue", "console", "ptmx",
		"tty", "null", "zero", "full", "random", "urandom", ".lxc", ".lxd-mounts", ".udev"};
	own_dir DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		own_mem char *path = xasprintf("%s/%s", dir, entry->d_name);
		bool skip = entry->d_name[0] == '.';

		for (size_t i = 0; i < ARRAY_LEN(skipped) && depth == 0; i++)
			skip = skip || strcmp(entry->d_name, skipped[i]) == 0;
		if (skip)
			continue;
		if (entry->d_type == DT_DIR && depth < 4 &&
			add_host_devices(c, path, depth + 1, err) < 0)
			return -err->code;
		if ((entry->d_type == DT_CHR || entry->d_type == DT_BLK) &&
			add_device(c, path, path, "rwm", err) < 0 && err->code != E_NOT_FOUND)
			return -err->code;
	}
	return 0;
}

/* "c 1:3 rwm", with "*" for any number */
static int add_device_rule(struct creation *c, const char *text, struct err *err)
{
	struct config_options *o = &c->options;
	struct arena *a = &c->engine->arena;
	char type, major_text[16], minor_text[16], access[4];
	struct device_rule *more, *rule;
	const char *texts[2] = {major_text, minor_text};
	int end = 0;

	if (sscanf(text, "%c %15[0-9*]:%15[0-9*] %3[rwm]%n", &type, major_text, minor_text, access,
		    &end) != 4 ||
		text[end] || !strchr("abc", type))
		return err_set(err, E_USAGE, "invalid device cgroup rule format: '%s'", text);
	more = arena_array(a, o->device_rules.count + 1, sizeof(*more));
	if (o->device_rules.count)
		memcpy(more, o->device_rules.items, o->device_rules.count * sizeof(*more));
	rule = &more[o->device_rules.count++];
	o->device_rules.items = more;
	*rule = (struct device_rule){.allow = true,
		.type = arena_strndup(a, &type, 1),
		.access = arena_strdup(a, access)};
	for (int i = 0; i < 2; i++) {
		int64_t **number = i ? &rule->minor : &rule->major;

		if (strchr(texts[i], '*'))
			continue;
		*number = arena_alloc(a, sizeof(int64_t));
		**number = strtoll(texts[i], NULL, 10);
	}
	return 0;
}

static int set_devices(struct creation *c, struct err *err)
{
	const struct docker_host_config *h = &c->docker.host_config;

	if (h->privileged && add_host_devices(c, "/dev", 0, err) < 0)
		return -err->code;
	for (size_t i = 0; i < h->devices.count; i++) {
		const struct docker_device *d = &h->devices.items[i];

		if (add_device(c, d->host_path, d->container_path, d->permissions, err) < 0)
			return -err->code;
	}
	for (size_t i = 0; i < h->device_cgroup_rules.count; i++)
		if (add_device_rule(c, h->device_cgroup_rules.items[i], err) < 0)
			return -err->code;
	return 0;
}

static int device_number(
	const char *path, int64_t *major_number, int64_t *minor_number, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISBLK(st.st_mode))
		return err_set(err, E_USAGE, "'%s' is no block device", path);
	*major_number = major(st.st_rdev);
	*minor_number = minor(st.st_rdev);
	return 0;
}

/* One of the four kinds of throttling. */
#define SET_RATES(c, rates, throttle, err)                                                         \
	set_rates(c, rates, (void *)&(throttle).items, &(throttle).count, err)

static int set_rates(struct creation *c, const struct docker_rates *rates,
	struct throttle_device **items, size_t *count, struct err *err)
{
	*items = arena_array(&c->engine->arena, rates->count, sizeof(**items));
	for (size_t i = 0; i < rates->count; i++) {
		struct throttle_device *t = &(*items)[i];

		t->rate = (uint64_t)rates->items[i].rate;
		if (device_number(rates->items[i].path, &t->major, &t->minor, err) < 0)
			return -err->code;
		(*count)++;
	}
	return 0;
}

static int set_block_io(struct creation *c, struct err *err)
{
	const struct docker_host_config *h = &c->docker.host_config;
	struct arena *a = &c->engine->arena;
	struct block_io_resources *b;

	if (!h->blkio_weight && !h->blkio_weight_device.count && !h->read_bps.count &&
		!h->write_bps.count && !h->read_iops.count && !h->write_iops.count)
		return 0;
	c->options.block_io = b = arena_alloc(a, sizeof(*b));
	if (h->blkio_weight) {
		b->weight = arena_alloc(a, sizeof(uint32_t));
		*b->weight = (uint32_t)h->blkio_weight;
	}
	b->weight_device.items = arena_array(
		a, h->blkio_weight_device.count, sizeof(*b->weight_device.items));
	for (size_t i = 0; i < h->blkio_weight_device.count; i++) {
		struct weight_device *w = &b->weight_device.items[b->weight_device.count++];

		w->weight = arena_alloc(a, sizeof(uint32_t));
		*w->weight = (uint32_t)h->blkio_weight_device.items[i].weight;
		if (device_number(h->blkio_weight_device.items[i].path, &w->major, &w->minor, err) <
			0)
			return -err->code;
	}
	if (SET_RATES(c, &h->read_bps, b->throttle_read_bps, err) < 0 ||
		SET_RATES(c, &h->write_bps, b->throttle_write_bps, err) < 0 ||
		SET_RATES(c, &h->read_iops, b->throttle_read_iops, err) < 0)
		return -err->code;
	return SET_RATES(c, &h->write_iops, b->throttle_write_iops, err);
}

static int set_resources(struct creation *c, struct err *err)
{
	const struct docker_host_config *h = &c->docker.host_config;
	struct config_options *o = &c->options;
	struct arena *a = &c->engine->arena;

	o->memory = h->memory;
	o->memory_swap = h->memory_swap;
	o->memory_reservation = h->memory_reservation;
	o->memory_swappiness = h->memory_swappiness;
	o->oom_kill_disable = h->oom_kill_disable && *h->oom_kill_disable;
	o->nano_cpus = h->nano_cpus;
	o->cpu_period = h->cpu_period;
	o->cpu_quota = h->cpu_quota;
	o->cpu_shares = h->cpu_shares;
	o->cpu_rt_period = h->cpu_rt_period;
	o->cpu_rt_runtime = h->cpu_rt_runtime;
	o->cpuset_cpus = h->cpuset_cpus;
	o->cpuset_mems = h->cpuset_mems;
	o->pids_limit = h->pids_limit ? *h->pids_limit : 0;
	o->shm_size = h->shm_size;
	o->cgroups_path = arena_printf(a, "%s/%s",
		h->cgroup_parent && *h->cgroup_parent ? h->cgroup_parent : "/kist", c->id);
	if (*o->cgroups_path != '/')
		o->cgroups_path = arena_printf(a, "/%s", o->cgroups_path);
	o->rlimits.items = arena_array(a, h->ulimits.count, sizeof(*o->rlimits.items));
	for (size_t i = 0; i < h->ulimits.count; i++)
		o->rlimits.items[o->rlimits.count++] = (struct rlimit_config){
			h->ulimits.items[i].name, (uint64_t)h->ulimits.items[i].soft,
			(uint64_t)h->ulimits.items[i].hard};
	if (h->oom_score_adj) {
		o->oom_score_adj = arena_alloc(a, sizeof(int64_t));
		*o->oom_score_adj = h->oom_score_adj;
	}
	return set_block_io(c, err);
}

static int read_seccomp(struct creation *c, const char *path, struct err *err)
{
	struct arena *a = &c->engine->arena;
	const struct json *profile = json_read_file(a, AT_FDCWD, path, err);
	struct strings capabilities;
	int r;

	if (!profile)
		return err_wrap(err, "opening seccomp profile (%s) failed", path);
	r = config_capabilities(&c->options, &capabilities, a, err);
	if (r < 0)
		return r;
	c->options.seccomp = arena_alloc(a, sizeof(*c->options.seccomp));
	r = seccomp_profile_decode(profile, &capabilities, c->options.seccomp, a, err);
	return r < 0 ? err_wrap(err, "seccomp profile '%s'", path) : 0;
}

static int set_security_option(struct creation *c, const char *text, struct err *err)
{
	struct config_options *o = &c->options;
	size_t key = strcspn(text, "=:");
	const char *value = text[key] ? text + key + 1 : "";

	if (strncmp(text, "no-new-privileges", key) == 0)
		o->no_new_privileges = strcmp(value, "false") != 0;
	else if (strncmp(text, "systempaths", key) == 0)
		o->systempaths_unconfined = true;
	else if (strncmp(text, "apparmor", key) == 0 && strcmp(value, "unconfined") != 0)
		o->apparmor_profile = value;
	else if (strncmp(text, "seccomp", key) == 0 && strcmp(value, "unconfined") == 0)
		o->seccomp_unconfined = true;
	else if (strncmp(text, "seccomp", key) == 0 && strcmp(value, "builtin") != 0)
		return read_seccomp(c, value, err);
	return 0;
}

static const char *namespace_of(const char *mode)
{
	return mode && strcmp(mode, "host") == 0 ? "host" : NULL;
}

static int set_isolation(struct creation *c, struct err *err)
{
	const struct docker_host_config *h = &c->docker.host_config;
	struct config_options *o = &c->options;

	o->privileged = h->privileged;
	o->cap_add = h->cap_add;
	o->cap_drop = h->cap_drop;
	o->readonly_rootfs = h->readonly_rootfs;
	o->sysctls = h->sysctls;
	o->annotations = h->annotations;
	o->pid_namespace = namespace_of(h->pid_mode);
	o->ipc_namespace = namespace_of(h->ipc_mode);
	o->uts_namespace = namespace_of(h->uts_mode);
	o->cgroup_namespace = namespace_of(h->cgroupns_mode);
	o->network_namespace = network_namespace(c->engine, h->network_mode, c->id);
	if (h->privileged && !c->request->host.cgroupns_mode)
		o->cgroup_namespace = "host";
	for (size_t i = 0; i < h->security_opt.count; i++)
		if (set_security_option(c, h->security_opt.items[i], err) < 0)
			return -err->code;
	return set_devices(c, err);
}

static void split_commas(const char *text, struct strings *list, struct arena *a)
{
	while (text && *text) {
		size_t n = strcspn(text, ",");

		if (n)
			strings_add(a, list, arena_strndup(a, text, n));
		text += n + (text[n] == ',');
	}
}

/* What is mounted, in the order in which it was asked for. */
static void set_mounts(struct creation *c)
{
	struct config_options *o = &c->options;
	struct arena *a = &c->engine->arena;
	const struct mount_requests *requests = &c->request->mounts;

	o->mounts.items = arena_array(a, c->docker.mounts.count, sizeof(*o->mounts.items));
	for (size_t i = 0; i < c->docker.mounts.count; i++) {
		const struct docker_mount *m = &c->docker.mounts.items[i];
		struct mount_option *to = &o->mounts.items[o->mounts.count++];

		*to = (struct mount_option){.destination = m->destination, .readonly = !m->rw};
		if (strcmp(m->type, "tmpfs") != 0) {
			to->source = m->source;
			to->propagation = *m->propagation ? m->propagation : NULL;
		} else {
			to->type = "tmpfs";
		}
		/* those that were asked for stand first, one for one */
		if (i < requests->count) {
			to->non_recursive = requests->items[i].not_recursive;
			split_commas(requests->items[i].tmpfs, &to->options, a);
		}
	}
}

int creation_options(struct creation *c, struct err *err)
{
	const struct docker_config *wanted = &c->request->config;
	struct config_options *o = &c->options;
	const char *dir = engine_root_path(c->engine, "containers/%s", c->id);
	struct arena *a = &c->engine->arena;

	o->entrypoint = wanted->entrypoint;
	o->args = wanted->cmd;
	o->env = wanted->env;
	o->cwd = wanted->working_dir;
	o->terminal = wanted->tty;
	o->hostname = c->docker.config.hostname;
	o->domainname = wanted->domainname;
	o->hosts_file = arena_printf(a, "%s/hosts", dir);
	o->hostname_file = arena_printf(a, "%s/hostname", dir);
	o->resolv_conf = arena_printf(a, "%s/resolv.conf", dir);
	if (set_resources(c, err) < 0 || set_isolation(c, err) < 0)
		return -err->code;
	set_mounts(c);
	return 0;
}
