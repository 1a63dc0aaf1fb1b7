/* SPDX-License-Identifier: ISC */
/*
 * conf - what a ward file and the personality files say, as they say it.
 *
 * Pure data, filled in by libcyaml.  A key that is left out is zero or NULL,
 * and zero always means "as usual".  README.md beside this file explains each
 * key; the names here are the same.
 */
#ifndef WARD_CONF_H
#define WARD_CONF_H

#include <stdbool.h>
#include <stdint.h>

struct err;

enum conf_ip_id { IP_ID_INCR, IP_ID_INCR_SWAPPED, IP_ID_RANDOM, IP_ID_ZERO };
enum conf_isn { ISN_BSD64K, ISN_RANDOM, ISN_TIME };
enum conf_echo_df { ECHO_DF_SAME, ECHO_DF_YES, ECHO_DF_NO };
enum conf_port { PORT_CLOSED, PORT_OPEN, PORT_FILTERED, PORT_UNREACHABLE };
enum conf_transport { OVER_TCP, OVER_UDP, OVER_BOTH };

/* How the host's TCP/IP shows itself. */
struct conf_stack {
	uint8_t tcp_ttl;
	uint8_t icmp_ttl;
	uint8_t udp_ttl;
	uint16_t window;
	char *options; /* of the SYN-ACK, "M5B4NW0NNT11" */
	bool df;
	enum conf_ip_id ip_id;
	uint16_t ip_id_first; /* 0: any */
	bool ip_id_shared;    /* one counter for TCP, UDP and ICMP */
	bool udp_checksum;
	enum conf_isn isn;
	uint16_t ts_hz; /* TCP timestamps per second */
	bool answers_synfin;
	enum conf_echo_df echo_df;
	uint16_t unreach_per_s; /* 0: no limit */
};

enum conf_dicom_mode {
	DICOM_ACCEPT,
	DICOM_REJECT,
	DICOM_ABORT,
	DICOM_SILENT,
	DICOM_GARBAGE,
	DICOM_DRIP,
	DICOM_GIANT
};

struct conf_dicom {
	enum conf_dicom_mode mode;
	char *implementation_class_uid;
	char *implementation_version;
	uint32_t max_pdu;
	char **called_ae; /* only these are answered; none: any */
	uint32_t called_ae_count;
	char **calling_ae;
	uint32_t calling_ae_count;
	uint8_t reject_result; /* with these instead of the usual three */
	uint8_t reject_source;
	uint8_t reject_reason;
	char **abstract_syntaxes;
	uint32_t abstract_syntaxes_count;
	char **transfer_syntaxes;
	uint32_t transfer_syntaxes_count;
	uint16_t split; /* answer in segments of so many bytes */
};

/* One line of a script: what is waited for, what is said to it. */
struct conf_answer {
	char *prefix;     /* in any case of letters */
	char *prefix_hex; /* bytes */
	char *match;      /* POSIX extended regular expression */
	char *send;
	char *send_hex;
	bool close;
};

struct conf_script {
	char *greeting;
	char *greeting_hex; /* sent before greeting */
	bool blocks;     /* answer what arrives as it arrives, not by lines */
	bool blank_line; /* the answer waits for an empty line */
	bool close;      /* after the greeting */
	bool only;       /* what no answer fits counts as foreign bytes */
	double idle_s;   /* 0: 300 */
	struct conf_answer *answers;
	uint32_t answers_count;
};

struct conf_service {
	uint16_t port;
	uint16_t to; /* last port of a range; 0: one port */
	enum conf_transport transport;
	char *service; /* or closed, filtered, unreachable */
	bool inetd;
	struct conf_dicom *dicom;
	struct conf_script *script;
	char *reply_hex; /* what udp-other, ntp, nbstat and snmp answer */
};

enum conf_rpc_kind { RPC_PLAIN, RPC_YPSERV, RPC_YPBIND };

struct conf_rpc {
	uint32_t program;
	uint32_t *versions;
	uint32_t versions_count;
	uint16_t udp; /* 0: not there */
	uint16_t tcp;
	bool unregistered; /* listens, but the portmapper does not know it */
	bool null_only;    /* any call but NULL counts as harm */
	enum conf_rpc_kind kind;
};

enum conf_beacon_to { TO_ZEROS, TO_ONES, TO_LIMITED };

struct conf_beacon {
	enum conf_beacon_to to;
	uint16_t port;
	uint16_t source_port; /* the first one; 0: the next free one */
	bool same_port;       /* do not take a new port each time */
	char *payload_hex;
	uint16_t length; /* zeros are added up to it */
	double period_s;
	double first_s;
};

struct conf_frailty {
	uint16_t backlog;           /* half-open entries a port holds; 0: 128 */
	double half_open_life_s;    /* 0: 75 */
	uint16_t inetd_limit;       /* 0: no limit */
	double inetd_window_s;      /* 0: 60 */
	double inetd_shut_s;        /* 0: 600 */
	uint16_t association_slots; /* 0: no limit */
	double slot_leak_s;         /* a slot is lost so long if not released */
	uint32_t hang_half_open;
	uint32_t hang_malformed;
	uint16_t hang_bare_port;
	uint32_t hang_bare_count;
};

struct conf_persona {
	char *summary;
	/* For the score, which the ward itself takes no notice of. */
	char *oui;    /* first three bytes of its MAC */
	char **truth; /* fingerprints that are true of it, the best first */
	uint32_t truth_count;
	bool decoy;  /* made to be taken for something it is not */
	bool routed; /* stands behind the router */
	bool unscored;
	struct conf_stack stack;
	bool icmp_echo;
	enum conf_port tcp_default;
	enum conf_port udp_default;
	char *default_service; /* behind tcp_default: open; none: silent */
	struct conf_service *services;
	uint32_t services_count;
	struct conf_rpc *rpc;
	uint32_t rpc_count;
	char *nis_domain;
	struct conf_beacon *beacons;
	uint32_t beacons_count;
	struct conf_frailty frailty;
	uint16_t max_connections; /* 0: 512 */
};

struct conf_host {
	char *address;
	char *mac;
	char *personality; /* file name without .yaml */
	char *name;
	uint32_t count; /* so many hosts, addresses and MACs rising; 0: 1 */
	char *behind;   /* address of the router in front of it */
	uint8_t hops;
	double first_beacon_s;
	uint16_t beacon_source_port;
	uint16_t ip_id_first;
	char **called_ae;
	uint32_t called_ae_count;
	char **calling_ae;
	uint32_t calling_ae_count;
	struct conf_service *services; /* instead of or beside the usual */
	uint32_t services_count;
};

struct conf_ward {
	char *network; /* "10.16.12.0/23" */
	struct conf_host *hosts;
	uint32_t hosts_count;
};

/*
 * Return the file's content, to be given back with the matching free, or NULL
 * with err naming the file, the place in it and what is wrong there.
 */
struct conf_ward *conf_load_ward(const char *path, struct err *);
struct conf_persona *conf_load_persona(
    const char *dir, const char *name, struct err *);

/* Safe to call with NULL. */
void conf_free_ward(struct conf_ward *);
void conf_free_persona(struct conf_persona *);

#endif
