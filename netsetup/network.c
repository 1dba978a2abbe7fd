/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/network.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/lock.h"
#include "lib/log.h"
#include "lib/own.h"
#include "netsetup/config.h"
#include "netsetup/link.h"
#include "netsetup/rules.h"

#define ACTIVE      "active.json"
#define ACTIVE_TEMP ".tmp-active"
#define CHOICES_MAX 128

static const struct schema_field fields[] = {
	FIELD(struct network, name, "name", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct network, bridge, "bridge", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct network, subnet_text, "subnet", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct network, gateway_text, "gateway", SCHEMA_STRING),
	FIELD(struct network, mtu, "mtu", SCHEMA_INT64),
	FIELD(struct network, created, "created", SCHEMA_STRING),
};
static const struct schema schema = SCHEMA(struct network, fields);

static int bad(struct err *err, const char *what, const char *value)
{
	return err_set(err, E_SYNTAX, "invalid %s '%.140s'", what, value);
}

int network_parse(struct arena *a, const struct json *doc, struct network *n, struct err *err)
{
	if (schema_decode(&schema, doc, n, a, err) < 0)
		return -err->code;
	if (!config_name_ok(n->name))
		return bad(err, "network name", n->name);
	/* IFNAMSIZ with its NUL; a name that is fit for a file is fit for an interface, too */
	if (!config_name_ok(n->bridge) || strlen(n->bridge) >= STATE_LINK_NAME_MAX)
		return bad(err, "bridge name", n->bridge);
	if (ip_parse_subnet(n->subnet_text, &n->subnet) < 0)
		return bad(err, "subnet", n->subnet_text);
	if (n->mtu && (n->mtu < 68 || n->mtu > 65535))
		return err_set(err, E_SYNTAX, "invalid MTU %lld", (long long)n->mtu);
	if (!n->gateway_text) {
		char text[IP_TEXT_MAX];

		ip_format(n->subnet.address + 1, text);
		n->gateway_text = arena_strdup(a, text);
	}
	if (ip_parse(n->gateway_text, &n->gateway) < 0 || !ip_within(&n->subnet, n->gateway) ||
		n->gateway == n->subnet.address ||
		n->gateway == (n->subnet.address | ~ip_mask(n->subnet.bits)))
		return bad(err, "gateway", n->gateway_text);
	return 0;
}

struct json *network_document(struct arena *a, const struct network *n)
{
	return schema_encode(&schema, n, a);
}

int network_load(const struct state *s, struct arena *a, const char *name, struct network *n,
	struct err *err)
{
	const char *path = arena_printf(a, "networks/%s.json", name);
	struct json *doc;

	*n = (struct network){.name = name};
	if (s->root < 0 || faccessat(s->root, path, F_OK, 0) < 0) {
		if (strcmp(name, NETWORK_DEFAULT) == 0)
			return 0;
		return err_set(err, E_NOT_FOUND, "network %s not found", name);
	}
	doc = json_read_file(a, s->root, path, err);
	if (!doc || network_parse(a, doc, n, err) < 0)
		return err_wrap(err, "network %s", name);
	return 0;
}

/* Is the subnet another network's, whether that is set up now or not? */
static bool subnet_is_promised(const struct state *s, const struct ip_subnet *subnet)
{
	own_dir DIR *dir = s->root < 0 ? NULL : io_open_dir(s->root, "networks");
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		own_arena struct arena a = {0};
		struct json *doc;
		struct network other;
		struct err ignored;

		if (d->d_name[0] == '.')
			continue;
		doc = json_read_file(&a, dirfd(dir), d->d_name, &ignored);
		if (doc && network_parse(&a, doc, &other, &ignored) == 0 &&
			ip_overlap(&other.subnet, subnet))
			return true;
	}
	return false;
}

static int choose_bridge(const struct state *s, struct arena *a, const struct netlink *route,
	struct network *n, struct err *err)
{
	(void)s;
	for (int i = 0; i < CHOICES_MAX; i++) {
		n->bridge = arena_printf(a, "kist%d", i);
		if (!link_index(route, n->bridge))
			return 0;
	}
	return err_set(
		err, E_IN_USE, "no free name for a bridge (kist0 to kist%d)", CHOICES_MAX - 1);
}

static int choose_subnet(const struct state *s, struct arena *a, struct netlink *route,
	struct network *n, struct err *err)
{
	for (uint32_t i = 0; i < CHOICES_MAX; i++) {
		struct ip_subnet subnet = {10u << 24 | (88 + i) << 16, 16};
		char text[IP_SUBNET_TEXT_MAX];
		int used = subnet_is_promised(s, &subnet) ? 1
							  : link_subnet_in_use(route, &subnet, err);

		if (used < 0)
			return used;
		if (used)
			continue;
		ip_format_subnet(&subnet, text);
		n->subnet_text = arena_strdup(a, text);
		return 0;
	}
	return err_set(err, E_IN_USE,
		"could not find an available, non-overlapping IPv4 address pool among the defaults "
		"to assign to the network (give --subnet)");
}

int network_choose(const struct state *s, struct arena *a, struct netlink *route, struct network *n,
	struct err *err)
{
	if (!n->bridge && choose_bridge(s, a, route, n, err) < 0)
		return -err->code;
	if (!n->subnet_text && choose_subnet(s, a, route, n, err) < 0)
		return -err->code;
	/* checks, and fills in what follows from the rest */
	return network_parse(a, network_document(a, n), n, err);
}

