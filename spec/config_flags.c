/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/config_flags.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"

#define NANO 1000000000

/* "1.5" as 1500000000, without floating point. */
static int parse_cpus(const char *value, void *field, struct err *err)
{
	int64_t nano = 0, unit = NANO / 10;
	const char *s = value;

	for (; *s >= '0' && *s <= '9'; s++) {
		nano = nano * 10 + (*s - '0') * (int64_t)NANO;
		if (nano > INT64_MAX / 20)
			return err_set(err, E_USAGE, "too many CPUs");
	}
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++, unit /= 10)
			nano += (*s - '0') * unit;
	if (*s || s == value)
		return err_set(err, E_USAGE, "expected a number of CPUs such as 1.5");
	memcpy(field, &nano, sizeof(nano));
	return 0;
}

/* As CLI_SIZE, and "-1" for no limit. */
static int parse_size_or_none(const char *value, void *field, struct err *err)
{
	int64_t bytes = -1;

	if (strcmp(value, "-1") != 0 && cli_parse_size(value, &bytes) < 0)
		return err_set(err, E_USAGE, "invalid size: '%s'", value);
	memcpy(field, &bytes, sizeof(bytes));
	return 0;
}

#define F                                      struct config_flags
#define TEXT(flag, letter, member, arg, help)  OPT_STRING(F, member, flag, letter, arg, help)
#define LIST(flag, letter, member, arg, help)  OPT_LIST(F, member, flag, letter, arg, help)
#define FLAG(flag, letter, member, help)       OPT_FLAG(F, member, flag, letter, help)
#define SIZE(flag, letter, member, help)       OPT_SIZE(F, member, flag, letter, "BYTES", help)
#define NUMBER(flag, member, help)             OPT_INT(F, member, flag, 0, "N", help)
#define VALUE(flag, member, parser, arg, help) OPT_VALUE(F, member, flag, 0, arg, help, parser)

/* clang-format off */
const struct cli_option config_flags_table[] = {
	TEXT("image", 0, image, "REF", "image in the store"),
	TEXT("image-config", 0, image_config, "FILE", "image config as a file (- is stdin)"),
	TEXT("rootfs", 0, rootfs, "DIR", "root file system in which users are looked up"),
	TEXT("options", 0, options, "FILE", "options as JSON (- is stdin); flags go over them"),
	TEXT("cmd", 0, cmd, "LINE", "the command as a line for the image's shell (/bin/sh -c)"),
	TEXT("entrypoint", 0, entrypoint, "WORD", "in place of the image's (empty: none)"),
	LIST("env", 'e', env, "K=V", "set a variable (K alone takes it away)"),
	TEXT("workdir", 'w', cwd, "DIR", "working directory"),
	TEXT("user", 'u', user, "USER[:GROUP]", "names or numbers"),
	LIST("group-add", 0, group_add, "GROUP", "further group of the process, by name or number"),
	FLAG("compact", 0, compact, "config.json without spaces"),
	FLAG("tty", 't', tty, "with a terminal"),
	TEXT("hostname", 0, hostname, "NAME", "host name"),
	TEXT("domainname", 0, domainname, "NAME", "NIS domain name"),
	FLAG("read-only", 0, read_only, "root file system read-only"),
	LIST("volume", 'v', volumes, "HOST:PATH[:ro]", "bind a directory or file of the host"),
	LIST("tmpfs", 0, tmpfs, "PATH[:OPTIONS]", "mount a tmpfs"),
	SIZE("shm-size", 0, shm_size, "size of /dev/shm (64m)"),
	TEXT("resolv-conf", 0, resolv_conf, "FILE", "bind over /etc/resolv.conf"),
	TEXT("hosts", 0, hosts, "FILE", "bind over /etc/hosts"),
	TEXT("hostname-file", 0, hostname_file, "FILE", "bind over /etc/hostname"),
	TEXT("net-ns", 0, net_ns, "PATH|host", "network namespace to join (else a new one)"),
	TEXT("pid-ns", 0, pid_ns, "PATH|host", "process namespace to join"),
	TEXT("ipc-ns", 0, ipc_ns, "PATH|host", "IPC namespace to join"),
	TEXT("uts-ns", 0, uts_ns, "PATH|host", "UTS namespace to join"),
	TEXT("cgroup-ns", 0, cgroup_ns, "PATH|host", "cgroup namespace to join"),
	FLAG("privileged", 0, privileged, "all capabilities, nothing masked, no seccomp"),
	LIST("cap-add", 0, cap_add, "CAP", "add a capability (or ALL)"),
	LIST("cap-drop", 0, cap_drop, "CAP", "drop a capability (or ALL)"),
	FLAG("no-new-privileges", 0, no_new_privileges, "setuid programs gain nothing"),
	FLAG("seccomp-unconfined", 0, seccomp_unconfined, "no system call filter"),
	LIST("ulimit", 0, ulimits, "NAME=SOFT[:HARD]", "resource limit of the process"),
	LIST("sysctl", 0, sysctls, "K=V", "kernel parameter of the container's namespaces"),
	LIST("annotation", 0, annotations, "K=V", "annotation"),
	SIZE("memory", 'm', memory, "memory limit"),
	VALUE("memory-swap", memory_swap, parse_size_or_none, "BYTES",
		"memory and swap together (-1: no limit)"),
	VALUE("cpus", nano_cpus, parse_cpus, "N", "how many CPUs at most, such as 1.5"),
	NUMBER("cpu-shares", cpu_shares, "relative weight"),
	NUMBER("pids-limit", pids_limit, "number of processes (-1: no limit)"),
	TEXT("cgroups-path", 0, cgroups_path, "PATH", "the container's cgroup"),
};
/* clang-format on */

