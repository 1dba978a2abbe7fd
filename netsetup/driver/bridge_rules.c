/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/driver/bridge_rules.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "lib/own.h"
#include "netsetup/config.h"

/* An attribute holds less than 64 KiB, an element takes less than 60 bytes. */
#define ELEMENTS_PER_MESSAGE 1000

/* Offsets in the IPv4 and in the transport header. */
enum { IP_SADDR = 12, IP_DADDR = 16, TRANSPORT_DPORT = 2 };

static const struct nft_map ports_map = {
	.name = "ports",
	.key_type = NFT_CONCAT3(NFT_TYPE_IPV4, NFT_TYPE_PROTO, NFT_TYPE_PORT),
	.key_len = 12,
	.data_type = NFT_CONCAT2(NFT_TYPE_IPV4, NFT_TYPE_PORT),
	.data_len = 8,
	.id = 1,
};
static const struct nft_map any_map = {
	.name = "ports_any",
	.key_type = NFT_CONCAT2(NFT_TYPE_PROTO, NFT_TYPE_PORT),
	.key_len = 8,
	.data_type = NFT_CONCAT2(NFT_TYPE_IPV4, NFT_TYPE_PORT),
	.data_len = 8,
	.id = 2,
};
/* Ports in a row keep their numbers, so that the data is the address alone. */
static const struct nft_map rows_map = {
	.name = "rows",
	.key_type = NFT_CONCAT3(NFT_TYPE_IPV4, NFT_TYPE_PROTO, NFT_TYPE_PORT),
	.key_len = 12,
	.data_type = NFT_TYPE_IPV4,
	.data_len = 4,
	.id = 3,
	.nfields = 3,
	.fields = {4, 1, 2},
};
static const struct nft_map rows_any_map = {
	.name = "rows_any",
	.key_type = NFT_CONCAT2(NFT_TYPE_PROTO, NFT_TYPE_PORT),
	.key_len = 8,
	.data_type = NFT_TYPE_IPV4,
	.data_len = 4,
	.id = 4,
	.nfields = 2,
	.fields = {1, 2},
};

static const struct nft_hook hooks[] = {
	{"raw", "filter", NF_INET_PRE_ROUTING, -300},
	{"prerouting", "nat", NF_INET_PRE_ROUTING, -100},
	{"output", "nat", NF_INET_LOCAL_OUT, -100},
	{"forward", "filter", NF_INET_FORWARD, 0},
	{"postrouting", "nat", NF_INET_POST_ROUTING, 100},
};

/* What all rules of a table are written with. */
struct writer {
	struct netlink *nl;
	const char *table;
	char bridge[IFNAMSIZ]; /* padded with zeros, as the kernel compares it */
	const struct ip_subnet *subnet;
};

void rules_table_name(const char *bridge, char name[RULES_TABLE_MAX])
{
	snprintf(name, RULES_TABLE_MAX, "%s%s", strncmp(bridge, "kist", 4) == 0 ? "" : "kist-",
		bridge);
}

static void rule(const struct writer *w, const char *chain)
{
	nft_rule(w->nl, w->table, chain);
}

static void end(const struct writer *w)
{
	nft_rule_end(w->nl);
}

static void if_interface(const struct writer *w, uint32_t which, uint32_t op)
{
	nft_meta(w->nl, which, NFT_A);
	nft_compare(w->nl, op, NFT_A, w->bridge, sizeof(w->bridge));
}

static void if_comes_from_bridge(const struct writer *w)
{
	if_interface(w, NFT_META_IIFNAME, NFT_CMP_EQ);
}

static void if_goes_to_bridge(const struct writer *w)
{
	if_interface(w, NFT_META_OIFNAME, NFT_CMP_EQ);
}

static void if_address_in(const struct writer *w, uint32_t offset, uint32_t address, unsigned bits)
{
	uint32_t wanted = htonl(address);

	nft_network(w->nl, offset, 4, NFT_A);
	nft_mask(w->nl, NFT_A, htonl(ip_mask(bits)));
	nft_compare(w->nl, NFT_CMP_EQ, NFT_A, &wanted, sizeof(wanted));
}

static void if_loopback(const struct writer *w, uint32_t offset)
{
	if_address_in(w, offset, 127u << 24, 8);
}

static void if_from_subnet(const struct writer *w)
{
	if_address_in(w, IP_SADDR, w->subnet->address, w->subnet->bits);
}

/* One of these bits of the connection's status or state; both are in host order. */
static void if_connection(const struct writer *w, uint32_t key, uint32_t bits)
{
	const uint32_t none = 0;

	nft_ct(w->nl, key, NFT_A);
	nft_mask(w->nl, NFT_A, bits);
	nft_compare(w->nl, NFT_CMP_NEQ, NFT_A, &none, sizeof(none));
}

static void if_published(const struct writer *w)
{
	if_connection(w, NFT_CT_STATUS, IPS_DST_NAT);
}

