/* SPDX-License-Identifier: ISC */
/*
 * json_run - run.json: its writer, then its reader.
 *
 * Fields of bits stand in the short hex of bitstext.h; ports of a host that
 * are next to each other and equal in all else stand in one line.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json_run.h"
#include "reports/report.h"
#include "scanner/bitstext.h"
#include "scanner/text.h"

/* The plain members, once for both. */
#define RUN_SCHEMA "gantry-run/1"

/* struct run */
#define RUN_COUNTERS            \
	COUNTER(packets_sent)   \
	COUNTER(frames_read)    \
	COUNTER(frames_dropped) \
	COUNTER(frames_broken)  \
	COUNTER(talks)          \
	COUNTER(hosts_probed)   \
	COUNTER(facts_dropped)

/* struct options */
#define ASKED_TEXTS        \
	TEXT(ports)        \
	TEXT(scope_file)   \
	TEXT(care)         \
	TEXT(interface)    \
	TEXT(source)       \
	TEXT(called_ae)    \
	TEXT(calling_ae)   \
	TEXT(nis_domain)   \
	TEXT(community)    \
	TEXT(fingerprints) \
	TEXT(site)         \
	TEXT(db)           \
	TEXT(segment)
#define ASKED_FLAGS       \
	FLAG(assume_up)   \
	FLAG(bedside)     \
	FLAG(no_reserved) \
	FLAG(states_only) \
	FLAG(is_transient)

/* struct visit_position */
#define VISIT_NUMBERS     \
	NUMBER(round)     \
	NUMBER(spoke)     \
	NUMBER(mute)      \
	NUMBER(stalls)    \
	NUMBER(trap_asks) \
	NUMBER(packets_peak)
#define VISIT_FLAGS         \
	FLAG(echo_due)      \
	FLAG(swept)         \
	FLAG(begun)         \
	FLAG(is_known)      \
	FLAG(echo_answered) \
	FLAG(wants_canary)  \
	FLAG(in_hand)

/* --- the writer -------------------------------------------------------- */

static json_t *
integer(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *
hex(const uint8_t *bytes, size_t len)
{
	char text[2 * RESUME_KEY + 1];

	text_hex(text, sizeof(text), bytes, len);
	return json_string(text);
}

static json_t *
bits(const uint8_t *bytes, size_t len)
{
	char *text = bits_text(bytes, len);
	json_t *j = text != NULL ? json_string_nocheck(text) : NULL;

	free(text);
	return j;
}

/* A file's name need not be UTF-8; then the writing fails, rather than that
 * a name is left out. */
static json_t *
words(const char *const *list, size_t n)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n && j != NULL; i++)
		if (json_array_append_new(j, json_string_nocheck(list[i])) !=
		    0) {
			json_decref(j);
			return NULL;
		}
	return j;
}

static json_t *
counters(const struct run *r)
{
	json_t *j = json_object();

#define COUNTER(name) json_object_set_new(j, #name, integer(r->name));
	RUN_COUNTERS
#undef COUNTER
	json_object_set_new(j, "listened_s", json_real(r->listened_s));
	return j;
}

static json_t *
halts(const struct run *r)
{
	json_t *j = json_array();

	for (size_t i = 0; i < r->halted_len; i++) {
		const struct run_halt *h = &r->halted[i];
		char text[NET_IPV4_TEXT];

		json_array_append_new(j,
		    json_pack("{s:s, s:I, s:s}", "address",
			ipv4_text(h->address, text), "time_ns",
			(json_int_t)h->time_ns, "reason", h->reason));
	}
	return j;
}

static json_t *
unknown(const struct run *r)
{
	json_t *j = json_array();

	for (size_t i = 0; i < r->unknown_len; i++) {
		char text[NET_IPV4_TEXT];

		json_array_append_new(j,
		    json_pack("[s, s]", ipv4_text(r->unknown[i].address, text),
			r->unknown[i].what));
	}
	return j;
}

