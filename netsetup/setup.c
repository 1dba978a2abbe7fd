/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/own.h"
#include "netsetup/files.h"
#include "netsetup/link.h"
#include "netsetup/netns.h"
#include "netsetup/network.h"
#include "netsetup/ports.h"
#include "netsetup/rules.h"

#define LOOPBACK_INDEX 1 /* of every network namespace */

/* Everything that is open and known while one container is set up. */
struct job {
	const struct state *state;
	struct config *config;
	struct arena *arena;
	struct netlink inside;        /* rtnetlink in the container's namespace */
	struct netlink route, filter; /* in the host's */
	int netns;                    /* the container's namespace */
	struct network network;
	unsigned bridge;
	struct endpoint endpoint;
	char link[STATE_LINK_NAME_MAX];
	uint32_t address;
	unsigned char mac[6];
};

/* FNV-1a: ids need not be random, and teardown must find the name without a record. */
void setup_link_name(const char *id, char name[STATE_LINK_NAME_MAX])
{
	uint64_t sum = UINT64_C(14695981039346656037);

	for (const char *p = id; *p; p++)
		sum = (sum ^ (unsigned char)*p) * 1099511628211ull;
	snprintf(name, STATE_LINK_NAME_MAX, "veth%011" PRIx64, sum & UINT64_C(0xfffffffffff));
}

/* Enter the namespace just long enough to open what belongs to it. */
static int open_inside(struct job *j, const char *path, struct err *err)
{
	struct err ignored;
	own_fd int home = netns_is_mounted(path) ? netns_open(path, err) : netns_create(path, err);

	if (home < 0)
		return home;
	j->netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (j->netns < 0 || netlink_open(&j->inside, NETLINK_ROUTE, err) < 0) {
		err_errno(err, "cannot work in the network namespace '%s'", path);
		netns_enter(home, &ignored);
		return -err->code;
	}
	return netns_enter(home, err);
}

/* The record, first without an address: it makes the container count as alive. */
static int announce(struct job *j, const char *netns, struct err *err)
{
	j->endpoint = (struct endpoint){.id = j->config->container_id, .netns = netns};
	if (config_kind(j->config) == CONFIG_BRIDGE) {
		setup_link_name(j->config->container_id, j->link);
		j->endpoint.network = j->config->network;
		j->endpoint.link = j->link;
	}
	return endpoint_save(j->state, &j->endpoint, err);
}

static int take_address(struct job *j, struct err *err)
{
	own_network_lock struct network_lock lock;
	char text[IP_TEXT_MAX];

	if (network_lock(j->state, j->config->network, &lock, err) < 0 ||
		network_up(j->state, j->arena, &lock, j->config->network, &j->route, &j->filter,
			&j->network, &j->bridge, err) < 0 ||
		lease_take(j->state, &lock, &j->network, j->config->container_id, &j->filter,
			&j->address, err) < 0)
		return -err->code;
	ip_format(j->address, text);
	ip_mac(j->address, j->mac);
	j->endpoint.address = arena_strdup(j->arena, text);
	j->endpoint.bridge = j->network.bridge;
	return 0;
}

static bool bridge_filters(void)
{
	own_fd int fd = open("/proc/sys/net/bridge/bridge-nf-call-iptables", O_RDONLY | O_CLOEXEC);
	char on = '0';

	return fd >= 0 && read(fd, &on, 1) == 1 && on == '1';
}

static int make_links(struct job *j, struct err *err)
{
	unsigned index;

	link_add_veth(&j->route, j->link, j->bridge, j->netns, j->mac, (unsigned)j->network.mtu);
	if (j->config->ports.count && bridge_filters())
		link_hairpin(&j->route, j->link);
	if (netlink_send(&j->route, NULL, err) < 0)
		return -err->code;
	index = link_index(&j->inside, "eth0");
	link_up(&j->inside, LOOPBACK_INDEX, "lo");
	link_up(&j->inside, index, "eth0");
	link_add_address(&j->inside, index, j->address, j->network.subnet.bits);
	link_add_default_route(&j->inside, j->network.gateway);
	return netlink_send(&j->inside, NULL, err);
}

