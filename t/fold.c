/* SPDX-License-Identifier: ISC */
/*
 * fold - a hospital of 6 segments and 1,200 devices, 30 nights, told by facts:
 * every scripted change is one event, in its night, with its word; nothing
 * else is; and the database grows by what changed alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/inventory/changes.h"
#include "scanner/inventory/fold.h"
#include "t/unit.h"

enum { SEGMENTS = 6, EACH = 200, DEVICES = SEGMENTS * EACH, NIGHTS = 30 };
enum { BEFORE = 2, SPARE = 40 };

static int64_t day_ns = INT64_C(86400) * 1000000000;

/* What a device is, beside its number. */
struct device {
	uint32_t address;
	unsigned mac;      /* of its card */
	unsigned boot;     /* its RPC ports follow */
	unsigned software; /* in its greetings */
	bool is_on, is_console, has_extra_port, is_halted;
	char suite[16];
};

struct night {
	unsigned number, segment;
	double loss;
	uint64_t chance;
	struct ledger *ledger;
	int64_t time_ns;
};

static char path[64];
static struct device devices[DEVICES + SPARE];

static unsigned
chance(struct night *n, unsigned below)
{
	n->chance = n->chance * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (unsigned)(n->chance >> 33) % below;
}

/* Is an answer lost?  Each is asked for twice. */
static bool
is_lost(struct night *n)
{
	unsigned most = (unsigned)(n->loss * 1000);

	return chance(n, 1000) < most && chance(n, 1000) < most;
}

static void
say(struct night *n, const struct device *d, struct about about,
    enum fact_key key, const char *probe, const char *value)
{
	struct fact f = { .address = d->address,
		.about = about,
		.key = key,
		.value = value,
		.probe = probe,
		.time_ns = n->time_ns,
		.mac = { { 8, 0, 0x20, (uint8_t)(d->mac >> 16),
		    (uint8_t)(d->mac >> 8), (uint8_t)d->mac } } };

	if (about.kind != ABOUT_HOST) {
		f.evidence.kind = about.kind == ABOUT_UDP && about.port == 1600
		    ? EVIDENCE_FRAME
		    : EVIDENCE_TALK;
		f.evidence.number = 1;
	}
	ledger_add(n->ledger, &f);
}

static const struct about host = { ABOUT_HOST, 0 };

static void
open_port(struct night *n, const struct device *d, uint16_t port)
{
	say(n, d, (struct about){ ABOUT_TCP, port }, FACT_PORT_STATE, "connect",
	    "open");
}

/* A greeting with the time of day in it, as mail servers have. */
static void
greet(struct night *n, const struct device *d)
{
	char text[128];

	if (is_lost(n))
		return;
	open_port(n, d, 21);
	if (is_lost(n))
		return;
	snprintf(text, sizeof(text),
	    "220 %s FTP server (SunOS 4.%u) ready at Mon Nov %u %02u:%02u:59 "
	    "1998.",
	    d->suite, d->software, 1 + n->number, n->number % 24, n->number);
	say(n, d, (struct about){ ABOUT_TCP, 21 }, FACT_FTP_GREETING,
	    "greeting", text);
}

static void
programs(struct night *n, const struct device *d)
{
	static const char *const names[] = { "100004 ypserv v1-2",
		"100007 ypbind v1-2", "100024 status v1" };
	char text[64];

	if (is_lost(n))
		return;
	say(n, d, (struct about){ ABOUT_UDP, 111 }, FACT_RPC_PORTMAPPER,
	    "portmap", "udp");
	for (unsigned i = 0; i < 3; i++) {
		struct about about = { ABOUT_TCP,
			(uint16_t)(640 + (d->mac * 7 + d->boot * 31) % 300 +
			    4 * i) };

		say(n, d, about, FACT_RPC_PROGRAM, "portmap", names[i]);
		if (is_lost(n))
			continue;
		open_port(n, d, about.port);
		say(n, d, about, FACT_RPC_ANSWERED, "rpc", names[i]);
	}
	snprintf(text, sizeof(text), "%u", chance(n, 4));
	say(n, d, host, FACT_RPC_RESERVED, "derive", text);
}

