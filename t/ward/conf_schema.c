/* SPDX-License-Identifier: ISC */
/*
 * The keys of ward and personality files, for libcyaml 1.3.
 *
 * One table per struct of conf.h.  Keys are optional unless a host cannot be
 * imagined without them; an unknown key is an error, so that a slip of the
 * pen does not silently make a host more robust than it was meant to be.
 */
#include "conf_schema.h"

#include "conf.h"

#define OPT CYAML_FLAG_OPTIONAL
#define TEXT(s, m)              \
	CYAML_FIELD_STRING_PTR( \
	    #m, CYAML_FLAG_POINTER | OPT, struct s, m, 0, CYAML_UNLIMITED)
#define NEED_TEXT(s, m)         \
	CYAML_FIELD_STRING_PTR( \
	    #m, CYAML_FLAG_POINTER, struct s, m, 1, CYAML_UNLIMITED)
#define NUMBER(s, m) CYAML_FIELD_UINT(#m, OPT, struct s, m)
#define NEED_NUMBER(s, m) CYAML_FIELD_UINT(#m, CYAML_FLAG_DEFAULT, struct s, m)
#define SECONDS(s, m) CYAML_FIELD_FLOAT(#m, OPT, struct s, m)
#define SWITCH(s, m) CYAML_FIELD_BOOL(#m, OPT, struct s, m)
#define NEED_SWITCH(s, m) CYAML_FIELD_BOOL(#m, CYAML_FLAG_DEFAULT, struct s, m)
#define CHOICE(s, m, names) \
	CYAML_FIELD_ENUM(#m, OPT, struct s, m, names, CYAML_ARRAY_LEN(names))
#define LIST(s, m, entry)                                               \
	CYAML_FIELD_SEQUENCE(#m, CYAML_FLAG_POINTER | OPT, struct s, m, \
	    &(entry), 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t text_entry = { CYAML_VALUE_STRING(
    CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED) };

static const cyaml_schema_value_t number_entry = { CYAML_VALUE_UINT(
    CYAML_FLAG_DEFAULT, uint32_t) };

static const cyaml_strval_t ip_id_names[] = {
	{ "incr", IP_ID_INCR },
	{ "incr-swapped", IP_ID_INCR_SWAPPED },
	{ "random", IP_ID_RANDOM },
	{ "zero", IP_ID_ZERO },
};

static const cyaml_strval_t isn_names[] = {
	{ "bsd64k", ISN_BSD64K },
	{ "random", ISN_RANDOM },
	{ "time", ISN_TIME },
};

static const cyaml_strval_t echo_df_names[] = {
	{ "same", ECHO_DF_SAME },
	{ "yes", ECHO_DF_YES },
	{ "no", ECHO_DF_NO },
};

static const cyaml_strval_t port_names[] = {
	{ "closed", PORT_CLOSED },
	{ "open", PORT_OPEN },
	{ "filtered", PORT_FILTERED },
	{ "unreachable", PORT_UNREACHABLE },
};

static const cyaml_strval_t transport_names[] = {
	{ "tcp", OVER_TCP },
	{ "udp", OVER_UDP },
	{ "both", OVER_BOTH },
};

static const cyaml_strval_t mode_names[] = {
	{ "accept", DICOM_ACCEPT },
	{ "reject", DICOM_REJECT },
	{ "abort", DICOM_ABORT },
	{ "silent", DICOM_SILENT },
	{ "garbage", DICOM_GARBAGE },
	{ "drip", DICOM_DRIP },
	{ "giant", DICOM_GIANT },
};

static const cyaml_strval_t kind_names[] = {
	{ "plain", RPC_PLAIN },
	{ "ypserv", RPC_YPSERV },
	{ "ypbind", RPC_YPBIND },
};

static const cyaml_strval_t to_names[] = {
	{ "zeros", TO_ZEROS },
	{ "ones", TO_ONES },
	{ "limited", TO_LIMITED },
};

static const cyaml_schema_field_t stack_fields[] = {
	NEED_NUMBER(conf_stack, tcp_ttl),
	NEED_NUMBER(conf_stack, icmp_ttl),
	NEED_NUMBER(conf_stack, udp_ttl),
	NEED_NUMBER(conf_stack, window),
	TEXT(conf_stack, options),
	NEED_SWITCH(conf_stack, df),
	CHOICE(conf_stack, ip_id, ip_id_names),
	NUMBER(conf_stack, ip_id_first),
	SWITCH(conf_stack, ip_id_shared),
	NEED_SWITCH(conf_stack, udp_checksum),
	CHOICE(conf_stack, isn, isn_names),
	NUMBER(conf_stack, ts_hz),
	SWITCH(conf_stack, answers_synfin),
	CHOICE(conf_stack, echo_df, echo_df_names),
	NUMBER(conf_stack, unreach_per_s),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t dicom_fields[] = {
	CHOICE(conf_dicom, mode, mode_names),
	TEXT(conf_dicom, implementation_class_uid),
	TEXT(conf_dicom, implementation_version),
	NUMBER(conf_dicom, max_pdu),
	LIST(conf_dicom, called_ae, text_entry),
	LIST(conf_dicom, calling_ae, text_entry),
	NUMBER(conf_dicom, reject_result),
	NUMBER(conf_dicom, reject_source),
	NUMBER(conf_dicom, reject_reason),
	LIST(conf_dicom, abstract_syntaxes, text_entry),
	LIST(conf_dicom, transfer_syntaxes, text_entry),
	NUMBER(conf_dicom, split),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t answer_fields[] = {
	TEXT(conf_answer, prefix),
	TEXT(conf_answer, prefix_hex),
	TEXT(conf_answer, match),
	TEXT(conf_answer, send),
	TEXT(conf_answer, send_hex),
	SWITCH(conf_answer, close),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t answer_entry = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct conf_answer, answer_fields) };

static const cyaml_schema_field_t script_fields[] = {
	TEXT(conf_script, greeting),
	TEXT(conf_script, greeting_hex),
	SWITCH(conf_script, blocks),
	SWITCH(conf_script, blank_line),
	SWITCH(conf_script, close),
	SWITCH(conf_script, only),
	SECONDS(conf_script, idle_s),
	LIST(conf_script, answers, answer_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t service_fields[] = {
	NEED_NUMBER(conf_service, port),
	NUMBER(conf_service, to),
	CHOICE(conf_service, transport, transport_names),
	NEED_TEXT(conf_service, service),
	SWITCH(conf_service, inetd),
	CYAML_FIELD_MAPPING_PTR("dicom", CYAML_FLAG_POINTER | OPT,
	    struct conf_service, dicom, dicom_fields),
	CYAML_FIELD_MAPPING_PTR("script", CYAML_FLAG_POINTER | OPT,
	    struct conf_service, script, script_fields),
	TEXT(conf_service, reply_hex),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t service_entry = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct conf_service, service_fields) };

static const cyaml_schema_field_t rpc_fields[] = {
	NEED_NUMBER(conf_rpc, program),
	CYAML_FIELD_SEQUENCE("versions", CYAML_FLAG_POINTER, struct conf_rpc,
	    versions, &number_entry, 1, CYAML_UNLIMITED),
	NUMBER(conf_rpc, udp),
	NUMBER(conf_rpc, tcp),
	SWITCH(conf_rpc, unregistered),
	SWITCH(conf_rpc, null_only),
	CHOICE(conf_rpc, kind, kind_names),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t rpc_entry = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct conf_rpc, rpc_fields) };

static const cyaml_schema_field_t beacon_fields[] = {
	CHOICE(conf_beacon, to, to_names),
	NEED_NUMBER(conf_beacon, port),
	NUMBER(conf_beacon, source_port),
	SWITCH(conf_beacon, same_port),
	NEED_TEXT(conf_beacon, payload_hex),
	NUMBER(conf_beacon, length),
	CYAML_FIELD_FLOAT(
	    "period_s", CYAML_FLAG_DEFAULT, struct conf_beacon, period_s),
	SECONDS(conf_beacon, first_s),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t beacon_entry = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct conf_beacon, beacon_fields) };

static const cyaml_schema_field_t frailty_fields[] = {
	NUMBER(conf_frailty, backlog),
	SECONDS(conf_frailty, half_open_life_s),
	NUMBER(conf_frailty, inetd_limit),
	SECONDS(conf_frailty, inetd_window_s),
	SECONDS(conf_frailty, inetd_shut_s),
	NUMBER(conf_frailty, association_slots),
	SECONDS(conf_frailty, slot_leak_s),
	NUMBER(conf_frailty, hang_half_open),
	NUMBER(conf_frailty, hang_malformed),
	NUMBER(conf_frailty, hang_bare_port),
	NUMBER(conf_frailty, hang_bare_count),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t persona_fields[] = {
	TEXT(conf_persona, summary),
	TEXT(conf_persona, oui),
	LIST(conf_persona, truth, text_entry),
	SWITCH(conf_persona, decoy),
	SWITCH(conf_persona, routed),
	SWITCH(conf_persona, unscored),
	CYAML_FIELD_MAPPING("stack", CYAML_FLAG_DEFAULT, struct conf_persona,
	    stack, stack_fields),
	NEED_SWITCH(conf_persona, icmp_echo),
	CHOICE(conf_persona, tcp_default, port_names),
	CHOICE(conf_persona, udp_default, port_names),
	TEXT(conf_persona, default_service),
	LIST(conf_persona, services, service_entry),
	LIST(conf_persona, rpc, rpc_entry),
	TEXT(conf_persona, nis_domain),
	LIST(conf_persona, beacons, beacon_entry),
	CYAML_FIELD_MAPPING(
	    "frailty", OPT, struct conf_persona, frailty, frailty_fields),
	NUMBER(conf_persona, max_connections),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t conf_persona_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct conf_persona, persona_fields) };

static const cyaml_schema_field_t host_fields[] = {
	NEED_TEXT(conf_host, address),
	NEED_TEXT(conf_host, mac),
	NEED_TEXT(conf_host, personality),
	TEXT(conf_host, name),
	NUMBER(conf_host, count),
	TEXT(conf_host, behind),
	NUMBER(conf_host, hops),
	SECONDS(conf_host, first_beacon_s),
	NUMBER(conf_host, beacon_source_port),
	NUMBER(conf_host, ip_id_first),
	LIST(conf_host, called_ae, text_entry),
	LIST(conf_host, calling_ae, text_entry),
	LIST(conf_host, services, service_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t host_entry = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct conf_host, host_fields) };

static const cyaml_schema_field_t ward_fields[] = {
	NEED_TEXT(conf_ward, network),
	CYAML_FIELD_SEQUENCE("hosts", CYAML_FLAG_POINTER, struct conf_ward,
	    hosts, &host_entry, 1, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t conf_ward_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct conf_ward, ward_fields) };
