/* SPDX-License-Identifier: ISC */
/* probe - the list of all probes and how to find one. */
#include <string.h>

#include "scanner/probe.h"

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

const struct probe *
probe_for_port(enum about_kind transport, uint16_t port)
{
	for (size_t i = 0; probes[i] != NULL; i++) {
		const struct probe *p = probes[i];

		if (p->via == VIA_TALK &&
		    has_port(
			transport == ABOUT_UDP ? p->udp_ports : p->tcp_ports,
			port))
			return p;
	}
	return NULL;
}