static json_t *
asked(const struct options *o)
{
	json_t *j = json_pack("{s:o, s:o, s:f, s:f, s:i, s:f, s:i}", "targets",
	    words(o->words, o->words_len), "exclude",
	    words(o->exclude, o->exclude_len), "rate", o->rate, "segment_rate",
	    o->segment_rate, "host_rate", (int)o->host_rate, "listen_s",
	    o->listen_s, "gone_after", (int)o->silent_runs);

#define TEXT(name)           \
	if (o->name != NULL) \
		json_object_set_new(j, #name, json_string_nocheck(o->name));
	ASKED_TEXTS
#undef TEXT
#define FLAG(name) json_object_set_new(j, #name, json_boolean(o->name));
	ASKED_FLAGS
#undef FLAG
	return j;
}

static json_t *
sweep(const struct sweep_position *p)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "round",
	    integer(p->round), "index", integer(p->index), "done",
	    integer(p->done), "bytes", integer(p->answered_len), "answered",
	    bits(p->answered, p->answered_len));
}

static json_t *
shots(const struct resume *r)
{
	const struct shots_position *p = &r->shots;

	if (!r->has_shots)
		return json_null();
	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "round", (int)p->round, "at", integer(p->at), "asked",
	    integer(p->asked), "heard", integer(p->heard), "done",
	    integer(p->done), "bytes", integer(p->len), "answered",
	    bits(p->answered, p->len), "open", bits(p->open, p->len), "hosts",
	    bits(r->shot_at, r->sweep.answered_len));
}

static bool
follows(const struct visit_port *a, const struct visit_port *b)
{
	return b->port == a->port + 1 && a->via_udp == b->via_udp &&
	    a->state == b->state && a->talks == b->talks &&
	    a->spoke_rpc == b->spoke_rpc;
}

/* [transport, first, last, state, talks, spoke RPC] */
static json_t *
ports(const struct visit_position *v)
{
	json_t *j = json_array();

	for (size_t i = 0, end; i < v->ports_len; i = end + 1) {
		const struct visit_port *p = &v->ports[i];

		for (end = i; end + 1 < v->ports_len; end++)
			if (!follows(&v->ports[end], &v->ports[end + 1]))
				break;
		json_array_append_new(j,
		    json_pack("[s, i, i, s, i, b]", p->via_udp ? "udp" : "tcp",
			p->port, v->ports[end].port, port_state_text(p->state),
			p->talks, p->spoke_rpc));
	}
	return j;
}

/* [transport, port, tries, program, version, canary, trap] */
static json_t *
tasks(const struct visit_position *v)
{
	json_t *j = json_array();

	for (size_t i = 0; i < v->tasks_len; i++) {
		const struct visit_task *t = &v->tasks[i];

		json_array_append_new(j,
		    json_pack("[s, i, i, I, I, b, b]",
			t->via_udp ? "udp" : "tcp", t->port, t->tries,
			(json_int_t)t->guess.program,
			(json_int_t)t->guess.version, t->is_canary,
			t->is_trap_ask));
	}
	return j;
}

static json_t *
visit(const struct visit_position *v)
{
	json_t *j = json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "rtt_ns",
	    (json_int_t)v->rtt_ns, "talked_ns", (json_int_t)v->talked_ns,
	    "wasted_ns", (json_int_t)v->wasted_ns, "packets",
	    (json_int_t)v->packets, "plan_at", (json_int_t)v->plan_at, "ports",
	    ports(v), "tasks", tasks(v));

#define NUMBER(name) json_object_set_new(j, #name, integer(v->name));
	VISIT_NUMBERS
#undef NUMBER
#define FLAG(name) json_object_set_new(j, #name, json_boolean(v->name));
	VISIT_FLAGS
#undef FLAG
	return j;
}

static json_t *
host(const struct resume_host *h)
{
	char address[NET_IPV4_TEXT], mac[NET_MAC_TEXT];
	json_t *j = json_pack("{s:s, s:s?, s:b}", "address",
	    ipv4_text(h->address, address), "mac",
	    mac_is_known(h->mac) ? mac_text(h->mac, mac) : NULL, "over",
	    h->is_over);

	if (!h->is_over)
		json_object_set_new(j, "waiting", json_boolean(h->is_waiting));
	if (h->has_begun)
		json_object_set_new(j, "visit", visit(&h->visit));
	return j;
}

static json_t *
hosts(const struct resume *r)
{
	json_t *j = json_array();

	for (size_t i = 0; i < r->hosts_len; i++)
		if (json_array_append_new(j, host(&r->hosts[i])) != 0) {
			json_decref(j);
			return NULL;
		}
	return j;
}

