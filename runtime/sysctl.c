/* SPDX-License-Identifier: Apache-2.0 */
/* linux.sysctl: only what belongs to a namespace of the container's own may be written. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "runtime/mount_api.h"
#include "runtime/rootfs.h"

/* Which namespace a name belongs to. An exact name, or a prefix where it ends in a dot. */
static const struct {
	const char *name, *namespace;
} owners[] = {
	{"net.", "network"},
	{"fs.mqueue.", "ipc"},
	{"kernel.msgmax", "ipc"},
	{"kernel.msgmnb", "ipc"},
	{"kernel.msgmni", "ipc"},
	{"kernel.sem", "ipc"},
	{"kernel.shmall", "ipc"},
	{"kernel.shmmax", "ipc"},
	{"kernel.shmmni", "ipc"},
	{"kernel.shm_rmid_forced", "ipc"},
	{"kernel.domainname", "uts"},
	{"user.", "user"},
};

static const char *owner_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(owners); i++) {
		size_t n = strlen(owners[i].name);

		if (owners[i].name[n - 1] == '.' ? strncmp(name, owners[i].name, n) == 0
						 : strcmp(name, owners[i].name) == 0)
			return owners[i].namespace;
	}
	return NULL;
}

int rootfs_check_sysctl(
	const struct runtime_config *config, const struct namespaces *ns, struct err *err)
{
	const struct string_map *map = &config->linux_->sysctl;

	for (size_t i = 0; i < map->count; i++) {
		const char *name = map->items[i].key, *namespace = owner_of(name);

		if (!namespace)
			return err_set(err, E_DENIED,
				"sysctl '%s' belongs to the whole system and to no namespace",
				name);
		if (!(ns->own_flags & namespace_flag(namespace)))
			return err_set(err, E_DENIED,
				"sysctl '%s' belongs to the %s namespace, which is the host's",
				name, namespace);
	}
	return 0;
}

static int write_one(int proc, const char *name, const char *value, struct err *err)
{
	own_mem char *path = xasprintf("sys/%s", name);
	own_fd int fd = -1;

	/* "net.ipv4.conf.eth0/1.forwarding": sysctl(8) swaps the two separators */
	for (char *p = path + 4; *p; p++)
		*p = *p == '.' ? '/' : *p == '/' ? '.' : *p;
	fd = path_open(proc, path, O_WRONLY, 0, PATH_BENEATH | PATH_NO_LINKS, err);
	if (fd < 0)
		return err_wrap(err, "sysctl '%s'", name);
	if (write(fd, value, strlen(value)) < 0)
		return err_errno(err, "cannot set sysctl '%s' to '%s'", name, value);
	return 0;
}

int rootfs_sysctl(struct rootfs *r, struct err *err)
{
	const struct string_map *map = &r->config->linux_->sysctl;
	const struct mount_options none = {0};
	own_fd int own = -1;

	if (!map->count)
		return 0;
	/* a procfs that nobody else has touched, where the container mounts none */
	if (r->proc < 0) {
		own = mount_new("proc", "proc", &none, 0, err);
		if (own < 0)
			return err_wrap(err, "linux.sysctl");
	}
	for (size_t i = 0; i < map->count; i++)
		if (write_one(own >= 0 ? own : r->proc, map->items[i].key, map->items[i].value,
			    err) < 0)
			return -err->code;
	return 0;
}
