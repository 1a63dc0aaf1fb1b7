/* SPDX-License-Identifier: ISC */
/*
 * TCP options (RFC 793, 1323, 2018).
 *
 * The layout of a personality is what the stack answers to a SYN that offers
 * everything.  An option the SYN did not offer is left out together with the
 * NOPs in front of it; if the rest then does not end on a word, every option
 * is made to, by NOPs before it, which is what real stacks come to.
 */
#include "bytes.h"
#include "tcp_conn.h"

enum {
	OPT_END = 0,
	OPT_NOP = 1,
	OPT_MSS = 2,
	OPT_SCALE = 3,
	OPT_SACK_OK = 4,
	OPT_TS = 8,
};

static bool
option_take(uint8_t kind, struct view v, struct tcp_offer *o)
{
	if (kind == OPT_MSS && v.left == 2) {
		o->has_mss = true;
		o->mss = view_u16(&v);
	} else if (kind == OPT_SCALE && v.left == 1) {
		o->has_scale = true;
		o->scale = view_u8(&v);
	} else if (kind == OPT_SACK_OK && v.left == 0) {
		o->has_sack = true;
	} else if (kind == OPT_TS && v.left == 8) {
		o->has_ts = true;
		o->ts = view_u32(&v);
	} else {
		return kind > OPT_SACK_OK && kind != OPT_TS;
	}
	return true;
}

bool
tcp_options_parse(const uint8_t *bytes, size_t len, struct tcp_offer *o)
{
	struct view v = { .p = bytes, .left = len };

	while (v.left > 0) {
		uint8_t kind = view_u8(&v);
		uint8_t n;

		if (kind == OPT_END)
			return true;
		if (kind == OPT_NOP)
			continue;
		n = view_u8(&v);
		if (v.over || n < 2)
			return false;
		if (!option_take(kind, view_cut(&v, n - 2u), o) || v.over)
			return false;
	}
	return true;
}

const struct tcp_option *
tcp_option_find(const struct persona *p, char kind)
{
	for (unsigned i = 0; i < p->options_n; i++)
		if (p->options[i].kind == kind)
			return &p->options[i];
	return NULL;
}

static bool
is_offered(char kind, const struct tcp_offer *o)
{
	switch (kind) {
	case 'W':
		return o->has_scale;
	case 'T':
		return o->has_ts;
	case 'S':
		return o->has_sack;
	default:
		return true;
	}
}

static uint32_t
timestamp(const struct host *h)
{
	uint64_t ms = loop_real_ns(h->ward->loop) / 1000000u;
	uint16_t hz = h->persona->conf->stack.ts_hz;

	return (uint32_t)(ms * (hz ? hz : 2) / 1000) + h->isn_base;
}

static void
option_write(struct pen *w, const struct conn *c, const struct tcp_option *o)
{
	pen_u8(w,
	    o->kind == 'M'       ? OPT_MSS
		: o->kind == 'W' ? OPT_SCALE
		: o->kind == 'T' ? OPT_TS
				 : OPT_SACK_OK);
	pen_u8(w, (uint8_t)persona_option_len(o->kind));
	if (o->kind == 'M') {
		pen_u16(w, o->value);
	} else if (o->kind == 'W') {
		pen_u8(w, (uint8_t)o->value);
	} else if (o->kind == 'T') {
		pen_u32(w, o->no_value ? 0 : timestamp(c->host));
		pen_u32(w, o->no_echo ? 0 : c->offer.ts);
	}
}

/* The layout as written, without what was not offered. */
static size_t
layout_len(const struct persona *p, const struct tcp_offer *offer)
{
	size_t len = p->nops_after;

	for (unsigned i = 0; i < p->options_n; i++)
		if (is_offered(p->options[i].kind, offer))
			len += p->options[i].nops +
			    persona_option_len(p->options[i].kind);
	return len;
}

size_t
tcp_options_syn(const struct conn *c, uint8_t *out)
{
	const struct persona *p = c->host->persona;
	struct pen w = { .buf = out, .room = TCP_OPTIONS_MAX };
	bool is_even = layout_len(p, &c->offer) % 4 == 0;

	for (unsigned i = 0; i < p->options_n; i++) {
		const struct tcp_option *o = &p->options[i];
		size_t nops = o->nops;

		if (!is_offered(o->kind, &c->offer))
			continue;
		if (!is_even)
			nops = (0 - w.used - persona_option_len(o->kind)) % 4;
		pen_fill(&w, OPT_NOP, nops);
		option_write(&w, c, o);
	}
	pen_fill(&w, OPT_NOP, is_even ? p->nops_after : (0 - w.used) % 4);
	return w.used;
}

size_t
tcp_options_plain(const struct conn *c, uint8_t *out)
{
	static const struct tcp_option ts = { .kind = 'T' };
	struct pen w = { .buf = out, .room = TCP_OPTIONS_MAX };

	if (!c->uses_ts)
		return 0;
	pen_fill(&w, OPT_NOP, 2);
	option_write(&w, c, &ts);
	return w.used;
}