static void
dicom(struct night *n, const struct device *d)
{
	struct about about = { ABOUT_TCP, 104 };

	if (is_lost(n))
		return;
	open_port(n, d, 104);
	if (is_lost(n))
		return;
	say(n, d, about, FACT_DICOM_OUTCOME, "dicom", "accepted");
	say(n, d, about, FACT_DICOM_CLASS_UID, "dicom", "1.2.840.113619.6.5");
	say(n, d, about, FACT_DICOM_VERSION, "dicom",
	    d->software == 1 ? "GE_GENESIS_1" : "GE_GENESIS_2");
}

/* What was closed, of a few ports; what was lost is not among them. */
static void
closed_ports(struct night *n, const struct device *d)
{
	static const uint16_t all[] = { 22, 23, 25, 80, 443, 1600, 11112 };
	char text[128] = "";

	for (unsigned i = 0; i < 7; i++) {
		if (is_lost(n))
			continue;
		if (all[i] == 23 && d->has_extra_port) {
			open_port(n, d, 23);
			say(n, d, (struct about){ ABOUT_TCP, 23 },
			    FACT_TELNET_GREETING, "greeting", "login:");
		}
		if (all[i] != (d->has_extra_port ? 23 : 22))
			snprintf(text + strlen(text),
			    sizeof(text) - strlen(text), "%s%u",
			    *text ? "," : "", all[i]);
	}
	if (*text != '\0')
		say(n, d, host, FACT_PORTS_CLOSED, "visit", text);
}

/* Numbers that are others every night. */
static void
passing(struct night *n, const struct device *d)
{
	char text[32];

	snprintf(text, sizeof(text), "%u", chance(n, 65536));
	say(n, d, (struct about){ ABOUT_TCP, 104 }, FACT_TCP_ISN, "tcp", text);
	say(n, d, (struct about){ ABOUT_TCP, 104 }, FACT_IP_ID, "tcp", text);
	snprintf(text, sizeof(text), "%u", chance(n, 300));
	say(n, d, host, FACT_LISTEN_SECONDS, "listen", text);
	snprintf(text, sizeof(text), "%u", 100 + chance(n, 900));
	say(n, d, host, FACT_HOST_PACKETS_SENT, "visit", text);
	snprintf(text, sizeof(text), "%u", chance(n, 12));
	say(n, d, host, FACT_HOST_PACKETS_PEAK, "visit", text);
	snprintf(text, sizeof(text), "port %u, id %u, 132 bytes",
	    1024 + chance(n, 4000), chance(n, 65536));
	if (d->is_console)
		say(n, d, (struct about){ ABOUT_UDP, 1600 },
		    FACT_ADVANTAGENET_BEACON, "advantagenet", text);
}

static void
visit(struct night *n, const struct device *d)
{
	/* An ARP request goes out twice. */
	if (!d->is_on || is_lost(n))
		return;
	say(n, d, host, FACT_HOST_ALIVE, "arp", "arp");
	say(n, d, host, FACT_HOST_HOPS, "oui", "0");
	if (d->is_halted)
		say(n, d, host, FACT_HOST_HALTED, "visit", "two silences");
	if (!is_lost(n)) {
		say(n, d, host, FACT_HOST_ALIVE, "icmp", "icmp");
		say(n, d, host, FACT_ICMP_ECHO_TTL, "icmp", "255");
	}
	greet(n, d);
	dicom(n, d);
	programs(n, d);
	closed_ports(n, d);
	passing(n, d);
	if (d->is_console && !is_lost(n)) {
		struct about about = { ABOUT_UDP, 1600 };

		say(n, d, about, FACT_ADVANTAGENET_SUITE, "advantagenet",
		    d->suite);
		say(n, d, about, FACT_ADVANTAGENET_STATION, "advantagenet",
		    "IC0");
	}
}

/* What reaches everybody on the link: the call of a console. */
static void
overhear(struct night *n, const struct device *d)
{
	struct about about = { ABOUT_UDP, 1600 };

	if (!d->is_on || !d->is_console)
		return;
	say(n, d, host, FACT_HOST_ALIVE, "advantagenet", "heard");
	say(n, d, about, FACT_ADVANTAGENET_SUITE, "advantagenet", d->suite);
	say(n, d, about, FACT_ADVANTAGENET_STATION, "advantagenet", "IC0");
}

/* --- the script ---------------------------------------------------------- */