static int publish(struct job *j, struct err *err)
{
	struct config *c = j->config;

	if (!c->ports.count)
		return 0;
	if (network_allow_loopback(j->network.bridge, err) < 0)
		return -err->code;
	return rules_publish(
		&j->filter, j->network.bridge, j->address, c->ports.items, c->ports.count, err);
}

static int take_ports(struct job *j, struct err *err)
{
	struct config *c = j->config;

	if (ports_take(j->state, c->ports.items, c->ports.count, c->container_id, &j->filter, err) <
		0)
		return err_wrap(err,
			"driver failed programming external connectivity on endpoint %s (%s)",
			c->name ? c->name : "", c->container_id);
	j->endpoint.ports.items = c->ports.items;
	j->endpoint.ports.count = c->ports.count;
	return 0;
}

static int connect_bridge(struct job *j, struct err *err)
{
	if (netlink_open(&j->route, NETLINK_ROUTE, err) < 0 ||
		netlink_open(&j->filter, NETLINK_NETFILTER, err) < 0)
		return -err->code;
	/* the record has everything before the kernel gets the first of it */
	if (take_ports(j, err) < 0 || take_address(j, err) < 0 ||
		endpoint_save(j->state, &j->endpoint, err) < 0)
		return -err->code;
	if (make_links(j, err) < 0 || publish(j, err) < 0)
		return -err->code;
	return 0;
}

static int bring_up_loopback(struct job *j, struct err *err)
{
	link_up(&j->inside, LOOPBACK_INDEX, "lo");
	return netlink_send(&j->inside, NULL, err);
}

/* ---- the result ---- */

static struct json *interface_document(const struct job *j)
{
	struct arena *a = j->arena;
	struct json *interface = json_new_object(a), *addresses = json_new_array(a);
	const unsigned char *m = j->mac;

	json_append(addresses,
		json_new_string(
			a, arena_printf(a, "%s/%u", j->endpoint.address, j->network.subnet.bits)));
	json_set_string(a, interface, "name", "eth0");
	json_set_string(a, interface, "host", j->link);
	json_set_string(a, interface, "mac",
		arena_printf(
			a, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]));
	json_set(a, interface, "addresses", addresses);
	json_set_string(a, interface, "gateway", j->network.gateway_text);
	json_set_string(a, interface, "bridge", j->network.bridge);
	return interface;
}

static struct json *ports_document(const struct job *j)
{
	struct arena *a = j->arena;
	struct json *ports = json_new_array(a);

	for (size_t i = 0; i < j->config->ports.count; i++) {
		const struct config_port *p = &j->config->ports.items[i];
		struct json *port = json_new_object(a);

		json_set_string(a, port, "host_ip", p->host_ip);
		json_set_int(a, port, "host_port", p->host_port);
		json_set_int(a, port, "container_port", p->container_port);
		json_set_string(a, port, "protocol", p->protocol);
		json_append(ports, port);
	}
	return ports;
}

static struct json *result_document(const struct job *j)
{
	struct arena *a = j->arena;
	struct json *doc = json_new_object(a), *interfaces = json_new_array(a);
	const char *dir = j->config->files;

	json_set_string(a, doc, "netns", j->endpoint.netns);
	json_set_string(a, doc, "network", j->config->network);
	if (j->endpoint.address)
		json_append(interfaces, interface_document(j));
	json_set(a, doc, "interfaces", interfaces);
	json_set(a, doc, "ports", ports_document(j));
	if (dir) {
		struct json *files = json_new_object(a);

		json_set_string(a, files, "hosts", arena_printf(a, "%s/hosts", dir));
		json_set_string(a, files, "hostname", arena_printf(a, "%s/hostname", dir));
		json_set_string(a, files, "resolv_conf", arena_printf(a, "%s/resolv.conf", dir));
		json_set(a, doc, "files", files);
	}
	return doc;
}

/* ---- the verbs ---- */

static int set_up_parts(struct job *j, const char *netns, struct err *err)
{
	enum config_kind kind = config_kind(j->config);
	const char *address, *gateway;

	if (kind != CONFIG_HOST) {
		if (open_inside(j, netns, err) < 0 || announce(j, netns, err) < 0)
			return -err->code;
		if ((kind == CONFIG_BRIDGE ? connect_bridge(j, err) : bring_up_loopback(j, err)) <
			0)
			return -err->code;
	}
	address = j->endpoint.address ? j->endpoint.address : "";
	gateway = j->endpoint.address ? j->network.gateway_text : "";
	return files_write(j->config, address, gateway, err);
}

