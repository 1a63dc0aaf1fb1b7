/* SPDX-License-Identifier: ISC */
/* sshkey: who is asked for a host key, how, and what is made of the answer. */
#include "probes/sshkey.h"
#include "t/converse.h"

#define NAME "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"
#define KINDS "curve25519-sha256,ecdh-sha2-nistp256"
/* Of the key below, as sha256sum and base64 tell it. */
#define SUM "LgZpRzWEAbVvBimxTv69/UB88PD8jyOSDqfozr+iNX0"

enum { ROOM = 1024, IGNORE = 2, KEXINIT = 20, POINT = 30, REPLY = 31 };

static struct converse c;
static const struct ask ask = { .cookie = 0x01020304, .port = 22 };

static void
put_string(struct wr *w, const void *bytes, size_t len)
{
	wr_u32(w, (uint32_t)len);
	wr_bytes(w, bytes, len);
}

/* A packet of the peer's, with as little padding as it may have. */
static void
put_packet(struct wr *w, const struct wr *payload)
{
	uint8_t padding = (uint8_t)(8 - (5 + payload->used) % 8);

	if (padding < 4)
		padding = (uint8_t)(padding + 8);
	wr_u32(w, (uint32_t)(1 + payload->used + padding));
	wr_u8(w, padding);
	wr_bytes(w, payload->at - payload->used, payload->used);
	wr_bytes(w, "paddingpadding", padding);
}

static void
put_kexinit(struct wr *out, const char *methods)
{
	uint8_t room[ROOM];
	struct wr w = { .at = room, .left = sizeof(room) };

	wr_u8(&w, KEXINIT);
	wr_bytes(&w, "0123456789abcdef", 16);
	put_string(&w, methods, strlen(methods));
	put_string(&w, "ssh-ed25519", 11);
	for (int i = 0; i < 8; i++)
		put_string(&w, "none", 4);
	wr_u8(&w, 0);
	wr_u32(&w, 0);
	put_packet(out, &w);
}

static void
put_reply(struct wr *out, const char *kind)
{
	uint8_t room[ROOM], key[ROOM], point[32];
	struct wr w = { .at = room, .left = sizeof(room) };
	struct wr k = { .at = key, .left = sizeof(key) };

	memset(point, 0x42, sizeof(point));
	put_string(&k, kind, strlen(kind));
	put_string(&k, point, sizeof(point));
	wr_u8(&w, REPLY);
	put_string(&w, key, k.used);
	put_string(&w, point, sizeof(point));
	put_string(&w, "a signature nobody looks at", 27);
	put_packet(out, &w);
}

static void
put_ignore(struct wr *out)
{
	uint8_t room[ROOM];
	struct wr w = { .at = room, .left = sizeof(room) };

	wr_u8(&w, IGNORE);
	put_string(&w, "cover", 5);
	put_packet(out, &w);
}

/* Returns the message number of the packet at s, which must be a whole one and
 * be followed by nothing. */
static int
only_packet(const uint8_t *s, size_t len)
{
	struct rd r = { .at = s, .left = len };
	uint32_t rest = rd_u32(&r);
	uint8_t padding = rd_u8(&r);

	ck_assert_uint_eq(rest + 4, len);
	ck_assert_uint_eq(len % 8, 0);
	ck_assert_uint_ge(padding, 4);
	return rd_u8(&r);
}

static enum step
hear(const char *name)
{
	converse_open(&c, &probe_greeting, &ask);
	ck_assert_uint_eq(c.said_len, 0);
	return converse_hear(&c, name, strlen(name));
}

