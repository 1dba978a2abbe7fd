/* SPDX-License-Identifier: Apache-2.0 */
/* The process of config_make(): arguments, environment, user, capabilities, limits. */
#include <ctype.h>
#include <string.h>

#include "lib/env.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/apparmor.h"
#include "spec/config_parts.h"

static const char *const default_capabilities[] = {
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_FSETID",
	"CAP_FOWNER",
	"CAP_MKNOD",
	"CAP_NET_RAW",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETFCAP",
	"CAP_SETPCAP",
	"CAP_NET_BIND_SERVICE",
	"CAP_SYS_CHROOT",
	"CAP_KILL",
	"CAP_AUDIT_WRITE",
	NULL,
};

/* capabilities(7), by their numbers up to Linux 5.9; the runtime passes over what its kernel lacks.
 */
static const char *const all_capabilities[] = {
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",
	"CAP_NET_RAW",
	"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",
	"CAP_SYS_MODULE",
	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE",
	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",
	"CAP_SYS_BOOT",
	"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",
	"CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",
	"CAP_LEASE",
	"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",
	"CAP_SETFCAP",
	"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",
	"CAP_SYSLOG",
	"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ",
	"CAP_PERFMON",
	"CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
	NULL,
};

/* "RLIMIT_NOFILE" from "nofile"; the like for capabilities: upper case with a prefix */
static const char *upper_name(const char *prefix, const char *name, struct arena *a)
{
	size_t n = strlen(prefix);
	char *upper = arena_printf(
		a, "%s%s", strncasecmp(name, prefix, n) == 0 ? "" : prefix, name);

	for (char *s = upper; *s; s++)
		*s = (char)toupper((unsigned char)*s);
	return upper;
}

static bool listed(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

/* What the user wrote, as full names. *all: "ALL" was among them. */
static int normalise(const struct strings *names, const char *what, struct strings *out, bool *all,
	struct arena *a, struct err *err)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name = upper_name("CAP_", names->items[i], a);

		if (strcmp(name, "CAP_ALL") == 0) {
			*all = true;
			continue;
		}
		if (!listed(all_capabilities, name))
			return err_set(err, E_SYNTAX, "invalid %s: unknown capability: \"%.60s\"",
				what, name);
		strings_add(a, out, name);
	}
	return 0;
}

/* All that this machine has to give. */
static void add_all(const struct config_options *o, const struct strings *dropped,
	struct strings *out, struct arena *a)
{
	for (size_t i = 0; all_capabilities[i]; i++) {
		bool here = !o->host_capabilities || (o->host_capabilities & UINT64_C(1) << i);

		if (here && (o->privileged || !strings_has(dropped, all_capabilities[i])))
			strings_add(a, out, all_capabilities[i]);
	}
}

int config_capabilities(
	const struct config_options *o, struct strings *out, struct arena *a, struct err *err)
{
	struct strings added = {0}, dropped = {0};
	bool give_all = o->privileged, drop_all = false;
	int r = normalise(&o->cap_add, "CapAdd", &added, &give_all, a, err);

	if (r == 0)
		r = normalise(&o->cap_drop, "CapDrop", &dropped, &drop_all, a, err);
	if (r < 0)
		return r;
	*out = (struct strings){0};
	if (give_all) {
		add_all(o, &dropped, out, a);
		return 0;
	}
	for (const char *const *name = default_capabilities; *name && !drop_all; name++)
		if (!strings_has(&dropped, *name))
			strings_add(a, out, *name);
	/* what is added by name stays, even where it is dropped, too; as in docker */
	for (size_t i = 0; i < added.count; i++)
		if (!strings_has(out, added.items[i]))
			strings_add(a, out, added.items[i]);
	return 0;
}

static size_t key_length(const char *entry)
{
	return strcspn(entry, "=");
}

/* Does an entry set the variable, or take it away? */
static bool names_variable(const struct strings *env, const char *name)
{
	for (size_t i = 0; i < env->count; i++)
		if (key_length(env->items[i]) == strlen(name) &&
			strncmp(env->items[i], name, strlen(name)) == 0)
			return true;
	return false;
}

