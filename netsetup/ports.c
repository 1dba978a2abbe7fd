/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "netsetup/network.h"

#define FREE_TRIES 256

static int refuse(const struct config_port *p, int code, const char *why, struct err *err)
{
	char address[IP_TEXT_MAX];

	ip_format(p->address, address);
	return err_set(
		err, code, "Bind for %s:%lld failed: %s", address, (long long)p->host_port, why);
}

/*
 * Could a process of this host bind it? Closed again at once: the packet filter, not a socket,
 * takes the packets. *port gets the number when p->host_port is 0.
 */
static int try_bind(const struct config_port *p, uint16_t *port, struct err *err)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)p->host_port),
		.sin_addr.s_addr = htonl(p->address)};
	socklen_t len = sizeof(address);
	int type = p->ipproto == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM, on = 1;
	own_fd int fd = -1;

	/* a kernel without SCTP has nobody who listens with it either; numbers come from TCP then
	 */
	fd = socket(AF_INET, type | SOCK_CLOEXEC, p->ipproto);
	if (fd < 0 && p->ipproto == IPPROTO_SCTP)
		fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_errno(err, "cannot make a socket");
	/* connections that were closed a minute ago do not count, who listens does (not for UDP) */
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		if (errno == EADDRINUSE)
			return refuse(p, E_IN_USE, "port is already allocated", err);
		if (errno == EADDRNOTAVAIL)
			return refuse(p, EADDRNOTAVAIL, "cannot assign requested address", err);
		return refuse(p, errno, strerror(errno), err);
	}
	if (getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		return err_errno(err, "cannot find a free port");
	*port = ntohs(address.sin_port);
	return 0;
}

/* RUN/ports/<proto>-<port>, made when it is missing and make is true; -1 when it is not there. */
static int open_port(const struct state *s, const struct config_port *p, bool make)
{
	char name[32];

	snprintf(name, sizeof(name), "%s-%u", config_protocol_name(p->ipproto),
		(unsigned)p->host_port);
	if (make)
		mkdirat(s->ports, name, 0700);
	return openat(s->ports, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Is the number taken on this address, or on every one, or on any if we want every one? */
static bool is_taken(const struct state *s, int dirfd, const struct config_port *p, const char *id,
	struct netlink *filter)
{
	own_dir DIR *dir = io_open_dir(dirfd, ".");
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		own_arena struct arena a = {0};
		const char *owner;
		uint32_t address;

		if (ip_parse(d->d_name, &address) < 0 ||
			(address && p->address && address != p->address))
			continue;
		owner = state_owner(&a, dirfd, d->d_name);
		if (strcmp(owner, id) == 0 || endpoint_alive(s, owner))
			return true;
		endpoint_reclaim(s, owner, filter);
		unlinkat(dirfd, d->d_name, 0);
	}
	return false;
}

static int record(int dirfd, const struct config_port *p, const char *id, struct err *err)
{
	char address[IP_TEXT_MAX];
	own_fd int fd = -1;
	int r;

	ip_format(p->address, address);
	fd = openat(dirfd, address, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "cannot record a published port");
	r = io_write_full(fd, id, strlen(id));
	return r < 0 ? err_set(err, -r, "cannot record a published port: %s", strerror(-r)) : 0;
}

static int take_one(const struct state *s, struct config_port *p, const char *id,
	struct netlink *filter, struct err *err)
{
	struct config_port wanted = *p;

	for (int tries = 0; tries < FREE_TRIES; tries++) {
		own_fd int dir = -1;
		uint16_t port = 0;

		if (try_bind(p, &port, err) < 0)
			return -err->code;
		wanted.host_port = port;
		dir = open_port(s, &wanted, true);
		if (dir < 0)
			return err_errno(err, "cannot record a published port");
		if (!is_taken(s, dir, &wanted, id, filter)) {
			*p = wanted;
			return record(dir, p, id, err);
		}
		if (p->host_port)
			return refuse(p, E_IN_USE, "port is already allocated", err);
	}
	return refuse(p, E_IN_USE, "no free port was found", err);
}

static int release_locked(const struct state *s, const struct config_port *ports, size_t count,
	const char *id, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		own_arena struct arena a = {0};
		own_fd int dir = open_port(s, &ports[i], false);
		char address[IP_TEXT_MAX], name[32];

		if (dir < 0)
			continue;
		ip_format(ports[i].address, address);
		if (strcmp(state_owner(&a, dir, address), id) == 0 && unlinkat(dir, address, 0) < 0)
			return err_errno(err, "cannot give back a published port");
		snprintf(name, sizeof(name), "%s-%u", config_protocol_name(ports[i].ipproto),
			(unsigned)ports[i].host_port);
		/* stays while it is published on another address */
		unlinkat(s->ports, name, AT_REMOVEDIR);
	}
	return 0;
}

int ports_take(const struct state *s, struct config_port *ports, size_t count, const char *id,
	struct netlink *filter, struct err *err)
{
	own_fd int lock = -1;
	struct err ignored;

	if (!count)
		return 0;
	lock = lock_file(s->ports, "lock", 0, err);
	if (lock < 0)
		return lock;
	for (size_t i = 0; i < count; i++) {
		if (take_one(s, &ports[i], id, filter, err) < 0) {
			release_locked(s, ports, i, id, &ignored);
			return -err->code;
		}
	}
	return 0;
}

int ports_release(const struct state *s, const struct config_port *ports, size_t count,
	const char *id, struct err *err)
{
	own_fd int lock = -1;

	if (!count)
		return 0;
	lock = lock_file(s->ports, "lock", 0, err);
	return lock < 0 ? lock : release_locked(s, ports, count, id, err);
}

int ports_release_all(const struct state *s, const char *id, struct err *err)
{
	own_fd int lock = lock_file(s->ports, "lock", 0, err);
	own_dir DIR *dir = NULL;
	struct dirent *d;

	if (lock < 0)
		return lock;
	dir = io_open_dir(s->ports, ".");
	while (dir && (d = readdir(dir))) {
		own_fd int port = openat(s->ports, d->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		own_dir DIR *addresses = NULL;
		struct dirent *f;

		if (port < 0 || d->d_name[0] == '.')
			continue;
		addresses = io_open_dir(port, ".");
		while (addresses && (f = readdir(addresses))) {
			own_arena struct arena a = {0};
			const char *owner = state_owner(&a, port, f->d_name);

			/* without an owner: whoever made it was killed before it wrote */
			if (f->d_name[0] != '.' && (!*owner || strcmp(owner, id) == 0))
				unlinkat(port, f->d_name, 0);
		}
		unlinkat(s->ports, d->d_name, AT_REMOVEDIR);
	}
	return 0;
}
