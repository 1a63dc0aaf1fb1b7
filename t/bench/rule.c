/* SPDX-License-Identifier: ISC */
/* rule - live addresses and open ports by hash. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "t/bench/rule.h"

bool
rule_range(struct rule *r, const char *text)
{
	char address[INET_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	struct in_addr in;
	unsigned long length = 32;
	char *end;

	if (slash == NULL)
		slash = text + strlen(text);
	if ((size_t)(slash - text) >= sizeof(address))
		return false;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	if (inet_pton(AF_INET, address, &in) != 1)
		return false;
	if (*slash != '\0') {
		length = strtoul(slash + 1, &end, 10);
		if (*end != '\0' || length < 8 || length > 32)
			return false;
	}
	r->size = (uint32_t)1 << (32 - length);
	r->first = ntohl(in.s_addr) & ~(r->size - 1);
	return true;
}

bool
rule_ports(uint8_t bits[static 8192], const char *text)
{
	while (*text != '\0') {
		char *end;
		unsigned long a = strtoul(text, &end, 10), b = a;

		if (end == text)
			return false;
		if (*end == '-')
			b = strtoul(end + 1, &end, 10);
		if (b > 65535 || a > b || (*end != ',' && *end != '\0'))
			return false;
		for (; a <= b; a++)
			bits[a >> 3] |= (uint8_t)(1U << (a & 7));
		text = *end == ',' ? end + 1 : end;
	}
	return true;
}

static bool
may_live(const struct rule *r, uint32_t address)
{
	if (address == r->spared[0] || address == r->spared[1])
		return false;
	if (r->no_edges && ((address & 255) == 0 || (address & 255) == 255))
		return false;
	return !r->on_link ||
	    (address != r->first && address != r->first + r->size - 1);
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The live ones are those with the smallest hashes: exactly as many as asked
 * for. */
bool
rule_ready(struct rule *r)
{
	uint32_t *hashes = NULL;
	uint32_t n = 0;

	r->threshold = (uint64_t)UINT32_MAX + 1;
	if (r->live >= r->size)
		return true; /* all that may live */
	if (r->live == 0) {
		r->threshold = 0;
		return true;
	}
	hashes = calloc(r->size, sizeof(*hashes));
	if (hashes == NULL)
		return false;
	for (uint32_t i = 0; i < r->size; i++)
		if (may_live(r, r->first + i))
			hashes[n++] = rule_hash(r->first + i, 0, r->seed);
	qsort(hashes, n, sizeof(*hashes), compare);
	if (r->live < n)
		r->threshold = hashes[r->live];
	free(hashes);
	return true;
}

bool
rule_has(const struct rule *r, uint32_t address)
{
	return address - r->first < r->size;
}

bool
rule_lives(const struct rule *r, uint32_t address)
{
	return rule_has(r, address) && may_live(r, address) &&
	    rule_hash(address, 0, r->seed) < r->threshold;
}

bool
rule_is_open(const struct rule *r, uint32_t address, uint16_t port)
{
	return !rule_bit(r->shut, port) &&
	    rule_hash(address, port, r->seed + 1) % 10000 < r->open;
}

bool
rule_is_silent(const struct rule *r, uint32_t address, uint16_t port)
{
	return r->silent > 0 &&
	    rule_hash(address, port, r->seed + 2) % 10000 < r->silent &&
	    !rule_is_open(r, address, port);
}

static void
list_address(uint32_t address, FILE *out)
{
	fprintf(out, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
	    address >> 8 & 255, address & 255);
}

static void
list_host(
    const struct rule *r, uint32_t address, const uint8_t *ports, FILE *out)
{
	for (uint32_t p = 1; p < 65536; p++) {
		if (!rule_bit(ports, (uint16_t)p) ||
		    !rule_is_open(r, address, (uint16_t)p))
			continue;
		list_address(address, out);
		fprintf(out, " %u\n", p);
	}
}

void
rule_list(const struct rule *r, const uint8_t *ports, FILE *out)
{
	for (uint32_t i = 0; i < r->size; i++) {
		if (!rule_lives(r, r->first + i))
			continue;
		if (ports != NULL) {
			list_host(r, r->first + i, ports, out);
			continue;
		}
		list_address(r->first + i, out);
		fputc('\n', out);
	}
}
