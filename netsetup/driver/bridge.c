/* SPDX-License-Identifier: Apache-2.0 */
/* Driver bridge: a bridge for the network, a veth pair for each endpoint, and packet filter rules.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/own.h"
#include "netsetup/config.h"
#include "netsetup/driver/bridge_rules.h"
#include "netsetup/driver/driver.h"
#include "netsetup/link.h"
#include "netsetup/netns.h"
#include "netsetup/pool.h"

#define BRIDGES_MAX    1000
#define LOOPBACK_INDEX 1 /* of every network namespace */

static int has_bridge(const struct network *n, void *name)
{
	return n->d.bridge && strcmp(n->d.bridge, name) == 0;
}

/* Neither there nor another network's: kist0 is left to "default". */
static int choose_bridge(struct host *h, struct network *n, struct err *err)
{
	struct netlink *route = host_route(h, err);
	bool is_default = strcmp(n->d.name, NETWORK_DEFAULT) == 0;

	if (!route)
		return -err->code;
	for (int i = is_default ? 0 : 1; i < BRIDGES_MAX; i++) {
		char *name = arena_printf(h->arena, "kist%d", i);

		int used = link_index(route, name) != 0;

		if (!used)
			used = network_each(h->state, n->d.name, has_bridge, name, err);
		if (used < 0)
			return used;
		if (used)
			continue;
		n->d.bridge = name;
		return 0;
	}
	return err_set(
		err, E_IN_USE, "no free name for a bridge (kist0 to kist%d)", BRIDGES_MAX - 1);
}

static int bridge_create(struct host *h, struct network *n, struct err *err)
{
	if (network_check(h->arena, n, err) < 0)
		return -err->code;
	if (!n->d.bridge && choose_bridge(h, n, err) < 0)
		return -err->code;
	if ((n->d.subnet ? pool_check_promised(h, n, err) : pool_choose(h, n, err)) < 0)
		return -err->code;
	return network_check(h->arena, n, err);
}

/* Write 1 unless it is there: reading is cheap, and a write would reset what follows from it. */
static int switch_on(const char *path, struct err *err)
{
	own_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	own_fd int writable = -1;
	char now = 0;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (read(fd, &now, 1) == 1 && now == '1')
		return 0;
	writable = open(path, O_WRONLY | O_CLOEXEC);
	if (writable < 0 || write(writable, "1", 1) != 1)
		return err_errno(err, "cannot write '%s'", path);
	return 0;
}

/*
 * Nothing of IPv6 on an interface of a network that has none: neither addresses that nobody asked
 * for, nor a router advertisement by which one container gives the host, or all others, a default
 * route. Where the kernel has no IPv6 at all there is nothing to do.
 */
static int without_ipv6(const char *interface, struct err *err)
{
	own_mem char *path = xasprintf("/proc/sys/net/ipv6/conf/%s/disable_ipv6", interface);
	int r = switch_on(path, err);

	return r == -ENOENT ? 0 : r;
}

static int without_ipv6_inside(const struct inside *in, const char *interface, struct err *err)
{
	struct err ignored;
	own_fd int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	/* files of /proc/sys/net are those of the namespace that looks */
	if (home < 0)
		return err_errno(err, "cannot open '/proc/self/ns/net'");
	if (netns_enter(in->netns, err) < 0)
		return -err->code;
	if (without_ipv6(interface, err) < 0) {
		netns_enter(home, &ignored);
		return -err->code;
	}
	return netns_enter(home, err);
}

/* It is up when all of it is there: one that was begun and not ended is ended now. */
static int make_bridge(struct netlink *route, struct network *n, struct err *err)
{
	unsigned char mac[6];

	if (n->index == 0) {
		ip_mac(n->gateway, mac);
		link_add_bridge(route, n->d.bridge, mac, (unsigned)n->d.mtu);
		if (netlink_send(route, NULL, err) < 0)
			return -err->code;
		n->index = link_index(route, n->d.bridge);
	}
	if (without_ipv6(n->d.bridge, err) < 0)
		return -err->code;
	link_add_address(route, n->index, n->gateway, n->subnet.bits);
	link_up(route, n->index, n->d.bridge);
	return netlink_send(route, NULL, err);
}

/* An accept of ours does not outweigh a drop of theirs: all that can be done is to say so. */
static void warn_of_firewall(struct netlink *filter, const char *bridge)
{
	char table[RULES_TABLE_MAX], chain[80];
	struct err err;

	rules_table_name(bridge, table);
	if (nft_find_dropping_forward(filter, table, chain, &err) < 0 || !chain[0])
		return;
	log_warn(
		"this host's packet filter drops what its chain %s does not know, so containers may "
		"reach nothing and not be reached: allow '%s' there, as by: iptables -I %s -i %s -j "
		"ACCEPT; iptables -I %s -o %s -j ACCEPT",
		chain, bridge, strrchr(chain, '/') + 1, bridge, strrchr(chain, '/') + 1, bridge);
}