/*
 * dnat ip to ip daddr . meta l4proto . th dport map @ports, and the same for @ports_any; or, with
 * rows, dnat to the address alone by @rows and @rows_any.
 */
static void add_port_rules(const struct writer *w, const char *chain, bool rows)
{
	const uint32_t local = RTN_LOCAL;

	rule(w, chain);
	nft_network(w->nl, IP_DADDR, 4, NFT_A);
	nft_meta(w->nl, NFT_META_L4PROTO, NFT_B);
	nft_transport(w->nl, TRANSPORT_DPORT, 2, NFT_C);
	nft_lookup(w->nl, rows ? &rows_map : &ports_map, NFT_A, NFT_A);
	nft_dnat(w->nl, NFT_A, rows ? 0 : NFT_B);
	end(w);

	rule(w, chain);
	nft_daddr_type(w->nl, NFT_A);
	nft_compare(w->nl, NFT_CMP_EQ, NFT_A, &local, sizeof(local));
	nft_meta(w->nl, NFT_META_L4PROTO, NFT_A);
	nft_transport(w->nl, TRANSPORT_DPORT, 2, NFT_B);
	nft_lookup(w->nl, rows ? &rows_any_map : &any_map, NFT_A, NFT_A);
	nft_dnat(w->nl, NFT_A, rows ? 0 : NFT_B);
	end(w);
}

static void add_filter_rules(const struct writer *w)
{
	static const uint32_t offsets[] = {IP_DADDR, IP_SADDR};

	for (size_t i = 0; i < ARRAY_LEN(offsets); i++) {
		rule(w, "raw");
		if_comes_from_bridge(w);
		if_loopback(w, offsets[i]);
		nft_verdict(w->nl, NF_DROP);
		end(w);
	}

	rule(w, "forward");
	if_goes_to_bridge(w);
	if_connection(w, NFT_CT_STATE,
		NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED));
	nft_verdict(w->nl, NF_ACCEPT);
	end(w);

	rule(w, "forward");
	if_goes_to_bridge(w);
	if_comes_from_bridge(w);
	nft_verdict(w->nl, NF_ACCEPT);
	end(w);

	rule(w, "forward");
	if_goes_to_bridge(w);
	if_published(w);
	nft_verdict(w->nl, NF_ACCEPT);
	end(w);

	rule(w, "forward");
	if_goes_to_bridge(w);
	nft_verdict(w->nl, NF_DROP);
	end(w);
}

static void add_nat_rules(const struct writer *w)
{
	rule(w, "prerouting");
	if_loopback(w, IP_DADDR);
	nft_verdict(w->nl, NF_ACCEPT);
	end(w);
	add_port_rules(w, "prerouting", false);
	add_port_rules(w, "output", false);

	rule(w, "postrouting");
	if_from_subnet(w);
	if_interface(w, NFT_META_OIFNAME, NFT_CMP_NEQ);
	nft_masquerade(w->nl);
	end(w);

	rule(w, "postrouting");
	if_goes_to_bridge(w);
	if_from_subnet(w);
	if_published(w);
	nft_masquerade(w->nl);
	end(w);

	rule(w, "postrouting");
	if_goes_to_bridge(w);
	if_loopback(w, IP_SADDR);
	nft_masquerade(w->nl);
	end(w);
}

int rules_ensure(
	struct netlink *nl, const char *bridge, const struct ip_subnet *subnet, struct err *err)
{
	char table[RULES_TABLE_MAX];
	struct writer w = {.nl = nl, .table = table, .subnet = subnet};
	int there;

	rules_table_name(bridge, table);
	snprintf(w.bridge, sizeof(w.bridge), "%s", bridge);
	there = nft_has_table(nl, table, err);
	if (there)
		return there < 0 ? there : 0;
	nft_begin(nl);
	nft_add_table(nl, table);
	nft_add_map(nl, table, &ports_map);
	nft_add_map(nl, table, &any_map);
	for (size_t i = 0; i < ARRAY_LEN(hooks); i++)
		nft_add_chain(nl, table, &hooks[i]);
	add_filter_rules(&w);
	add_nat_rules(&w);
	return nft_commit(nl, NULL, err);
}

int rules_remove(struct netlink *nl, const char *bridge, struct err *err)
{
	char table[RULES_TABLE_MAX];
	int r;

	rules_table_name(bridge, table);
	nft_begin(nl);
	nft_delete_table(nl, table);
	r = nft_commit(nl, NULL, err);
	return r == -ENOENT ? 0 : r;
}

struct __attribute__((packed)) port_key {
	uint32_t address;
	uint8_t protocol, pad[3];
	uint16_t port, pad2;
};

struct __attribute__((packed)) port_data {
	uint32_t address;
	uint16_t port, pad;
};

static bool is_any(const struct port *p)
{
	uint32_t address;

	return !p->host_ip || !*p->host_ip || (ip_parse(p->host_ip, &address) == 0 && !address);
}

