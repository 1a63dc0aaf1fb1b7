/* SPDX-License-Identifier: ISC */
/* json_run: a broken-off run there and back; nothing else gets in. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/json_run.h"
#include "t/unit.h"

static char path[] = "/tmp/json-run-XXXXXX";
static char error[RESUME_ERROR];
static const uint8_t answered[] = { 0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 3 };
static const uint8_t some[] = { 0xff, 0x01 }, other[] = { 0x0f, 0x01 };

/* Everything set, and nothing twice the same. */
static struct resume *
example(void)
{
	static const char *words[] = { "10.0.0.0/25", "@/some/list" };
	static const char *exclude[] = { "10.0.0.9" };
	struct resume *r = resume_new();
	struct visit_position *v;

	r->run = (struct run){ .id = "20261123T231500Z-5f3a",
		.site = "a \"site\"",
		.started_ns = 1795484201416705014,
		.outcome = RUN_HALTED,
		.packets_sent = 11,
		.frames_read = 12,
		.frames_dropped = 13,
		.frames_broken = 14,
		.talks = 15,
		.hosts_probed = 16,
		.facts_dropped = 17,
		.listened_s = 18.5,
		.halted = calloc(1, sizeof(struct run_halt)),
		.halted_len = 1 };
	r->run.halted[0] = (struct run_halt){
		.address = 0x0a000005, .time_ns = 21, .reason = "it fell silent"
	};
	r->asked = (struct options){ .ports = "T:1-100",
		.scope_file = "/a/scope.yaml",
		.care = "standard",
		.rate = 12.5,
		.segment_rate = 7.5,
		.host_rate = 3,
		.listen_s = 130,
		.interface = "eth0",
		.source = "10.0.0.2",
		.called_ae = "THEM",
		.nis_domain = "ward",
		.community = "public",
		.calling_ae = "US",
		.fingerprints = "/a/b",
		.site = "a \"site\"",
		.bedside = true,
		.states_only = true,
		.words_len = 2,
		.exclude_len = 1 };
	r->asked.words = calloc(2, sizeof(*words));
	memcpy(r->asked.words, words, sizeof(words));
	r->asked.exclude = calloc(1, sizeof(*exclude));
	r->asked.exclude[0] = exclude[0];
	for (uint8_t i = 0; i < RESUME_KEY; i++)
		r->key[i] = (uint8_t)(i * 17);
	r->plan = UINT64_C(0xfedcba9876543210);
	r->talks_begun = 4711;
	r->sweep = (struct sweep_position){ .round = 1,
		.index = 77,
		.done = 205,
		.answered = answered,
		.answered_len = sizeof(answered) };
	r->has_shots = true;
	r->shots = (struct shots_position){ .round = 2,
		.at = 9,
		.asked = 8,
		.heard = 7,
		.done = 6,
		.answered = some,
		.open = other,
		.len = sizeof(some) };
	r->shot_at = answered;
	r->hosts = calloc(3, sizeof(*r->hosts));
	r->hosts_len = 3;
	/* Not sorted: what is read is. */
	r->hosts[0] =
	    (struct resume_host){ .address = 0x0a000007, .is_waiting = true };
	r->hosts[1] = (struct resume_host){ .address = 0x0a000001,
		.mac = { { 8, 0, 0x20, 1, 2, 3 } },
		.is_over = true };
	r->hosts[2] =
	    (struct resume_host){ .address = 0x0a000008, .has_begun = true };
	v = &r->hosts[2].visit;
	*v = (struct visit_position){ .rtt_ns = 31,
		.talked_ns = 32,
		.wasted_ns = 33,
		.packets = 34,
		.packets_peak = 9,
		.round = 1,
		.plan_at = 36,
		.swept = true,
		.is_known = true,
		.wants_canary = true,
		.in_hand = true,
		.spoke = 37,
		.mute = 38,
		.stalls = 2,
		.trap_asks = 1,
		.ports = calloc(6, sizeof(*v->ports)),
		.ports_len = 6,
		.tasks = calloc(2, sizeof(*v->tasks)),
		.tasks_len = 2 };
	for (uint16_t i = 0; i < 4; i++)
		v->ports[i] = (struct visit_port){ .port = (uint16_t)(20 + i),
			.state = PORT_CLOSED };
	v->ports[2].talks = 1;
	v->ports[4] = (struct visit_port){
		.port = 24, .via_udp = true, .state = PORT_OPEN_FILTERED
	};
	v->ports[5] = (struct visit_port){
		.port = 65535, .state = PORT_OPEN, .talks = 3, .spoke_rpc = true
	};
	v->tasks[0] = (struct visit_task){ .port = 658,
		.tries = 1,
		.guess = { .program = 4294967295U, .version = 2 } };
	v->tasks[1] = (struct visit_task){
		.port = 47000, .via_udp = true, .is_canary = true
	};
	return r;
}

