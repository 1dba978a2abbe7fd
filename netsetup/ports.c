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

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "netsetup/config.h"
#include "netsetup/ip.h"
#include "netsetup/listeners.h"

#define RANGES     "ranges"
#define FIRST_FREE 49000 /* where free ones are looked for first, and for rows then from 1024 */
#define NAME_SIZE  64

/* RUN/ports while it is locked. */
struct port_lock {
	int dir, fd, ranges; /* ranges: -1 while there are none */
};

static void port_unlock(const struct port_lock *l)
{
	own_fd_release(&l->fd);
	own_fd_release(&l->ranges);
}

static int port_lock(const struct state *s, struct port_lock *l, struct err *err)
{
	*l = (struct port_lock){s->ports, lock_file(s->ports, "lock", 0, err), -1};
	if (l->fd < 0)
		return l->fd;
	l->ranges = openat(s->ports, RANGES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return 0;
}

static uint32_t address_of(const struct port *p)
{
	uint32_t address = 0;

	return p->host_ip && ip_parse(p->host_ip, &address) == 0 ? address : 0;
}

static const char *protocol_of(const struct port *p)
{
	return p->protocol ? p->protocol : "tcp";
}

/* "cannot publish 127.0.0.1:80/tcp: why", or "0.0.0.0:80-90/tcp" */
static int refuse(const struct port *p, int code, const char *why, struct err *err)
{
	char address[IP_TEXT_MAX], more[16] = "";

	ip_format(address_of(p), address);
	if (port_count(p) > 1)
		snprintf(more, sizeof(more), "-%u", p->host_port + port_count(p) - 1);
	return err_set(err, code, "cannot publish %s:%u%s/%s: %s", address, p->host_port, more,
		protocol_of(p), why);
}

/*
 * Could a process of this host bind it? Closed again at once: the packet filter, not a socket,
 * takes the packets.
 */
static int try_bind(const struct port *p, uint32_t port, struct err *err)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(address_of(p))};
	uint8_t ipproto = config_protocol(p->protocol);
	int type = ipproto == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM, on = 1;
	own_fd int fd = socket(AF_INET, type | SOCK_CLOEXEC, ipproto);
	struct port one = *p;

	/* a kernel without SCTP has nobody who listens with it either */
	if (fd < 0 && ipproto == IPPROTO_SCTP)
		fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_errno(err, "cannot make a socket");
	/* connections that were closed a minute ago do not count, who listens does (not for UDP) */
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	one.host_port = port;
	one.count = 1;
	if (errno == EADDRINUSE)
		return refuse(&one, E_IN_USE,
			"port is already allocated, by a process of this host", err);
	if (errno == EADDRNOTAVAIL)
		return refuse(&one, EADDRNOTAVAIL, "this host does not have the address", err);
	return refuse(&one, errno, strerror(errno), err);
}

/* ---- what is recorded ---- */

struct recorded {
	char protocol[8];
	uint32_t first, last;
	const char *rest; /* what follows the numbers: "" or "-127.0.0.1" */
};

/* "tcp-80" or "tcp-80-90-127.0.0.1". 0, or -EINVAL for what is none of ours. */
static int parse_name(const char *name, bool range, struct recorded *r)
{
	int end = 0;

	*r = (struct recorded){0};
	if (sscanf(name, "%7[a-z]-%u%n", r->protocol, &r->first, &end) < 2 || !end)
		return -EINVAL;
	r->last = r->first;
	if (range) {
		int more = 0;

		if (sscanf(name + end, "-%u%n", &r->last, &more) < 1 || !more)
			return -EINVAL;
		end += more;
	}
	r->rest = name + end;
	return r->last < r->first || r->last > 65535 ? -EINVAL : 0;
}

#define PORTS_UNREADABLE "cannot read the published ports"

static int unreadable(struct err *err)
{
	return err_errno(err, PORTS_UNREADABLE);
}

static bool collide(uint32_t a, uint32_t b)
{
	return !a || !b || a == b;
}

