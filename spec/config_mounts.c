/* SPDX-License-Identifier: Apache-2.0 */
/* The mounts of config_make(): docker's own, then the user's, the shallow ones first. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "lib/path.h"
#include "spec/check.h"
#include "spec/config_parts.h"

static const struct {
	const char *destination, *type, *source;
	const char *options[8];
} default_mounts[] = {
	{"/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}},
	{"/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}},
	{"/dev/pts", "devpts", "devpts",
		{"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}},
	{"/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}},
	{"/sys/fs/cgroup", "cgroup", "cgroup", {"ro", "nosuid", "noexec", "nodev"}},
	{"/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}},
	{"/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777"}},
};

static const struct check_words propagations = {
	(const char *const[]){"private", "rprivate", "shared", "rshared", "slave", "rslave", NULL},
	"a mount propagation",
};

#define FILES_OF_ETC 3

static struct mount_config *new_mount(const struct config_maker *m)
{
	/* there is room: see config_make_mounts() */
	return &m->config->mounts.items[m->config->mounts.count++];
}

/* Does a mount of the user stand in for this one? Over /dev it covers all beneath. */
static bool covered(const struct config_options *o, const char *destination)
{
	for (size_t i = 0; i < o->mounts.count; i++) {
		const char *user = o->mounts.items[i].destination;

		if (strcmp(user, destination) == 0 ||
			(strcmp(user, "/dev") == 0 && strncmp(destination, "/dev/", 5) == 0))
			return true;
	}
	return false;
}

static void add_shm_of_host(struct mount_config *mount, struct arena *a)
{
	static const char *const options[] = {"rbind", "nosuid", "noexec", "nodev", NULL};

	mount->type = "bind";
	mount->source = "/dev/shm";
	mount->options = (struct strings){0};
	strings_add_words(a, &mount->options, options);
}

/* sysfs shows a network: only who has rights over that may mount it. */
static void bind_sys_of_host(struct mount_config *mount, struct arena *a)
{
	static const char *const options[] = {"rbind", "nosuid", "noexec", "nodev", "rro", NULL};

	mount->type = "bind";
	mount->source = "/sys";
	mount->options = (struct strings){0};
	strings_add_words(a, &mount->options, options);
}

static void drop_option(struct strings *options, const char *option)
{
	size_t n = 0;

	for (size_t i = 0; i < options->count; i++)
		if (strcmp(options->items[i], option) != 0)
			options->items[n++] = options->items[i];
	options->items[n] = NULL;
	options->count = n;
}

static bool is_host(const char *namespace)
{
	return namespace && strcmp(namespace, "host") == 0;
}

static void add_default_mounts(const struct config_maker *m)
{
	const struct config_options *o = m->options;
	int64_t shm_size = o->shm_size ? o->shm_size : CONFIG_SHM_SIZE;

	for (size_t i = 0; i < ARRAY_LEN(default_mounts); i++) {
		const char *destination = default_mounts[i].destination;
		bool shm = strcmp(destination, "/dev/shm") == 0;
		struct mount_config *mount;

		if (covered(o, destination))
			continue;
		mount = new_mount(m);
		mount->destination = destination;
		mount->type = default_mounts[i].type;
		mount->source = default_mounts[i].source;
		strings_add_words(m->arena, &mount->options, default_mounts[i].options);
		if (shm && is_host(o->ipc_namespace))
			add_shm_of_host(mount, m->arena);
		else if (shm)
			strings_add(m->arena, &mount->options,
				arena_printf(m->arena, "size=%lld", (long long)shm_size));
		if (o->privileged && strncmp(destination, "/sys", 4) == 0)
			drop_option(&mount->options, "ro");
		if (o->host_rootless && is_host(o->network_namespace) &&
			strcmp(destination, "/sys") == 0)
			bind_sys_of_host(mount, m->arena);
		/* the group of terminals need not be among those that exist */
		if (o->host_rootless)
			drop_option(&mount->options, "gid=5");
	}
}

static void add_file_of_etc(
	const struct config_maker *m, const char *source, const char *destination)
{
	static const char *const options[] = {"rbind", "rprivate", NULL};
	struct mount_config *mount;

	if (!source || !*source || covered(m->options, destination))
		return;
	mount = new_mount(m);
	mount->destination = destination;
	mount->type = "bind";
	mount->source = source;
	strings_add_words(m->arena, &mount->options, options);
}

/* docker: with --read-only what is not the user's is read-only, too, but for what must be written.
 */
static void make_defaults_readonly(const struct config_maker *m)
{
	static const char *const writable[] = {
		"/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", NULL};

	for (size_t i = 0; i < m->config->mounts.count; i++) {
		struct mount_config *mount = &m->config->mounts.items[i];
		const char *const *w = writable;

		while (*w && strcmp(*w, mount->destination) != 0)
			w++;
		if (!*w && !strings_has(&mount->options, "ro"))
			strings_add(m->arena, &mount->options, "ro");
	}
}

