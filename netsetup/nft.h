/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nftables' netlink words: the messages and expressions that our rules need, for IPv4 tables. A
 * batch stands between nft_begin() and nft_commit() and takes effect as a whole or not at all.
 */
#ifndef KIST_NETSETUP_NFT_H
#define KIST_NETSETUP_NFT_H

#include <linux/netfilter/nf_tables.h>
#include <stdbool.h>
#include <stdint.h>

#include "netsetup/netlink.h"

/* Registers of 32 bits; a concatenation lies in neighbouring ones. */
enum { NFT_A = NFT_REG32_00, NFT_B = NFT_REG32_01, NFT_C = NFT_REG32_02 };

/* How the nft program shows keys: types of nftables' userland, six bits each in a concatenation. */
enum { NFT_TYPE_IPV4 = 7, NFT_TYPE_PROTO = 12, NFT_TYPE_PORT = 13 };
#define NFT_CONCAT2(a, b)    ((a) << 6 | (b))
#define NFT_CONCAT3(a, b, c) (NFT_CONCAT2(a, b) << 6 | (c))

struct nft_hook {
	const char *chain, *type; /* "nat", "filter" */
	unsigned hook;            /* NF_INET_* */
	int priority;
};

struct nft_map {
	const char *name;
	uint32_t key_type, key_len, data_type, data_len, id;
	/* not 0: elements are intervals, of a key concatenated from this many fields (Linux 5.6) */
	size_t nfields;
	uint32_t fields[3]; /* their lengths in bytes */
};

void nft_begin(struct netlink *nl);
int nft_commit(struct netlink *nl, size_t *failed, struct err *err);

void nft_add_table(struct netlink *nl, const char *table);
void nft_delete_table(struct netlink *nl, const char *table); /* missing is an error: ENOENT */
int nft_has_table(struct netlink *nl, const char *table, struct err *err); /* 1, 0, negative */
void nft_add_chain(struct netlink *nl, const char *table, const struct nft_hook *hook);
void nft_add_map(struct netlink *nl, const char *table, const struct nft_map *map);

void nft_rule(struct netlink *nl, const char *table, const char *chain);
void nft_rule_end(struct netlink *nl);

/* Expressions, between nft_rule() and nft_rule_end(). */
void nft_meta(struct netlink *nl, uint32_t key, uint32_t to);
void nft_network(struct netlink *nl, uint32_t offset, uint32_t len, uint32_t to); /* IP header */
void nft_transport(struct netlink *nl, uint32_t offset, uint32_t len, uint32_t to);
void nft_compare(struct netlink *nl, uint32_t op, uint32_t reg, const void *data, size_t len);
void nft_mask(struct netlink *nl, uint32_t reg, uint32_t mask); /* bytes as they lie there */
void nft_ct(struct netlink *nl, uint32_t key, uint32_t to);
void nft_daddr_type(struct netlink *nl, uint32_t to); /* RTN_* of the destination */
void nft_lookup(struct netlink *nl, const struct nft_map *map, uint32_t from, uint32_t to);
/* port 0: it stays what it is */
void nft_dnat(struct netlink *nl, uint32_t address, uint32_t port);
void nft_masquerade(struct netlink *nl);
void nft_verdict(struct netlink *nl, int verdict); /* NF_ACCEPT, NF_DROP */

/* Elements of a map: add (an existing key is EEXIST) or delete (a missing one ENOENT). */
void nft_elements(struct netlink *nl, const char *table, const char *map, bool add);
void nft_element(struct netlink *nl, const void *key, size_t keylen, const void *data, size_t len);
/* From key to key_end, both of keylen bytes. data NULL: to delete it. */
void nft_interval(struct netlink *nl, const void *key, const void *key_end, size_t keylen,
	const void *data, size_t len);
void nft_elements_end(struct netlink *nl);

/*
 * The name of a chain at the forward hook, of a table other than ours, that drops what it does not
 * know; text gets "table/chain", or "" when there is none. Returns 0.
 */
int nft_find_dropping_forward(struct netlink *nl, const char *ours, char text[80], struct err *err);

#endif
