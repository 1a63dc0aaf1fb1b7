/* SPDX-License-Identifier: ISC */
/*
 * ntp, nbstat, snmp - servers of one question, one answer over UDP, and their
 * judges: what is no proper question of theirs is foreign, and a question that
 * should not be asked (another SNMP community than "public", anything but a
 * GET) is a forbidden call.
 *
 * reply_hex is what makes one differ from another: for ntp its whole message
 * (48 bytes, in which the question's stamp is put), for nbstat the data of its
 * answer (count, names, counters), for snmp its list of variables.
 */
#include <stdlib.h>

#include "bytes.h"
#include "err.h"
#include "net.h"
#include "persona.h"
#include "services.h"
#include "ward.h"

enum {
	NTP_LEN = 48,
	NTP_ORIGIN = 24,
	NTP_TRANSMIT = 40,
	NAME_QUESTION = 50,
	NAME_LEN = 34,
	TYPE_NB = 0x20,
	TYPE_NBSTAT = 0x21,
	SNMP_GET = 0xa0,
	ANSWER_MAX = 1024
};

static bool
query_prepare(const struct conf_service *s, const struct conf_host *over,
    void **setup, struct err *e)
{
	struct blob *reply = calloc(1, sizeof(*reply));

	(void)over;
	if (reply != NULL && blob_make(reply, s->reply_hex, NULL) &&
	    reply->len <= ANSWER_MAX / 2) {
		*setup = reply;
		return true;
	}
	free(reply);
	return err_set(
	    e, "port %u: reply_hex is not hex, or too long", s->port);
}

static void
query_discard(void *setup)
{
	struct blob *reply = setup;

	if (reply != NULL)
		blob_free(reply);
	free(reply);
}

static void
foreign(const struct datagram *d)
{
	d->host->harm.foreign_bytes += d->len;
}

/* --- ntp ---------------------------------------------------------------- */

static void
ntp_datagram(const struct datagram *d)
{
	const struct blob *reply = d->port->setup;
	uint8_t m[NTP_LEN] = { 0x24, 2 };

	if (d->len != NTP_LEN || (d->bytes[0] & 7) != 3) {
		foreign(d);
		return;
	}
	if (reply->len == NTP_LEN)
		memcpy(m, reply->bytes, NTP_LEN);
	memcpy(m + NTP_ORIGIN, d->bytes + NTP_TRANSMIT, 8);
	udp_reply(d, m, sizeof(m));
}

/* --- nbstat ------------------------------------------------------------- */

static bool
is_name_question(const struct datagram *d)
{
	static const uint8_t counts[8] = { 0, 1 };

	return d->len == NAME_QUESTION && (be16(d->bytes + 2) & ~0x10) == 0 &&
	    memcmp(d->bytes + 4, counts, sizeof(counts)) == 0 &&
	    d->bytes[12] == 0x20 && memcmp(d->bytes + 13, "CKAAAA", 6) == 0;
}

static void
nbstat_datagram(const struct datagram *d)
{
	const struct blob *reply = d->port->setup;
	uint8_t m[ANSWER_MAX] = { 0 }, *data = m + 12 + NAME_LEN + 10;
	uint16_t type = d->len == NAME_QUESTION ? be16(d->bytes + 46) : 0;
	size_t len = type == TYPE_NBSTAT ? reply->len : 6;

	if (!is_name_question(d) || (type != TYPE_NB && type != TYPE_NBSTAT)) {
		foreign(d);
		return;
	}
	memcpy(m, d->bytes, 2);
	set16(m + 2, 0x8400);
	set16(m + 6, 1);
	memcpy(m + 12, d->bytes + 12, NAME_LEN + 4);
	set16(data - 2, (uint16_t)len);
	if (type == TYPE_NBSTAT && len > 0)
		memcpy(data, reply->bytes, len);
	else
		set32(data + 2, d->host->addr);
	udp_reply(d, m, (size_t)(data - m) + len);
}

/* --- snmp --------------------------------------------------------------- */

/* Takes an element of the tag, of a length below 128. */
static bool
element(struct view *v, uint8_t tag, struct view *inside)
{
	const uint8_t *head = view_take(v, 2);
	const uint8_t *p;

	if (head == NULL || head[0] != tag || head[1] > 127)
		return false;
	p = view_take(v, head[1]);
	*inside = (struct view){ .p = p, .left = head[1], .over = p == NULL };
	return p != NULL;
}

static size_t
put_head(uint8_t *m, uint8_t tag, size_t len)
{
	m[0] = tag;
	m[1] = 0x82;
	set16(m + 2, (uint16_t)len);
	return 4;
}

/* Version and community as they came, and our variables. */
static void
snmp_answer(
    const struct datagram *d, const struct view *version, const struct view *id)
{
	static const uint8_t community[] = { 4, 6, 'p', 'u', 'b', 'l', 'i',
		'c' };
	static const uint8_t no_error[] = { 2, 1, 0, 2, 1, 0 };
	const struct blob *reply = d->port->setup;
	size_t pdu = 2 + id->left + sizeof(no_error) + 4 + reply->len;
	uint8_t m[ANSWER_MAX];
	size_t n = put_head(m, 0x30, 3 + sizeof(community) + 4 + pdu);

	m[n++] = 2;
	m[n++] = 1;
	m[n++] = version->p[0];
	memcpy(m + n, community, sizeof(community));
	n += sizeof(community);
	n += put_head(m + n, 0xa2, pdu);
	m[n++] = 2;
	m[n++] = (uint8_t)id->left;
	memcpy(m + n, id->p, id->left);
	n += id->left;
	memcpy(m + n, no_error, sizeof(no_error));
	n += sizeof(no_error);
	n += put_head(m + n, 0x30, reply->len);
	if (reply->len > 0)
		memcpy(m + n, reply->bytes, reply->len);
	udp_reply(d, m, n + reply->len);
}

static void
snmp_datagram(const struct datagram *d)
{
	struct view v = { .p = d->bytes, .left = d->len }, message, version,
		    community, pdu, id;

	if (!element(&v, 0x30, &message) || v.left > 0 ||
	    !element(&message, 2, &version) || version.left != 1 ||
	    !element(&message, 4, &community)) {
		foreign(d);
		return;
	}
	if (community.left != 6 || memcmp(community.p, "public", 6) != 0 ||
	    !element(&message, SNMP_GET, &pdu) || !element(&pdu, 2, &id) ||
	    id.left > 4) {
		d->host->harm.forbidden_calls++;
		return;
	}
	snmp_answer(d, &version, &id);
}

#define QUERY(x)                             \
	const struct service service_##x = { \
		.name = #x,                  \
		.prepare = query_prepare,    \
		.discard = query_discard,    \
		.datagram = x##_datagram,    \
	}
QUERY(ntp);
QUERY(nbstat);
QUERY(snmp);
