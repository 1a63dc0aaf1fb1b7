/* SPDX-License-Identifier: ISC */
/*
 * capture - frames through libpcap, from an interface or a file.
 *
 * Source:    pcap(3PCAP), libpcap 1.10
 * Limits:    one link type per file, as libpcap reads them.  Times are
 *            nanoseconds where the kernel or the file has them.
 */
#include <errno.h>
#include <limits.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "scanner/capture.h"
#include "scanner/limits.h"

enum {
	/* A ring costs a millisecond for each 2 MiB to set up. */
	BUFFER_SIZE = 8 << 20,
	BUFFER_LEAST = 512 << 10,
	/* A block of the ring is 256 KiB and handed over after this time with
	 * whatever it holds, so the ring outlasts a stall of 32 times that;
	 * frame by frame it outlasts any, while it has a slot for each. */
	HAND_OVER_MS = 2,
	SLOT_ROOM = 2304,
	SLOTS_MAX = BUFFER_SIZE / SLOT_ROOM,
	NAME_SHOWN = 120, /* of a long path the end, so that the reason fits */
	NS_PER_S = 1000000000
};

struct capture {
	pcap_t *pcap;
	char *name; /* interface or file, for messages */
	bool is_live;
	int link_type;
	uint16_t interface; /* index, where it is live */
	int64_t tick_ns;    /* what a unit of tv_usec is */
	uint32_t number;    /* of the frame read last */
	struct capture_counts counts;
	uint32_t received_last, dropped_last; /* libpcap's 32-bit counters */
};

/* Writes "name: reason" on one line. */
static void __attribute__((format(printf, 3, 4)))
say(char error[static CAPTURE_ERROR], const char *name, const char *fmt, ...)
{
	size_t len = strlen(name), used;
	const char *dots = "";
	va_list ap;

	if (len > NAME_SHOWN) {
		name += len - NAME_SHOWN;
		dots = "...";
	}
	snprintf(error, CAPTURE_ERROR, "%s%s: ", dots, name);
	used = strlen(error);
	va_start(ap, fmt);
	vsnprintf(error + used, CAPTURE_ERROR - used, fmt, ap);
	va_end(ap);
	for (; *error != '\0'; error++)
		if (*error == '\n' || *error == '\r')
			*error = ' ';
}

static struct capture *
capture_new(const char *name, char error[static CAPTURE_ERROR])
{
	struct capture *c = calloc(1, sizeof(*c));

	if (c != NULL)
		c->name = strdup(name);
	if (c == NULL || c->name == NULL) {
		say(error, name, "out of memory");
		free(c);
		return NULL;
	}
	return c;
}

void
capture_free(struct capture *c)
{
	if (c == NULL)
		return;
	if (c->pcap != NULL)
		pcap_close(c->pcap);
	free(c->name);
	free(c);
}

/* Notes what every frame will have in common. */
static bool
learn(struct capture *c, char error[static CAPTURE_ERROR])
{
	const char *name;

	c->tick_ns =
	    pcap_get_tstamp_precision(c->pcap) == PCAP_TSTAMP_PRECISION_NANO
	    ? 1
	    : 1000;
	c->link_type = pcap_datalink(c->pcap);
	if (decode_knows_link(c->link_type))
		return true;
	name = pcap_datalink_val_to_name(c->link_type);
	say(error, c->name,
	    "link type %d (%s) is not one gantry reads; Ethernet, Linux "
	    "cooked, raw IP and loopback are",
	    c->link_type, name != NULL ? name : "unknown");
	return false;
}

/* Asks for what we need; what an interface cannot do it goes without. */
static void
settings_make(pcap_t *pcap, uint64_t burst)
{
	int size = BUFFER_SIZE;

	if (burst > 0 && burst <= SLOTS_MAX)
		size = (int)burst * SLOT_ROOM;
	if (size < BUFFER_LEAST)
		size = BUFFER_LEAST;
	pcap_set_snaplen(pcap, SNAP_LEN);
	if (burst > SLOTS_MAX)
		pcap_set_timeout(pcap, HAND_OVER_MS);
	else
		pcap_set_immediate_mode(pcap, 1);
	pcap_set_buffer_size(pcap, size);
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
}