_Static_assert(ARRAY_LEN(config_flags_table) == CONFIG_FLAGS_COUNT, "the count in the header");

static void set_text(const char **field, const char *value)
{
	if (value)
		*field = value;
}

static void set_number(int64_t *field, int64_t value)
{
	if (value)
		*field = value;
}

static void set_flag(bool *field, bool value)
{
	*field = *field || value;
}

static void add_all(struct strings *list, const struct strv *more, struct arena *a)
{
	for (size_t i = 0; i < more->count; i++)
		strings_add(a, list, more->items[i]);
}

static int add_pairs(struct string_map *map, const struct strv *more, const char *flag,
	struct arena *a, struct err *err)
{
	for (size_t i = 0; i < more->count; i++) {
		const char *equals = strchr(more->items[i], '=');

		if (!equals || equals == more->items[i])
			return err_set(err, E_USAGE,
				"invalid argument \"%.100s\" for \"--%s\" flag: "
				"expected K=V",
				more->items[i], flag);
		string_map_set(a, map,
			arena_strndup(a, more->items[i], (size_t)(equals - more->items[i])),
			equals + 1);
	}
	return 0;
}

/* Docker's rule: what --entrypoint names, or, empty, none at all. */
static void apply_entrypoint(const char *word, struct config_options *o, struct arena *a)
{
	if (!word)
		return;
	o->entrypoint = (struct strings){.items = arena_array(a, 1, sizeof(const char *))};
	if (*word)
		strings_add(a, &o->entrypoint, word);
}

/* The words behind the flags, or --cmd for a shell: as CMD in a Dockerfile has two forms. */
static int apply_command(const struct config_flags *f, char *const *args,
	const struct strings *shell, struct config_options *o, struct arena *a, struct err *err)
{
	static const char *const default_shell[] = {"/bin/sh", "-c", NULL};

	if (f->cmd && *args)
		return err_set(err, E_USAGE, "--cmd and a command exclude each other");
	if (f->cmd || *args)
		o->args = (struct strings){0};
	for (; *args; args++)
		strings_add(a, &o->args, *args);
	if (!f->cmd)
		return 0;
	for (size_t i = 0; i < shell->count; i++)
		strings_add(a, &o->args, shell->items[i]);
	for (size_t i = 0; !shell->count && default_shell[i]; i++)
		strings_add(a, &o->args, default_shell[i]);
	strings_add(a, &o->args, f->cmd);
	return 0;
}

/* Room for more entries behind those that --options gave. */
#define GROW(list, more, a)                                                                        \
	({                                                                                         \
		void *items_ = arena_array(a, (list)->count + (more), sizeof(*(list)->items));     \
		if ((list)->count)                                                                 \
			memcpy(items_, (list)->items, (list)->count * sizeof(*(list)->items));     \
		(list)->items = items_;                                                            \
	})

static int parse_volume(const char *text, struct mount_option *m, struct arena *a, struct err *err)
{
	const char *colon = strchr(text, ':');
	const char *mode = colon ? strchr(colon + 1, ':') : NULL;

	if (!colon || colon == text || !colon[1])
		return err_set(err, E_USAGE, "invalid volume specification: '%.200s'", text);
	m->source = arena_strndup(a, text, (size_t)(colon - text));
	m->destination = arena_strndup(a, colon + 1, strcspn(colon + 1, ":"));
	if (mode && strcmp(mode, ":ro") == 0)
		m->readonly = true;
	else if (mode && strcmp(mode, ":rw") != 0)
		return err_set(err, E_USAGE, "invalid mode: %.100s", mode + 1);
	return 0;
}