static json_t *
whole(const struct resume *r)
{
	char plan[20];

	snprintf(plan, sizeof(plan), "%016" PRIx64, r->plan);
	return json_pack("{s:s, s:s, s:s, s:I, s:s, s:o, s:o, s:o, s:o, s:s,"
			 " s:I, s:o, s:b, s:o, s:o, s:o, s:I}",
	    "schema", RUN_SCHEMA, "id", r->run.id, "site", r->run.site,
	    "started_ns", (json_int_t)r->run.started_ns, "outcome",
	    run_outcome_text(r->run.outcome), "counters", counters(&r->run),
	    "halted", halts(&r->run), "asked", asked(&r->asked), "key",
	    hex(r->key, sizeof(r->key)), "plan", plan, "talks_begun",
	    (json_int_t)r->talks_begun, "sweep", sweep(&r->sweep),
	    "states_known", r->states_known, "shots", shots(r), "hosts",
	    hosts(r), "unknown", unknown(&r->run), "diary",
	    (json_int_t)r->diary);
}

static bool
write_run(const void *arg, FILE *out)
{
	json_t *j = whole(arg);
	bool ok;

	errno = j != NULL ? EILSEQ : ENOMEM; /* where nothing else says why */
	if (j == NULL)
		return false;
	ok = json_dumpf(j, out, JSON_PRESERVE_ORDER) == 0 &&
	    fputc('\n', out) != EOF;
	json_decref(j);
	return ok;
}

bool
json_run_save(const struct resume *resume, const char *path)
{
	return report_save_aside(path, 0600, write_run, resume);
}

/* --- the reader -------------------------------------------------------- */

enum { ONE_FILE_MAX = 256 << 20, NOTED_MAX = 2 * 65536 };

/* The first thing that is wrong stays in `wrong`; all goes on until then. */
struct reading {
	struct resume *r;
	const char *wrong; /* a member's name, or NULL */
};

static json_t *
member(struct reading *in, json_t *j, const char *name, json_type type)
{
	json_t *m = json_object_get(j, name);

	if (m != NULL && json_typeof(m) == type)
		return m;
	if (in->wrong == NULL)
		in->wrong = name;
	return NULL;
}

static uint64_t
number(struct reading *in, json_t *j, const char *name, uint64_t most)
{
	json_t *m = member(in, j, name, JSON_INTEGER);
	json_int_t n = json_integer_value(m);

	if (m != NULL && n >= 0 && (uint64_t)n <= most)
		return (uint64_t)n;
	if (in->wrong == NULL)
		in->wrong = name;
	return 0;
}

static bool
flag(struct reading *in, json_t *j, const char *name)
{
	json_t *m = json_object_get(j, name);

	if (!json_is_boolean(m) && in->wrong == NULL)
		in->wrong = name;
	return json_is_true(m);
}

static double
real(struct reading *in, json_t *j, const char *name)
{
	json_t *m = json_object_get(j, name);

	if (!json_is_number(m) && in->wrong == NULL)
		in->wrong = name;
	return json_number_value(m);
}

/* Returns a text of the tree, "" where it is wrong. */
static const char *
text(struct reading *in, json_t *j, const char *name)
{
	json_t *m = member(in, j, name, JSON_STRING);

	return m != NULL ? json_string_value(m) : "";
}

static void
is_wrong(struct reading *in, const char *name)
{
	if (in->wrong == NULL)
		in->wrong = name;
}

static void *
own(struct reading *in, void *memory, const char *name)
{
	void *kept = resume_own(in->r, memory);

	if (kept == NULL)
		is_wrong(in, name);
	return kept;
}

static void
copy_text(
    struct reading *in, json_t *j, const char *name, char *out, size_t size)
{
	const char *s = text(in, j, name);

	if ((size_t)snprintf(out, size, "%s", s) >= size)
		is_wrong(in, name);
}

static const uint8_t *
read_bits(struct reading *in, json_t *j, const char *name, size_t len)
{
	const char *s = text(in, j, name);
	uint8_t *bytes;

	if (in->wrong != NULL)
		return NULL;
	bytes = own(in, malloc(len), name);
	if (bytes != NULL && !bits_parse(s, bytes, len))
		is_wrong(in, name);
	return bytes;
}

static void
read_words(struct reading *in, json_t *j, const char *name, const char ***out,
    size_t *len)
{
	json_t *list = member(in, j, name, JSON_ARRAY), *item;
	size_t n = json_array_size(list), i;

	*out = calloc(n + 1, sizeof(**out));
	if (*out == NULL || n > OPTIONS_LIST_MAX) {
		is_wrong(in, name);
		return;
	}
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item)) {
			is_wrong(in, name);
			return;
		}
		(*out)[(*len)++] =
		    own(in, strdup(json_string_value(item)), name);
	}
}