static bool
activate(struct capture *c, char error[static CAPTURE_ERROR])
{
	int status = pcap_activate(c->pcap);

	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		say(error, c->name, "no such interface");
		return false;
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		say(error, c->name,
		    "need CAP_NET_RAW to capture (run as root or grant the "
		    "capability)");
		return false;
	case PCAP_ERROR_IFACE_NOT_UP:
		say(error, c->name, "interface is down");
		return false;
	case PCAP_ERROR:
		say(error, c->name, "%s", pcap_geterr(c->pcap));
		return false;
	default: /* a warning is no obstacle */
		if (status >= 0)
			return true;
		say(error, c->name, "%s", pcap_statustostr(status));
		return false;
	}
}

static bool
filter_set(
    struct capture *c, const char *filter, char error[static CAPTURE_ERROR])
{
	struct bpf_program program;
	bool is_set;

	if (filter == NULL)
		return true;
	if (pcap_compile(c->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) !=
	    0) {
		say(error, c->name, "filter \"%.60s\": %s", filter,
		    pcap_geterr(c->pcap));
		return false;
	}
	is_set = pcap_setfilter(c->pcap, &program) == 0;
	if (!is_set)
		say(error, c->name, "filter \"%.60s\": %s", filter,
		    pcap_geterr(c->pcap));
	pcap_freecode(&program);
	return is_set;
}

struct capture *
capture_open_live(const char *interface, const char *filter, uint64_t burst,
    char error[static CAPTURE_ERROR])
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct capture *c = capture_new(interface, error);

	if (c == NULL)
		return NULL;
	c->is_live = true;
	/* Asked first, since without rights libpcap would not get so far. */
	c->interface = (uint16_t)if_nametoindex(interface);
	if (c->interface == 0 && strcmp(interface, "any") != 0) {
		say(error, interface, "no such interface");
		goto fail;
	}
	c->pcap = pcap_create(interface, why);
	if (c->pcap == NULL) {
		say(error, interface, "%s", why);
		goto fail;
	}
	settings_make(c->pcap, burst);
	if (!activate(c, error) || !learn(c, error) ||
	    !filter_set(c, filter, error))
		goto fail;
	if (pcap_setnonblock(c->pcap, 1, why) != 0) {
		say(error, interface, "%s", why);
		goto fail;
	}
	return c;
fail:
	capture_free(c);
	return NULL;
}

/* Has the card hand up more; the kernel takes it back when we close. */
static bool
membership_add(const struct capture *c, unsigned short type)
{
	const struct packet_mreq request = { .mr_ifindex = c->interface,
		.mr_type = type };

	return c->is_live &&
	    setsockopt(pcap_fileno(c->pcap), SOL_PACKET, PACKET_ADD_MEMBERSHIP,
		&request, sizeof(request)) == 0;
}

bool
capture_hear_groups(struct capture *c)
{
	return membership_add(c, PACKET_MR_ALLMULTI);
}

bool
capture_hear_all(struct capture *c)
{
	return membership_add(c, PACKET_MR_PROMISC);
}

bool
capture_hear_others(struct capture *c)
{
	return c->is_live && pcap_setdirection(c->pcap, PCAP_D_IN) == 0;
}

static bool
is_wanted(const pcap_if_t *interface)
{
	/* "any" and the like are no interfaces of the kernel. */
	return interface->flags & PCAP_IF_UP &&
	    !(interface->flags & PCAP_IF_LOOPBACK) &&
	    if_nametoindex(interface->name) != 0 &&
	    strlen(interface->name) < IF_NAMESIZE;
}

bool
capture_interfaces(
    capture_interface_fn *fn, void *arg, char error[static CAPTURE_ERROR])
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_if_t *all;

	if (pcap_findalldevs(&all, why) != 0) {
		say(error, "interfaces", "%s", why);
		return false;
	}
	for (const pcap_if_t *i = all; i != NULL; i = i->next)
		if (is_wanted(i))
			fn(arg, i->name);
	pcap_freealldevs(all);
	return true;
}