static void parse_tmpfs(const char *text, struct mount_option *m, struct arena *a)
{
	size_t n = strcspn(text, ":");

	m->type = "tmpfs";
	m->destination = arena_strndup(a, text, n);
	for (const char *s = text + n; *s; s += n) {
		s++;
		n = strcspn(s, ",");
		if (n)
			strings_add(a, &m->options, arena_strndup(a, s, n));
	}
}

static int apply_mounts(
	const struct config_flags *f, struct config_options *o, struct arena *a, struct err *err)
{
	GROW(&o->mounts, f->volumes.count + f->tmpfs.count, a);
	for (size_t i = 0; i < f->volumes.count; i++)
		if (parse_volume(f->volumes.items[i], &o->mounts.items[o->mounts.count++], a, err) <
			0)
			return -err->code;
	for (size_t i = 0; i < f->tmpfs.count; i++)
		parse_tmpfs(f->tmpfs.items[i], &o->mounts.items[o->mounts.count++], a);
	return 0;
}

static bool parse_limit(const char *text, size_t n, uint64_t *limit)
{
	char digits[24];
	char *end;

	if ((n == 2 && strncmp(text, "-1", 2) == 0) ||
		(n == 9 && strncmp(text, "unlimited", 9) == 0)) {
		*limit = UINT64_MAX;
		return true;
	}
	if (!n || n >= sizeof(digits) || strspn(text, "0123456789") < n)
		return false;
	memcpy(digits, text, n);
	digits[n] = '\0';
	errno = 0;
	*limit = strtoull(digits, &end, 10);
	return !*end && !errno;
}

static int parse_ulimit(const char *text, struct rlimit_config *l, struct arena *a, struct err *err)
{
	size_t name = strcspn(text, "=");
	const char *soft = text[name] ? text + name + 1 : "";
	size_t n = strcspn(soft, ":");
	const char *hard = soft[n] ? soft + n + 1 : soft;

	if (!name || !parse_limit(soft, n, &l->soft) ||
		!parse_limit(hard, strcspn(hard, ":"), &l->hard))
		return err_set(err, E_USAGE, "invalid ulimit argument: %.100s", text);
	l->type = arena_strndup(a, text, name);
	return 0;
}

static int apply_ulimits(
	const struct config_flags *f, struct config_options *o, struct arena *a, struct err *err)
{
	GROW(&o->rlimits, f->ulimits.count, a);
	for (size_t i = 0; i < f->ulimits.count; i++)
		if (parse_ulimit(
			    f->ulimits.items[i], &o->rlimits.items[o->rlimits.count++], a, err) < 0)
			return -err->code;
	return 0;
}

static void apply_scalars(const struct config_flags *f, struct config_options *o)
{
	set_text(&o->cwd, f->cwd);
	set_text(&o->hostname, f->hostname);
	set_text(&o->domainname, f->domainname);
	set_text(&o->network_namespace, f->net_ns);
	set_text(&o->pid_namespace, f->pid_ns);
	set_text(&o->ipc_namespace, f->ipc_ns);
	set_text(&o->uts_namespace, f->uts_ns);
	set_text(&o->cgroup_namespace, f->cgroup_ns);
	set_text(&o->resolv_conf, f->resolv_conf);
	set_text(&o->hosts_file, f->hosts);
	set_text(&o->hostname_file, f->hostname_file);
	set_text(&o->cgroups_path, f->cgroups_path);
	set_flag(&o->terminal, f->tty);
	set_flag(&o->readonly_rootfs, f->read_only);
	set_flag(&o->privileged, f->privileged);
	set_flag(&o->no_new_privileges, f->no_new_privileges);
	set_flag(&o->seccomp_unconfined, f->seccomp_unconfined);
	set_number(&o->memory, f->memory);
	set_number(&o->memory_swap, f->memory_swap);
	set_number(&o->shm_size, f->shm_size);
	set_number(&o->nano_cpus, f->nano_cpus);
	set_number(&o->cpu_shares, f->cpu_shares);
	set_number(&o->pids_limit, f->pids_limit);
}

int config_flags_apply(const struct config_flags *f, char *const *args, const struct strings *shell,
	struct config_options *o, struct arena *a, struct err *err)
{
	int r = apply_command(f, args, shell, o, a, err);

	apply_entrypoint(f->entrypoint, o, a);
	apply_scalars(f, o);
	add_all(&o->env, &f->env, a);
	add_all(&o->cap_add, &f->cap_add, a);
	add_all(&o->cap_drop, &f->cap_drop, a);
	if (r == 0)
		r = apply_mounts(f, o, a, err);
	if (r == 0)
		r = apply_ulimits(f, o, a, err);
	if (r == 0)
		r = add_pairs(&o->sysctls, &f->sysctls, "sysctl", a, err);
	return r == 0 ? add_pairs(&o->annotations, &f->annotations, "annotation", a, err) : r;
}
