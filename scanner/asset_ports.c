/* SPDX-License-Identifier: ISC */
/*
 * asset_ports - the table of an asset's ports, from what was said of each.
 *
 * Listed are ports something was said about, and closed and silent ones while
 * they are few; where they are many they stay ranges among the facts, since a
 * table of a thousand refusals helps nobody.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/asset_parts.h"

enum { QUIET_PORTS_MAX = 32, PRODUCT_MAX = 160 };

/* A port under construction. */
struct draft {
	struct asset_port port;
	const struct fact *class_uid, *version, *reject, *greeting, *portmapper;
	/* what the class UID and version tell (derived) */
	const struct fact *maker, *dicom_product, *number, *toolkit;
	const char *programs; /* names behind rpc.answered, else rpc.program */
	bool answered, speaks_rpc, speaks_tls, is_stated;
};

enum { INDEX_FROM = 64, INDEX_SIZE = 2 * 65536 };

struct drafts {
	struct draft *items;
	size_t len, room;
	/* Where a port's draft is, plus 1, TCP before UDP; NULL while they are
	 * few. */
	uint32_t *index;
	struct pool *pool;
};

static uint32_t *
index_of(const struct drafts *d, struct about about)
{
	return &d->index[(about.kind == ABOUT_UDP ? 65536U : 0U) + about.port];
}

static bool
index_make(struct drafts *d)
{
	d->index = calloc(INDEX_SIZE, sizeof(*d->index));
	for (size_t i = 0; d->index != NULL && i < d->len; i++)
		*index_of(d, d->items[i].port.about) = (uint32_t)i + 1;
	return d->index != NULL;
}

static struct draft *
draft_find(const struct drafts *d, struct about about)
{
	if (d->index != NULL) {
		uint32_t at = *index_of(d, about);

		return at != 0 ? &d->items[at - 1] : NULL;
	}
	/* Facts about one port come in a row: look at the newest first. */
	for (size_t i = d->len; i > 0; i--)
		if (about_equal(d->items[i - 1].port.about, about))
			return &d->items[i - 1];
	return NULL;
}

static struct draft *
draft_of(struct drafts *d, struct about about)
{
	struct draft *more = draft_find(d, about);

	if (more != NULL)
		return more;
	if (d->len == INDEX_FROM && !index_make(d))
		return NULL;
	if (d->len == d->room) {
		size_t room = d->room == 0 ? 16 : d->room * 2;

		more = realloc(d->items, room * sizeof(*more));
		if (more == NULL)
			return NULL;
		d->items = more;
		d->room = room;
	}
	d->items[d->len] = (struct draft){
		.port = { .about = about, .service = "", .product = "" }
	};
	if (d->index != NULL)
		*index_of(d, about) = (uint32_t)d->len + 1;
	return &d->items[d->len++];
}

/* Of two states told of one port the one that says more stands. */
static int
strength(enum port_state state)
{
	static const int order[] = {
		[PORT_UNPROBED] = 0,
		[PORT_FILTERED] = 1,
		[PORT_OPEN_FILTERED] = 2,
		[PORT_CLOSED] = 3,
		[PORT_OPEN] = 4,
	};

	return order[state];
}

static void
take_state(struct draft *d, enum port_state state)
{
	if (strength(state) > strength(d->port.state))
		d->port.state = state;
}

/* "100004 ypserv v1-2" -> "ypserv v1-2"; a number without a name stays. */
static const char *
program_name(const char *value)
{
	const char *name = value + strspn(value, "0123456789");

	if (name == value || name[0] != ' ' || name[1] == '\0')
		return value;
	if (name[1] == 'v' && strspn(name + 2, "0123456789-,") > 0)
		return value;
	return name + 1;
}

static void
take_program(struct drafts *all, struct draft *d, const struct fact *f)
{
	bool answered = f->key == FACT_RPC_ANSWERED;
	const char *name = program_name(f->value);

	if (d->answered && !answered)
		return; /* what answered is worth more than what is listed */
	if (d->programs == NULL || (answered && !d->answered))
		d->programs = name;
	else if (strstr(d->programs, name) == NULL &&
	    strlen(d->programs) + strlen(name) < PRODUCT_MAX)
		d->programs =
		    pool_printf(all->pool, "%s, %s", d->programs, name);
	d->answered |= answered;
}