struct expected {
	unsigned night;
	const char *kind, *field;
	uint32_t address; /* of the event */
	bool found;
};
static struct expected script[64];
static size_t script_len;

static void
expect(unsigned night, const char *kind, const char *field, uint32_t address)
{
	script[script_len++] = (struct expected){
		.night = night, .kind = kind, .field = field, .address = address
	};
}

static uint32_t
address_of(unsigned segment, unsigned nth)
{
	return 0x0a000000 + (segment << 16) + 10 + nth;
}

static void
hospital(void)
{
	for (unsigned i = 0; i < DEVICES; i++) {
		devices[i] =
		    (struct device){ .address = address_of(i / EACH, i % EACH),
			    .mac = 0x10000 + i,
			    .software = 1,
			    .is_on = true,
			    .is_console = i % 10 == 0 };
		snprintf(
		    devices[i].suite, sizeof(devices[i].suite), "S%04u", i);
	}
	for (unsigned i = 0; i < SPARE; i++)
		devices[DEVICES + i] =
		    (struct device){ .mac = 0x90000 + i, .software = 1 };
}

static struct device *
spare(unsigned nth)
{
	return &devices[DEVICES + nth];
}

/* What happens in the hospital before a night's sweep. */
static void
happen(unsigned night)
{
	struct device *d = devices;
	unsigned free = EACH + 1;

	switch (night) {
	case 3: /* DHCP gives another address */
		d[11].address = address_of(0, free);
		expect(night, "moved", "address", d[11].address);
		d[222].address = address_of(1, free);
		expect(night, "moved", "address", d[222].address);
		break;
	case 4: /* reboots: other reserved ports; no event */
		for (unsigned i = 0; i < 300; i++)
			d[i].boot++;
		break;
	case 5: /* a new card in an old console, its beacon the same */
		d[30].mac = 0x80000;
		expect(night, "changed", "mac", d[30].address);
		break;
	case 6: /* something new */
		*spare(0) = (struct device){ .address = address_of(2, free),
			.mac = 0x90000,
			.software = 1,
			.is_on = true };
		expect(night, "new", "", spare(0)->address);
		break;
	case 7: /* a console replaced by a look-alike of another name */
		*spare(1) = d[40];
		spare(1)->mac = 0x90001;
		snprintf(spare(1)->suite, 16, "X040");
		d[40].is_on = false;
		expect(night, "replaced", "", spare(1)->address);
		break;
	case 8: /* a power-off for two nights: no event */
		d[55].is_on = d[56].is_on = false;
		break;
	case 10:
		d[55].is_on = d[56].is_on = true;
		break;
	case 11: /* and one for good, and one for five nights */
		d[77].is_on = d[640].is_on = false;
		expect(night + 2, "gone", "", d[77].address);
		expect(night + 2, "gone", "", d[640].address);
		break;
	case 16:
		d[640].is_on = true;
		expect(night, "back", "", d[640].address);
		break;
	case 17: /* new software */
		d[100].software = 2;
		expect(night, "changed", "tcp/21 ftp.greeting", d[100].address);
		expect(night, "changed", "tcp/104 dicom.implementation_version",
		    d[100].address);
		break;
	case 18: /* a port opens, and closes two nights later */
		d[150].has_extra_port = true;
		expect(night, "changed", "tcp/23", d[150].address);
		break;
	case 20:
		d[150].has_extra_port = false;
		expect(night, "changed", "tcp/23", d[150].address);
		break;
	case 21: { /* two swap their addresses */
		uint32_t a = d[300].address;

		d[300].address = d[301].address;
		d[301].address = a;
		expect(night, "moved", "address", d[300].address);
		expect(night, "moved", "address", d[301].address);
		break;
	}
	case 22: /* a lease passes on to something new; its owner is off, and
		  * comes back elsewhere */
		*spare(2) = d[410];
		spare(2)->mac = 0x90002;
		snprintf(spare(2)->suite, 16, "X410");
		d[410].is_on = false;
		expect(night, "replaced", "", spare(2)->address);
		break;
	case 25:
		d[410].is_on = true;
		d[410].address = address_of(2, free + 1);
		expect(night, "back", "address", d[410].address);
		break;
	case 26: /* all of a segment is switched off for two nights */
		for (unsigned i = 800; i < 1000; i++)
			d[i].is_on = false;
		break;
	case 28:
		for (unsigned i = 800; i < 1000; i++)
			d[i].is_on = true;
		break;
	}
}