/* Calls mark() for every row in RUN/ports/ranges that has a port in common with p's address. */
static int each_range(const struct port_lock *l, const struct port *p,
	void (*mark)(uint32_t first, uint32_t last, void *arg), void *arg, struct err *err)
{
	own_dir DIR *dir = l->ranges < 0 ? NULL : dir_open(l->ranges, ".");
	struct dirent *d;
	int r;

	if (!dir)
		return l->ranges < 0 ? 0 : unreadable(err);
	while ((r = dir_next(dir, &d, err)) > 0) {
		struct recorded row;
		uint32_t address;

		if (parse_name(d->d_name, true, &row) == 0 && *row.rest == '-' &&
			ip_parse(row.rest + 1, &address) == 0 &&
			strcmp(row.protocol, protocol_of(p)) == 0 &&
			collide(address, address_of(p)))
			mark(row.first, row.last, arg);
	}
	return r < 0 ? err_wrap(err, PORTS_UNREADABLE) : 0;
}

struct one {
	uint32_t port;
	bool found;
};

static void mark_one(uint32_t first, uint32_t last, void *arg)
{
	struct one *one = arg;

	one->found |= one->port >= first && one->port <= last;
}

static void mark_all(uint32_t first, uint32_t last, void *arg)
{
	for (uint32_t port = first; port <= last; port++)
		port_set_add(arg, port);
}

/* Is it in the directory of one number, on an address that collides? 1, 0 or an error. */
static int is_recorded_at(
	const struct port_lock *l, const char *name, uint32_t wanted, struct err *err)
{
	own_dir DIR *dir = dir_open(l->dir, name);
	struct dirent *d;
	uint32_t address;
	int r;

	if (!dir)
		return errno == ENOENT || errno == ENOTDIR ? 0 : unreadable(err);
	while ((r = dir_next(dir, &d, err)) > 0)
		if (ip_parse(d->d_name, &address) == 0 && collide(address, wanted))
			return 1;
	return r < 0 ? err_wrap(err, PORTS_UNREADABLE) : 0;
}

static int is_recorded(
	const struct port_lock *l, const struct port *p, uint32_t port, struct err *err)
{
	struct one one = {port, false};
	char name[NAME_SIZE];
	int r;

	snprintf(name, sizeof(name), "%s-%u", protocol_of(p), port);
	r = is_recorded_at(l, name, address_of(p), err);
	if (r == 0)
		r = each_range(l, p, mark_one, &one, err);
	return r ? r : one.found;
}

static int mark_recorded(
	const struct port_lock *l, const struct port *p, struct port_set *set, struct err *err)
{
	own_dir DIR *dir = dir_open(l->dir, ".");
	struct dirent *d;
	int r;

	if (!dir)
		return unreadable(err);
	while ((r = dir_next(dir, &d, err)) > 0) {
		struct recorded row;

		if (parse_name(d->d_name, false, &row) < 0 || *row.rest ||
			strcmp(row.protocol, protocol_of(p)) != 0)
			continue;
		r = is_recorded_at(l, d->d_name, address_of(p), err);
		if (r < 0)
			return r;
		if (r)
			port_set_add(set, row.first);
	}
	return r < 0 ? err_wrap(err, PORTS_UNREADABLE) : each_range(l, p, mark_all, set, err);
}

static int write_owner(int dir, const char *name, const char *owner, struct err *err)
{
	own_fd int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int r = fd < 0 ? -errno : io_write_full(fd, owner, strlen(owner));

	return r < 0 ? err_set(err, -r, "cannot record a published port: %s", strerror(-r)) : 0;
}

/* The file's name of a port or a row, and in name_of_one the directory of a port. */
static void names_of(const struct port *p, char name[NAME_SIZE], char directory[NAME_SIZE])
{
	char address[IP_TEXT_MAX];

	ip_format(address_of(p), address);
	if (port_count(p) == 1) {
		snprintf(directory, NAME_SIZE, "%s-%u", protocol_of(p), p->host_port);
		snprintf(name, NAME_SIZE, "%s", address);
	} else {
		snprintf(directory, NAME_SIZE, "%s", RANGES);
		snprintf(name, NAME_SIZE, "%s-%u-%u-%s", protocol_of(p), p->host_port,
			p->host_port + port_count(p) - 1, address);
	}
}

