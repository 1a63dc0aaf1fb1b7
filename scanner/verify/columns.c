/* SPDX-License-Identifier: ISC */
/*
 * columns - headers to fields.
 *
 * Names are compared in lower case without anything but letters and digits, so
 * that "IP Address", "ip_address" and "IP-Address" are one.  Of several columns
 * that could mean a field the one whose name stands first here is taken.
 *
 * Source:    the export columns of NetBox 3 (devices, interfaces, addresses),
 *            and what CMDBs and hand-kept lists call theirs.
 */
#include <stdio.h>
#include <string.h>

#include "scanner/verify/columns.h"

enum { NAMES_MAX = 26 };

static const char *const names[FIELDS][NAMES_MAX] = {
	[FIELD_SITE] = { "site", "sitename", "campus", "facility", "hospital",
	    "standort", "klinik", "location", "ort" },
	[FIELD_ADDRESS] = { "address", "primaryip4", "primaryipv4",
	    "ipv4address", "ipv4", "primaryipaddress", "primaryip", "ipaddress",
	    "ip", "ipaddresses", "ipaddr", "hostip", "hostaddress",
	    "networkaddress", "managementip", "managementip4", "ipadresse",
	    "ipv4adresse", "adresseip", "ipadres", "indirizzoip",
	    "direccionip" },
	[FIELD_MAC] = { "mac", "macaddress", "primarymacaddress", "primarymac",
	    "ethernetaddress", "hardwareaddress", "hwaddress", "hwaddr",
	    "physicaladdress", "macaddr", "macaddresses", "macadresse",
	    "adressemac", "macadres" },
	[FIELD_NAME] = { "name", "devicename", "assetname", "ciname", "label",
	    "displayname", "bezeichnung", "geraet", "gerät", "gerätename",
	    "device", "nom", "nombre" },
	[FIELD_HOSTNAME] = { "hostname", "dnsname", "fqdn", "computername",
	    "networkname", "rechnername", "stationname" },
	[FIELD_MANUFACTURER] = { "manufacturer", "vendor", "maker", "make",
	    "manufacturername", "devicetypemanufacturer", "brand", "oem",
	    "hersteller", "fabricant", "fabbricante", "fabricante" },
	[FIELD_MODEL] = { "model", "modelname", "devicetype", "devicetypemodel",
	    "product", "productname", "modelnumber", "modelid", "modell", "typ",
	    "type", "modele", "modèle", "modello" },
	[FIELD_KIND] = { "kind", "role", "devicerole", "assettype",
	    "devicecategory", "category", "class", "ciclass", "modality",
	    "modalität", "geräteart", "kategorie" },
	[FIELD_EXPECTED] = { "expected", "expectedfingerprint", "fingerprint",
	    "fingerprintid", "gantryfingerprint", "expect" },
	[FIELD_SERIAL] = { "serial", "serialnumber", "serialno", "sn",
	    "assetserial", "seriennummer", "seriennr", "numerodeserie" },
	[FIELD_AE_TITLE] = { "aetitle", "ae", "dicomaetitle", "dicomae",
	    "calledaetitle", "calledae", "aet" },
	[FIELD_PORT] = { "port", "dicomport", "tcpport", "portnumber",
	    "serviceport" },
};

/* Returns the column of that header, exactly or plainly the same; -1. */
static int
column_of(const char *const *headers, size_t n, const char *name)
{
	char a[RECORD_PLAIN], b[RECORD_PLAIN];

	for (size_t i = 0; i < n; i++)
		if (strcmp(headers[i], name) == 0)
			return (int)i;
	record_plain(name, a);
	for (size_t i = 0; i < n && a[0] != '\0'; i++)
		if (strcmp(record_plain(headers[i], b), a) == 0)
			return (int)i;
	return -1;
}

static bool
map_one(const char *const *headers, size_t n, const char *entry, size_t len,
    int columns[static FIELDS], char error[static RECORD_ERROR])
{
	char field[32], header[128];
	const char *equals = memchr(entry, '=', len);
	enum field f;

	if (equals == NULL || (size_t)(equals - entry) >= sizeof(field) ||
	    len - (size_t)(equals - entry) - 1 >= sizeof(header)) {
		snprintf(error, RECORD_ERROR,
		    "--columns: \"%.*s\" is not FIELD=HEADER", (int)len, entry);
		return false;
	}
	snprintf(field, sizeof(field), "%.*s", (int)(equals - entry), entry);
	snprintf(header, sizeof(header), "%.*s",
	    (int)(len - (size_t)(equals - entry) - 1), equals + 1);
	f = field_find(field);
	if (f == FIELDS) {
		snprintf(error, RECORD_ERROR,
		    "--columns: no field is called \"%s\"", field);
		return false;
	}
	columns[f] = column_of(headers, n, header);
	if (columns[f] < 0)
		snprintf(error, RECORD_ERROR,
		    "1: --columns: no column has the header \"%.100s\"",
		    header);
	return columns[f] >= 0;
}

static bool
is_taken(const int columns[static FIELDS], int column)
{
	for (unsigned f = 0; f < FIELDS; f++)
		if (columns[f] == column)
			return true;
	return false;
}

static void
find_by_name(const char *const *headers, size_t n, int columns[static FIELDS])
{
	for (unsigned f = 0; f < FIELDS; f++)
		for (size_t i = 0;
		     columns[f] < 0 && i < NAMES_MAX && names[f][i] != NULL;
		     i++) {
			int c = column_of(headers, n, names[f][i]);

			if (c >= 0 && !is_taken(columns, c))
				columns[f] = c;
		}
}

bool
columns_find(const char *const *headers, size_t n, const char *map,
    int columns[static FIELDS], char error[static RECORD_ERROR])
{
	for (unsigned f = 0; f < FIELDS; f++)
		columns[f] = -1;
	while (map != NULL && *map != '\0') {
		size_t len = strcspn(map, ",");

		if (!map_one(headers, n, map, len, columns, error))
			return false;
		map += len + (map[len] == ',');
	}
	find_by_name(headers, n, columns);
	if (columns[FIELD_ADDRESS] >= 0 || columns[FIELD_MAC] >= 0)
		return true;
	snprintf(error, RECORD_ERROR,
	    "1: no column is known to hold addresses; name it: "
	    "--columns address=HEADER");
	return false;
}