int network_lock(
	const struct state *s, const char *name, struct network_lock *lock, struct err *err)
{
	lock->fd = -1;
	if (mkdirat(s->networks, name, 0700) < 0 && errno != EEXIST) {
		lock->dir = -1;
		return err_errno(err, "cannot make '%s/networks/%s'", s->place.run, name);
	}
	lock->dir = openat(s->networks, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock->dir < 0)
		return err_errno(err, "cannot open '%s/networks/%s'", s->place.run, name);
	lock->fd = lock_file(lock->dir, "lock", 0, err);
	return lock->fd < 0 ? lock->fd : 0;
}

void network_unlock(struct network_lock *lock)
{
	own_fd_release(&lock->fd);
	own_fd_release(&lock->dir);
	lock->fd = lock->dir = -1;
}

/* Write 1 unless it is there: reading is cheap, and a write would reset what follows from it. */
static int switch_on(const char *path, struct err *err)
{
	own_fd int fd = open(path, O_RDWR | O_CLOEXEC);
	char now = 0;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (read(fd, &now, 1) == 1 && now == '1')
		return 0;
	if (pwrite(fd, "1", 1, 0) != 1)
		return err_errno(err, "cannot write '%s'", path);
	return 0;
}

int network_allow_loopback(const char *bridge, struct err *err)
{
	own_mem char *path = xasprintf("/proc/sys/net/ipv4/conf/%s/route_localnet", bridge);

	return switch_on(path, err);
}

static int read_active(
	struct arena *a, const struct network_lock *lock, struct network *n, struct err *err)
{
	struct json *doc;

	if (faccessat(lock->dir, ACTIVE, F_OK, 0) < 0)
		return 0;
	doc = json_read_file(a, lock->dir, ACTIVE, err);
	if (!doc || network_parse(a, doc, n, err) < 0)
		return -err->code;
	return 1;
}

/* Decide what the network is, and say so on disk before the first part of it exists. */
static int activate(const struct state *s, struct arena *a, const struct network_lock *lock,
	struct netlink *route, struct network *n, struct err *err)
{
	bool given = n->bridge != NULL;
	own_buf struct buf text = {0};
	int used;

	if (given && link_index(route, n->bridge))
		return err_set(err, E_EXISTS,
			"cannot make the bridge of network %s: there is an interface '%s' that is not "
			"its own (remove it, or create the network with another --bridge)",
			n->name, n->bridge);
	if (given) {
		used = link_subnet_in_use(route, &n->subnet, err);
		if (used < 0)
			return used;
		if (used)
			return err_set(err, E_IN_USE,
				"cannot set up network %s: a route of this host leads into its subnet "
				"%s (create the network with another --subnet)",
				n->name, n->subnet_text);
	} else if (network_choose(s, a, route, n, err) < 0) {
		return -err->code;
	}
	json_write(network_document(a, n), JSON_COMPACT, &text);
	return state_publish(lock->dir, ACTIVE_TEMP, ACTIVE, &text, err);
}

static int make_bridge(
	struct netlink *route, const struct network *n, unsigned *index, struct err *err)
{
	unsigned char mac[6];

	ip_mac(n->gateway, mac);
	link_add_bridge(route, n->bridge, mac, (unsigned)n->mtu);
	if (netlink_send(route, NULL, err) < 0)
		return -err->code;
	*index = link_index(route, n->bridge);
	link_add_address(route, *index, n->gateway, n->subnet.bits);
	return netlink_send(route, NULL, err);
}

/* An accept of ours does not outweigh a drop of theirs: all that can be done is to say so. */
static void warn_of_firewall(struct netlink *filter, const struct network *n)
{
	char table[RULES_TABLE_MAX], chain[80];
	struct err err;

	rules_table_name(n->bridge, table);
	if (nft_find_dropping_forward(filter, table, chain, &err) < 0 || !chain[0])
		return;
	log_warn(
		"this host's packet filter drops what its chain %s does not know, so containers may "
		"reach nothing and not be reached: allow '%s' there, as by: iptables -I %s -i %s -j "
		"ACCEPT; iptables -I %s -o %s -j ACCEPT",
		chain, n->bridge, strrchr(chain, '/') + 1, n->bridge, strrchr(chain, '/') + 1,
		n->bridge);
}

int network_up(const struct state *s, struct arena *a, const struct network_lock *lock,
	const char *name, struct netlink *route, struct netlink *filter, struct network *n,
	unsigned *index, struct err *err)
{
	int active = read_active(a, lock, n, err);

	if (active < 0)
		return active;
	if (!active &&
		(network_load(s, a, name, n, err) < 0 || activate(s, a, lock, route, n, err) < 0))
		return -err->code;
	*index = link_index(route, n->bridge);
	if (*index == 0 && make_bridge(route, n, index, err) < 0)
		return -err->code;
	if (rules_ensure(filter, n->bridge, &n->subnet, err) < 0 ||
		switch_on("/proc/sys/net/ipv4/ip_forward", err) < 0)
		return -err->code;
	if (!active)
		warn_of_firewall(filter, n);
	return 0;
}

int network_down(
	struct arena *a, const struct network_lock *lock, const char *name, struct err *err)
{
	own_netlink struct netlink route = {.fd = -1}, filter = {.fd = -1};
	struct network n;
	int active = read_active(a, lock, &n, err);

	unlinkat(lock->dir, ACTIVE_TEMP, 0);
	if (active <= 0)
		return active;
	if (netlink_open(&route, NETLINK_ROUTE, err) < 0 ||
		netlink_open(&filter, NETLINK_NETFILTER, err) < 0)
		return -err->code;
	link_delete(&route, n.bridge);
	if (netlink_send(&route, NULL, err) < 0 || rules_remove(&filter, n.bridge, err) < 0)
		return err_wrap(err, "cannot take down network %s", name);
	if (unlinkat(lock->dir, ACTIVE, 0) < 0)
		return err_errno(err, "cannot take down network %s", name);
	return 0;
}