static int record(struct port_lock *l, const struct port *p, const char *owner, struct err *err)
{
	char name[NAME_SIZE], directory[NAME_SIZE];
	own_fd int dir = -1;

	names_of(p, name, directory);
	if (mkdirat(l->dir, directory, 0700) < 0 && errno != EEXIST)
		return err_errno(err, "cannot record a published port");
	dir = openat(l->dir, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_errno(err, "cannot record a published port");
	if (write_owner(dir, name, owner, err) < 0)
		return -err->code;
	if (port_count(p) > 1 && l->ranges < 0)
		l->ranges = give_fd(dir);
	return 0;
}

/* ---- taking ---- */

/* Where the last search for a free port ended: a number that was just given back rests a while. */
static uint32_t last_given(const struct port_lock *l)
{
	char text[8] = "";
	unsigned long last = 0;

	if (pread(l->fd, text, sizeof(text) - 1, 0) > 0)
		last = strtoul(text, NULL, 10);
	return last >= FIRST_FREE && last < 65535 ? (uint32_t)last : FIRST_FREE - 1;
}

static void remember_last(const struct port_lock *l, uint32_t port)
{
	char text[8];
	int n = snprintf(text, sizeof(text), "%-6u", port);

	/* only a hint: when it cannot be written, the search takes longer */
	if (pwrite(l->fd, text, (size_t)n, 0) < 0)
		return;
}

static int take_free_one(struct port_lock *l, struct port *p, const char *owner, struct err *err)
{
	uint32_t port = last_given(l);
	int r;

	for (uint32_t left = 65536 - FIRST_FREE; left; left--) {
		port = port == 65535 ? FIRST_FREE : port + 1;
		r = is_recorded(l, p, port, err);
		if (r < 0)
			return r;
		if (r)
			continue;
		if (try_bind(p, port, err) < 0) {
			if (err->code == E_IN_USE)
				continue;
			return -err->code;
		}
		p->host_port = port;
		remember_last(l, port);
		return record(l, p, owner, err);
	}
	return refuse(p, E_IN_USE, "no port is free from 49000 on", err);
}

static int take_one(struct port_lock *l, struct port *p, const char *owner, struct err *err)
{
	int r;

	if (!p->host_port)
		return take_free_one(l, p, owner, err);
	r = is_recorded(l, p, p->host_port, err);
	if (r < 0)
		return r;
	if (r)
		return refuse(p, E_IN_USE, "port is already allocated, by another container", err);
	return try_bind(p, p->host_port, err) < 0 ? -err->code : record(l, p, owner, err);
}

/* A kernel that cannot list its sockets is asked for each port. */
static void mark_listeners(const struct port *p, struct port_set *set)
{
	struct err ignored;
	uint32_t first = p->host_port ? p->host_port : 1024;
	uint32_t last = p->host_port ? first + port_count(p) - 1 : 65535;

	if (listeners_read(config_protocol(p->protocol), address_of(p), set, &ignored) == 0 ||
		config_protocol(p->protocol) == IPPROTO_SCTP)
		return;
	for (uint32_t port = first; port <= last; port++)
		if (try_bind(p, port, &ignored) < 0)
			port_set_add(set, port);
}

/* The first of count ports in a row, from "from" on, that are not in the set; 0: there are none. */
static uint32_t find_row(const struct port_set *taken, uint32_t from, uint32_t count)
{
	uint32_t free = 0;

	for (uint32_t port = from; port <= 65535; port++) {
		free = port_set_has(taken, port) ? 0 : free + 1;
		if (free == count)
			return port - count + 1;
	}
	return 0;
}

static int take_row(struct port_lock *l, struct port *p, const char *owner, struct err *err)
{
	own_mem struct port_set *taken = xcalloc(1, sizeof(*taken)), *listened = NULL;
	uint32_t count = port_count(p);

	if (mark_recorded(l, p, taken, err) < 0)
		return -err->code;
	listened = xcalloc(1, sizeof(*listened));
	mark_listeners(p, listened);
	for (uint32_t port = p->host_port; p->host_port && port < p->host_port + count; port++) {
		const struct port one = {p->host_ip, port, 1, p->protocol, 1};

		if (port_set_has(taken, port))
			return refuse(&one, E_IN_USE,
				"port is already allocated, by another container", err);
		if (port_set_has(listened, port))
			return refuse(&one, E_IN_USE,
				"port is already allocated, by a process of this host", err);
	}
	if (!p->host_port) {
		for (size_t i = 0; i < ARRAY_LEN(taken->bits); i++)
			taken->bits[i] |= listened->bits[i];
		p->host_port = find_row(taken, FIRST_FREE, count);
		if (!p->host_port)
			p->host_port = find_row(taken, 1024, count);
		if (!p->host_port)
			return err_set(err, E_IN_USE,
				"cannot publish %u ports: there are not as many free ones in a row",
				count);
	}
	/* the address is one of this host's? that does not depend on the port */
	return try_bind(p, p->host_port, err) < 0 ? -err->code : record(l, p, owner, err);
}

static int release_locked(const struct port_lock *l, const struct port *ports, size_t count,
	const char *owner, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		own_arena struct arena a = {0};
		char name[NAME_SIZE], directory[NAME_SIZE];
		own_fd int dir = -1;
		const char *whose;
		int r;

		names_of(&ports[i], name, directory);
		dir = openat(l->dir, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0 && errno == ENOENT)
			continue;
		if (dir < 0)
			return err_errno(err, "cannot give back a published port");
		r = state_owner(&a, dir, name, &whose, err);
		if (r < 0 && r != -ENOENT)
			return r;
		if (r == 0 && (!*whose || strcmp(whose, owner) == 0) && unlinkat(dir, name, 0) < 0)
			return err_errno(err, "cannot give back a published port");
		/* stays while there are others in it */
		if (unlinkat(l->dir, directory, AT_REMOVEDIR) < 0 && errno != ENOTEMPTY &&
			errno != EEXIST && errno != ENOENT)
			return err_errno(err, "cannot give back a published port");
	}
	return 0;
}