static void
keep_first(const struct fact **slot, const struct fact *f)
{
	if (*slot == NULL)
		*slot = f;
}

static void
take_fact(struct drafts *all, struct draft *d, const struct fact *f)
{
	switch (f->key) {
	case FACT_PORT_STATE:
		take_state(d, port_state_find(f->value));
		d->is_stated = true;
		break;
	case FACT_PORT_SPEAKS:
		if (d->port.service[0] == '\0')
			d->port.service = f->value;
		if (f->about.kind == ABOUT_TCP)
			take_state(d, PORT_OPEN);
		break;
	case FACT_TCP_WINDOW: /* of a SYN-ACK: somebody listens */
		take_state(d, PORT_OPEN);
		break;
	case FACT_TLS_VERSION:
		d->speaks_tls = true;
		break;
	case FACT_RPC_SPEAKS:
		d->speaks_rpc |= strcmp(f->value, "yes") == 0;
		break;
	case FACT_RPC_ANSWERED:
	case FACT_RPC_PROGRAM:
		take_program(all, d, f);
		break;
	case FACT_RPC_PORTMAPPER:
		keep_first(&d->portmapper, f);
		break;
	case FACT_DICOM_CLASS_UID:
		keep_first(&d->class_uid, f);
		break;
	case FACT_DICOM_VERSION:
		keep_first(&d->version, f);
		break;
	case FACT_DICOM_MAKER:
		keep_first(&d->maker, f);
		break;
	case FACT_DICOM_PRODUCT:
		keep_first(&d->dicom_product, f);
		break;
	case FACT_DICOM_PRODUCT_VERSION:
		keep_first(&d->number, f);
		break;
	case FACT_DICOM_TOOLKIT:
		keep_first(&d->toolkit, f);
		break;
	case FACT_DICOM_REJECT:
		keep_first(&d->reject, f);
		break;
	case FACT_FTP_GREETING:
	case FACT_SMTP_GREETING:
	case FACT_SSH_GREETING:
	case FACT_TELNET_GREETING:
	case FACT_POP3_GREETING:
	case FACT_IMAP_GREETING:
	case FACT_VNC_GREETING:
	case FACT_MYSQL_GREETING:
	case FACT_HTTP_SERVER:
	case FACT_HTTP_TITLE:
	case FACT_SNMP_SYSDESCR:
	case FACT_NETBIOS_NAME:
	case FACT_GREETING:
		keep_first(&d->greeting, f);
		break;
	default:
		break;
	}
}

/* "Siemens MAGNETOM syngo MR VB17A: ", "synedra AIM on DCMTK 3.6.0: ", or "". */
static const char *
implementation(const struct draft *d, struct pool *pool)
{
	const struct fact *parts[] = { d->maker, d->dicom_product, d->number };
	const char *text = "";

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i] != NULL)
			text = pool_printf(pool, "%s%s%s", text,
			    text[0] != '\0' ? " " : "", parts[i]->value);
	if (d->toolkit != NULL)
		text = pool_printf(pool, "%s%s%s", text,
		    text[0] != '\0' ? " on " : "", d->toolkit->value);
	return text[0] != '\0' ? pool_printf(pool, "%s: ", text) : "";
}

static const char *
product(const struct draft *d, struct pool *pool)
{
	const char *known = implementation(d, pool);

	if (d->class_uid != NULL && d->version != NULL)
		return pool_printf(pool, "%s%s, class %s", known,
		    d->version->value, d->class_uid->value);
	if (d->class_uid != NULL)
		return pool_printf(
		    pool, "%sclass %s", known, d->class_uid->value);
	if (d->version != NULL)
		return pool_printf(pool, "%s%s", known, d->version->value);
	if (d->reject != NULL)
		return d->reject->value;
	if (d->programs != NULL)
		return d->programs;
	if (d->portmapper != NULL)
		return "portmapper";
	return d->greeting != NULL ? d->greeting->value : "";
}

/* Calls add for every port of a list such as "21,600-654".  Returns how many
 * there are; a list that was cut counts as too many. */
