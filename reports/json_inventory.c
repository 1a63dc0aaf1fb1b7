/* SPDX-License-Identifier: ISC */
/* json_inventory - assets, changes, NetBox's fields, CSV. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "reports/json_inventory.h"
#include "scanner/text.h"

static bool
dump(FILE *out, json_t *j)
{
	bool ok;

	if (j == NULL) {
		errno = ENOMEM;
		return false;
	}
	ok = json_dumpf(j, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER) == 0 &&
	    fputc('\n', out) != EOF;
	json_decref(j);
	return ok;
}

static json_t *
text_or_null(const char *s)
{
	return *s != '\0' ? json_string(s) : json_null();
}

static json_t *
time_or_null(int64_t ns)
{
	char text[TEXT_TIME];

	return ns != 0 ? json_string(text_time(ns, text)) : json_null();
}

static json_t *
address_or_null(uint32_t address)
{
	char text[NET_IPV4_TEXT];

	return address != 0 ? json_string(ipv4_text(address, text))
			    : json_null();
}

static json_t *
mac_or_null(struct mac mac)
{
	char text[NET_MAC_TEXT];

	return mac_is_known(mac) ? json_string(mac_text(mac, text))
				 : json_null();
}

/* The parts of a text between separators, as a list. */
static json_t *
parts(const char *text, char separator)
{
	const char stop[] = { separator, '\0' };
	json_t *list = json_array();

	for (const char *s = text; *s != '\0';) {
		size_t n = strcspn(s, stop);

		json_array_append_new(list, json_stringn(s, n));
		s += n + (s[n] != '\0');
	}
	return list;
}

static json_t *
asset_json(const struct store_asset *a)
{
	json_t *who = json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:s}", "id",
	    (json_int_t)a->id, "site", text_or_null(a->site), "address",
	    address_or_null(a->address), "mac", mac_or_null(a->mac), "vendor",
	    text_or_null(a->vendor), "name", text_or_null(a->name), "state",
	    store_asset_state(a));
	json_t *what = json_pack("{s:o, s:o, s:s, s:f, s:o, s:o}",
	    "fingerprint", text_or_null(a->fingerprint), "device",
	    text_or_null(a->device), "grade", *a->grade ? a->grade : "none",
	    "probability", a->probability, "open_ports", parts(a->ports, ','),
	    "alerts", parts(a->alerts, '\n'));
	json_t *when = json_pack("{s:o, s:o, s:i, s:o}", "first_seen",
	    time_or_null(a->first_ns), "last_seen", time_or_null(a->last_ns),
	    "silent_runs", (int)a->silent, "merged_into",
	    a->merged_into != 0 ? json_integer((json_int_t)a->merged_into)
				: json_null());

	if (who != NULL &&
	    (json_object_update(who, what) != 0 ||
		json_object_update(who, when) != 0)) {
		json_decref(who);
		who = NULL;
	}
	json_decref(what);
	json_decref(when);
	return who;
}

bool
inventory_json_assets(FILE *out, const struct store_asset *assets, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		if (json_array_append_new(list, asset_json(&assets[i])) != 0) {
			json_decref(list);
			return false;
		}
	return dump(out,
	    json_pack(
		"{s:s, s:o}", "schema", "gantry-assets/1", "assets", list));
}

static json_t *
change_json(const struct store_event *e)
{
	return json_pack("{s:s, s:o, s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:o, "
			 "s:o}",
	    "id", e->id, "time", time_or_null(e->time_ns), "kind", e->kind,
	    "site", text_or_null(e->site), "asset", (json_int_t)e->asset,
	    "address", address_or_null(e->address), "mac", mac_or_null(e->mac),
	    "name", text_or_null(e->name), "field", text_or_null(e->field),
	    "was", text_or_null(e->was), "now", text_or_null(e->now));
}

bool
inventory_json_changes(FILE *out, const struct store_event *events, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		if (json_array_append_new(list, change_json(&events[i])) != 0) {
			json_decref(list);
			return false;
		}
	return dump(out,
	    json_pack(
		"{s:s, s:o}", "schema", "gantry-changes/1", "changes", list));
}

/* --- NetBox ------------------------------------------------------------------ */