/* What was given as literals must not be freed; it never was owned. */
static void
save(const struct resume *r)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert(json_run_save(r, path));
}

static void
same_text(const char *a, const char *b)
{
	ck_assert_int_eq(a == NULL, b == NULL);
	if (a != NULL)
		ck_assert_str_eq(a, b);
}

static void
same_asked(const struct options *a, const struct options *b)
{
	ck_assert_uint_eq(a->words_len, b->words_len);
	for (size_t i = 0; i < a->words_len; i++)
		ck_assert_str_eq(a->words[i], b->words[i]);
	ck_assert_uint_eq(a->exclude_len, b->exclude_len);
	for (size_t i = 0; i < a->exclude_len; i++)
		ck_assert_str_eq(a->exclude[i], b->exclude[i]);
	same_text(a->ports, b->ports);
	same_text(a->scope_file, b->scope_file);
	same_text(a->care, b->care);
	same_text(a->interface, b->interface);
	same_text(a->source, b->source);
	same_text(a->called_ae, b->called_ae);
	same_text(a->nis_domain, b->nis_domain);
	same_text(a->community, b->community);
	same_text(a->calling_ae, b->calling_ae);
	same_text(a->fingerprints, b->fingerprints);
	same_text(a->site, b->site);
	ck_assert_double_eq(a->rate, b->rate);
	ck_assert_double_eq(a->segment_rate, b->segment_rate);
	ck_assert_double_eq(a->listen_s, b->listen_s);
	ck_assert_uint_eq(a->host_rate, b->host_rate);
	ck_assert_int_eq(a->assume_up, b->assume_up);
	ck_assert_int_eq(a->bedside, b->bedside);
	ck_assert_int_eq(a->no_reserved, b->no_reserved);
	ck_assert_int_eq(a->states_only, b->states_only);
}

static void
same_visit(const struct visit_position *a, const struct visit_position *b)
{
	ck_assert_int_eq(a->rtt_ns, b->rtt_ns);
	ck_assert_int_eq(a->talked_ns, b->talked_ns);
	ck_assert_int_eq(a->wasted_ns, b->wasted_ns);
	ck_assert_uint_eq(a->packets, b->packets);
	ck_assert_uint_eq(a->packets_peak, b->packets_peak);
	ck_assert_uint_eq(a->round, b->round);
	ck_assert_uint_eq(a->plan_at, b->plan_at);
	ck_assert_uint_eq(a->spoke, b->spoke);
	ck_assert_uint_eq(a->mute, b->mute);
	ck_assert_uint_eq(a->stalls, b->stalls);
	ck_assert_uint_eq(a->trap_asks, b->trap_asks);
	ck_assert(a->echo_due == b->echo_due && a->swept == b->swept &&
	    a->begun == b->begun && a->is_known == b->is_known &&
	    a->echo_answered == b->echo_answered &&
	    a->wants_canary == b->wants_canary && a->in_hand == b->in_hand);
	ck_assert_uint_eq(a->ports_len, b->ports_len);
	for (size_t i = 0; i < a->ports_len; i++)
		ck_assert(a->ports[i].port == b->ports[i].port &&
		    a->ports[i].via_udp == b->ports[i].via_udp &&
		    a->ports[i].state == b->ports[i].state &&
		    a->ports[i].talks == b->ports[i].talks &&
		    a->ports[i].spoke_rpc == b->ports[i].spoke_rpc);
	ck_assert_uint_eq(a->tasks_len, b->tasks_len);
	for (size_t i = 0; i < a->tasks_len; i++)
		ck_assert(a->tasks[i].port == b->tasks[i].port &&
		    a->tasks[i].via_udp == b->tasks[i].via_udp &&
		    a->tasks[i].tries == b->tasks[i].tries &&
		    a->tasks[i].is_canary == b->tasks[i].is_canary &&
		    a->tasks[i].is_trap_ask == b->tasks[i].is_trap_ask &&
		    a->tasks[i].guess.program == b->tasks[i].guess.program &&
		    a->tasks[i].guess.version == b->tasks[i].guess.version);
}

