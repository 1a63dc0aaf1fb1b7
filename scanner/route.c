/* SPDX-License-Identifier: ISC */
/*
 * route - routes, interfaces and neighbours, asked of the kernel.
 *
 * Source:    RFC 3549 and the kernel's rtnetlink(7); one socket per question,
 *            so nothing is kept and nothing can go stale
 * Limits:    IPv4 next hops only; policy rules by mark or interface are those
 *            that an unmarked, unbound socket would meet
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "scanner/route.h"

enum { REPLY_BYTES = 32768, REQUEST_BYTES = 256 };

/* A request under construction; the union aligns it. */
union request {
	struct nlmsghdr header;
	char bytes[REQUEST_BYTES];
};

static void *
request_begin(
    union request *request, uint16_t type, uint16_t flags, size_t extra)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(request->bytes);

	header->nlmsg_type = type;
	header->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	header->nlmsg_seq = 1; /* one question a socket */
	return mnl_nlmsg_put_extra_header(header, extra);
}

/* Reads replies until the last.  A single question ends with its acknowledge,
 * a dump with NLMSG_DONE: to libmnl both are "stop". */
static bool
replies_read(struct mnl_socket *socket, uint32_t seq, mnl_cb_t fn, void *arg)
{
	union {
		struct nlmsghdr header;
		char bytes[REPLY_BYTES];
	} reply;
	unsigned port = mnl_socket_get_portid(socket);
	int state = MNL_CB_OK;

	while (state > MNL_CB_STOP) {
		ssize_t n = mnl_socket_recvfrom(
		    socket, reply.bytes, sizeof(reply.bytes));

		if (n < 0)
			return false;
		state = mnl_cb_run(reply.bytes, (size_t)n, seq, port, fn, arg);
	}
	return state == MNL_CB_STOP;
}

/* Asks, and hands each reply to fn.  Returns false and errno. */
static bool
ask(union request *request, mnl_cb_t fn, void *arg)
{
	struct mnl_socket *socket;
	bool ok;
	int saved;

	if (!(request->header.nlmsg_flags & NLM_F_DUMP))
		request->header.nlmsg_flags |= NLM_F_ACK;
	socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (socket == NULL)
		return false;
	ok = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(socket, request, request->header.nlmsg_len) >=
		0 &&
	    replies_read(socket, request->header.nlmsg_seq, fn, arg);
	saved = errno;
	mnl_socket_close(socket);
	errno = saved;
	return ok;
}

/* Reads a four-byte address into host order; false leaves *out alone. */
static bool
attr_address(const struct nlattr *attr, uint32_t *out)
{
	if (mnl_attr_validate2(attr, MNL_TYPE_UNSPEC, 4) < 0 ||
	    mnl_attr_get_payload_len(attr) != 4)
		return false;
	*out = ntohl(mnl_attr_get_u32(attr));
	return true;
}

static bool
attr_mac(const struct nlattr *attr, struct mac *out)
{
	if (mnl_attr_get_payload_len(attr) != sizeof(out->b))
		return false;
	memcpy(out->b, mnl_attr_get_payload(attr), sizeof(out->b));
	return true;
}

struct link_answer {
	struct route *route;
	bool found, is_up;
};