/* NetBox wants a name, and each once. */
static const char *
device_name(const struct store_asset *a, char buf[static STORE_TEXT])
{
	char mac[NET_MAC_TEXT];

	if (a->name[0] != '\0')
		snprintf(buf, STORE_TEXT, "%s-%lld", a->name, (long long)a->id);
	else if (mac_is_known(a->mac))
		snprintf(buf, STORE_TEXT, "%s", mac_text(a->mac, mac));
	else
		snprintf(buf, STORE_TEXT, "gantry-%lld", (long long)a->id);
	return buf;
}

static bool
add_netbox(const struct store_asset *a, json_t *devices, json_t *interfaces,
    json_t *addresses)
{
	char name[STORE_TEXT], ip[NET_IPV4_TEXT], address[NET_IPV4_TEXT + 4];

	device_name(a, name);
	if (json_array_append_new(devices,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", name,
		    "site", *a->site ? a->site : "default", "device_type",
		    *a->device ? a->device : "unknown", "role",
		    *a->fingerprint ? a->fingerprint : "unknown", "status",
		    a->is_gone ? "offline" : "active", "comments",
		    a->alerts)) != 0 ||
	    json_array_append_new(interfaces,
		json_pack("{s:s, s:s, s:s, s:o}", "device", name, "name",
		    "eth0", "type", "other", "mac_address",
		    mac_or_null(a->mac))) != 0)
		return false;
	if (a->address == 0)
		return true;
	snprintf(address, sizeof(address), "%s/32", ipv4_text(a->address, ip));
	return json_array_append_new(addresses,
		   json_pack("{s:s, s:s, s:s, s:s}", "address", address,
		       "status", "active", "device", name, "interface",
		       "eth0")) == 0;
}

bool
inventory_json_netbox(FILE *out, const struct store_asset *assets, size_t n)
{
	json_t *devices = json_array(), *interfaces = json_array();
	json_t *addresses = json_array();

	for (size_t i = 0; i < n; i++)
		if (!add_netbox(&assets[i], devices, interfaces, addresses)) {
			json_decref(devices);
			json_decref(interfaces);
			json_decref(addresses);
			return false;
		}
	return dump(out,
	    json_pack("{s:o, s:o, s:o}", "devices", devices, "interfaces",
		interfaces, "ip_addresses", addresses));
}

/* --- CSV ----------------------------------------------------------------------- */

static void
put_cell(FILE *out, const char *s, bool is_last)
{
	fputc('"', out);
	if (*s != '\0' && strchr("=+-@\t\r", *s) != NULL)
		fputc('\'', out);
	for (; *s != '\0'; s++) {
		if (*s == '"')
			fputc('"', out);
		fputc(*s == '\n' ? ' ' : *s, out);
	}
	fputs(is_last ? "\"\r\n" : "\",", out);
}

bool
inventory_csv_assets(FILE *out, const struct store_asset *assets, size_t n)
{
	fputs("id,site,address,mac,vendor,name,state,device,fingerprint,grade,"
	      "open_ports,first_seen,last_seen,alerts\r\n",
	    out);
	for (size_t i = 0; i < n; i++) {
		const struct store_asset *a = &assets[i];
		char first[TEXT_TIME], last[TEXT_TIME], ip[NET_IPV4_TEXT];
		char mac[NET_MAC_TEXT];

		fprintf(out, "%lld,", (long long)a->id);
		put_cell(out, a->site, false);
		put_cell(
		    out, a->address ? ipv4_text(a->address, ip) : "", false);
		put_cell(out, mac_is_known(a->mac) ? mac_text(a->mac, mac) : "",
		    false);
		put_cell(out, a->vendor, false);
		put_cell(out, a->name, false);
		put_cell(out, store_asset_state(a), false);
		put_cell(out, a->device, false);
		put_cell(out, a->fingerprint, false);
		put_cell(out, a->grade, false);
		put_cell(out, a->ports, false);
		put_cell(out, text_time(a->first_ns, first), false);
		put_cell(out, text_time(a->last_ns, last), false);
		put_cell(out, a->alerts, true);
	}
	return ferror(out) == 0;
}
