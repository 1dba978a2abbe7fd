/* SPDX-License-Identifier: Apache-2.0 */
/* Docker's Config and HostConfig as wishes for config.json. */
#include <string.h>

#include "engine/docker/seccomp_profile.h"
#include "engine/verb/translate_parts.h"

static void set_process(
	const struct translate_context *c, const struct docker_body *body, struct translation *t)
{
	const struct docker_config *wanted = &body->config;
	const struct uint32_list *size = &body->host.console_size;
	struct config_options *o = &t->options;

	o->entrypoint = wanted->entrypoint;
	if (o->entrypoint.count == 1 && !*o->entrypoint.items[0])
		o->entrypoint.count = 0;
	/* no entrypoint at all leaves the image's command, which config_make() would drop */
	o->args = wanted->entrypoint.items && !wanted->entrypoint.count ? t->docker.config.cmd
									: wanted->cmd;
	o->env = wanted->env;
	o->cwd = wanted->working_dir;
	o->terminal = wanted->tty;
	if (wanted->tty && size->count == 2 && size->items[0] && size->items[1]) {
		o->console_size = arena_alloc(c->arena, sizeof(*o->console_size));
		*o->console_size = (struct console_size){
			.height = size->items[0], .width = size->items[1]};
	}
	o->hostname = t->docker.config.hostname;
	o->domainname = wanted->domainname;
	o->hosts_file = arena_printf(c->arena, "%s/hosts", c->directory);
	o->hostname_file = arena_printf(c->arena, "%s/hostname", c->directory);
	o->resolv_conf = arena_printf(c->arena, "%s/resolv.conf", c->directory);
}

static void set_resources(const struct translate_context *c, struct translation *t)
{
	const struct docker_host_config *h = &t->docker.host_config;
	struct config_options *o = &t->options;
	struct arena *a = c->arena;

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
	o->pids_limit = *h->pids_limit;
	o->shm_size = h->shm_size;
	o->cgroups_path = arena_printf(a, "%s/%s",
		h->cgroup_parent && *h->cgroup_parent ? h->cgroup_parent : c->cgroup_parent, c->id);
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
}

/* The profile itself, as docker's client posts it. */
static int set_seccomp(const struct translate_context *c, const char *text,
	struct config_options *o, struct err *err)
{
	const struct json *profile = json_parse(
		c->arena, text, strlen(text), JSON_DOCUMENT_MAX, err);
	struct strings capabilities;
	int r;

	if (!profile)
		return err_wrap(err, "Decoding seccomp profile failed");
	r = config_capabilities(o, &capabilities, c->arena, err);
	if (r < 0)
		return r;
	o->seccomp = arena_alloc(c->arena, sizeof(*o->seccomp));
	r = seccomp_profile_decode(profile, &capabilities, o->seccomp, c->arena, err);
	return r < 0 ? err_wrap(err, "Decoding seccomp profile failed") : 0;
}

static int set_security_option(const struct translate_context *c, const char *text,
	struct config_options *o, struct err *err)
{
	size_t key = strcspn(text, "=:");
	const char *value = text[key] ? text + key + 1 : "";

	if (strncmp(text, "no-new-privileges", key) == 0)
		o->no_new_privileges = strcmp(value, "false") != 0;
	else if (strncmp(text, "apparmor", key) == 0)
		o->apparmor_profile = value;
	else if (strncmp(text, "seccomp", key) == 0 && strcmp(value, "unconfined") == 0)
		o->seccomp_unconfined = true;
	else if (strncmp(text, "seccomp", key) == 0 && strcmp(value, "builtin") != 0)
		return set_seccomp(c, value, o, err);
	return 0;
}

static const char *namespace_of(const char *mode)
{
	return mode && strcmp(mode, "host") == 0 ? "host" : NULL;
}

static int set_isolation(const struct translate_context *c, struct translation *t, struct err *err)
{
	const struct docker_host_config *h = &t->docker.host_config;
	struct config_options *o = &t->options;

	o->privileged = h->privileged;
	o->cap_add = h->cap_add;
	o->cap_drop = h->cap_drop;
	o->readonly_rootfs = h->readonly_rootfs;
	o->systempaths_unconfined = h->masked_paths.items != NULL;
	o->sysctls = h->sysctls;
	o->annotations = h->annotations;
	o->pid_namespace = namespace_of(h->pid_mode);
	o->ipc_namespace = namespace_of(h->ipc_mode);
	o->uts_namespace = namespace_of(h->uts_mode);
	o->cgroup_namespace = namespace_of(h->cgroupns_mode);
	if (strcmp(h->network_mode, NETWORK_HOST) == 0)
		o->network_namespace = "host";
	else if (strcmp(h->network_mode, NETWORK_NONE) != 0)
		o->network_namespace = c->netns;
	for (size_t i = 0; i < h->security_opt.count; i++)
		if (set_security_option(c, h->security_opt.items[i], o, err) < 0)
			return -err->code;
	return 0;
}

int translate_options(const struct translate_context *c, const struct docker_body *body,
	struct translation *t, struct err *err)
{
	set_process(c, body, t);
	set_resources(c, t);
	return set_isolation(c, t, err) < 0 ? -err->code : translate_devices(c, t, err);
}
