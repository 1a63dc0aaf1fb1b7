/* SPDX-License-Identifier: ISC */
/*
 * The table of connections and how each begins and ends.
 *
 * Half-open entries are the small ones: buffers and a service's memory come
 * only with the third packet of the handshake.  Entries that are done with go
 * to a list of spare ones.  There is a limit per host and one for all.
 */
#include "tcp_conn.h"

#include <stdlib.h>
#include <string.h>

#include "frail.h"

enum {
	CHAINS = 1 << 15,
	CONNS_MAX = 1 << 17,
	HOST_CONNS = 512,
	BACKLOG = 128,
	MSS_DEFAULT = 536,
	MSS_MIN = 32,
	ISN_STEP = 64000,
};

static const double half_open_life_s = 75;
static const double timer_slack_s = 0.05;
static const uint64_t second_ns = 1000000000u;
static const uint64_t abandoned_ns = 3000000000u;

struct tcp {
	struct ward *ward;
	struct conn *spare;
	uint32_t conns;
	struct conn *chain[CHAINS];
};

static struct conn **
chain_of(
    struct tcp *t, uint32_t addr, uint16_t port, uint32_t peer, uint16_t from)
{
	uint32_t h = addr * 2654435761u ^ peer * 2246822519u ^
	    ((uint32_t)port << 16 | from) * 3266489917u;

	return &t->chain[(h ^ h >> 15) % CHAINS];
}

struct tcp *
tcp_new(struct ward *w)
{
	struct tcp *t = calloc(1, sizeof(*t));

	if (t != NULL)
		t->ward = w;
	return t;
}

struct conn *
conn_find(const struct packet *p, const struct segment *s)
{
	struct conn *c = *chain_of(
	    p->host->ward->tcp, p->host->addr, s->dst, p->src, s->src);

	while (c != NULL &&
	    (c->host != p->host || c->number != s->dst || c->peer != p->src ||
		c->peer_port != s->src))
		c = c->next;
	return c;
}

double
conn_half_open_left_s(const struct conn *c)
{
	double life = c->host->persona->conf->frailty.half_open_life_s;
	uint64_t age = loop_ward_ns(c->host->ward->loop) - c->born_ward_ns;

	return (life > 0 ? life : half_open_life_s) - (double)age / 1e9;
}

/* Out of SYN_RCVD, for whatever reason. */
void
conn_half_open_over(struct conn *c, bool is_harmless)
{
	struct harm *h = &c->host->harm;
	struct port_stat *s = harm_port(h, true, c->number);

	frail_half_open_end(c->host);
	if (s != NULL && s->half_open > 0)
		s->half_open--;
	if (is_harmless && c->is_counted)
		h->half_open_abandoned--;
	else if (!is_harmless && !c->is_counted)
		h->half_open_abandoned++;
	c->is_counted = false;
}

/* Coming and going without a word. */
static bool
is_bare(const struct conn *c, enum ending how)
{
	return how != END_HERE && c->rx_bytes == 0 && c->port->service->speaks;
}

void
conn_tell_gone(struct conn *c, enum ending how)
{
	if (c->is_told || c->state == TCP_SYN_RCVD)
		return;
	c->is_told = true;
	/* On a host that hangs nobody could have said goodbye. */
	if (c->host->harm.hung)
		return;
	if (c->port->service->gone != NULL)
		c->port->service->gone(c, how);
	if (is_bare(c, how))
		frail_bare(c->host, c->number);
}

/*
 * A reset within three seconds makes good for a SYN that is not followed up.
 * When the ward stops, what is younger than a second had no time for it.
 */
void
conn_end(struct conn *c, enum ending how)
{
	uint64_t age = loop_real_ns(c->host->ward->loop) - c->born_ns;

	if (c->state == TCP_CLOSED)
		return;
	if (c->state == TCP_SYN_RCVD && how == END_WARD_STOPS)
		conn_half_open_over(c, age < second_ns && !c->is_counted);
	else if (c->state == TCP_SYN_RCVD)
		conn_half_open_over(
		    c, how == END_PEER_RST && age <= abandoned_ns);
	else
		conn_tell_gone(c, how);
	c->state = TCP_CLOSED;
}

void
conn_reap(struct conn *c)
{
	struct tcp *t = c->tcp;
	struct conn **at;

	if (c->state != TCP_CLOSED)
		return;
	timer_stop(&c->timer);
	timer_stop(&c->service_timer);
	free(c->tx);
	free(c->state_mem);
	at = chain_of(t, c->host->addr, c->number, c->peer, c->peer_port);
	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	c->host->conns--;
	t->conns--;
	c->next = t->spare;
	t->spare = c;
}

static void
half_open_retry(struct conn *c)
{
	if (c->tries < TCP_TRIES)
		c->tries++;
	if (conn_half_open_left_s(c) > timer_slack_s)
		conn_syn_ack(c);
	else
		conn_end(c, END_TIMEOUT);
}

