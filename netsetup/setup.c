/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/setup.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "lib/own.h"
#include "netsetup/config.h"
#include "netsetup/driver/driver.h"
#include "netsetup/endpoint.h"
#include "netsetup/files.h"
#include "netsetup/link.h"
#include "netsetup/netns.h"
#include "netsetup/ports.h"
#include "netsetup/teardown.h"

#define LOOPBACK_INDEX 1 /* of every network namespace */

/* Everything that is open and known while one container is set up. */
struct job {
	struct host host;
	struct network_wish *wish;
	struct network_result *result;
	struct tenant tenant;
	int dir; /* RUN/endpoints/<id>, locked */
	struct inside inside;
	uint64_t inode;
};

static void job_release(struct job *j)
{
	own_fd_release(&j->inside.netns);
	netlink_release(&j->inside.route);
	host_release(&j->host);
	own_fd_release(&j->dir);
}

static void job_init(struct job *j, const struct state *s, struct network_wish *wish,
	struct arena *a, struct network_result *result)
{
	memset(j, 0, sizeof(*j));
	host_init(&j->host, s, a);
	j->wish = wish;
	j->result = result;
	j->dir = j->inside.netns = j->inside.route.fd = -1;
	*result = (struct network_result){0};
}

/* Enter the namespace just long enough to open what belongs to it. */
static int open_inside(struct job *j, const char *path, bool make, struct err *err)
{
	struct err ignored;
	own_fd int home = make ? netns_create(path, err) : netns_open(path, err);

	if (home < 0)
		return home;
	j->inside.netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (j->inside.netns < 0 || netlink_open(&j->inside.route, NETLINK_ROUTE, err) < 0) {
		err_errno(err, "cannot work in the network namespace '%s'", path);
		netns_enter(home, &ignored);
		return -err->code;
	}
	j->inode = netns_inode_of(j->inside.netns);
	return netns_enter(home, err);
}

/* The container's record, before the first part of it is made. */
static int announce(struct job *j, struct err *err)
{
	struct arena *a = j->host.arena;
	size_t before = j->tenant.endpoints.count, more = j->wish->endpoints.count;
	struct tenant_endpoint *all = arena_array(a, before + more, sizeof(*all));
	char link[ENDPOINT_LINK_MAX];

	if (config_kind(j->wish) == CONFIG_NONE)
		more = 0;
	for (size_t i = 0; i < before; i++)
		all[i] = j->tenant.endpoints.items[i];
	for (size_t i = 0; i < more; i++) {
		const struct network_endpoint *e = &j->wish->endpoints.items[i];

		endpoint_link_name(j->wish->container_id, e->network, link);
		all[before + i] = (struct tenant_endpoint){
			.network = e->network, .driver = e->driver, .link = arena_strdup(a, link)};
	}
	j->tenant.endpoints.items = all;
	j->tenant.endpoints.count = before + more;
	return tenant_save(j->dir, &j->tenant, err);
}

