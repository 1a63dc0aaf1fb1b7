/* SPDX-License-Identifier: ISC */
/* probes: what must hold of every probe on the list. */
#include <string.h>

#include "scanner/probe.h"
#include "scanner/reader.h"
#include "scanner/rpcnames.h"
#include "scanner/scope.h"
#include "t/unit.h"

START_TEST(each_is_whole)
{
	ck_assert_ptr_nonnull(probes[0]);
	for (size_t i = 0; probes[i] != NULL; i++) {
		const struct probe *p = probes[i];

		ck_assert_ptr_eq(probe_find(p->name), p);
		ck_assert_uint_gt(strlen(p->summary), 8);
		ck_assert_uint_le(p->state_size, TALK_STATE_MAX);
		ck_assert_uint_le(p->stream_max, TALK_STREAM_MAX);
		ck_assert_int_eq(p->via == VIA_TALK, p->step != NULL);
		ck_assert_int_eq(p->via == VIA_LISTEN, p->hear != NULL);
		ck_assert_int_eq(p->via == VIA_ICMP || p->via == VIA_BROADCAST,
		    p->build != NULL);
		ck_assert_int_eq(
		    p->via == VIA_LISTEN, p->impact == IMPACT_PASSIVE);
		ck_assert_int_eq(p->via == VIA_LISTEN, p->packets_max == 0);
		if (p->via == VIA_TALK) {
			ck_assert_uint_gt(p->wait_ms, 0);
			ck_assert_uint_ge(p->deadline_ms, p->wait_ms);
		}
		/* The gentlest care allows 12 packets a second. */
		ck_assert_uint_le(p->packets_max, 12);
	}
}
END_TEST

/* A port has one protocol, and none is ever a printer's or X11's: but for 631,
 * which speaks HTTP and is in no scope unless an operator names it. */
START_TEST(ports_are_one_probe_s)
{
	static const uint16_t never[] = { 7, 9, 13, 19, 512, 513, 514, 515,
		6000, 6063, 9100, 9107 };

	for (unsigned port = 1; port <= UINT16_MAX; port++) {
		unsigned takers = 0;

		for (size_t i = 0; probes[i] != NULL; i++)
			for (const uint16_t *p = probes[i]->tcp_ports;
			     p != NULL && *p != 0; p++)
				takers += *p == port;
		for (size_t i = 0; probes[i] != NULL; i++)
			takers += probe_seals(probes[i], (uint16_t)port);
		ck_assert_uint_le(takers, 1);
	}
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		ck_assert_ptr_null(probe_for_port(ABOUT_TCP, never[i]));
	ck_assert_ptr_eq(probe_for_port(ABOUT_TCP, 631), &probe_http);
	ck_assert(scope_port_is_harmful(631));
	ck_assert_ptr_eq(probe_for_port(ABOUT_TCP, 104), &probe_dicom);
	ck_assert_ptr_eq(probe_for_port(ABOUT_UDP, 111), &probe_portmap);
	ck_assert_ptr_null(probe_for_port(ABOUT_UDP, 1600));
}
END_TEST

/* Over TCP, at a port of its own: whoever does not listen first speaks at
 * once. */
START_TEST(who_listens_first_says_nothing_at_first)
{
	const struct ask ask = { .called_ae = "ANY-SCP",
		.calling_ae = "GANTRY",
		.guesses = rpc_default_guesses,
		.guesses_len = 1,
		.host = "10.16.13.4",
		.port = 104 };
	unsigned listeners = 0;

	for (size_t i = 0; probes[i] != NULL; i++) {
		const struct probe *p = probes[i];
		struct about about = { .kind = ABOUT_TCP, .port = 700 };
		struct session *s;
		size_t says;

		ck_assert(!p->listens_first || p->via == VIA_TALK);
		if (p->via != VIA_TALK ||
		    (p->tcp_ports == NULL && p->udp_ports != NULL))
			continue;
		if (p->tcp_ports != NULL)
			about.port = p->tcp_ports[0];
		s = session_new(p, &ask, about);
		says = session_turn(s, TURN_OPEN, NULL, 0).say_len;
		ck_assert_msg((says == 0) == p->listens_first, "%s", p->name);
		listeners += p->listens_first;
		session_free(s);
	}
	ck_assert_uint_ge(listeners, 2);
}
END_TEST

/* A port under TLS is TCP's alone, and costs the handshake's packets more. */
START_TEST(tls_is_for_some_ports)
{
	ck_assert_ptr_eq(probe_for_port(ABOUT_TCP, 2762), &probe_dicom);
	ck_assert_ptr_eq(probe_for_port(ABOUT_TCP, 443), &probe_http);
	ck_assert_ptr_null(probe_for_port(ABOUT_UDP, 443));
	ck_assert(probe_seals(&probe_dicom, 2762));
	ck_assert(!probe_seals(&probe_dicom, 104));
	ck_assert(!probe_seals(&probe_connect, 443));
	ck_assert_uint_eq(probe_packets(&probe_dicom, ABOUT_TCP, 104),
	    probe_dicom.packets_max);
	ck_assert_uint_gt(probe_packets(&probe_dicom, ABOUT_TCP, 2762),
	    probe_dicom.packets_max);
	ck_assert_uint_le(probe_packets(&probe_http, ABOUT_TCP, 443), 12);
	ck_assert_uint_eq(probe_packets(&probe_portmap, ABOUT_UDP, 111),
	    probe_portmap.packets_max);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { each_is_whole, ports_are_one_probe_s,
		who_listens_first_says_nothing_at_first, tls_is_for_some_ports,
		NULL };

	return unit_run("probes", tests);
}