/* "exec" takes the default "noexec" away, and so on. */
static void make_tmpfs(const struct mount_option *o, struct mount_config *mount, struct arena *a)
{
	static const char *const defaults[][2] = {
		{"noexec", "exec"},
		{"nosuid", "suid"},
		{"nodev", "dev"},
	};

	mount->type = mount->source = "tmpfs";
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++)
		if (!strings_has(&o->options, defaults[i][1]) &&
			!strings_has(&o->options, defaults[i][0]))
			strings_add(a, &mount->options, defaults[i][0]);
	for (size_t i = 0; i < o->options.count; i++)
		strings_add(a, &mount->options, o->options.items[i]);
	if (o->readonly && !strings_has(&mount->options, "ro"))
		strings_add(a, &mount->options, "ro");
}

static int make_bind(const struct config_maker *m, const struct mount_option *o,
	struct mount_config *mount, struct err *err)
{
	const char *propagation = o->propagation && *o->propagation ? o->propagation : "rprivate";
	const char **root = &m->config->linux_->rootfs_propagation;

	if (!o->source || *o->source != '/')
		return err_set(err, E_SYNTAX,
			"invalid mount of '%.200s' on '%.200s': the source must be an absolute path",
			o->source ? o->source : "", o->destination);
	if (check_word(propagation, &propagations, err) < 0)
		return err_wrap(err, "invalid mount on '%.200s'", o->destination);
	mount->type = "bind";
	mount->source = o->source;
	strings_add(m->arena, &mount->options, o->non_recursive ? "bind" : "rbind");
	if (o->readonly)
		strings_add(m->arena, &mount->options, "ro");
	for (size_t i = 0; i < o->options.count; i++)
		strings_add(m->arena, &mount->options, o->options.items[i]);
	strings_add(m->arena, &mount->options, propagation);
	/* the root must let pass what one of its mounts is to see or to show */
	if (strstr(propagation, "shared"))
		*root = "rshared";
	else if (strstr(propagation, "slave") && !*root)
		*root = "rslave";
	return 0;
}

static int add_user_mount(
	const struct config_maker *m, const struct mount_option *o, struct err *err)
{
	struct mount_config *mount = new_mount(m);
	own_mem char *clean = NULL;

	if (*o->destination != '/')
		return err_set(err, E_SYNTAX,
			"invalid mount path: '%.200s' mount path must be absolute", o->destination);
	clean = path_clean(o->destination);
	if (strcmp(clean, "/") == 0)
		return err_set(err, E_SYNTAX, "invalid specification: destination can't be '/'");
	mount->destination = arena_strdup(m->arena, clean);
	if (!o->type || strcmp(o->type, "bind") == 0)
		return make_bind(m, o, mount, err);
	if (strcmp(o->type, "tmpfs") != 0)
		return err_set(err, E_UNSUPPORTED, "mount on '%.200s': type '%.40s' is not known",
			o->destination, o->type);
	make_tmpfs(o, mount, m->arena);
	return 0;
}

static size_t depth(const char *path)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

static int by_depth(const void *a, const void *b)
{
	const struct mount_config *x = a, *y = b;
	size_t dx = depth(x->destination), dy = depth(y->destination);

	return dx != dy ? (dx < dy ? -1 : 1) : strcmp(x->destination, y->destination);
}

/* Sorted so that nothing is hidden beneath what is mounted later. */
static int add_user_mounts(const struct config_maker *m, struct err *err)
{
	const struct config_options *o = m->options;
	size_t first = m->config->mounts.count;
	struct mount_config *mounts = &m->config->mounts.items[first];

	for (size_t i = 0; i < o->mounts.count; i++)
		if (add_user_mount(m, &o->mounts.items[i], err) < 0)
			return -err->code;
	qsort(mounts, o->mounts.count, sizeof(*mounts), by_depth);
	for (size_t i = 1; i < o->mounts.count; i++)
		if (strcmp(mounts[i - 1].destination, mounts[i].destination) == 0)
			return err_set(err, E_SYNTAX, "Duplicate mount point: %.300s",
				mounts[i].destination);
	return 0;
}

int config_make_mounts(const struct config_maker *m, struct err *err)
{
	const struct config_options *o = m->options;
	size_t room = ARRAY_LEN(default_mounts) + FILES_OF_ETC + o->mounts.count;

	m->config->mounts.items = arena_array(m->arena, room, sizeof(*m->config->mounts.items));
	if (o->shm_size < 0)
		return err_set(err, EINVAL, "SHM size can not be less than 0");
	add_default_mounts(m);
	add_file_of_etc(m, o->resolv_conf, "/etc/resolv.conf");
	add_file_of_etc(m, o->hostname_file, "/etc/hostname");
	add_file_of_etc(m, o->hosts_file, "/etc/hosts");
	if (o->readonly_rootfs)
		make_defaults_readonly(m);
	return add_user_mounts(m, err);
}
