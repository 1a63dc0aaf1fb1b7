/* SPDX-License-Identifier: ISC */
/*
 * json_read - report.json read back.
 *
 * A fact of a report lacks what its asset says for all of them; with that put
 * back it is a line of facts.ndjson and is read as one.  Limits: the whole
 * report stands in memory meanwhile.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json_read.h"
#include "reports/ndjson.h"
#include "scanner/ledger.h"

static bool
has_address(json_t *asset, const char *ip)
{
	json_t *address;
	size_t i;

	json_array_foreach(json_object_get(asset, "addresses"), i, address)
	{
		const char *text = json_string_value(address);

		if (text != NULL && strcmp(text, ip) == 0)
			return true;
	}
	return false;
}

/* Returns the asset that has the address, borrowed, or NULL. */
static json_t *
asset_find(json_t *report, const char *ip)
{
	json_t *asset;
	size_t i;

	json_array_foreach(json_object_get(report, "assets"), i,
	    asset) if (has_address(asset, ip)) return asset;
	return NULL;
}

/* Returns what is wrong with the fact, or NULL. */
static const char *
take_fact(json_t *asset, json_t *j, struct ledger *ledger)
{
	char value[FACT_VALUE_MAX];
	const char *wrong = "not a fact";
	struct fact fact;
	char *line;

	if (json_object_set_new(j, "site", json_string("")) != 0 ||
	    json_object_set(j, "address", json_object_get(asset, "address")) !=
		0 ||
	    json_object_set(j, "mac", json_object_get(asset, "mac")) != 0)
		return wrong;
	line = json_dumps(j, JSON_COMPACT);
	if (line != NULL)
		wrong = ndjson_read_fact(line, &fact, value);
	free(line);
	if (wrong == NULL)
		ledger_add(ledger, &fact);
	return wrong;
}

static const char *
take_facts(json_t *asset, struct ledger *ledger)
{
	const char *wrong = NULL;
	json_t *fact;
	size_t i;

	json_array_foreach(json_object_get(asset, "facts"), i, fact)
	{
		wrong = take_fact(asset, fact, ledger);
		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

bool
json_read_host(const char *path, uint32_t address, struct ledger *ledger,
    bool *is_report, char error[static JSON_READ_ERROR])
{
	char ip[NET_IPV4_TEXT];
	const char *wrong = NULL;
	json_error_t why;
	json_t *report, *asset;

	report = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
	*is_report = json_is_array(json_object_get(report, "assets"));
	if (report == NULL)
		wrong = why.text;
	else if (!*is_report)
		wrong = "not a report";
	asset = asset_find(report, ipv4_text(address, ip));
	if (wrong == NULL && asset == NULL)
		wrong = "has no such host";
	if (wrong == NULL)
		wrong = take_facts(asset, ledger);
	if (wrong != NULL)
		snprintf(error, JSON_READ_ERROR, "%.120s: %.160s", path, wrong);
	json_decref(report);
	return wrong == NULL;
}