static void
same_run(const struct run *a, const struct run *b)
{
	ck_assert_str_eq(a->id, b->id);
	ck_assert_str_eq(a->site, b->site);
	ck_assert_int_eq(a->started_ns, b->started_ns);
	ck_assert_uint_eq(a->packets_sent, b->packets_sent);
	ck_assert_uint_eq(a->frames_read, b->frames_read);
	ck_assert_uint_eq(a->frames_dropped, b->frames_dropped);
	ck_assert_uint_eq(a->frames_broken, b->frames_broken);
	ck_assert_uint_eq(a->talks, b->talks);
	ck_assert_uint_eq(a->hosts_probed, b->hosts_probed);
	ck_assert_uint_eq(a->facts_dropped, b->facts_dropped);
	ck_assert_double_eq(a->listened_s, b->listened_s);
	ck_assert_uint_eq(a->halted_len, b->halted_len);
	for (size_t i = 0; i < a->halted_len; i++) {
		ck_assert_uint_eq(a->halted[i].address, b->halted[i].address);
		ck_assert_int_eq(a->halted[i].time_ns, b->halted[i].time_ns);
		ck_assert_str_eq(a->halted[i].reason, b->halted[i].reason);
	}
}

START_TEST(all_of_it_comes_back)
{
	struct resume *r = example(), *back;
	const struct resume_host *h;

	save(r);
	back = json_run_load(path, NULL, error);
	ck_assert_msg(back != NULL, "%s", error);
	same_run(&r->run, &back->run);
	same_asked(&r->asked, &back->asked);
	ck_assert_mem_eq(r->key, back->key, RESUME_KEY);
	ck_assert_uint_eq(r->plan, back->plan);
	ck_assert_uint_eq(r->talks_begun, back->talks_begun);
	ck_assert_uint_eq(back->sweep.round, 1);
	ck_assert_uint_eq(back->sweep.index, 77);
	ck_assert_uint_eq(back->sweep.done, 205);
	ck_assert_uint_eq(back->sweep.answered_len, sizeof(answered));
	ck_assert_mem_eq(back->sweep.answered, answered, sizeof(answered));
	ck_assert(!back->states_known && back->has_shots);
	ck_assert(back->shots.round == 2 && back->shots.at == 9 &&
	    back->shots.asked == 8 && back->shots.heard == 7 &&
	    back->shots.done == 6 && back->shots.len == 2);
	ck_assert_mem_eq(back->shots.answered, some, 2);
	ck_assert_mem_eq(back->shots.open, other, 2);
	ck_assert_mem_eq(back->shot_at, answered, sizeof(answered));
	ck_assert_uint_eq(back->hosts_len, 3);
	h = resume_host_find(back, 0x0a000001);
	ck_assert(h->is_over && !h->has_begun && h->mac.b[5] == 3);
	h = resume_host_find(back, 0x0a000007);
	ck_assert(!h->is_over && h->is_waiting && !h->has_begun);
	ck_assert(!mac_is_known(h->mac));
	h = resume_host_find(back, 0x0a000008);
	ck_assert(!h->is_over && !h->is_waiting && h->has_begun);
	same_visit(&r->hosts[2].visit, &h->visit);
	ck_assert_ptr_null(resume_host_find(back, 0x0a000009));
	resume_free(back);
	resume_free(r);
	unlink(path);
}
END_TEST

START_TEST(its_key_is_the_owners_alone)
{
	struct resume *r = example();
	struct stat st;

	save(r);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	resume_free(r);
	unlink(path);
}
END_TEST

/* A name that is not UTF-8 must not get lost in silence. */
START_TEST(what_json_cannot_hold_is_no_file)
{
	struct resume *r = example();

	r->asked.scope_file = "/a/\xff.yaml";
	snprintf(path, sizeof(path), "/tmp/json-run-%d", (int)getpid());
	ck_assert(!json_run_save(r, path));
	ck_assert_int_eq(access(path, F_OK), -1);
	resume_free(r);
}
END_TEST

START_TEST(a_missing_file_is_told_apart)
{
	bool missing = false;

	ck_assert_ptr_null(json_run_load("/no/such/run.json", &missing, error));
	ck_assert(missing);
	ck_assert_ptr_null(json_run_load("/dev/null", &missing, error));
	ck_assert(!missing);
}
END_TEST

static size_t
file_load(char *out, size_t size)
{
	FILE *f = fopen(path, "rb");
	size_t len;

	ck_assert_ptr_nonnull(f);
	len = fread(out, 1, size, f);
	fclose(f);
	return len;
}

static void
file_store(const char *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
	fclose(f);
}

START_TEST(no_part_of_it_is_taken_for_it)
{
	static char bytes[8192];
	struct resume *r = example();
	size_t len;

	save(r);
	resume_free(r);
	len = file_load(bytes, sizeof(bytes));
	ck_assert_uint_lt(len, sizeof(bytes));
	/* The last byte is the line's end. */
	for (size_t n = 0; n + 1 < len; n++) {
		file_store(bytes, n);
		error[0] = '\0';
		ck_assert_msg(json_run_load(path, NULL, error) == NULL,
		    "%zu of %zu bytes", n, len);
		ck_assert_str_ne(error, "");
	}
	unlink(path);
}
END_TEST