static void
timer_fired(void *arg)
{
	struct conn *c = arg;

	if (c->state == TCP_SYN_RCVD) {
		half_open_retry(c);
	} else if (!c->is_timing || c->tries++ >= TCP_TRIES) {
		conn_end(c, END_TIMEOUT);
	} else {
		conn_retry(c);
	}
	conn_reap(c);
}

static void
service_timer_fired(void *arg)
{
	struct conn *c = arg;

	if (!c->is_told && !c->host->harm.hung && c->port->service->timer)
		c->port->service->timer(c);
	conn_flush(c);
	conn_reap(c);
}

static uint32_t
isn_next(struct host *h)
{
	uint64_t ns = loop_real_ns(h->ward->loop);

	switch (h->persona->conf->stack.isn) {
	case ISN_BSD64K:
		h->isn_count++;
		return ISN_STEP *
		    (h->isn_base % 1000 + h->isn_count +
			(uint32_t)(ns / (second_ns / 2)));
	case ISN_TIME:
		return h->isn_base + (uint32_t)(ns / 4000);
	default:
		return rng_u32(&h->ward->rng);
	}
}

static void
offer_accept(struct conn *c, const struct segment *s)
{
	const struct persona *p = c->host->persona;
	const struct tcp_option *scale = tcp_option_find(p, 'W');

	c->offer = s->offer;
	c->mss = s->offer.has_mss ? s->offer.mss : MSS_DEFAULT;
	if (c->mss < MSS_MIN)
		c->mss = MSS_MIN;
	if (c->mss > MTU - IP_LEN - TCP_LEN)
		c->mss = MTU - IP_LEN - TCP_LEN;
	if (scale != NULL && s->offer.has_scale) {
		c->rcv_scale = (uint8_t)scale->value;
		c->snd_scale = s->offer.scale > 14 ? 14 : s->offer.scale;
	}
	c->uses_ts = s->offer.has_ts && tcp_option_find(p, 'T') != NULL;
}

static void
conn_begin(struct conn *c, const struct segment *s)
{
	struct loop *loop = c->host->ward->loop;

	c->peer = s->packet->src;
	c->peer_port = s->src;
	c->number = s->dst;
	memcpy(c->peer_mac, s->packet->mac, MAC_LEN);
	c->state = TCP_SYN_RCVD;
	c->iss = isn_next(c->host);
	c->snd_una = c->snd_nxt = c->snd_max = c->iss;
	c->irs = s->seq;
	c->rcv_nxt = s->seq + 1;
	c->snd_wnd = s->window;
	c->born_ns = loop_real_ns(loop);
	c->born_ward_ns = loop_ward_ns(loop);
	offer_accept(c, s);
	timer_init(&c->timer, loop, timer_fired, c);
	timer_init(&c->service_timer, loop, service_timer_fired, c);
}

/* Returns zeroed memory for one more, or NULL at a limit. */
static struct conn *
conn_alloc(struct tcp *t, const struct host *h)
{
	uint32_t limit = h->persona->conf->max_connections;
	struct conn *c = t->spare;

	if (t->conns >= CONNS_MAX || h->conns >= (limit ? limit : HOST_CONNS))
		return NULL;
	if (c == NULL)
		return calloc(1, sizeof(*c));
	t->spare = c->next;
	memset(c, 0, sizeof(*c));
	return c;
}

/* Returns a new half-open entry, or NULL: then the SYN is lost. */
struct conn *
conn_new(const struct segment *s, const struct port *port)
{
	struct host *h = s->packet->host;
	struct tcp *t = h->ward->tcp;
	uint32_t backlog = h->persona->conf->frailty.backlog;
	struct port_stat *stat = harm_port(&h->harm, true, s->dst);
	struct conn *c, **at;

	if (stat == NULL || stat->half_open >= (backlog ? backlog : BACKLOG))
		return NULL;
	c = conn_alloc(t, h);
	if (c == NULL)
		return NULL;
	c->tcp = t;
	c->host = h;
	c->port = port;
	conn_begin(c, s);
	at = chain_of(t, h->addr, c->number, c->peer, c->peer_port);
	c->next = *at;
	*at = c;
	h->conns++;
	t->conns++;
	stat->half_open++;
	frail_half_open(h);
	return c;
}

void
tcp_settle(struct tcp *t)
{
	uint64_t now = loop_real_ns(t->ward->loop);

	for (uint32_t i = 0; i < CHAINS; i++)
		for (struct conn *c = t->chain[i]; c != NULL; c = c->next)
			if (c->state == TCP_SYN_RCVD && !c->is_counted &&
			    now - c->born_ns >= abandoned_ns) {
				c->is_counted = true;
				c->host->harm.half_open_abandoned++;
			}
}

void
tcp_free(struct tcp *t)
{
	if (t == NULL)
		return;
	for (uint32_t i = 0; i < CHAINS; i++)
		while (t->chain[i] != NULL) {
			struct conn *c = t->chain[i];

			conn_end(c, END_WARD_STOPS);
			conn_reap(c);
		}
	while (t->spare != NULL) {
		struct conn *c = t->spare;

		t->spare = c->next;
		free(c);
	}
	free(t);
}