static const char *mac_of(struct arena *a, const struct network_endpoint *w, uint32_t address)
{
	unsigned char m[6];

	if (w->mac)
		return w->mac;
	ip_mac(address, m);
	return arena_printf(a, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
}

/* The network is up and an address is taken, beneath one lock: it stays up while there is one. */
static const struct driver *join_network(struct job *j, const struct network_endpoint *w,
	struct network *n, struct endpoint *e, struct err *err)
{
	own_network_lock struct network_lock lock = NETWORK_UNLOCKED;
	struct arena *a = j->host.arena;
	const struct driver *driver;
	uint32_t wanted = 0, address;
	char text[IP_TEXT_MAX];

	if (w->addresses.count)
		ip_parse(w->addresses.items[0], &wanted);
	if (network_lock(j->host.state, w->network, &lock, err) < 0)
		return NULL;
	driver = driver_network_up(&j->host, &lock, w->network, n, err);
	if (driver && w->driver && strcmp(w->driver, driver->name) != 0) {
		err_set(err, E_UNSUPPORTED, "network %s is one of driver %s, not %s", w->network,
			driver->name, w->driver);
		driver = NULL;
	}
	if (!driver || lease_take(&lock, n, e->id, wanted, &address, err) < 0)
		return NULL;
	ip_format(address, text);
	e->address = arena_strdup(a, text);
	e->mac = mac_of(a, w, address);
	e->bridge = n->d.bridge;
	e->driver = driver->name;
	return driver;
}

static void add_result(struct job *j, const struct network *n, const struct endpoint *e)
{
	struct arena *a = j->host.arena;
	struct network_attachment *to = &j->result->endpoints.items[j->result->endpoints.count++];

	*to = (struct network_attachment){.network = e->network,
		.driver = e->driver,
		.interface = e->interface,
		.link = e->link,
		.bridge = e->bridge,
		.mac = e->mac,
		.gateway = n->d.gateway,
		.aliases = e->aliases,
		.ports = e->ports};
	strings_add(a, &to->addresses, arena_printf(a, "%s/%u", e->address, n->subnet.bits));
}

static int attach_one(
	struct job *j, const struct network_endpoint *w, const char *link, struct err *err)
{
	struct endpoint e = {.id = j->wish->container_id,
		.network = w->network,
		.interface = w->interface,
		.link = link,
		.namespace_inode = j->inode,
		.aliases = w->aliases,
		.ports = w->ports};
	const char *key = endpoint_key(j->host.arena, e.id, e.network);
	const struct driver *driver;
	struct network n;

	/* the record has everything before the kernel gets the first of it */
	if (ports_take(j->host.state, &e.ports, key, err) < 0)
		return -err->code;
	driver = join_network(j, w, &n, &e, err);
	if (!driver || endpoint_save(j->dir, &e, err) < 0 ||
		driver->attach(&j->host, &n, &e, &j->inside, err) < 0)
		return -err->code;
	/* the first network that leads out of the host has the default route */
	if (!n.d.internal)
		j->inside.default_route = false;
	add_result(j, &n, &e);
	return 0;
}

static int attach_all(struct job *j, size_t before, struct err *err)
{
	size_t count = j->tenant.endpoints.count - before;

	j->result->endpoints.items = arena_array(
		j->host.arena, count, sizeof(*j->result->endpoints.items));
	for (size_t i = 0; i < count; i++)
		if (attach_one(j, &j->wish->endpoints.items[i],
			    j->tenant.endpoints.items[before + i].link, err) < 0)
			return -err->code;
	return 0;
}

static int bring_up_loopback(struct job *j, struct err *err)
{
	link_up(&j->inside.route, LOOPBACK_INDEX, "lo");
	return netlink_send(&j->inside.route, NULL, err);
}

static int set_up_parts(struct job *j, const char *netns, struct err *err)
{
	struct network_wish *w = j->wish;
	bool make = !netns_is_mounted(netns);

	j->tenant = (struct tenant){
		.id = w->container_id, .netns = netns, .made = make, .held = w->held};
	if (w->held)
		tenant_set_caller(&j->tenant);
	j->inside.default_route = true;
	if (!make && netns_is_own(netns))
		return err_set(err, E_DENIED,
			"'%s' is the network namespace of this host (give the path of another one; one "
			"that is not there is made)",
			netns);
	if (announce(j, err) < 0 || open_inside(j, netns, make, err) < 0)
		return -err->code;
	return config_kind(w) == CONFIG_NONE ? bring_up_loopback(j, err) : attach_all(j, 0, err);
}

static int set_up(struct job *j, const char *netns, struct err *err)
{
	const struct state *s = j->host.state;
	struct err ignored;
	int r;

	j->dir = tenant_lock(s, j->wish->container_id, TENANT_MAKE, err);
	if (j->dir < 0)
		return j->dir;
	r = teardown_parts(&j->host, j->dir, netns, j->wish, err);
	if (r == 0)
		r = set_up_parts(j, netns, err);
	/* what stands in the way may belong to somebody who has died */
	if (r == -E_IN_USE && sweep(s, SWEEP_ALL) > 0) {
		own_fd_release(&j->inside.netns);
		netlink_release(&j->inside.route);
		j->inside.netns = -1;
		r = teardown_parts(&j->host, j->dir, netns, j->wish, err);
		if (r == 0)
			r = set_up_parts(j, netns, err);
	}
	if (r == 0)
		r = files_write(j->wish, j->result, err);
	if (r < 0)
		teardown_locked(&j->host, j->dir, netns, j->wish, &ignored);
	return r;
}

int setup(const struct state *s, const char *netns, struct network_wish *wish, struct arena *a,
	struct network_result *result, struct err *err)
{
	own(job_release) struct job j;
	int r = 0;

	job_init(&j, s, wish, a, result);
	sweep(s, SWEEP_SOME);
	if (config_kind(wish) == CONFIG_HOST)
		r = files_write(wish, result, err);
	else
		r = set_up(&j, netns, err);
	if (r < 0)
		return r;
	result->netns = config_kind(wish) == CONFIG_HOST ? NULL : netns;
	if (wish->files) {
		result->files = arena_alloc(a, sizeof(*result->files));
		result->files->hosts = arena_printf(a, "%s/hosts", wish->files);
		result->files->hostname = arena_printf(a, "%s/hostname", wish->files);
		result->files->resolv_conf = arena_printf(a, "%s/resolv.conf", wish->files);
	}
	return 0;
}

/* ---- one more, one less ---- */

static int check_attach(struct job *j, struct err *err)
{
	const struct network_wish *w = j->wish;

	if (w->files)
		return err_set(err, E_UNSUPPORTED,
			"files are not written for a container that is set up already");
	if (config_kind(w) != CONFIG_BRIDGED)
		return err_set(err, E_UNSUPPORTED,
			"a container cannot join network %s while it is in others",
			config_kind(w) == CONFIG_HOST ? NETWORK_HOST : NETWORK_NONE);
	for (size_t i = 0; i < w->endpoints.count; i++)
		for (size_t k = 0; k < j->tenant.endpoints.count; k++)
			if (strcmp(w->endpoints.items[i].network,
				    j->tenant.endpoints.items[k].network) == 0)
				return err_set(err, E_EXISTS, "container %s is in network %s",
					w->container_id, w->endpoints.items[i].network);
	return 0;
}

int attach(const struct state *s, struct network_wish *wish, struct arena *a,
	struct network_result *result, struct err *err)
{
	own(job_release) struct job j;
	struct err ignored;
	size_t before;
	int r;

	job_init(&j, s, wish, a, result);
	j.dir = tenant_lock(s, wish->container_id, 0, err);
	if (j.dir < 0 || tenant_load(j.dir, a, &j.tenant, err) < 0 || check_attach(&j, err) < 0)
		return -err->code;
	before = j.tenant.endpoints.count;
	j.inside.default_route = before == 0;
	r = open_inside(&j, j.tenant.netns, false, err);
	if (r == 0)
		r = announce(&j, err);
	if (r == 0)
		r = attach_all(&j, before, err);
	if (r < 0)
		detach_locked(&j.host, j.dir, wish, &ignored);
	result->netns = j.tenant.netns;
	return r;
}