/* Decide what the network is, and say so on disk before the first part of it exists. */
static int activate(struct host *h, const struct network_lock *lock, struct network *n,
	struct netlink *route, struct err *err)
{
	if (!n->d.bridge || !n->d.subnet) {
		if (bridge_create(h, n, err) < 0)
			return -err->code;
	} else if (link_index(route, n->d.bridge)) {
		return err_set(err, E_EXISTS,
			"cannot make the bridge of network %s: there is an interface '%s' that is not "
			"its own (remove it, or create the network with another --bridge)",
			n->d.name, n->d.bridge);
	} else if (pool_check_routes(h, n, err) < 0) {
		return -err->code;
	}
	return network_save_active(h->arena, lock, n, err);
}

static int bridge_up(struct host *h, const struct network_lock *lock, struct network *n,
	bool active, struct err *err)
{
	struct netlink *route = host_route(h, err), *filter = host_filter(h, err);

	if (!route || !filter)
		return -err->code;
	if (!active && activate(h, lock, n, route, err) < 0)
		return -err->code;
	n->index = link_index(route, n->d.bridge);
	if ((n->index == 0 || !link_is_up(route, n->d.bridge)) && make_bridge(route, n, err) < 0)
		return -err->code;
	if (rules_ensure(filter, n->d.bridge, &n->subnet, err) < 0 ||
		switch_on("/proc/sys/net/ipv4/ip_forward", err) < 0)
		return -err->code;
	if (!active)
		warn_of_firewall(filter, n->d.bridge);
	return 0;
}

static bool bridge_filters(void)
{
	own_fd int fd = open("/proc/sys/net/bridge/bridge-nf-call-iptables", O_RDONLY | O_CLOEXEC);
	char on = '0';

	return fd >= 0 && read(fd, &on, 1) == 1 && on == '1';
}

static int make_links(struct netlink *route, const struct network *n, const struct endpoint *e,
	struct inside *in, uint32_t address, struct err *err)
{
	struct netlink *nl = &in->route;
	struct link_peer peer = {.netns = in->netns, .name = e->interface};
	unsigned index;

	if (config_parse_mac(e->mac, peer.mac) < 0)
		return err_set(err, EINVAL, "invalid mac '%s'", e->mac);
	link_add_veth(route, e->link, n->index, &peer, (unsigned)n->d.mtu);
	if (e->ports.count && bridge_filters())
		link_hairpin(route, e->link);
	if (netlink_send(route, NULL, err) < 0)
		return -err->code;
	if (without_ipv6_inside(in, e->interface, err) < 0)
		return -err->code;
	index = link_index(nl, e->interface);
	link_up(nl, LOOPBACK_INDEX, "lo");
	link_up(nl, index, e->interface);
	link_add_address(nl, index, address, n->subnet.bits);
	if (in->default_route)
		link_add_default_route(nl, n->gateway);
	return netlink_send(nl, NULL, err);
}

/* Let connections from the host's 127.0.0.1 through the bridge; bridge_rules.h: what guards it. */
static int allow_loopback(const char *bridge, struct err *err)
{
	own_mem char *path = xasprintf("/proc/sys/net/ipv4/conf/%s/route_localnet", bridge);

	return switch_on(path, err);
}

static int bridge_attach(struct host *h, const struct network *n, const struct endpoint *e,
	struct inside *in, struct err *err)
{
	struct netlink *route = host_route(h, err), *filter;
	uint32_t address;

	if (ip_parse(e->address, &address) < 0)
		return err_set(err, EINVAL, "invalid address '%s'", e->address);
	if (!route || make_links(route, n, e, in, address, err) < 0)
		return -err->code;
	if (!e->ports.count)
		return 0;
	filter = host_filter(h, err);
	if (!filter || allow_loopback(n->d.bridge, err) < 0)
		return -err->code;
	return rules_publish(filter, n->d.bridge, address, &e->ports, err);
}

static int bridge_detach(struct host *h, const struct endpoint *e, struct err *err)
{
	struct netlink *route, *filter;
	int r = 0;

	if (e->bridge && e->ports.count) {
		filter = host_filter(h, err);
		r = filter ? rules_withdraw(filter, e->bridge, &e->ports, err) : -err->code;
	}
	if (e->link) {
		struct err e2;

		route = host_route(h, &e2);
		/* now, not when the namespace is cleaned up: that is later, and nobody waits for it
		 */
		if (route)
			link_delete(route, e->link);
		if ((!route || netlink_send(route, NULL, &e2) < 0) && r == 0) {
			*err = e2;
			r = -err->code;
		}
	}
	return r;
}

static int bridge_down(struct host *h, const struct network *n, struct err *err)
{
	struct netlink *route = host_route(h, err), *filter = host_filter(h, err);

	if (!route || !filter || !n->d.bridge)
		return n->d.bridge ? -err->code : 0;
	link_delete(route, n->d.bridge);
	if (netlink_send(route, NULL, err) < 0)
		return -err->code;
	return rules_remove(filter, n->d.bridge, err);
}

const struct driver driver_bridge = {
	.name = "bridge",
	.create = bridge_create,
	.up = bridge_up,
	.attach = bridge_attach,
	.detach = bridge_detach,
	.down = bridge_down,
};
