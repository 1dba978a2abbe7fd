/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

unsigned link_index(const struct netlink *nl, const char *name)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	return ioctl(nl->fd, SIOCGIFINDEX, &request) < 0 ? 0 : (unsigned)request.ifr_ifindex;
}

bool link_is_up(const struct netlink *nl, const char *name)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	return ioctl(nl->fd, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_UP;
}

static const struct ifinfomsg up = {
	.ifi_family = AF_UNSPEC, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};

static const struct ifinfomsg down = {.ifi_family = AF_UNSPEC};

void link_add_bridge(struct netlink *nl, const char *name, const unsigned char mac[6], unsigned mtu)
{
	netlink_begin(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &down, sizeof(down),
		"create the bridge '%s'", name);
	netlink_attr_string(nl, IFLA_IFNAME, name);
	netlink_attr(nl, IFLA_ADDRESS, mac, 6);
	if (mtu)
		netlink_attr_u32(nl, IFLA_MTU, mtu);
	netlink_nest(nl, IFLA_LINKINFO);
	netlink_attr_string(nl, IFLA_INFO_KIND, "bridge");
	netlink_nest_end(nl);
}

void link_add_veth(struct netlink *nl, const char *name, unsigned bridge,
	const struct link_peer *peer, unsigned mtu)
{
	/* the kernel makes the peer first, and an end without its peer cannot be up */
	netlink_begin(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &up, sizeof(up),
		"create the veth pair '%s'", name);
	netlink_attr_string(nl, IFLA_IFNAME, name);
	netlink_attr_u32(nl, IFLA_MASTER, bridge);
	if (mtu)
		netlink_attr_u32(nl, IFLA_MTU, mtu);
	netlink_nest(nl, IFLA_LINKINFO);
	netlink_attr_string(nl, IFLA_INFO_KIND, "veth");
	netlink_nest(nl, IFLA_INFO_DATA);
	netlink_nest(nl, VETH_INFO_PEER);
	netlink_raw(nl, &down, sizeof(down));
	netlink_attr_string(nl, IFLA_IFNAME, peer->name);
	netlink_attr(nl, IFLA_ADDRESS, peer->mac, sizeof(peer->mac));
	netlink_attr_u32(nl, IFLA_NET_NS_FD, (uint32_t)peer->netns);
	if (mtu)
		netlink_attr_u32(nl, IFLA_MTU, mtu);
	netlink_nest_end(nl);
	netlink_nest_end(nl);
	netlink_nest_end(nl);
}

void link_hairpin(struct netlink *nl, const char *name)
{
	static const struct ifinfomsg info = {.ifi_family = AF_UNSPEC};
	static const uint8_t on = 1;

	netlink_begin(nl, RTM_NEWLINK, 0, &info, sizeof(info), "let '%s' reach itself", name);
	netlink_attr_string(nl, IFLA_IFNAME, name);
	netlink_nest(nl, IFLA_LINKINFO);
	netlink_attr_string(nl, IFLA_INFO_SLAVE_KIND, "bridge");
	netlink_nest(nl, IFLA_INFO_SLAVE_DATA);
	netlink_attr(nl, IFLA_BRPORT_MODE, &on, sizeof(on));
	netlink_nest_end(nl);
	netlink_nest_end(nl);
}

void link_up(struct netlink *nl, unsigned index, const char *name)
{
	struct ifinfomsg info = up;

	info.ifi_index = (int)index;
	netlink_begin(nl, RTM_NEWLINK, 0, &info, sizeof(info), "bring up '%s'", name);
}

void link_delete(struct netlink *nl, const char *name)
{
	struct ifinfomsg info = {.ifi_family = AF_UNSPEC};

	netlink_begin(nl, RTM_DELLINK, 0, &info, sizeof(info), "remove the interface '%s'", name);
	netlink_attr_string(nl, IFLA_IFNAME, name);
	netlink_forgive(nl, ENODEV);
}

void link_add_address(struct netlink *nl, unsigned index, uint32_t address, unsigned bits)
{
	struct ifaddrmsg info = {
		.ifa_family = AF_INET, .ifa_prefixlen = (uint8_t)bits, .ifa_index = index};
	char text[IP_TEXT_MAX];

	ip_format(address, text);
	netlink_begin(nl, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info),
		"add the address %s/%u", text, bits);
	netlink_attr_be32(nl, IFA_LOCAL, address);
	netlink_attr_be32(nl, IFA_ADDRESS, address);
	netlink_attr_be32(nl, IFA_BROADCAST, address | ~ip_mask(bits));
	netlink_forgive(nl, EEXIST);
}

void link_add_default_route(struct netlink *nl, uint32_t gateway)
{
	struct rtmsg info = {.rtm_family = AF_INET,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_BOOT,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST};
	char text[IP_TEXT_MAX];

	ip_format(gateway, text);
	netlink_begin(nl, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info),
		"add the default route by %s", text);
	netlink_attr_be32(nl, RTA_GATEWAY, gateway);
	netlink_forgive(nl, EEXIST);
}

struct route_search {
	const struct ip_subnet *subnet;
	bool found;
};

static int look_at_route(const struct nlmsghdr *h, void *arg)
{
	struct route_search *search = arg;
	const struct rtmsg *info = NLMSG_DATA(h);
	const struct nlattr *dst;
	struct ip_subnet route;
	uint32_t address;

	if (h->nlmsg_type != RTM_NEWROUTE || h->nlmsg_len < NLMSG_LENGTH(sizeof(*info)) ||
		info->rtm_dst_len == 0 || info->rtm_dst_len > 32)
		return 0;
	dst = netlink_find(RTM_RTA(info), h->nlmsg_len - NLMSG_LENGTH(sizeof(*info)), RTA_DST);
	if (!dst || netlink_len(dst) != sizeof(address))
		return 0;
	memcpy(&address, netlink_data(dst), sizeof(address));
	route = (struct ip_subnet){ntohl(address), info->rtm_dst_len};
	search->found |= ip_overlap(&route, search->subnet);
	return 0;
}

int link_subnet_in_use(struct netlink *nl, const struct ip_subnet *subnet, struct err *err)
{
	struct rtmsg info = {.rtm_family = AF_INET};
	struct route_search search = {.subnet = subnet};

	netlink_begin(nl, RTM_GETROUTE, NLM_F_DUMP, &info, sizeof(info), "read the routes");
	if (netlink_ask(nl, look_at_route, &search, err) < 0)
		return -err->code;
	return search.found;
}
