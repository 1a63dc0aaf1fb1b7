/* SPDX-License-Identifier: ISC */
/* The table of services.  A new one needs its line here and in services.h. */
#include "service.h"

#include <string.h>

#include "services.h"

static const struct service *const table[] = {
	&service_astray,
	&service_banner,
	&service_dicom,
	&service_drip,
	&service_echo,
	&service_endless,
	&service_hangup,
	&service_jetdirect,
	&service_liar,
	&service_lpd,
	&service_nbstat,
	&service_ntp,
	&service_portmapper,
	&service_reset,
	&service_rpc,
	&service_rpc_crumbs,
	&service_rpc_giant,
	&service_shut,
	&service_silent,
	&service_snmp,
	&service_tarpit,
	&service_udp_other,
};

const struct service *
service_find(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i]->name, name) == 0)
			return table[i];
	return NULL;
}
