/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/listeners.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "lib/own.h"
#include "netsetup/netlink.h"

struct search {
	uint32_t address;
	struct port_set *set;
};

static int look_at_socket(const struct nlmsghdr *h, void *arg)
{
	struct search *search = arg;
	const struct inet_diag_msg *m = NLMSG_DATA(h);
	const size_t fixed = NLMSG_LENGTH(sizeof(*m));
	static const uint32_t v4_mapped[3] = {0, 0, 0};
	uint32_t bound;

	if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY || h->nlmsg_len < fixed)
		return 0;
	bound = ntohl(m->id.idiag_src[0]);
	if (m->idiag_family == AF_INET6) {
		const struct nlattr *only = netlink_find(
			(const char *)h + fixed, h->nlmsg_len - fixed, INET_DIAG_SKV6ONLY);

		/* "::" also takes IPv4 unless it says otherwise; ::ffff:1.2.3.4 is IPv4 */
		if (memcmp(m->id.idiag_src, v4_mapped, 8) == 0 &&
			m->id.idiag_src[2] == htonl(0xffff))
			bound = ntohl(m->id.idiag_src[3]);
		else if (memcmp(m->id.idiag_src, v4_mapped, sizeof(v4_mapped)) != 0 ||
			m->id.idiag_src[3] != 0 ||
			(only && netlink_len(only) >= 1 && *(const uint8_t *)netlink_data(only)))
			return 0;
	} else if (m->idiag_family != AF_INET) {
		return 0;
	}
	if (bound == 0 || search->address == 0 || bound == search->address)
		port_set_add(search->set, ntohs(m->id.idiag_sport));
	return 0;
}

int listeners_read(uint8_t ipproto, uint32_t address, struct port_set *set, struct err *err)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	struct search search = {address, set};
	own_netlink struct netlink nl = {.fd = -1};

	if (netlink_open(&nl, NETLINK_SOCK_DIAG, err) < 0)
		return -err->code;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		struct inet_diag_req_v2 request = {.sdiag_family = families[i],
			.sdiag_protocol = ipproto,
			.idiag_states = ipproto == IPPROTO_TCP ? 1u << TCP_LISTEN : UINT32_MAX};

		netlink_begin(&nl, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &request, sizeof(request),
			"read which ports are listened on");
		if (netlink_ask(&nl, look_at_socket, &search, err) < 0)
			return -err->code;
	}
	return 0;
}