/* --- the nights --------------------------------------------------------------- */

static bool
is_of_segment(void *arg, uint32_t address)
{
	const struct night *n = arg;

	return (address >> 16 & 0xff) == n->segment && address >> 24 == 10;
}

/* A few will do: what they make of facts is tested elsewhere, and each is
 * weighed over every device every night. */
enum { FEW = 3 };
static struct fingerprints *fingerprints;
static size_t fingerprints_all;
static bool is_one_link; /* are consoles of other segments heard? */

static void
sweep(struct store *s, unsigned night, unsigned segment, double loss)
{
	struct night n = { .number = night,
		.segment = segment,
		.loss = loss,
		.chance = night * 1000 + segment + 1,
		.ledger = ledger_new(),
		.time_ns = INT64_C(1793484000000000000) + night * day_ns };
	struct run run = { .command = "sweep",
		.version = "1",
		.care = "gentle",
		.site = "main",
		.started_ns = n.time_ns,
		.finished_ns = n.time_ns + 1000 };
	struct fold fold = { .run = &run,
		.ledger = n.ledger,
		.fingerprints = fingerprints,
		.looked = is_of_segment,
		.arg = &n };
	struct fold_summary summary;
	char name[16];

	snprintf(run.id, sizeof(run.id), "run-%02u-%u", night, segment);
	snprintf(name, sizeof(name), "segment %u", segment);
	for (unsigned i = 0; i < DEVICES + SPARE; i++)
		if (devices[i].address != 0 &&
		    is_of_segment(&n, devices[i].address))
			visit(&n, &devices[i]);
		else if (is_one_link && devices[i].address != 0)
			overhear(&n, &devices[i]);
	ck_assert(store_run_begin(s, &run, name, &fold.number));
	ck_assert_msg(fold_run(s, &fold, &summary), "%s", store_error(s));
	ck_assert(summary.is_first == (night == 0));
	ledger_free(n.ledger);
}

struct hearing {
	unsigned errors;
	size_t events;
};

static bool
hear(void *arg, const struct store_event *e)
{
	struct hearing *h = arg;
	char address[NET_IPV4_TEXT];
	unsigned night = (unsigned)strtoul(e->run_id + 4, NULL, 10);

	h->events++;
	ck_assert(*e->was == '\0' || strcmp(e->was, e->now) != 0);
	for (size_t i = 0; i < script_len; i++) {
		struct expected *x = &script[i];

		if (x->found || x->night != night || x->address != e->address ||
		    strcmp(x->kind, e->kind) != 0 ||
		    strcmp(x->field, e->field) != 0)
			continue;
		x->found = true;
		return true;
	}
	h->errors++;
	printf("# not in the script: night %u, %s %s %s: '%s' -> '%s'\n", night,
	    e->kind, ipv4_text(e->address, address), e->field, e->was, e->now);
	return true;
}

static void
judge(struct store *s)
{
	struct store_event_filter all = { 0 };
	struct hearing h = { 0 };

	ck_assert(store_events(s, &all, hear, &h));
	for (size_t i = 0; i < script_len; i++) {
		char address[NET_IPV4_TEXT];

		if (script[i].found)
			continue;
		h.errors++;
		printf("# not told: night %u, %s %s %s\n", script[i].night,
		    script[i].kind, ipv4_text(script[i].address, address),
		    script[i].field);
	}
	fflush(stdout);
	ck_assert_uint_eq(h.errors, 0);
	ck_assert_uint_eq(h.events, script_len);
}

static off_t
size_of(const char *file)
{
	struct stat st;

	return stat(file, &st) == 0 ? st.st_size : 0;
}

static struct store *
open_new(void)
{
	char dir[] = "/tmp/fold-XXXXXX", error[STORE_ERROR];
	struct store *s;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/inventory.db", dir);
	s = store_open(path, STORE_CREATE, error);
	ck_assert_msg(s != NULL, "%s", error);
	return s;
}

static void
close_all(struct store *s)
{
	char command[128];

	store_close(s);
	*strrchr(path, '/') = '\0';
	snprintf(command, sizeof(command), "rm -rf %s", path);
	ck_assert_int_eq(system(command), 0);
}