static size_t
for_ports(const char *list, void (*add)(void *arg, uint16_t port), void *arg)
{
	size_t n = 0;

	while (*list != '\0') {
		char *end;
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (end == list || first > UINT16_MAX)
			return n + QUIET_PORTS_MAX + 1;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (last < first || last > UINT16_MAX)
			return n + QUIET_PORTS_MAX + 1;
		n += last - first + 1;
		for (unsigned long p = first; add != NULL && p <= last; p++)
			add(arg, (uint16_t)p);
		list = *end == ',' ? end + 1 : end;
	}
	return n;
}

static bool
is_port_list(enum fact_key key)
{
	return key == FACT_PORTS_CLOSED || key == FACT_PORTS_FILTERED;
}

struct listing {
	struct drafts *drafts;
	enum port_state state;
	bool failed;
};

static void
add_port(void *arg, uint16_t port)
{
	struct listing *q = arg;
	struct draft *d = draft_of(
	    q->drafts, (struct about){ .kind = ABOUT_TCP, .port = port });

	if (d == NULL)
		q->failed = true;
	else
		take_state(d, q->state);
}

/* Lists the ports told as ranges: those that accepted, and those that refused
 * or kept silent while they are few. */
static bool
add_listed_ports(struct drafts *drafts, const struct asset *a)
{
	struct listing q = { .drafts = drafts };
	size_t n = 0;

	q.state = PORT_OPEN;
	for (size_t i = 0; i < a->facts_len; i++)
		if (a->facts[i]->key == FACT_PORTS_OPEN)
			for_ports(a->facts[i]->value, add_port, &q);
	for (size_t i = 0; i < a->facts_len; i++)
		if (is_port_list(a->facts[i]->key))
			n += for_ports(a->facts[i]->value, NULL, NULL);
	for (size_t i = 0; i < a->facts_len && n <= QUIET_PORTS_MAX; i++) {
		if (!is_port_list(a->facts[i]->key))
			continue;
		q.state = a->facts[i]->key == FACT_PORTS_CLOSED ? PORT_CLOSED
								: PORT_FILTERED;
		for_ports(a->facts[i]->value, add_port, &q);
	}
	return !q.failed;
}

/* Was it said to be closed or silent, and nothing else? */
static bool
is_quiet(const struct draft *d)
{
	return d->is_stated &&
	    (d->port.state == PORT_CLOSED || d->port.state == PORT_FILTERED) &&
	    d->programs == NULL && d->port.service[0] == '\0';
}

static int
compare_port(const void *pa, const void *pb)
{
	const struct asset_port *a = pa, *b = pb;

	if (a->about.kind != b->about.kind)
		return a->about.kind > b->about.kind ? 1 : -1;
	return (int)a->about.port - (int)b->about.port;
}

static bool
finish(struct asset *a, struct drafts *all)
{
	size_t quiet = 0;

	for (size_t i = 0; i < all->len; i++)
		quiet += is_quiet(&all->items[i]);
	a->ports = calloc(all->len + 1, sizeof(*a->ports));
	if (a->ports == NULL)
		return false;
	for (size_t i = 0; i < all->len; i++) {
		struct draft *d = &all->items[i];

		if (quiet > QUIET_PORTS_MAX && is_quiet(d))
			continue;
		if (d->port.service[0] == '\0' &&
		    (d->speaks_rpc || d->answered))
			d->port.service = "rpc";
		if (d->port.service[0] == '\0' && d->speaks_tls)
			d->port.service = "tls";
		d->port.product = product(d, all->pool);
		a->ports[a->ports_len++] = d->port;
	}
	qsort(a->ports, a->ports_len, sizeof(*a->ports), compare_port);
	return true;
}

bool
asset_find_ports(struct asset *a, struct pool *pool)
{
	struct drafts all = { .pool = pool };
	bool ok = true;

	for (size_t i = 0; i < a->facts_len && ok; i++) {
		const struct fact *f = a->facts[i];
		struct draft *d;

		if (f->about.kind == ABOUT_HOST)
			continue;
		d = draft_of(&all, f->about);
		ok = d != NULL;
		if (ok)
			take_fact(&all, d, f);
	}
	ok = ok && add_listed_ports(&all, a) && finish(a, &all);
	free(all.items);
	free(all.index);
	return ok;
}