int ports_take(const struct state *s, struct port_list *ports, const char *owner, struct err *err)
{
	own(port_unlock) struct port_lock l = {-1, -1, -1};
	struct err ignored;

	if (!ports->count)
		return 0;
	if (port_lock(s, &l, err) < 0)
		return -err->code;
	for (size_t i = 0; i < ports->count; i++) {
		struct port *p = &ports->items[i];

		if ((port_count(p) == 1 ? take_one : take_row)(&l, p, owner, err) < 0) {
			release_locked(&l, ports->items, i, owner, &ignored);
			return -err->code;
		}
	}
	return 0;
}

int ports_release(
	const struct state *s, const struct port_list *ports, const char *owner, struct err *err)
{
	own(port_unlock) struct port_lock l = {-1, -1, -1};

	if (!ports->count)
		return 0;
	return port_lock(s, &l, err) < 0
		? -err->code
		: release_locked(&l, ports->items, ports->count, owner, err);
}

/* Those files in a directory of RUN/ports that are owner's, or nobody's. */
static int release_in(int dir, const char *owner, struct err *err)
{
	own_dir DIR *files = dir_open(dir, ".");
	struct dirent *f;
	int r;

	if (!files)
		return unreadable(err);
	while ((r = dir_next(files, &f, err)) > 0) {
		own_arena struct arena a = {0};
		const char *whose;

		if (state_owner(&a, dir, f->d_name, &whose, err) < 0)
			return -err->code;
		if ((!*whose || strcmp(whose, owner) == 0) && unlinkat(dir, f->d_name, 0) < 0)
			return err_errno(err, "cannot give back a published port");
	}
	return r < 0 ? err_wrap(err, PORTS_UNREADABLE) : 0;
}

int ports_release_all(const struct state *s, const char *owner, struct err *err)
{
	own(port_unlock) struct port_lock l = {-1, -1, -1};
	own_dir DIR *dir = NULL;
	struct dirent *d;
	int r;

	if (port_lock(s, &l, err) < 0)
		return -err->code;
	dir = dir_open(s->ports, ".");
	if (!dir)
		return unreadable(err);
	while ((r = dir_next(dir, &d, err)) > 0) {
		own_fd int port = -1;

		if (d->d_type == DT_REG)
			continue;
		port = openat(s->ports, d->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (port < 0 && errno == ENOTDIR)
			continue;
		if (port < 0)
			return unreadable(err);
		if (release_in(port, owner, err) < 0)
			return -err->code;
		unlinkat(s->ports, d->d_name, AT_REMOVEDIR);
	}
	return r < 0 ? err_wrap(err, PORTS_UNREADABLE) : 0;
}
