/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Netlink messages, several in one send: the kernel works through a batch while sendmsg() runs, so
 * a whole endpoint costs one or two system calls. rtnetlink(7), and nfnetlink for nftables.
 */
#ifndef KIST_NETSETUP_NETLINK_H
#define KIST_NETSETUP_NETLINK_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

#define NETLINK_BATCH_MAX 128
#define NETLINK_NEST_MAX  8

struct netlink {
	int fd;         /* belongs to the network namespace it was opened in */
	uint32_t first; /* sequence number of the batch's first message */
	size_t count;
	struct buf out;
	size_t message, previous, nests[NETLINK_NEST_MAX], depth; /* offsets in out */
	struct {
		char what[64];   /* what the message does, for errors: "create bridge 'kist0'" */
		int forgiven[2]; /* errno values that are no error, 0: none */
	} labels[NETLINK_BATCH_MAX];
};

/* protocol: NETLINK_ROUTE or NETLINK_NETFILTER. Returns 0; netlink_release() closes. */
int netlink_open(struct netlink *nl, int protocol, struct err *err);
void netlink_release(struct netlink *nl);

#define own_netlink __attribute__((cleanup(netlink_release)))

/*
 * Begin a message: its type, NLM_F_* flags besides REQUEST and ACK, and its fixed header. The rest
 * is printf's, and says what the message does.
 */
void netlink_begin(struct netlink *nl, uint16_t type, uint16_t flags, const void *header,
	size_t len, const char *what, ...) __attribute__((format(printf, 6, 7)));

/* This errno is no failure of the message just begun (EEXIST, ENOENT, ...). */
void netlink_forgive(struct netlink *nl, int code);

void netlink_attr(struct netlink *nl, uint16_t type, const void *data, size_t len);
void netlink_attr_string(struct netlink *nl, uint16_t type, const char *s);
void netlink_attr_u32(struct netlink *nl, uint16_t type, uint32_t value);  /* host order */
void netlink_attr_be32(struct netlink *nl, uint16_t type, uint32_t value); /* network order */
void netlink_raw(struct netlink *nl, const void *data, size_t len);

/* Attributes inside an attribute; with NLA_F_NESTED where the family wants it. */
void netlink_nest(struct netlink *nl, uint16_t type);
void netlink_nest_end(struct netlink *nl);

/*
 * Send the batch and read every answer. Returns 0, or the first failure ("cannot WHAT: reason
 * (the kernel's own words)"). *failed (may be NULL) gets that message's place in the batch.
 */
int netlink_send(struct netlink *nl, size_t *failed, struct err *err);

/* Send the one message begun, and call each() for every answer but the acknowledgement. */
typedef int (*netlink_each)(const struct nlmsghdr *message, void *arg);
int netlink_ask(struct netlink *nl, netlink_each each, void *arg, struct err *err);

/* The attribute of that type among len bytes of attributes, or NULL. */
const struct nlattr *netlink_find(const void *attrs, size_t len, uint16_t type);

static inline const void *netlink_data(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

static inline size_t netlink_len(const struct nlattr *a)
{
	return a->nla_len - (size_t)NLA_HDRLEN;
}

#endif
