/* SPDX-License-Identifier: ISC */
/*
 * plan - what an audit would send, printed: every question of the sweep, and
 * for a host that answers, every conversation with the exact bytes it opens
 * with.  Which hosts answer is known only by asking, so conversations are
 * listed once, for each live host.
 */
#include <inttypes.h>
#include <stdio.h>

#include "scanner/audit_state.h"
#include "scanner/gather.h"
#include "scanner/options.h"
#include "scanner/reader.h"
#include "scanner/rpcnames.h"
#include "scanner/target.h"
#include "scanner/text.h"

static void
print_segment(const struct audit *a, const struct segment *s)
{
	char first[NET_IPV4_TEXT], last[NET_IPV4_TEXT], way[NET_IPV4_TEXT];

	printf("segment %s-%s by %s", ipv4_text(s->first, first),
	    ipv4_text(s->last, last), s->route.interface_name);
	if (s->route.gateway != 0)
		printf(" through %s", ipv4_text(s->route.gateway, way));
	if (s->assume_up || (a->options->assume_up && s->route.gateway))
		printf(", taken to be up");
	printf("\n");
}

/* What the sweep asks an address, and in how many packets at most. */
static const char *
question_of(const struct audit *a, uint32_t address, unsigned *packets)
{
	const struct segment *s = segments_find(&a->segments, address);

	*packets = 0;
	if (s == NULL)
		return "no way there: nothing";
	if (s->assume_up || (a->options->assume_up && s->route.gateway))
		return "no question";
	if (segment_is_broadcast(s, address))
		return "a broadcast address: nothing";
	if (s->route.gateway != 0) {
		*packets = 4;
		return "ICMP echo request, again if silent, then SYN to 104 "
		       "and 111";
	}
	*packets = 2;
	return "ARP who-has, again if silent";
}

/* The first thing a probe says, as hex. */
static void
print_opening(
    const struct audit *a, const struct probe *p, uint16_t port, bool via_udp)
{
	struct ask ask = { .cookie = 0x11223344,
		.port = port,
		.host = "HOST",
		.via_udp = via_udp,
		.called_ae = a->options->called_ae,
		.calling_ae = a->options->calling_ae,
		.nis_domain = a->options->nis_domain,
		.community = a->options->community,
		.guesses = rpc_default_guesses,
		.guesses_len = rpc_default_guesses_len };
	struct about about = { .kind = via_udp ? ABOUT_UDP : ABOUT_TCP,
		.port = port };
	struct session *session = session_new(p, &ask, about);
	char hex[2 * TALK_SAY_MAX + 1], name[ABOUT_TEXT];
	struct session_answer answer;

	if (session == NULL)
		return;
	answer = session_turn(session, TURN_OPEN, NULL, 0);
	text_hex(hex, sizeof(hex), answer.say, answer.say_len);
	printf("  %-10s %-9s %s, at most %u packets; says %s%s\n",
	    about_text(about, name), p->name,
	    via_udp                    ? "UDP request"
		: probe_seals(p, port) ? "connect, and TLS first"
				       : "connect",
	    probe_packets(p, about.kind, port),
	    answer.say_len ? hex : "nothing before the server does",
	    answer.say_len ? " (11223344: the run's cookie)" : "");
	session_free(session);
}

/* What --broadcast asks all of a segment, before anything else. */
static void
print_broadcast(const struct audit *a)
{
	char zeros[NET_IPV4_TEXT], ones[NET_IPV4_TEXT];

	for (size_t i = 0; i < a->segments.len; i++) {
		const struct segment *s = &a->segments.items[i];

		if (s->host_ones != 0 && !s->assume_up)
			printf("%s: by broadcast, if all of %s-%s is in the "
			       "scope:\n",
			    s->route.interface_name,
			    ipv4_text(s->host_zeros, zeros),
			    ipv4_text(s->host_ones, ones));
		else
			continue;
		for (unsigned q = 0; q < gather_questions_len; q++) {
			const struct gather_question *ask =
			    &gather_questions[q];

			printf("  udp/%-6u %-10s one datagram to %s\n",
			    ask->probe->udp_ports[0], ask->probe->name,
			    ask->to_zeros ? zeros : ones);
		}
	}
	printf("\n");
}

static void
print_visit(const struct audit *a, unsigned *packets)
{
	*packets = 0;
	printf("\nfor each host that answers (%s: at most %u initiations and "
	       "%u packets a second):\n",
	    a->care.name, a->care.initiations, a->care.packets + 1);
	if (a->care.raw_syn) {
		printf("  TCP        SYN       one to each port below, again "
		       "as long as that brings answers, %zu to %zu packets; "
		       "only open ports are spoken with\n",
		    a->ports.tcp_len, a->ports.tcp_len * SHOTS_ROUNDS);
		*packets += (unsigned)a->ports.tcp_len * SHOTS_ROUNDS;
	}
	printf("  host       icmp      one ICMP echo request, 1 packet\n");
	*packets += 1;
	for (size_t i = 0; i < a->ports.udp_len; i++) {
		const struct probe *p =
		    probe_for_port(ABOUT_UDP, a->ports.udp[i]);

		if (p == NULL) {
			printf("  udp/%-6u           listened to only\n",
			    a->ports.udp[i]);
			continue;
		}
		print_opening(a, p, a->ports.udp[i], true);
		*packets += probe_packets(p, ABOUT_UDP, a->ports.udp[i]);
	}
	for (size_t i = 0; i < a->ports.tcp_len; i++) {
		uint16_t port = a->ports.tcp[i];
		const struct probe *p = probe_for_port(ABOUT_TCP, port);

		if (scope_port_is_harmful(port) &&
		    !scope_has_port(a->scope, a->segments.items[0].first,
			ABOUT_TCP, port)) {
			printf("  tcp/%-6u           never touched\n", port);
			continue;
		}
		if (p == NULL)
			p = probe_find(
			    port >= 600 && port < 1024 ? "rpc" : "connect");
		print_opening(a, p, port, false);
		*packets += probe_packets(p, ABOUT_TCP, port);
	}
	printf("  and, where a portmapper answers, an ONC RPC NULL call to "
	       "each TCP port it names%s\n",
	    a->options->no_reserved ? ""
				    : " and to open reserved ports beside "
				      "them");
	printf("  where six ports are open and mute and none is closed, two "
	       "random ports from 40000 on, to tell a trap\n");
	printf("  a port that keeps silent is tried once more; a host that "
	       "falls silent is asked for a sign of life and left alone\n");
}

int
plan_print(const struct audit *a)
{
	struct target t;
	struct shot_at at;
	uint64_t sweep = 0;
	unsigned visit, packets;
	char text[NET_IPV4_TEXT];

	for (size_t i = 0; i < a->segments.len; i++)
		print_segment(a, &a->segments.items[i]);
	printf("\n");
	if (a->options->broadcast)
		print_broadcast(a);
	target_init(&t, a->scope, ABOUT_HOST, NULL, 0, a->plan.key);
	while (target_next(&t, &at)) {
		printf("%-15s %s\n", ipv4_text(at.address, text),
		    question_of(a, at.address, &packets));
		sweep += packets;
	}
	print_visit(a, &visit);
	printf("\nat most %" PRIu64 " packets to %" PRIu64
	       " addresses to see who is there, and at most %u to each host "
	       "that answers before its RPC programs are asked for; none was "
	       "sent\n",
	    sweep, scope_size(a->scope), visit);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_USAGE;
}