static void make_env(const struct config_maker *m, struct strings *env)
{
	const struct config_options *o = m->options;
	struct strings merged = {0};

	strings_add(m->arena, &merged, "PATH=" CONFIG_DEFAULT_PATH);
	if (o->hostname)
		strings_add(m->arena, &merged, arena_printf(m->arena, "HOSTNAME=%s", o->hostname));
	if (o->terminal)
		strings_add(m->arena, &merged, "TERM=xterm");
	env_merge(&merged, &m->image->env, m->arena);
	env_merge(&merged, &o->env, m->arena);
	if (!names_variable(&merged, "HOME") && !names_variable(&o->env, "HOME"))
		strings_add(m->arena, &merged,
			arena_printf(m->arena, "HOME=%s", o->home && *o->home ? o->home : "/"));
	*env = merged;
}

/* docker: an entrypoint given by the user takes the image's cmd away. */
static int make_args(const struct config_maker *m, struct strings *args, struct err *err)
{
	const struct config_options *o = m->options;
	bool own = o->entrypoint.items != NULL;
	const struct strings *entrypoint = own ? &o->entrypoint : &m->image->entrypoint;
	const struct strings *cmd = o->args.count || own ? &o->args : &m->image->cmd;

	for (size_t i = 0; i < entrypoint->count; i++)
		strings_add(m->arena, args, entrypoint->items[i]);
	for (size_t i = 0; i < cmd->count; i++)
		strings_add(m->arena, args, cmd->items[i]);
	if (!args->count)
		return err_set(err, EINVAL,
			"no command specified: the image has none, so name one after it");
	return 0;
}

static int make_cwd(const struct config_maker *m, const char **cwd, struct err *err)
{
	const char *asked = m->options->cwd;
	const char *dir = asked && *asked ? asked : m->image->working_dir;
	own_mem char *clean = NULL;

	if (asked && *asked && *asked != '/')
		return err_set(err, EINVAL,
			"the working directory '%.200s' is invalid, it needs to be an absolute path",
			asked);
	/* an image's may be relative: to the root */
	clean = path_clean(arena_printf(m->arena, "/%s", dir ? dir : ""));
	*cwd = arena_strdup(m->arena, clean);
	return 0;
}

static void make_rlimits(const struct config_maker *m)
{
	const struct config_options *o = m->options;
	struct process_config *p = m->config->process;

	p->rlimits.items = arena_array(m->arena, o->rlimits.count, sizeof(*p->rlimits.items));
	for (size_t i = 0; i < o->rlimits.count; i++) {
		struct rlimit_config *l = &p->rlimits.items[p->rlimits.count++];

		*l = o->rlimits.items[i];
		l->type = upper_name("RLIMIT_", l->type, m->arena);
	}
	if (!p->rlimits.count)
		p->rlimits.items = NULL;
}

static const char *apparmor_profile(const struct config_options *o)
{
	if (!o->apparmor_profile)
		return o->host_apparmor && !o->privileged ? APPARMOR_DEFAULT : NULL;
	return strcmp(o->apparmor_profile, "unconfined") == 0 ? NULL : o->apparmor_profile;
}

int config_make_process(const struct config_maker *m, struct err *err)
{
	const struct config_options *o = m->options;
	struct process_config *p = m->config->process;
	struct capability_sets *sets = arena_alloc(m->arena, sizeof(*sets));
	int r = make_args(m, &p->args, err);

	if (r == 0)
		r = make_cwd(m, &p->cwd, err);
	if (r == 0)
		r = config_capabilities(o, &sets->bounding, m->arena, err);
	if (r < 0)
		return r;
	/* inheritable and ambient stay empty (CVE-2022-24769) */
	sets->permitted = sets->effective = sets->bounding;
	p->capabilities = sets;
	p->terminal = o->terminal;
	p->console_size = o->console_size;
	p->user = o->user;
	if (o->host_one_id) /* nor are there groups to be in */
		p->user.additional_gids.count = 0;
	p->no_new_privileges = o->no_new_privileges;
	p->apparmor_profile = apparmor_profile(o);
	p->selinux_label = o->selinux_label;
	p->oom_score_adj = o->oom_score_adj;
	make_env(m, &p->env);
	make_rlimits(m);
	return 0;
}