/* Whatever one byte becomes: read or refused, in bounds and with a reason. */
START_TEST(any_byte_may_be_wrong)
{
	static const char with[] = "0-{\"9,";
	static char bytes[8192];
	struct resume *r = example();
	size_t len, refused = 0;

	save(r);
	resume_free(r);
	len = file_load(bytes, sizeof(bytes));
	for (size_t i = 0; i < len; i++) {
		char was = bytes[i];

		bytes[i] = with[i % (sizeof(with) - 1)];
		file_store(bytes, len);
		error[0] = '\0';
		r = json_run_load(path, NULL, error);
		refused += r == NULL;
		ck_assert_int_eq(r == NULL, error[0] != '\0');
		resume_free(r);
		bytes[i] = was;
	}
	ck_assert_uint_gt(refused, len / 2);
	unlink(path);
}
END_TEST

/* Replaces the first `from` in the file. */
static void
edit(const char *from, const char *to)
{
	static char bytes[8192], edited[16384];
	size_t len = file_load(bytes, sizeof(bytes) - 1);
	const char *at;

	bytes[len] = '\0';
	at = strstr(bytes, from);
	ck_assert_msg(at != NULL, "%s", from);
	snprintf(edited, sizeof(edited), "%.*s%s%s", (int)(at - bytes), bytes,
	    to, at + strlen(from));
	file_store(edited, strlen(edited));
}

START_TEST(wrong_members_are_named)
{
	static const struct {
		const char *from, *to, *named;
	} cases[] = {
		{ "gantry-run/1", "gantry-run/2", "\"schema\"" },
		{ "\"id\": \"2", "\"id\": \"22222222222222222222222222",
		    "\"id\"" },
		{ "\"packets_sent\": 11", "\"packets_sent\": -1",
		    "\"packets_sent\"" },
		{ "\"care\": \"standard\", ", "", "\"care\"" },
		{ "\"host_rate\": 3", "\"host_rate\": 65", "\"host_rate\"" },
		{ "\"key\": \"00", "\"key\": \"", "\"key\"" },
		{ "\"plan\": \"f", "\"plan\": \"x", "\"plan\"" },
		{ "\"bytes\": 17", "\"bytes\": 18", "\"answered\"" },
		{ "\"bytes\": 17", "\"bytes\": 99999999999", "\"bytes\"" },
		{ "[\"tcp\", 20, 21", "[\"tcp\", 21, 20", "\"ports\"" },
		{ "[\"tcp\", 20, 21", "[\"tcp\", 0, 21", "\"ports\"" },
		{ "[\"tcp\", 20, 21", "[\"sctp\", 20, 21", "\"ports\"" },
		{ "[\"tcp\", 20, 21", "[\"tcp\", 20, 65536", "\"ports\"" },
		{ "[\"tcp\", 658", "[\"tcp\", 65536", "\"tasks\"" },
		{ "\"swept\": true", "\"swept\": 1", "\"swept\"" },
		{ "10.0.0.8", "10.0.0.256", "\"address\"" },
		{ "08:00:20", "08:00:2g", "\"mac\"" },
		{ "\"over\": true", "\"over\": null", "\"over\"" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct resume *r = example();

		snprintf(path, sizeof(path), "/tmp/json-run-XXXXXX");
		save(r);
		resume_free(r);
		edit(cases[i].from, cases[i].to);
		ck_assert_msg(json_run_load(path, NULL, error) == NULL, "%s",
		    cases[i].to);
		ck_assert_msg(strstr(error, cases[i].named) != NULL, "%s: %s",
		    cases[i].to, error);
		unlink(path);
	}
}
END_TEST

START_TEST(what_was_summed_up_is_summed_up_anew)
{
	struct resume *r = example();
	struct fact f = { .address = 0x0a000008, .probe = "dicom" };

	resume_sort(r);
	ck_assert(resume_keeps(r, &f));
	f.probe = "oui";
	ck_assert(resume_keeps(r, &f));
	f.probe = "derive";
	ck_assert(!resume_keeps(r, &f));
	f.probe = "visit"; /* not done with */
	ck_assert(!resume_keeps(r, &f));
	f.address = 0x0a000001; /* done with */
	ck_assert(resume_keeps(r, &f));
	f.probe = "listen";
	ck_assert(!resume_keeps(r, &f));
	resume_free(r);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { all_of_it_comes_back,
		its_key_is_the_owners_alone, what_json_cannot_hold_is_no_file,
		a_missing_file_is_told_apart, no_part_of_it_is_taken_for_it,
		any_byte_may_be_wrong, wrong_members_are_named,
		what_was_summed_up_is_summed_up_anew, NULL };

	return unit_run("json_run", tests);
}
