/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/nft.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <string.h>

static void begin(
	struct netlink *nl, int message, uint16_t flags, const char *what, const char *name)
{
	struct nfgenmsg header = {.nfgen_family = NFPROTO_IPV4, .version = NFNETLINK_V0};

	netlink_begin(nl, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | message), flags, &header,
		sizeof(header), "%s '%s'", what, name);
}

static void batch_mark(struct netlink *nl, uint16_t type)
{
	struct nfgenmsg header = {.version = NFNETLINK_V0, .res_id = htons(NFNL_SUBSYS_NFTABLES)};

	netlink_begin(nl, type, 0, &header, sizeof(header), "change the packet filter");
}

void nft_begin(struct netlink *nl)
{
	batch_mark(nl, NFNL_MSG_BATCH_BEGIN);
}

int nft_commit(struct netlink *nl, size_t *failed, struct err *err)
{
	batch_mark(nl, NFNL_MSG_BATCH_END);
	return netlink_send(nl, failed, err);
}

static void nest(struct netlink *nl, uint16_t type)
{
	netlink_nest(nl, type | NLA_F_NESTED);
}

void nft_add_table(struct netlink *nl, const char *table)
{
	begin(nl, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, "create the nftables table", table);
	netlink_attr_string(nl, NFTA_TABLE_NAME, table);
}

void nft_delete_table(struct netlink *nl, const char *table)
{
	begin(nl, NFT_MSG_DELTABLE, 0, "delete the nftables table", table);
	netlink_attr_string(nl, NFTA_TABLE_NAME, table);
}

static int ignore(const struct nlmsghdr *h, void *arg)
{
	(void)h;
	*(bool *)arg = true;
	return 0;
}

int nft_has_table(struct netlink *nl, const char *table, struct err *err)
{
	bool there = false;

	begin(nl, NFT_MSG_GETTABLE, 0, "look for the nftables table", table);
	netlink_attr_string(nl, NFTA_TABLE_NAME, table);
	netlink_forgive(nl, ENOENT);
	return netlink_ask(nl, ignore, &there, err) < 0 ? -err->code : there;
}

void nft_add_chain(struct netlink *nl, const char *table, const struct nft_hook *hook)
{
	begin(nl, NFT_MSG_NEWCHAIN, NLM_F_CREATE | NLM_F_EXCL, "create the chain", hook->chain);
	netlink_attr_string(nl, NFTA_CHAIN_TABLE, table);
	netlink_attr_string(nl, NFTA_CHAIN_NAME, hook->chain);
	nest(nl, NFTA_CHAIN_HOOK);
	netlink_attr_be32(nl, NFTA_HOOK_HOOKNUM, hook->hook);
	netlink_attr_be32(nl, NFTA_HOOK_PRIORITY, (uint32_t)hook->priority);
	netlink_nest_end(nl);
	netlink_attr_string(nl, NFTA_CHAIN_TYPE, hook->type);
	netlink_attr_be32(nl, NFTA_CHAIN_POLICY, NF_ACCEPT);
}

void nft_add_map(struct netlink *nl, const char *table, const struct nft_map *map)
{
	begin(nl, NFT_MSG_NEWSET, NLM_F_CREATE | NLM_F_EXCL, "create the map", map->name);
	netlink_attr_string(nl, NFTA_SET_TABLE, table);
	netlink_attr_string(nl, NFTA_SET_NAME, map->name);
	netlink_attr_be32(nl, NFTA_SET_FLAGS,
		NFT_SET_MAP | (map->nfields ? NFT_SET_INTERVAL | NFT_SET_CONCAT : 0));
	netlink_attr_be32(nl, NFTA_SET_KEY_TYPE, map->key_type);
	netlink_attr_be32(nl, NFTA_SET_KEY_LEN, map->key_len);
	netlink_attr_be32(nl, NFTA_SET_DATA_TYPE, map->data_type);
	netlink_attr_be32(nl, NFTA_SET_DATA_LEN, map->data_len);
	netlink_attr_be32(nl, NFTA_SET_ID, map->id);
	if (!map->nfields)
		return;
	nest(nl, NFTA_SET_DESC);
	nest(nl, NFTA_SET_DESC_CONCAT);
	for (size_t i = 0; i < map->nfields; i++) {
		nest(nl, NFTA_LIST_ELEM);
		netlink_attr_be32(nl, NFTA_SET_FIELD_LEN, map->fields[i]);
		netlink_nest_end(nl);
	}
	netlink_nest_end(nl);
	netlink_nest_end(nl);
}