static void job_release(struct job *j)
{
	own_fd_release(&j->netns);
	netlink_release(&j->inside);
	netlink_release(&j->route);
	netlink_release(&j->filter);
}

static bool has_endpoint(const struct state *s, const char *id)
{
	own_arena struct arena a = {0};
	struct endpoint e;
	struct err ignored;

	return endpoint_load(s, &a, id, &e, &ignored) != -E_NOT_FOUND;
}

int setup(const struct state *s, const char *netns, struct config *c, struct arena *a,
	struct json **result, struct err *err)
{
	struct job j = {.state = s,
		.config = c,
		.arena = a,
		.netns = -1,
		.inside = {.fd = -1},
		.route = {.fd = -1},
		.filter = {.fd = -1}};
	struct err ignored;
	int r = 0;

	if (has_endpoint(s, c->container_id))
		r = teardown(s, netns, c, err);
	if (r == 0)
		r = set_up_parts(&j, netns, err);
	if (r == 0)
		*result = result_document(&j);
	job_release(&j);
	if (r < 0)
		teardown(s, netns, c, &ignored);
	return r;
}

static int remove_from_kernel(const struct endpoint *e, struct err *err)
{
	own_netlink struct netlink route = {.fd = -1}, filter = {.fd = -1};

	if (e->bridge && e->ports.count) {
		if (netlink_open(&filter, NETLINK_NETFILTER, err) < 0 ||
			rules_withdraw(&filter, e->bridge, e->ports.items, e->ports.count, err) < 0)
			return -err->code;
	}
	if (!e->link)
		return 0;
	if (netlink_open(&route, NETLINK_ROUTE, err) < 0)
		return -err->code;
	/* now, not when the namespace is cleaned up: that is later, and nobody waits for it */
	link_delete(&route, e->link);
	return netlink_send(&route, NULL, err);
}

static int leave_network(const struct state *s, const struct endpoint *e, struct err *err)
{
	own_arena struct arena a = {0};
	own_network_lock struct network_lock lock;
	int others;

	if (network_lock(s, e->network, &lock, err) < 0 ||
		lease_release(&lock, e->address, e->id, err) < 0)
		return -err->code;
	others = lease_any(s, &lock, err);
	if (others)
		return others < 0 ? others : 0;
	return network_down(&a, &lock, e->network, err);
}

/* Keep the first failure of several. */
static int also(int r, int next, struct err *err, const struct err *latest)
{
	if (r == 0 && next < 0)
		*err = *latest;
	return r < 0 ? r : next < 0 ? next : 0;
}

int teardown(const struct state *s, const char *netns, const struct config *c, struct err *err)
{
	own_arena struct arena a = {0};
	struct err e = {0};
	struct endpoint known = {.id = c->container_id, .netns = netns};
	char link[STATE_LINK_NAME_MAX];
	int r = 0, loaded;

	if (config_kind(c) == CONFIG_HOST)
		return 0;
	loaded = endpoint_load(s, &a, c->container_id, &known, &e);
	if (loaded < 0)
		known = (struct endpoint){.id = c->container_id, .netns = netns};
	if (loaded < 0 && config_kind(c) == CONFIG_BRIDGE) {
		setup_link_name(c->container_id, link);
		known.link = link;
		known.network = c->network;
	}
	if (known.network) {
		r = also(r, remove_from_kernel(&known, &e), err, &e);
		/* killed before it wrote down what it took: look for everything */
		r = also(r,
			known.address ? ports_release(s, known.ports.items, known.ports.count,
						known.id, &e)
				      : ports_release_all(s, known.id, &e),
			err, &e);
		r = also(r, leave_network(s, &known, &e), err, &e);
	}
	r = also(r, netns_remove(netns, &e), err, &e);
	if (strcmp(known.netns, netns) != 0)
		r = also(r, netns_remove(known.netns, &e), err, &e);
	return r < 0 ? r : endpoint_forget(s, known.id, err);
}