START_TEST(only_those_that_can_spare_it_are_asked)
{
	static const struct {
		const char *name;
		bool is_asked;
	} rows[] = {
		{ "SSH-2.0-OpenSSH_7.0", true },
		{ "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", true },
		{ "SSH-2.0-OpenSSH_10.0p2", true },
		{ "SSH-2.0-OpenSSH_for_Windows_8.1", true },
		{ "SSH-2.0-OpenSSH_6.9", false },
		{ "SSH-2.0-OpenSSH_3.4p1", false },
		{ "SSH-1.99-OpenSSH_9.2", false },
		{ "SSH-2.0-OpenSSH_", false },
		{ "SSH-2.0-OpenSSH_for_Windows_", false },
		{ "SSH-2.0-dropbear_2022.83", false },
		{ "SSH-2.0-Sun_SSH_1.1", false },
		{ "SSH-2.0-Cisco-1.25", false },
		{ "", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rd line = { .at = (const uint8_t *)rows[i].name,
			.left = strlen(rows[i].name) };
		char said[80];

		ck_assert_int_eq(sshkey_may_ask(line), rows[i].is_asked);
		if (line.left == 0)
			continue;
		snprintf(said, sizeof(said), "%s\r\n", rows[i].name);
		ck_assert_int_eq(
		    hear(said), rows[i].is_asked ? STEP_WAIT : STEP_DONE);
		ck_assert_int_eq(c.said_len > 0, rows[i].is_asked);
	}
}
END_TEST

START_TEST(a_key_is_asked_for_and_read)
{
	uint8_t room[ROOM];
	struct wr w = { .at = room, .left = sizeof(room) };
	const struct fact *f;

	ck_assert_int_eq(hear(NAME), STEP_WAIT);
	ck_assert_mem_eq(c.said, "SSH-2.0-gantry\r\n", 16);
	ck_assert_int_eq(only_packet(c.said + 16, c.said_len - 16), KEXINIT);
	put_ignore(&w);
	put_kexinit(&w, KINDS);
	ck_assert_int_eq(converse_hear(&c, room, w.used), STEP_WAIT);
	ck_assert_int_eq(only_packet(c.said, c.said_len), POINT);

	w = (struct wr){ .at = room, .left = sizeof(room) };
	put_reply(&w, "ssh-ed25519");
	ck_assert_int_eq(converse_hear(&c, room, w.used), STEP_DONE);
	ck_assert_int_eq(only_packet(c.said, c.said_len), 1);
	converse_expect(&c,
	    "tcp/22 ssh.greeting=SSH-2.0-OpenSSH_9.2p1 Debian-2\n"
	    "tcp/22 port.speaks=ssh\n"
	    "tcp/22 ssh.host_key=ssh-ed25519 SHA256:" SUM "\n");
	f = facts_at(c.facts, 2);
	ck_assert_uint_eq(f->evidence.raw_len, 51);
	ck_assert_mem_eq(f->evidence.raw, "\0\0\0\013ssh-ed25519", 15);
}
END_TEST

/* All at once, and a byte at a time. */
START_TEST(a_key_is_read_however_it_comes)
{
	uint8_t room[ROOM];
	struct wr w = { .at = room, .left = sizeof(room) };

	wr_bytes(&w, NAME, strlen(NAME));
	put_kexinit(&w, "curve25519-sha256@libssh.org");
	put_reply(&w, "ssh-ed25519");
	for (int i = 0; i < 2; i++) {
		converse_open(&c, &probe_greeting, &ask);
		if (i == 0)
			converse_hear(&c, room, w.used);
		else
			converse_dribble(&c, room, w.used);
		ck_assert_int_eq(c.step, STEP_DONE);
		ck_assert_str_eq(facts_get(c.facts, FACT_SSH_HOST_KEY),
		    "ssh-ed25519 SHA256:" SUM);
	}
	converse_batter(&probe_greeting, &ask, room, w.used);
}
END_TEST

START_TEST(another_exchange_is_left_at_once)
{
	uint8_t room[ROOM];
	struct wr w = { .at = room, .left = sizeof(room) };

	put_kexinit(&w, "curve25519-sha25,diffie-hellman-group1-sha1");
	ck_assert_int_eq(hear(NAME), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, room, w.used), STEP_DONE);
	ck_assert_int_eq(only_packet(c.said, c.said_len), 1);
}
END_TEST

START_TEST(what_is_no_key_is_none)
{
	uint8_t room[ROOM];
	struct wr w = { .at = room, .left = sizeof(room) };

	put_kexinit(&w, KINDS);
	put_reply(&w, "a kind with blanks");
	ck_assert_int_eq(hear(NAME), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, room, w.used), STEP_DONE);
	ck_assert_ptr_null(facts_get(c.facts, FACT_SSH_HOST_KEY));

	/* A reply nobody asked for. */
	w = (struct wr){ .at = room, .left = sizeof(room) };
	put_reply(&w, "ssh-ed25519");
	ck_assert_int_eq(hear(NAME), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, room, w.used), STEP_DONE);
	ck_assert_ptr_null(facts_get(c.facts, FACT_SSH_HOST_KEY));
}
END_TEST

START_TEST(silence_and_the_end_are_taken_well)
{
	ck_assert_int_eq(hear(NAME), STEP_WAIT);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	ck_assert_int_eq(only_packet(c.said, c.said_len), 1);
	ck_assert_int_eq(hear(NAME), STEP_WAIT);
	ck_assert_int_eq(converse_turn(&c, TURN_EOF), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	/* Not all of the name, and then no more. */
	ck_assert_int_eq(hear("SSH-2.0-OpenSSH_9.2"), STEP_WAIT);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
}
END_TEST

/* What somebody else agreed on is read whatever it was. */
START_TEST(an_overheard_key_is_read)
{
	struct ask overheard = ask;
	uint8_t room[ROOM];
	struct wr w = { .at = room, .left = sizeof(room) };

	overheard.is_overheard = true;
	wr_bytes(&w, "SSH-2.0-OpenSSH_5.3\r\n", 21);
	put_kexinit(&w, "diffie-hellman-group14-sha1");
	put_reply(&w, "ssh-ed25519");
	converse_open(&c, &probe_greeting, &overheard);
	ck_assert_int_eq(converse_hear(&c, room, w.used), STEP_DONE);
	ck_assert_str_eq(
	    facts_get(c.facts, FACT_SSH_HOST_KEY), "ssh-ed25519 SHA256:" SUM);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { only_those_that_can_spare_it_are_asked,
		a_key_is_asked_for_and_read, a_key_is_read_however_it_comes,
		another_exchange_is_left_at_once, what_is_no_key_is_none,
		silence_and_the_end_are_taken_well, an_overheard_key_is_read,
		NULL };

	return unit_run("sshkey", tests);
}
