/* SPDX-License-Identifier: ISC */
/* config_schema - what may stand in gantry.yaml, as libcyaml wants to know. */
#include <cyaml/cyaml.h>

#include "scanner/config.h"
#include "scanner/config_schema.h"
#include "scanner/limits.h"

enum { TEXT = 1024 };

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

static const cyaml_schema_value_t text_schema = { CYAML_VALUE_STRING(
    CYAML_FLAG_POINTER, char *, 1, TEXT) };

#define TEXT_FIELD(key, type, member, flags) \
	CYAML_FIELD_STRING_PTR(key, flags, struct type, member, 1, TEXT)
#define LIST_FIELD(key, type, member, flags) \
	CYAML_FIELD_SEQUENCE(                \
	    key, flags, struct type, member, &text_schema, 0, CONFIG_LIST_MAX)

/* libcyaml's own booleans take any word for a yes. */
static const cyaml_strval_t switch_words[] = { { "no", CONFIG_NO },
	{ "yes", CONFIG_YES }, { "false", CONFIG_NO }, { "true", CONFIG_YES },
	{ "off", CONFIG_NO }, { "on", CONFIG_YES } };

#define SWITCH_FIELD(key, type, member)                                      \
	CYAML_FIELD_ENUM_PTR(key, OPTIONAL | CYAML_FLAG_STRICT, struct type, \
	    member, switch_words, 6)

static const cyaml_schema_field_t segment_fields[] = {
	TEXT_FIELD("name", config_segment, name, CYAML_FLAG_POINTER),
	LIST_FIELD("networks", config_segment, networks, CYAML_FLAG_POINTER),
	TEXT_FIELD("interface", config_segment, interface, OPTIONAL),
	LIST_FIELD("exclude", config_segment, exclude, OPTIONAL),
	LIST_FIELD("do_not_probe", config_segment, do_not_probe, OPTIONAL),
	TEXT_FIELD("scope", config_segment, scope, OPTIONAL),
	TEXT_FIELD("ports", config_segment, ports, OPTIONAL),
	TEXT_FIELD("care", config_segment, care, OPTIONAL),
	CYAML_FIELD_FLOAT_PTR("rate", OPTIONAL, struct config_segment, rate),
	CYAML_FIELD_UINT_PTR(
	    "host_rate", OPTIONAL, struct config_segment, host_rate),
	CYAML_FIELD_FLOAT_PTR(
	    "listen", OPTIONAL, struct config_segment, listen),
	TEXT_FIELD("called_ae", config_segment, called_ae, OPTIONAL),
	LIST_FIELD("windows", config_segment, windows, OPTIONAL),
	LIST_FIELD("blackout", config_segment, blackout, OPTIONAL),
	TEXT_FIELD("timezone", config_segment, timezone, OPTIONAL),
	TEXT_FIELD("expected", config_segment, expected, OPTIONAL),
	TEXT_FIELD("columns", config_segment, columns, OPTIONAL),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t segment_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct config_segment, segment_fields) };

static const cyaml_schema_field_t site_fields[] = {
	TEXT_FIELD("name", config_site, name, CYAML_FLAG_POINTER),
	CYAML_FIELD_SEQUENCE("segments", CYAML_FLAG_POINTER, struct config_site,
	    segments, &segment_schema, 1, CONFIG_LIST_MAX),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t site_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct config_site, site_fields) };

static const cyaml_schema_field_t webhook_fields[] = {
	TEXT_FIELD("name", config_webhook, name, CYAML_FLAG_POINTER),
	TEXT_FIELD("url", config_webhook, url, CYAML_FLAG_POINTER),
	TEXT_FIELD("secret_file", config_webhook, secret_file, OPTIONAL),
	TEXT_FIELD(
	    "secret_credential", config_webhook, secret_credential, OPTIONAL),
	TEXT_FIELD("ca_file", config_webhook, ca_file, OPTIONAL),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t webhook_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct config_webhook, webhook_fields) };

static const cyaml_schema_field_t mail_fields[] = {
	TEXT_FIELD("name", config_mail, name, CYAML_FLAG_POINTER),
	TEXT_FIELD("url", config_mail, url, CYAML_FLAG_POINTER),
	TEXT_FIELD("from", config_mail, from, CYAML_FLAG_POINTER),
	LIST_FIELD("to", config_mail, to, CYAML_FLAG_POINTER),
	TEXT_FIELD("user", config_mail, user, OPTIONAL),
	TEXT_FIELD("password_file", config_mail, password_file, OPTIONAL),
	TEXT_FIELD(
	    "password_credential", config_mail, password_credential, OPTIONAL),
	TEXT_FIELD("ca_file", config_mail, ca_file, OPTIONAL),
	SWITCH_FIELD("plaintext", config_mail, plaintext), CYAML_FIELD_END
};

static const cyaml_schema_value_t mail_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct config_mail, mail_fields) };

static const cyaml_schema_field_t notify_fields[] = {
	CYAML_FIELD_SEQUENCE("webhooks", OPTIONAL, struct config_notify,
	    webhooks, &webhook_schema, 0, CONFIG_LIST_MAX),
	CYAML_FIELD_SEQUENCE("mail", OPTIONAL, struct config_notify, mail,
	    &mail_schema, 0, CONFIG_LIST_MAX),
	SWITCH_FIELD("journal", config_notify, journal),
	SWITCH_FIELD("syslog", config_notify, syslog),
	TEXT_FIELD("metrics", config_notify, metrics, OPTIONAL), CYAML_FIELD_END
};

static const cyaml_schema_field_t file_fields[] = {
	TEXT_FIELD("database", config_file, database, OPTIONAL),
	TEXT_FIELD("state", config_file, state, OPTIONAL),
	TEXT_FIELD("timezone", config_file, timezone, OPTIONAL),
	CYAML_FIELD_SEQUENCE("sites", CYAML_FLAG_POINTER, struct config_file,
	    sites, &site_schema, 1, CONFIG_LIST_MAX),
	CYAML_FIELD_MAPPING_PTR(
	    "notify", OPTIONAL, struct config_file, notify, notify_fields),
	CYAML_FIELD_END
};

const cyaml_schema_value_t config_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct config_file, file_fields) };