void nft_rule(struct netlink *nl, const char *table, const char *chain)
{
	begin(nl, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, "add a rule to the chain", chain);
	netlink_attr_string(nl, NFTA_RULE_TABLE, table);
	netlink_attr_string(nl, NFTA_RULE_CHAIN, chain);
	nest(nl, NFTA_RULE_EXPRESSIONS);
}

void nft_rule_end(struct netlink *nl)
{
	netlink_nest_end(nl);
}

static void expression(struct netlink *nl, const char *name)
{
	nest(nl, NFTA_LIST_ELEM);
	netlink_attr_string(nl, NFTA_EXPR_NAME, name);
	nest(nl, NFTA_EXPR_DATA);
}

static void expression_end(struct netlink *nl)
{
	netlink_nest_end(nl);
	netlink_nest_end(nl);
}

static void value(struct netlink *nl, uint16_t type, const void *data, size_t len)
{
	nest(nl, type);
	netlink_attr(nl, NFTA_DATA_VALUE, data, len);
	netlink_nest_end(nl);
}

void nft_meta(struct netlink *nl, uint32_t key, uint32_t to)
{
	expression(nl, "meta");
	netlink_attr_be32(nl, NFTA_META_KEY, key);
	netlink_attr_be32(nl, NFTA_META_DREG, to);
	expression_end(nl);
}

static void payload(struct netlink *nl, uint32_t base, uint32_t offset, uint32_t len, uint32_t to)
{
	expression(nl, "payload");
	netlink_attr_be32(nl, NFTA_PAYLOAD_DREG, to);
	netlink_attr_be32(nl, NFTA_PAYLOAD_BASE, base);
	netlink_attr_be32(nl, NFTA_PAYLOAD_OFFSET, offset);
	netlink_attr_be32(nl, NFTA_PAYLOAD_LEN, len);
	expression_end(nl);
}

void nft_network(struct netlink *nl, uint32_t offset, uint32_t len, uint32_t to)
{
	payload(nl, NFT_PAYLOAD_NETWORK_HEADER, offset, len, to);
}

void nft_transport(struct netlink *nl, uint32_t offset, uint32_t len, uint32_t to)
{
	payload(nl, NFT_PAYLOAD_TRANSPORT_HEADER, offset, len, to);
}

void nft_compare(struct netlink *nl, uint32_t op, uint32_t reg, const void *data, size_t len)
{
	expression(nl, "cmp");
	netlink_attr_be32(nl, NFTA_CMP_SREG, reg);
	netlink_attr_be32(nl, NFTA_CMP_OP, op);
	value(nl, NFTA_CMP_DATA, data, len);
	expression_end(nl);
}

void nft_mask(struct netlink *nl, uint32_t reg, uint32_t mask)
{
	const uint32_t none = 0;

	expression(nl, "bitwise");
	netlink_attr_be32(nl, NFTA_BITWISE_SREG, reg);
	netlink_attr_be32(nl, NFTA_BITWISE_DREG, reg);
	netlink_attr_be32(nl, NFTA_BITWISE_LEN, sizeof(mask));
	value(nl, NFTA_BITWISE_MASK, &mask, sizeof(mask));
	value(nl, NFTA_BITWISE_XOR, &none, sizeof(none));
	expression_end(nl);
}

void nft_ct(struct netlink *nl, uint32_t key, uint32_t to)
{
	expression(nl, "ct");
	netlink_attr_be32(nl, NFTA_CT_DREG, to);
	netlink_attr_be32(nl, NFTA_CT_KEY, key);
	expression_end(nl);
}

void nft_daddr_type(struct netlink *nl, uint32_t to)
{
	expression(nl, "fib");
	netlink_attr_be32(nl, NFTA_FIB_DREG, to);
	netlink_attr_be32(nl, NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE);
	netlink_attr_be32(nl, NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR);
	expression_end(nl);
}

void nft_lookup(struct netlink *nl, const struct nft_map *map, uint32_t from, uint32_t to)
{
	expression(nl, "lookup");
	netlink_attr_string(nl, NFTA_LOOKUP_SET, map->name);
	netlink_attr_be32(nl, NFTA_LOOKUP_SET_ID, map->id);
	netlink_attr_be32(nl, NFTA_LOOKUP_SREG, from);
	netlink_attr_be32(nl, NFTA_LOOKUP_DREG, to);
	expression_end(nl);
}

void nft_dnat(struct netlink *nl, uint32_t address, uint32_t port)
{
	expression(nl, "nat");
	netlink_attr_be32(nl, NFTA_NAT_TYPE, NFT_NAT_DNAT);
	netlink_attr_be32(nl, NFTA_NAT_FAMILY, NFPROTO_IPV4);
	netlink_attr_be32(nl, NFTA_NAT_REG_ADDR_MIN, address);
	if (port)
		netlink_attr_be32(nl, NFTA_NAT_REG_PROTO_MIN, port);
	expression_end(nl);
}

