/* SPDX-License-Identifier: ISC */
/* services - every built-in service, each defined in its own svc_<name>.c. */
#ifndef WARD_SERVICES_H
#define WARD_SERVICES_H

#include "service.h"

extern const struct service service_astray;
extern const struct service service_banner;
extern const struct service service_dicom;
extern const struct service service_drip;
extern const struct service service_echo;
extern const struct service service_endless;
extern const struct service service_hangup;
extern const struct service service_jetdirect;
extern const struct service service_liar;
extern const struct service service_lpd;
extern const struct service service_nbstat;
extern const struct service service_ntp;
extern const struct service service_portmapper;
extern const struct service service_reset;
extern const struct service service_rpc;
extern const struct service service_rpc_crumbs;
extern const struct service service_rpc_giant;
extern const struct service service_shut;
extern const struct service service_silent;
extern const struct service service_snmp;
extern const struct service service_tarpit;
extern const struct service service_udp_other;

#endif