static void
read_asked(struct reading *in, json_t *j)
{
	struct options *o = &in->r->asked;

	read_words(in, j, "targets", &o->words, &o->words_len);
	read_words(in, j, "exclude", &o->exclude, &o->exclude_len);
	o->rate = real(in, j, "rate");
	o->segment_rate = real(in, j, "segment_rate");
	o->listen_s = real(in, j, "listen_s");
	o->host_rate = (unsigned)number(in, j, "host_rate", 64);
	o->silent_runs = (unsigned)number(in, j, "gone_after", 1000);
#define TEXT(name)                             \
	if (json_object_get(j, #name) != NULL) \
		o->name = own(in, strdup(text(in, j, #name)), #name);
	ASKED_TEXTS
#undef TEXT
#define FLAG(name) o->name = flag(in, j, #name);
	ASKED_FLAGS
#undef FLAG
	if (o->care == NULL || o->calling_ae == NULL)
		is_wrong(in, "care");
}

static void
read_halts(struct reading *in, json_t *j)
{
	struct run *r = &in->r->run;
	json_t *item;
	size_t i;

	r->halted = calloc(json_array_size(j) + 1, sizeof(*r->halted));
	if (r->halted == NULL) {
		is_wrong(in, "halted");
		return;
	}
	json_array_foreach(j, i, item)
	{
		struct run_halt *h = &r->halted[r->halted_len++];

		h->time_ns = (int64_t)number(in, item, "time_ns", INT64_MAX);
		if (!ipv4_parse(text(in, item, "address"), &h->address))
			is_wrong(in, "address");
		copy_text(in, item, "reason", h->reason, sizeof(h->reason));
	}
}

static void
read_unknown(struct reading *in, json_t *j)
{
	struct run *r = &in->r->run;
	json_t *item;
	size_t i;

	r->unknown = calloc(json_array_size(j) + 1, sizeof(*r->unknown));
	if (r->unknown == NULL) {
		is_wrong(in, "unknown");
		return;
	}
	json_array_foreach(j, i, item)
	{
		struct run_unknown *u = &r->unknown[r->unknown_len++];
		const char *address, *what;

		if (json_unpack(item, "[s, s!]", &address, &what) != 0 ||
		    !ipv4_parse(address, &u->address) ||
		    strlen(what) >= sizeof(u->what)) {
			is_wrong(in, "unknown");
			return;
		}
		snprintf(u->what, sizeof(u->what), "%s", what);
	}
}

static void
read_run(struct reading *in, json_t *j)
{
	struct run *r = &in->r->run;
	json_t *c = member(in, j, "counters", JSON_OBJECT);

	copy_text(in, j, "id", r->id, sizeof(r->id));
	copy_text(in, j, "site", r->site, sizeof(r->site));
	r->started_ns = (int64_t)number(in, j, "started_ns", INT64_MAX);
#define COUNTER(name) r->name = number(in, c, #name, INT64_MAX);
	RUN_COUNTERS
#undef COUNTER
	r->listened_s = real(in, c, "listened_s");
	read_halts(in, member(in, j, "halted", JSON_ARRAY));
	read_unknown(in, member(in, j, "unknown", JSON_ARRAY));
}

/* Its length is the address space's: 512 MiB of bits at the very most. */
static size_t
bits_length(struct reading *in, json_t *j, const char *name)
{
	return (size_t)number(in, j, name, (UINT64_C(1) << 29) + 1);
}

static void
read_sweep(struct reading *in, json_t *j)
{
	struct sweep_position *p = &in->r->sweep;

	p->round = number(in, j, "round", 64);
	p->index = number(in, j, "index", INT64_MAX);
	p->done = number(in, j, "done", INT64_MAX);
	p->answered_len = bits_length(in, j, "bytes");
	p->answered = read_bits(in, j, "answered", p->answered_len);
}

static void
read_shots(struct reading *in, json_t *j)
{
	struct shots_position *p = &in->r->shots;

	in->r->has_shots = json_is_object(j);
	if (!in->r->has_shots)
		return;
	p->round = (unsigned)number(in, j, "round", 64);
	p->at = number(in, j, "at", INT64_MAX);
	p->asked = number(in, j, "asked", INT64_MAX);
	p->heard = number(in, j, "heard", INT64_MAX);
	p->done = number(in, j, "done", INT64_MAX);
	p->len = bits_length(in, j, "bytes");
	p->answered = read_bits(in, j, "answered", p->len);
	p->open = read_bits(in, j, "open", p->len);
	in->r->shot_at = read_bits(in, j, "hosts", in->r->sweep.answered_len);
}

static bool
is_transport(const char *s, bool *via_udp)
{
	*via_udp = strcmp(s, "udp") == 0;
	return *via_udp || strcmp(s, "tcp") == 0;
}

/* One line of ports: as many entries as it spans. */
static bool
read_span(struct visit_position *v, size_t room, json_t *line)
{
	const char *transport, *state;
	int first, last, talks, rpc;
	struct visit_port p = { 0 };

	if (json_unpack(line, "[s, i, i, s, i, b!]", &transport, &first, &last,
		&state, &talks, &rpc) != 0 ||
	    !is_transport(transport, &p.via_udp) || first < 1 || last < first ||
	    last > UINT16_MAX || talks < 0 || talks > UINT8_MAX ||
	    v->ports_len + (size_t)(last - first) >= room)
		return false;
	p.state = port_state_find(state);
	p.talks = (uint8_t)talks;
	p.spoke_rpc = rpc;
	for (int port = first; port <= last; port++) {
		p.port = (uint16_t)port;
		v->ports[v->ports_len++] = p;
	}
	return true;
}

/* How many ports the lines span, as far as that is sane. */
static size_t
count_ports(json_t *list)
{
	json_int_t n = 0;
	json_t *line;
	size_t i;

	json_array_foreach(list, i, line)
	{
		json_int_t first = json_integer_value(json_array_get(line, 1));
		json_int_t last = json_integer_value(json_array_get(line, 2));

		if (first < 1 || last < first || last > UINT16_MAX ||
		    n > NOTED_MAX)
			return 0;
		n += last - first + 1;
	}
	return (size_t)n;
}

static void
read_ports(struct reading *in, struct visit_position *v, json_t *list)
{
	size_t i, room = count_ports(list);
	json_t *line;

	v->ports = calloc(room + 1, sizeof(*v->ports));
	if (v->ports == NULL || (room == 0 && json_array_size(list) > 0)) {
		is_wrong(in, "ports");
		return;
	}
	json_array_foreach(list, i, line) if (!read_span(v, room, line))
	    is_wrong(in, "ports");
}

static bool
read_task(struct visit_task *t, json_t *line)
{
	const char *transport;
	int port, tries, canary, trap;
	json_int_t program, version;

	if (json_unpack(line, "[s, i, i, I, I, b, b!]", &transport, &port,
		&tries, &program, &version, &canary, &trap) != 0 ||
	    !is_transport(transport, &t->via_udp) || port < 1 ||
	    port > UINT16_MAX || tries < 0 || tries > UINT8_MAX ||
	    program < 0 || program > UINT32_MAX || version < 0 ||
	    version > UINT32_MAX)
		return false;
	t->port = (uint16_t)port;
	t->tries = (uint8_t)tries;
	t->guess.program = (uint32_t)program;
	t->guess.version = (uint32_t)version;
	t->is_canary = canary;
	t->is_trap_ask = trap;
	return true;
}

static void
read_tasks(struct reading *in, struct visit_position *v, json_t *list)
{
	json_t *line;
	size_t i;

	v->tasks = calloc(json_array_size(list) + 1, sizeof(*v->tasks));
	if (v->tasks == NULL || json_array_size(list) > VISIT_TASKS_MAX + 1) {
		is_wrong(in, "tasks");
		return;
	}
	json_array_foreach(
	    list, i, line) if (!read_task(&v->tasks[v->tasks_len++], line))
	    is_wrong(in, "tasks");
}

static void
read_visit(struct reading *in, struct visit_position *v, json_t *j)
{
	v->rtt_ns = (int64_t)number(in, j, "rtt_ns", INT64_MAX / 8);
	v->talked_ns = (int64_t)number(in, j, "talked_ns", INT64_MAX / 2);
	v->wasted_ns = (int64_t)number(in, j, "wasted_ns", INT64_MAX / 2);
	v->packets = (uint32_t)number(in, j, "packets", UINT32_MAX);
	v->plan_at = number(in, j, "plan_at", UINT16_MAX + 1);
	read_ports(in, v, member(in, j, "ports", JSON_ARRAY));
	read_tasks(in, v, member(in, j, "tasks", JSON_ARRAY));
#define NUMBER(name) v->name = (unsigned)number(in, j, #name, UINT32_MAX);
	VISIT_NUMBERS
#undef NUMBER
#define FLAG(name) v->name = flag(in, j, #name);
	VISIT_FLAGS
#undef FLAG
}

static void
read_host(struct reading *in, struct resume_host *h, json_t *j)
{
	json_t *mac = json_object_get(j, "mac");
	json_t *v = json_object_get(j, "visit");

	if (!ipv4_parse(text(in, j, "address"), &h->address))
		is_wrong(in, "address");
	if (json_is_string(mac) && !mac_parse(json_string_value(mac), &h->mac))
		is_wrong(in, "mac");
	h->is_over = flag(in, j, "over");
	if (!h->is_over)
		h->is_waiting = flag(in, j, "waiting");
	h->has_begun = v != NULL;
	if (v != NULL)
		read_visit(in, &h->visit, v);
}

static void
read_hosts(struct reading *in, json_t *list)
{
	struct resume *r = in->r;
	json_t *item;
	size_t i;

	r->hosts = calloc(json_array_size(list) + 1, sizeof(*r->hosts));
	if (r->hosts == NULL) {
		is_wrong(in, "hosts");
		return;
	}
	json_array_foreach(list, i, item)
	{
		read_host(in, &r->hosts[r->hosts_len++], item);
		if (in->wrong != NULL)
			return;
	}
}

static void
read_key(struct reading *in, json_t *j)
{
	const char *plan = text(in, j, "plan");
	char *end;

	if (!bits_parse(text(in, j, "key"), in->r->key, RESUME_KEY))
		is_wrong(in, "key");
	in->r->plan = strtoull(plan, &end, 16);
	if (end == plan || *end != '\0')
		is_wrong(in, "plan");
}

static void
read_whole(struct reading *in, json_t *j)
{
	if (strcmp(text(in, j, "schema"), RUN_SCHEMA) != 0)
		is_wrong(in, "schema");
	read_run(in, j);
	read_asked(in, member(in, j, "asked", JSON_OBJECT));
	read_key(in, j);
	in->r->diary = (uint32_t)number(in, j, "diary", UINT32_MAX);
	in->r->talks_begun = (uint32_t)number(in, j, "talks_begun", UINT32_MAX);
	read_sweep(in, member(in, j, "sweep", JSON_OBJECT));
	in->r->states_known = flag(in, j, "states_known");
	read_shots(in, json_object_get(j, "shots"));
	read_hosts(in, member(in, j, "hosts", JSON_ARRAY));
	resume_sort(in->r);
}

static bool
is_sane_size(FILE *f)
{
	long size;

	if (fseek(f, 0, SEEK_END) != 0)
		return false;
	size = ftell(f);
	rewind(f);
	return size >= 0 && size <= ONE_FILE_MAX;
}

/* Returns the file as a tree, or NULL and a line. */
static json_t *
load(const char *path, bool *missing, char error[static RESUME_ERROR])
{
	FILE *f = fopen(path, "re");
	json_error_t why;
	json_t *j;

	*missing = f == NULL && errno == ENOENT;
	if (f == NULL) {
		snprintf(
		    error, RESUME_ERROR, "%.200s: %s", path, strerror(errno));
		return NULL;
	}
	if (!is_sane_size(f)) {
		snprintf(error, RESUME_ERROR, "%.200s: too large", path);
		fclose(f);
		return NULL;
	}
	j = json_loadf(f, JSON_REJECT_DUPLICATES, &why);
	fclose(f);
	if (j == NULL)
		snprintf(error, RESUME_ERROR, "%.200s:%d: %.100s", path,
		    why.line, why.text);
	return j;
}

struct resume *
json_run_load(const char *path, bool *missing, char error[static RESUME_ERROR])
{
	struct reading in = { .wrong = NULL };
	bool none;
	json_t *j = load(path, missing != NULL ? missing : &none, error);

	if (j == NULL)
		return NULL;
	in.r = resume_new();
	if (in.r == NULL)
		in.wrong = "schema";
	else
		read_whole(&in, j);
	json_decref(j);
	if (in.wrong == NULL)
		return in.r;
	snprintf(error, RESUME_ERROR,
	    "%.200s: \"%s\" is not what this version of gantry writes", path,
	    in.wrong);
	resume_free(in.r);
	return NULL;
}
