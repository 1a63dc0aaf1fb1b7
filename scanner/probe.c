/* SPDX-License-Identifier: ISC */
/* probe - the list of all probes and how to find one. */
#include <string.h>

#include "scanner/probe.h"

/* ClientHello, two ACKs of what answers it, Finished, close_notify */
enum { TLS_PACKETS = 5 };

const struct probe *const probes[] = {
#define PROBE(name) &probe_##name,
#include "probes/list.h"
#undef PROBE
	NULL
};

const struct probe *
probe_find(const char *name)
{
	for (size_t i = 0; probes[i] != NULL; i++)
		if (strcmp(probes[i]->name, name) == 0)
			return probes[i];
	return NULL;
}

static bool
has_port(const uint16_t *ports, uint16_t port)
{
	for (; ports != NULL && *ports != 0; ports++)
		if (*ports == port)
			return true;
	return false;
}

bool
probe_seals(const struct probe *p, uint16_t port)
{
	return has_port(p->tls_ports, port);
}

static bool
is_tried_on(const struct probe *p, enum about_kind transport, uint16_t port)
{
	if (p->via != VIA_TALK)
		return false;
	if (transport == ABOUT_UDP)
		return has_port(p->udp_ports, port);
	return has_port(p->tcp_ports, port) || probe_seals(p, port);
}

const struct probe *
probe_for_port(enum about_kind transport, uint16_t port)
{
	for (size_t i = 0; probes[i] != NULL; i++)
		if (is_tried_on(probes[i], transport, port))
			return probes[i];
	return NULL;
}

unsigned
probe_packets(const struct probe *p, enum about_kind transport, uint16_t port)
{
	unsigned packets = p->packets_max;

	if (transport == ABOUT_TCP && probe_seals(p, port))
		packets += TLS_PACKETS;
	return packets < PROBE_PACKETS_MAX ? packets : PROBE_PACKETS_MAX;
}
