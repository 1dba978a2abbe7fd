/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in use: a file each, made exclusively, so that no address is given twice. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/own.h"
#include "netsetup/network.h"

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

/* Make the lease's file. Returns 1, or 0 when somebody has the address. */
static int try_lease(
	const struct network_lock *lock, const char *text, const char *id, struct err *err)
{
	own_fd int fd = openat(lock->dir, text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	own_mem char *line = NULL;
	int r;

	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0)
		return err_errno(err, "cannot record the address %s", text);
	line = xasprintf("%s\n", id);
	r = io_write_full(fd, line, strlen(line));
	if (r < 0) {
		unlinkat(lock->dir, text, 0);
		return err_set(err, -r, "cannot record the address %s: %s", text, strerror(-r));
	}
	return 1;
}

static int take_wanted(const struct network_lock *lock, const struct network *n, const char *id,
	uint32_t wanted, struct err *err)
{
	char text[IP_TEXT_MAX];
	int r;

	ip_format(wanted, text);
	if (!ip_within(&n->subnet, wanted) || wanted == n->subnet.address ||
		wanted == (n->subnet.address | ~ip_mask(n->subnet.bits)))
		return err_set(err, EINVAL, "the address %s is not one of network %s (%s)", text,
			n->d.name, n->d.subnet);
	r = wanted == n->gateway ? 0 : try_lease(lock, text, id, err);
	if (r < 0)
		return r;
	return r
		? 0
		: err_set(err, E_IN_USE, "the address %s on network %s is in use", text, n->d.name);
}

int lease_take(const struct network_lock *lock, const struct network *n, const char *id,
	uint32_t wanted, uint32_t *address, struct err *err)
{
	uint32_t candidate = wanted ? wanted : last_given(lock);

	if (wanted) {
		if (take_wanted(lock, n, id, wanted, err) < 0)
			return -err->code;
		*address = wanted;
		return 0;
	}
	for (uint32_t left = ip_capacity(&n->subnet); left; left--) {
		char text[IP_TEXT_MAX];
		int r;

		candidate = ip_next(&n->subnet, n->gateway, candidate);
		ip_format(candidate, text);
		r = try_lease(lock, text, id, err);
		if (r < 0)
			return r;
		if (r == 0)
			continue;
		remember_last(lock, text);
		*address = candidate;
		return 0;
	}
	return err_set(
		err, E_IN_USE, "network %s has no free address in %s", n->d.name, n->d.subnet);
}

int lease_release(
	const struct network_lock *lock, const char *address, const char *id, struct err *err)
{
	own_dir DIR *dir = NULL;
	struct dirent *d;
	uint32_t ignored;
	int r;

	if (address) {
		own_arena struct arena a = {0};
		const char *owner;

		r = state_owner(&a, lock->dir, address, &owner, err);
		if (r < 0)
			return r == -ENOENT ? 0 : r;
		if ((!*owner || strcmp(owner, id) == 0) && unlinkat(lock->dir, address, 0) < 0)
			return err_errno(err, "cannot give back the address %s", address);
		return 0;
	}
	dir = dir_open(lock->dir, ".");
	if (!dir)
		return err_errno(err, "cannot read the leases");
	while ((r = dir_next(dir, &d, err)) > 0)
		if (ip_parse(d->d_name, &ignored) == 0 &&
			lease_release(lock, d->d_name, id, err) < 0)
			return -err->code;
	return r < 0 ? err_wrap(err, "cannot read the leases") : 0;
}

int lease_any(const struct network_lock *lock, struct err *err)
{
	own_dir DIR *dir = dir_open(lock->dir, ".");
	struct dirent *d;
	uint32_t ignored;
	int r;

	if (!dir)
		return err_errno(err, "cannot read the leases");
	while ((r = dir_next(dir, &d, err)) > 0)
		if (ip_parse(d->d_name, &ignored) == 0)
			return 1;
	return r < 0 ? err_wrap(err, "cannot read the leases") : 0;
}

int lease_list(struct arena *a, const struct network_lock *lock,
	struct network_definition *definition, struct err *err)
{
	own_dir DIR *dir = dir_open(lock->dir, ".");
	struct dirent *d;
	const char *owner;
	struct err gone;
	uint32_t ignored;
	int r;

	if (!dir)
		return err_errno(err, "cannot read the leases");
	while ((r = dir_next(dir, &d, err)) > 0)
		if (ip_parse(d->d_name, &ignored) == 0 &&
			state_owner(a, lock->dir, d->d_name, &owner, &gone) == 0)
			string_map_set(a, &definition->endpoints, d->d_name, owner);
	return r < 0 ? err_wrap(err, "cannot read the leases") : 0;
}
