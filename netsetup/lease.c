/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in use: a file each, made exclusively, so that no address is given twice. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "netsetup/network.h"
#include "netsetup/rules.h"

/*
 * Where the search begins: behind the address given last, which the lock file's content says. An
 * address that was just given back rests while others are free.
 */
static uint32_t last_given(const struct network_lock *lock)
{
	char text[IP_TEXT_MAX] = "";
	uint32_t address;

	if (pread(lock->fd, text, sizeof(text) - 1, 0) <= 0 || ip_parse(text, &address) < 0)
		return 0;
	return address;
}

static void remember_last(const struct network_lock *lock, const char *text)
{
	/* only a hint: when it cannot be written, the search takes longer */
	if (ftruncate(lock->fd, 0) < 0 || pwrite(lock->fd, text, strlen(text), 0) < 0)
		return;
}

void endpoint_reclaim(const struct state *s, const char *id, struct netlink *filter)
{
	own_arena struct arena a = {0};
	struct endpoint e;
	struct err ignored;

	if (!config_name_ok(id) || endpoint_load(s, &a, id, &e, &ignored) < 0 || !e.bridge)
		return;
	/* without the table there is nothing to take away: any error is the same here */
	rules_withdraw(filter, e.bridge, e.ports.items, e.ports.count, &ignored);
}

/* Make the lease's file. Returns 1, or 0 when a living container has the address. */
static int try_lease(const struct state *s, const struct network_lock *lock, const char *text,
	const char *id, struct netlink *filter, struct err *err)
{
	own_arena struct arena a = {0};
	own_fd int fd = -1;
	const char *owner;
	int r;

	for (int tries = 0; tries < 2; tries++) {
		fd = openat(lock->dir, text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0)
			break;
		if (errno != EEXIST)
			return err_errno(err, "cannot record the address %s", text);
		owner = state_owner(&a, lock->dir, text);
		if (endpoint_alive(s, owner))
			return 0;
		endpoint_reclaim(s, owner, filter);
		if (unlinkat(lock->dir, text, 0) < 0)
			return err_errno(err, "cannot reclaim the address %s", text);
	}
	if (fd < 0)
		return 0;
	r = io_write_full(fd, arena_printf(&a, "%s\n", id), strlen(id) + 1);
	if (r < 0) {
		unlinkat(lock->dir, text, 0);
		return err_set(err, -r, "cannot record the address %s: %s", text, strerror(-r));
	}
	return 1;
}

int lease_take(const struct state *s, const struct network_lock *lock, const struct network *n,
	const char *id, struct netlink *filter, uint32_t *address, struct err *err)
{
	uint32_t candidate = last_given(lock);

	for (uint32_t left = ip_capacity(&n->subnet); left; left--) {
		char text[IP_TEXT_MAX];
		int r;

		candidate = ip_next(&n->subnet, n->gateway, candidate);
		ip_format(candidate, text);
		r = try_lease(s, lock, text, id, filter, err);
		if (r < 0)
			return r;
		if (r == 0)
			continue;
		remember_last(lock, text);
		*address = candidate;
		return 0;
	}
	return err_set(err, E_IN_USE,
		"no available IPv4 addresses on this network's address pools: %s (%s)", n->name,
		n->subnet_text);
}

int lease_release(
	const struct network_lock *lock, const char *address, const char *id, struct err *err)
{
	own_dir DIR *dir = NULL;
	struct dirent *d;
	uint32_t ignored;

	if (address) {
		own_arena struct arena a = {0};

		if (strcmp(state_owner(&a, lock->dir, address), id) == 0 &&
			unlinkat(lock->dir, address, 0) < 0)
			return err_errno(err, "cannot give back the address %s", address);
		return 0;
	}
	dir = io_open_dir(lock->dir, ".");
	while (dir && (d = readdir(dir)))
		if (ip_parse(d->d_name, &ignored) == 0 &&
			lease_release(lock, d->d_name, id, err) < 0)
			return -err->code;
	return 0;
}

int lease_any(const struct state *s, const struct network_lock *lock, struct err *err)
{
	own_dir DIR *dir = io_open_dir(lock->dir, ".");
	struct dirent *d;
	uint32_t ignored;

	if (!dir)
		return err_errno(err, "cannot read the leases");
	while ((d = readdir(dir))) {
		own_arena struct arena a = {0};

		if (ip_parse(d->d_name, &ignored) < 0)
			continue;
		if (endpoint_alive(s, state_owner(&a, lock->dir, d->d_name)))
			return 1;
		if (unlinkat(lock->dir, d->d_name, 0) < 0)
			return err_errno(err, "cannot reclaim the address %s", d->d_name);
	}
	return 0;
}