/* Is it an interval? Ports in a row with other numbers inside are elements one by one. */
static bool is_row(const struct port *p)
{
	return port_count(p) > 1 && p->host_port == p->container_port;
}

/* The key of a port that is offset behind the first of *p. */
static struct port_key key_of(const struct port *p, uint32_t offset)
{
	uint32_t address = 0;

	if (!is_any(p))
		ip_parse(p->host_ip, &address);
	return (struct port_key){.address = htonl(address),
		.protocol = config_protocol(p->protocol),
		.port = htons((uint16_t)(p->host_port + offset))};
}

/* The key without the address, for the maps of ports that are published on every one. */
static const void *key_in(const struct nft_map *map, const struct port_key *key)
{
	return map->key_len == sizeof(*key) ? (const void *)key : &key->protocol;
}

/* Elements go into messages of a size that an attribute can hold. */
struct element_writer {
	struct netlink *nl;
	const char *table;
	const struct nft_map *map;
	bool add;
	size_t in_message;
};

static void next_element(struct element_writer *w)
{
	if (w->in_message == ELEMENTS_PER_MESSAGE) {
		nft_elements_end(w->nl);
		w->in_message = 0;
	}
	if (w->in_message++ == 0)
		nft_elements(w->nl, w->table, w->map->name, w->add);
}

static void add_port(struct element_writer *w, uint32_t address, const struct port *p)
{
	for (uint32_t i = 0; i < port_count(p); i++) {
		struct port_key key = key_of(p, i);
		struct port_data data = {.address = htonl(address),
			.port = htons((uint16_t)(p->container_port + i))};

		next_element(w);
		nft_element(w->nl, key_in(w->map, &key), w->map->key_len, w->add ? &data : NULL,
			sizeof(data));
	}
}

static void add_row(struct element_writer *w, uint32_t address, const struct port *p)
{
	struct port_key first = key_of(p, 0), last = key_of(p, port_count(p) - 1);
	uint32_t data = htonl(address);

	next_element(w);
	nft_interval(w->nl, key_in(w->map, &first), key_in(w->map, &last), w->map->key_len,
		w->add ? &data : NULL, sizeof(data));
}

/* Put those of the ports that are in this map into the batch. */
static void add_elements(struct netlink *nl, const char *table, const struct nft_map *map, bool add,
	uint32_t address, const struct port_list *ports)
{
	struct element_writer w = {.nl = nl, .table = table, .map = map, .add = add};
	bool any = map == &any_map || map == &rows_any_map;
	bool rows = map->nfields != 0;

	for (size_t i = 0; i < ports->count; i++)
		if (is_any(&ports->items[i]) == any && is_row(&ports->items[i]) == rows)
			(rows ? add_row : add_port)(&w, address, &ports->items[i]);
	if (w.in_message)
		nft_elements_end(nl);
}

static void add_all_elements(struct netlink *nl, const char *table, bool add, uint32_t address,
	const struct port_list *ports)
{
	static const struct nft_map *const maps[] = {
		&ports_map, &any_map, &rows_map, &rows_any_map};

	for (size_t i = 0; i < ARRAY_LEN(maps); i++)
		add_elements(nl, table, maps[i], add, address, ports);
}

static bool has_rows(const struct port_list *ports)
{
	for (size_t i = 0; i < ports->count; i++)
		if (is_row(&ports->items[i]))
			return true;
	return false;
}

int rules_publish(struct netlink *nl, const char *bridge, uint32_t address,
	const struct port_list *ports, struct err *err)
{
	char table[RULES_TABLE_MAX];
	struct writer w = {.nl = nl, .table = table};
	int r;

	if (!ports->count)
		return 0;
	rules_table_name(bridge, table);
	nft_begin(nl);
	add_all_elements(nl, table, true, address, ports);
	r = nft_commit(nl, NULL, err);
	if (r != -ENOENT || !has_rows(ports))
		return r;
	/* the first row of this network */
	nft_begin(nl);
	nft_add_map(nl, table, &rows_map);
	nft_add_map(nl, table, &rows_any_map);
	add_port_rules(&w, "prerouting", true);
	add_port_rules(&w, "output", true);
	add_all_elements(nl, table, true, address, ports);
	return nft_commit(nl, NULL, err);
}

/* A batch with one missing element fails as a whole: then one after the other. */
int rules_withdraw(
	struct netlink *nl, const char *bridge, const struct port_list *ports, struct err *err)
{
	char table[RULES_TABLE_MAX];
	int r;

	if (!ports->count)
		return 0;
	rules_table_name(bridge, table);
	nft_begin(nl);
	add_all_elements(nl, table, false, 0, ports);
	r = nft_commit(nl, NULL, err);
	for (size_t i = 0; r == -ENOENT && ports->count > 1 && i < ports->count; i++) {
		const struct port_list one = {&ports->items[i], 1};

		if (rules_withdraw(nl, bridge, &one, err) < 0)
			return -err->code;
	}
	return r == -ENOENT ? 0 : r;
}