/* Hands the stream over to libpcap, or closes it. */
static bool
stream_open(struct capture *c, FILE *stream, char error[static CAPTURE_ERROR])
{
	char why[PCAP_ERRBUF_SIZE] = "";

	c->pcap = pcap_fopen_offline_with_tstamp_precision(
	    stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (c->pcap != NULL)
		return true;
	say(error, c->name, "not a capture file gantry can read: %s", why);
	if (stream != stdin)
		fclose(stream);
	return false;
}

struct capture *
capture_open_file(const char *path, char error[static CAPTURE_ERROR])
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct capture *c =
	    capture_new(is_stdin ? "standard input" : path, error);
	FILE *stream;

	if (c == NULL)
		return NULL;
	stream = is_stdin ? stdin : fopen(path, "rbe");
	if (stream == NULL) {
		say(error, c->name, "%s", strerror(errno));
		goto fail;
	}
	if (!stream_open(c, stream, error) || !learn(c, error))
		goto fail;
	return c;
fail:
	capture_free(c);
	return NULL;
}

uint16_t
capture_interface(const struct capture *c)
{
	return c->interface;
}

int
capture_fd(const struct capture *c)
{
	return c->is_live ? pcap_get_selectable_fd(c->pcap) : -1;
}

bool
capture_is_up(const struct capture *c)
{
	struct ifreq request = { .ifr_flags = 0 };
	const short up = IFF_UP | IFF_RUNNING;

	if (!c->is_live || strcmp(c->name, "any") == 0)
		return true;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", c->name);
	return ioctl(pcap_fileno(c->pcap), SIOCGIFFLAGS, &request) == 0 &&
	    (request.ifr_flags & up) == up;
}

/* A file may claim any time at all; one that does not fit counts as 1970. */
static int64_t
time_of(const struct capture *c, const struct timeval *ts)
{
	int64_t seconds = ts->tv_sec, rest = ts->tv_usec;

	if (seconds < 0 || seconds >= INT64_MAX / NS_PER_S || rest < 0 ||
	    rest >= NS_PER_S / c->tick_ns)
		return 0;
	return seconds * NS_PER_S + rest * c->tick_ns;
}

static void
deliver(struct capture *c, const struct pcap_pkthdr *header,
    const uint8_t *bytes, capture_fn *fn, void *arg)
{
	struct frame frame = {
		.time_ns = time_of(c, &header->ts),
		.number = ++c->number,
		.link_type = c->link_type,
		.interface = c->interface,
		.bytes = bytes,
		.len = header->caplen,
		.wire_len = header->len,
	};

	fn(arg, &frame);
}

int
capture_read(struct capture *c, unsigned max, capture_fn *fn, void *arg,
    char error[static CAPTURE_ERROR])
{
	unsigned most = max > 0 && max < INT_MAX ? max : INT_MAX;
	unsigned n;

	for (n = 0; n < most; n++) {
		struct pcap_pkthdr *header;
		const u_char *bytes;

		switch (pcap_next_ex(c->pcap, &header, &bytes)) {
		case 1:
			deliver(c, header, bytes, fn, arg);
			break;
		case 0:                /* nothing there for now */
		case PCAP_ERROR_BREAK: /* the end of the file */
			return (int)n;
		default:
			if (c->is_live)
				say(error, c->name, "%s", pcap_geterr(c->pcap));
			else
				say(error, c->name, "frame %u: %s",
				    c->number + 1, pcap_geterr(c->pcap));
			return -1;
		}
	}
	return (int)n;
}

struct capture_counts
capture_counts(struct capture *c)
{
	struct pcap_stat stat;

	if (!c->is_live) {
		c->counts.received = c->number;
		return c->counts;
	}
	if (pcap_stats(c->pcap, &stat) == 0) {
		/* Differences survive a counter that has gone round. */
		c->counts.received += stat.ps_recv - c->received_last;
		c->counts.dropped += stat.ps_drop - c->dropped_last;
		c->received_last = stat.ps_recv;
		c->dropped_last = stat.ps_drop;
	}
	return c->counts;
}