void nft_masquerade(struct netlink *nl)
{
	expression(nl, "masq");
	expression_end(nl);
}

void nft_verdict(struct netlink *nl, int verdict)
{
	expression(nl, "immediate");
	netlink_attr_be32(nl, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	nest(nl, NFTA_IMMEDIATE_DATA);
	nest(nl, NFTA_DATA_VERDICT);
	netlink_attr_be32(nl, NFTA_VERDICT_CODE, (uint32_t)verdict);
	netlink_nest_end(nl);
	netlink_nest_end(nl);
	expression_end(nl);
}

void nft_elements(struct netlink *nl, const char *table, const char *map, bool add)
{
	begin(nl, add ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM,
		add ? NLM_F_CREATE | NLM_F_EXCL : 0,
		add ? "publish ports in the map" : "withdraw ports from the map", map);
	netlink_attr_string(nl, NFTA_SET_ELEM_LIST_TABLE, table);
	netlink_attr_string(nl, NFTA_SET_ELEM_LIST_SET, map);
	nest(nl, NFTA_SET_ELEM_LIST_ELEMENTS);
}

void nft_interval(struct netlink *nl, const void *key, const void *key_end, size_t keylen,
	const void *data, size_t len)
{
	nest(nl, NFTA_LIST_ELEM);
	value(nl, NFTA_SET_ELEM_KEY, key, keylen);
	if (key_end)
		value(nl, NFTA_SET_ELEM_KEY_END, key_end, keylen);
	if (data)
		value(nl, NFTA_SET_ELEM_DATA, data, len);
	netlink_nest_end(nl);
}

void nft_element(struct netlink *nl, const void *key, size_t keylen, const void *data, size_t len)
{
	nft_interval(nl, key, NULL, keylen, data, len);
}

void nft_elements_end(struct netlink *nl)
{
	netlink_nest_end(nl);
}

struct chain_search {
	const char *ours;
	char *text;
};

static uint32_t be32_of(const struct nlattr *a, uint32_t missing)
{
	uint32_t n;

	if (!a || netlink_len(a) != sizeof(n))
		return missing;
	memcpy(&n, netlink_data(a), sizeof(n));
	return ntohl(n);
}

/* A string of the kernel's, with its NUL; "" when it has none. */
static const char *text_of(const struct nlattr *a)
{
	size_t len = a ? netlink_len(a) : 0;

	return len && ((const char *)netlink_data(a))[len - 1] == '\0' ? netlink_data(a) : "";
}

static int look_at_chain(const struct nlmsghdr *h, void *arg)
{
	struct chain_search *search = arg;
	const struct nfgenmsg *info = NLMSG_DATA(h);
	size_t skip = NLMSG_LENGTH(sizeof(*info));
	const void *attrs = (const char *)h + skip;
	const struct nlattr *table, *name, *hook, *policy;

	if (h->nlmsg_len < skip ||
		(info->nfgen_family != NFPROTO_IPV4 && info->nfgen_family != NFPROTO_INET))
		return 0;
	table = netlink_find(attrs, h->nlmsg_len - skip, NFTA_CHAIN_TABLE);
	name = netlink_find(attrs, h->nlmsg_len - skip, NFTA_CHAIN_NAME);
	hook = netlink_find(attrs, h->nlmsg_len - skip, NFTA_CHAIN_HOOK);
	policy = netlink_find(attrs, h->nlmsg_len - skip, NFTA_CHAIN_POLICY);
	if (!table || !name || !hook || be32_of(policy, NF_ACCEPT) != NF_DROP ||
		strcmp(text_of(table), search->ours) == 0 ||
		be32_of(netlink_find(netlink_data(hook), netlink_len(hook), NFTA_HOOK_HOOKNUM),
			NF_INET_PRE_ROUTING) != NF_INET_FORWARD)
		return 0;
	snprintf(search->text, 80, "%s/%s", text_of(table), text_of(name));
	return 0;
}

int nft_find_dropping_forward(struct netlink *nl, const char *ours, char text[80], struct err *err)
{
	struct nfgenmsg header = {.nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0};
	struct chain_search search = {ours, text};

	text[0] = '\0';
	netlink_begin(nl, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN, NLM_F_DUMP, &header,
		sizeof(header), "read the packet filter's chains");
	return netlink_ask(nl, look_at_chain, &search, err);
}