static int
on_link_attr(const struct nlattr *attr, void *arg)
{
	struct route *route = arg;
	uint32_t mtu;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		snprintf(route->interface_name, sizeof(route->interface_name),
		    "%s", mnl_attr_get_str(attr));
		break;
	case IFLA_ADDRESS:
		if (route->is_ethernet)
			attr_mac(attr, &route->mac);
		break;
	case IFLA_MTU:
		mtu = mnl_attr_get_u32(attr);
		route->mtu = (uint16_t)(mtu < UINT16_MAX ? mtu : UINT16_MAX);
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

static int
on_link(const struct nlmsghdr *reply, void *arg)
{
	struct link_answer *answer = arg;
	struct route *route = answer->route;
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(reply);

	if (reply->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	answer->found = true;
	answer->is_up = (info->ifi_flags & IFF_UP) != 0;
	route->interface = info->ifi_index;
	route->is_loopback = (info->ifi_flags & IFF_LOOPBACK) != 0;
	route->is_ethernet = info->ifi_type == ARPHRD_ETHER;
	return mnl_attr_parse(reply, sizeof(*info), on_link_attr, route);
}

/* Asks for the link by name, or by route->interface where name is NULL. */
static bool
link_get(const char *name, struct route *route, char error[static ROUTE_ERROR])
{
	struct link_answer answer = { .route = route };
	union request request;
	struct ifinfomsg *info =
	    request_begin(&request, RTM_GETLINK, 0, sizeof(*info));

	info->ifi_family = AF_UNSPEC;
	if (name == NULL)
		info->ifi_index = route->interface;
	else
		mnl_attr_put_strz(&request.header, IFLA_IFNAME, name);
	if (!ask(&request, on_link, &answer) || !answer.found) {
		if (name == NULL)
			snprintf(error, ROUTE_ERROR, "interface %d: %s",
			    route->interface, strerror(errno));
		else
			snprintf(error, ROUTE_ERROR,
			    "no interface is called \"%.32s\"", name);
		return false;
	}
	if (!answer.is_up) {
		snprintf(error, ROUTE_ERROR, "interface %s is down",
		    route->interface_name);
		return false;
	}
	return true;
}

struct route_answer {
	struct route *route;
	bool found, is_foreign; /* a next hop that is no IPv4 address */
	unsigned char type;
};

static int
on_route_attr(const struct nlattr *attr, void *arg)
{
	struct route_answer *answer = arg;

	switch (mnl_attr_get_type(attr)) {
	case RTA_OIF:
		answer->route->interface = (int)mnl_attr_get_u32(attr);
		answer->found = true;
		break;
	case RTA_PREFSRC:
		attr_address(attr, &answer->route->source);
		break;
	case RTA_GATEWAY:
		attr_address(attr, &answer->route->gateway);
		break;
	case RTA_VIA:
		answer->is_foreign = true;
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

static int
on_route(const struct nlmsghdr *reply, void *arg)
{
	struct route_answer *answer = arg;
	const struct rtmsg *info = mnl_nlmsg_get_payload(reply);

	if (reply->nlmsg_type != RTM_NEWROUTE)
		return MNL_CB_OK;
	answer->type = info->rtm_type;
	return mnl_attr_parse(reply, sizeof(*info), on_route_attr, answer);
}

bool
route_get(uint32_t address, struct route *out, char error[static ROUTE_ERROR])
{
	struct route_answer answer = { .route = out };
	char text[NET_IPV4_TEXT];
	union request request;
	struct rtmsg *info =
	    request_begin(&request, RTM_GETROUTE, 0, sizeof(*info));

	*out = (struct route){ 0 };
	info->rtm_family = AF_INET;
	info->rtm_dst_len = 32;
	mnl_attr_put_u32(&request.header, RTA_DST, htonl(address));
	if (!ask(&request, on_route, &answer)) {
		snprintf(error, ROUTE_ERROR, "no route to %s: %s",
		    ipv4_text(address, text), strerror(errno));
		return false;
	}
	if (!answer.found || answer.is_foreign ||
	    answer.type == RTN_MULTICAST) {
		snprintf(error, ROUTE_ERROR,
		    "no route to %s that leads to one IPv4 host",
		    ipv4_text(address, text));
		return false;
	}
	return link_get(NULL, out, error);
}

/* One address of an interface and the network it lies in. */
struct network_answer {
	int interface;
	uint32_t wanted;      /* the address asked about */
	uint32_t first_local; /* the interface's first address, or 0 */
	int best_len;         /* longest prefix that holds wanted; -1: none */
	uint32_t first, last;
	uint32_t local, peer; /* of the reply being read */
};

static void
consider_network(
    struct network_answer *answer, uint32_t address, uint8_t prefix_len)
{
	uint32_t hosts = prefix_len == 0
	    ? UINT32_MAX
	    : (uint32_t)((UINT64_C(1) << (32 - prefix_len)) - 1);

	if ((answer->wanted | hosts) != (address | hosts) ||
	    prefix_len <= answer->best_len)
		return;
	answer->best_len = prefix_len;
	answer->first = address & ~hosts;
	answer->last = address | hosts;
}

static int
on_address_attr(const struct nlattr *attr, void *arg)
{
	struct network_answer *answer = arg;

	if (mnl_attr_get_type(attr) == IFA_LOCAL)
		attr_address(attr, &answer->local);
	else if (mnl_attr_get_type(attr) == IFA_ADDRESS)
		attr_address(attr, &answer->peer);
	return MNL_CB_OK;
}

static int
on_address(const struct nlmsghdr *reply, void *arg)
{
	struct network_answer *answer = arg;
	const struct ifaddrmsg *info = mnl_nlmsg_get_payload(reply);

	if (reply->nlmsg_type != RTM_NEWADDR || info->ifa_family != AF_INET ||
	    (int)info->ifa_index != answer->interface ||
	    info->ifa_prefixlen > 32)
		return MNL_CB_OK;
	answer->local = answer->peer = 0;
	mnl_attr_parse(reply, sizeof(*info), on_address_attr, answer);
	if (answer->local == 0)
		answer->local = answer->peer;
	/* on a point-to-point link the prefix is the other end's */
	if (answer->peer == 0)
		answer->peer = answer->local;
	if (answer->first_local == 0)
		answer->first_local = answer->local;
	consider_network(answer, answer->peer, info->ifa_prefixlen);
	return MNL_CB_OK;
}

static bool
addresses_get(struct network_answer *answer)
{
	union request request;
	struct ifaddrmsg *info =
	    request_begin(&request, RTM_GETADDR, NLM_F_DUMP, sizeof(*info));

	info->ifa_family = AF_INET;
	answer->best_len = -1;
	return ask(&request, on_address, answer);
}

bool
route_interface(
    const char *name, struct route *out, char error[static ROUTE_ERROR])
{
	struct network_answer answer = { 0 };

	*out = (struct route){ 0 };
	if (strlen(name) >= sizeof(out->interface_name)) {
		snprintf(error, ROUTE_ERROR, "no interface is called \"%.32s\"",
		    name);
		return false;
	}
	if (!link_get(name, out, error))
		return false;
	answer.interface = out->interface;
	if (!addresses_get(&answer)) {
		snprintf(error, ROUTE_ERROR, "addresses of %s: %s", name,
		    strerror(errno));
		return false;
	}
	out->source = answer.first_local;
	return true;
}

bool
route_network(int interface, uint32_t address, uint32_t *first, uint32_t *last)
{
	struct network_answer answer = { .interface = interface,
		.wanted = address };

	if (!addresses_get(&answer) || answer.best_len < 0)
		return false;
	*first = answer.first;
	*last = answer.last;
	return true;
}

struct neighbour_answer {
	int interface;
	uint32_t wanted;
	struct mac mac;
	bool found;
	uint32_t address; /* of the reply being read, and its MAC */
	struct mac address_mac;
};

static int
on_neighbour_attr(const struct nlattr *attr, void *arg)
{
	struct neighbour_answer *answer = arg;

	if (mnl_attr_get_type(attr) == NDA_DST)
		attr_address(attr, &answer->address);
	else if (mnl_attr_get_type(attr) == NDA_LLADDR)
		attr_mac(attr, &answer->address_mac);
	return MNL_CB_OK;
}

static int
on_neighbour(const struct nlmsghdr *reply, void *arg)
{
	enum {
		KNOWN = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE |
		    NUD_PERMANENT
	};
	struct neighbour_answer *answer = arg;
	const struct ndmsg *info = mnl_nlmsg_get_payload(reply);

	if (reply->nlmsg_type != RTM_NEWNEIGH ||
	    info->ndm_ifindex != answer->interface ||
	    !(info->ndm_state & KNOWN))
		return MNL_CB_OK;
	answer->address = 0;
	answer->address_mac = (struct mac){ { 0 } };
	mnl_attr_parse(reply, sizeof(*info), on_neighbour_attr, answer);
	if (answer->address == answer->wanted &&
	    mac_is_known(answer->address_mac)) {
		answer->mac = answer->address_mac;
		answer->found = true;
	}
	return MNL_CB_OK;
}

bool
route_neighbour(int interface, uint32_t address, struct mac *out)
{
	struct neighbour_answer answer = { .interface = interface,
		.wanted = address };
	union request request;
	struct ndmsg *info =
	    request_begin(&request, RTM_GETNEIGH, NLM_F_DUMP, sizeof(*info));

	info->ndm_family = AF_INET;
	mnl_attr_put_u32(&request.header, NDA_IFINDEX, (uint32_t)interface);
	if (!ask(&request, on_neighbour, &answer) || !answer.found)
		return false;
	*out = answer.mac;
	return true;
}

static int
on_table_attr(const struct nlattr *attr, void *arg)
{
	struct ndt_stats stats;

	if (mnl_attr_get_type(attr) != NDTA_STATS ||
	    mnl_attr_get_payload_len(attr) < sizeof(stats))
		return MNL_CB_OK;
	memcpy(&stats, mnl_attr_get_payload(attr), sizeof(stats));
	*(uint64_t *)arg += stats.ndts_table_fulls;
	return MNL_CB_OK;
}

/* A table has a message of its own, and one more for each interface, which has
 * no such count. */
static int
on_table(const struct nlmsghdr *reply, void *arg)
{
	const struct ndtmsg *info = mnl_nlmsg_get_payload(reply);

	if (reply->nlmsg_type == RTM_NEWNEIGHTBL &&
	    info->ndtm_family == AF_INET)
		mnl_attr_parse(reply, sizeof(*info), on_table_attr, arg);
	return MNL_CB_OK;
}

uint64_t
route_neighbours_full(void)
{
	uint64_t times = 0;
	union request request;
	struct ndtmsg *info =
	    request_begin(&request, RTM_GETNEIGHTBL, NLM_F_DUMP, sizeof(*info));

	info->ndtm_family = AF_INET;
	return ask(&request, on_table, &times) ? times : 0;
}