static void
complain(void *arg, const char *file, const char *what)
{
	(void)arg;
	printf("# %s: %s\n", file, what);
}

static void
load_few(void)
{
	fingerprints =
	    fingerprints_load("fingerprints/devices", complain, NULL);
	ck_assert_ptr_nonnull(fingerprints);
	fingerprints_all = fingerprints->len;
	ck_assert_uint_ge(fingerprints_all, FEW);
	fingerprints->len = FEW;
}

static void
free_few(void)
{
	fingerprints->len = fingerprints_all;
	fingerprints_free(fingerprints);
}

static void
nights(double loss, off_t *quiet)
{
	struct store *s = open_new();
	char error[STORE_ERROR];

	load_few();
	hospital();
	for (unsigned night = 0; night < NIGHTS; night++) {
		if (loss <= 0)
			happen(night);
		for (unsigned i = 0; i < (loss > 0 ? 2 : SEGMENTS); i++)
			sweep(s, night, i, loss);
		if (night != BEFORE && night != NIGHTS - 1)
			continue;
		/* Without its log, as a reader finds it on a quiet day. */
		store_close(s);
		quiet[night != BEFORE] = size_of(path);
		s = store_open(path, STORE_WRITE, error);
	}
	judge(s);
	close_all(s);
	free_few();
}

START_TEST(every_change_once_in_its_night)
{
	off_t size[2];

	nights(0, size);
	printf("# %lld bytes after %d nights, %lld after %d\n",
	    (long long)size[0], BEFORE + 1, (long long)size[1], NIGHTS);
	ck_assert_int_lt(size[1], size[0] * 5 / 4);
}
END_TEST

/* Each packet may be lost, one in five; all that is asked is asked twice. */
START_TEST(loss_alone_is_no_change)
{
	off_t size[2];

	nights(0.36, size);
	printf("# %lld bytes after %d nights, %lld after %d\n",
	    (long long)size[0], BEFORE + 1, (long long)size[1], NIGHTS);
	ck_assert_int_lt(size[1], size[0] * 3 / 2);
}
END_TEST

/* The clock is put back an hour between two runs, and forth again. */
START_TEST(a_clock_that_jumps_changes_nothing)
{
	struct store *s = open_new();

	load_few();
	hospital();
	day_ns = -INT64_C(3600) * 1000000000;
	for (unsigned night = 0; night < 3; night++)
		sweep(s, night, 0, 0);
	devices[9].software = 2;
	expect(3, "changed", "tcp/21 ftp.greeting", devices[9].address);
	expect(3, "changed", "tcp/104 dicom.implementation_version",
	    devices[9].address);
	day_ns = INT64_C(3600) * 1000000000;
	sweep(s, 3, 0, 0);
	judge(s);
	close_all(s);
	free_few();
}
END_TEST

/* The sweep of one segment hears the consoles of another, before that one is
 * ever swept and after. */
START_TEST(what_is_overheard_is_looked_at_later)
{
	struct store *s = open_new();

	load_few();
	hospital();
	is_one_link = true;
	sweep(s, 0, 1, 0);
	sweep(s, 0, 0, 0);
	devices[30].mac = 0x80000;
	expect(1, "changed", "mac", devices[30].address);
	sweep(s, 1, 1, 0);
	sweep(s, 1, 0, 0);
	is_one_link = false;
	judge(s);
	close_all(s);
	free_few();
}
END_TEST

/* That it was left alone for a night is in the report of that night. */
START_TEST(a_halt_makes_no_event)
{
	struct store *s = open_new();

	load_few();
	hospital();
	for (unsigned night = 0; night < 3; night++) {
		devices[30].is_halted = night == 1;
		devices[30].mac = 0x80000 + night;
		if (night > 0)
			expect(night, "changed", "mac", devices[30].address);
		sweep(s, night, 0, 0);
	}
	judge(s);
	close_all(s);
	free_few();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { every_change_once_in_its_night,
		loss_alone_is_no_change, a_clock_that_jumps_changes_nothing,
		what_is_overheard_is_looked_at_later, a_halt_makes_no_event,
		NULL };

	return unit_run("fold", tests);
}
