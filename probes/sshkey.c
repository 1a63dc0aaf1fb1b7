/* SPDX-License-Identifier: ISC */
/*
 * sshkey - SSH's binary packets, as far as the host key.
 *
 * Source: RFC 4253, RFC 5656, RFC 8731.  Limits: packets in the clear alone,
 * which are all before the keys are taken into use; SSH_MSG_DISCONNECT is
 * said before that.  The public value of ours is curve25519's base point: a
 * valid one, whose secret nobody needs.
 */
#include <stdio.h>

#include "probes/sshkey.h"
#include "scanner/digest.h"

enum {
	MSG_DISCONNECT = 1,
	MSG_KEXINIT = 20,
	MSG_KEX_ECDH_INIT = 30,
	MSG_KEX_ECDH_REPLY = 31
};

enum {
	BLOCK = 8,
	PADDING_MIN = 4,
	PACKET_MAX = 35000, /* RFC 4253 6.1 */
	COOKIE = 16,
	POINT = 32,
	BY_APPLICATION = 11,
	PAYLOAD_MAX = 512,
	KIND_MAX = 40
};

#define CURVE "curve25519-sha256"
#define CURVE_OLD "curve25519-sha256@libssh.org"

static bool
begins_with(struct rd *r, const char *with)
{
	size_t len = strlen(with);

	if (r->left < len || memcmp(r->at, with, len) != 0)
		return false;
	rd_skip(r, len);
	return true;
}

bool
sshkey_may_ask(struct rd line)
{
	unsigned release = 0;

	if (!begins_with(&line, "SSH-2.0-OpenSSH_"))
		return false;
	(void)begins_with(&line, "for_Windows_");
	for (int i = 0;
	     i < 3 && line.left > 0 && line.at[0] >= '0' && line.at[0] <= '9';
	     i++)
		release = release * 10 + rd_u8(&line) - '0';
	return release >= 7;
}

static void
put_string(struct wr *w, const char *s)
{
	wr_u32(w, (uint32_t)strlen(s));
	wr_bytes(w, s, strlen(s));
}

/* Wraps a payload into a packet; the padding is zeros, as nothing is hidden. */
static void
put_packet(struct wr *out, const uint8_t *payload, size_t len)
{
	static const uint8_t zeros[BLOCK + PADDING_MIN];
	size_t padding = BLOCK - (4 + 1 + len) % BLOCK;

	if (padding < PADDING_MIN)
		padding += BLOCK;
	wr_u32(out, (uint32_t)(1 + len + padding));
	wr_u8(out, (uint8_t)padding);
	wr_bytes(out, payload, len);
	wr_bytes(out, zeros, padding);
}

void
sshkey_ask(struct sshkey *k, const struct ask *ask, size_t at, struct wr *out)
{
	/* Kinds of keys in order of preference; the other lists are what a
	 * key exchange must agree on and no packet of ours will use. */
	static const char *const lists[] = { CURVE "," CURVE_OLD,
		"ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256",
		"aes128-ctr", "aes128-ctr", "hmac-sha2-256", "hmac-sha2-256",
		"none", "none", "", "" };
	static const char name[] = "SSH-2.0-gantry\r\n";
	uint8_t payload[PAYLOAD_MAX];
	struct wr w = { .at = payload, .left = sizeof(payload) };

	wr_u8(&w, MSG_KEXINIT);
	for (int i = 0; i < COOKIE / 4; i++)
		wr_u32(&w, ask->cookie);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		put_string(&w, lists[i]);
	wr_u8(&w, 0);  /* no guess follows */
	wr_u32(&w, 0); /* reserved */
	wr_bytes(out, name, sizeof(name) - 1);
	put_packet(out, payload, w.used);
	*k = (struct sshkey){ .stage = SSHKEY_ALGORITHMS, .at = at };
}

static void
put_point(struct wr *out)
{
	static const uint8_t base[POINT] = { 9 };
	uint8_t payload[1 + 4 + POINT];
	struct wr w = { .at = payload, .left = sizeof(payload) };

	wr_u8(&w, MSG_KEX_ECDH_INIT);
	wr_u32(&w, POINT);
	wr_bytes(&w, base, POINT);
	put_packet(out, payload, w.used);
}

static enum step
say_goodbye(const struct turn *turn, struct wr *out)
{
	uint8_t payload[64];
	struct wr w = { .at = payload, .left = sizeof(payload) };

	if (turn->what == TURN_EOF)
		return STEP_DONE;
	wr_u8(&w, MSG_DISCONNECT);
	wr_u32(&w, BY_APPLICATION);
	put_string(&w, "inventory: host key seen");
	put_string(&w, "");
	put_packet(out, payload, w.used);
	return STEP_DONE;
}

static struct rd
take_string(struct rd *r)
{
	uint32_t len = rd_u32(r);
	const uint8_t *at = rd_bytes(r, len);

	return (struct rd){ .at = at, .left = at != NULL ? len : 0 };
}

/* Is one of the names in a comma separated list? */
static bool
list_has(struct rd list, const char *name)
{
	size_t len = strlen(name);

	while (list.left > 0) {
		const uint8_t *comma = memchr(list.at, ',', list.left);
		size_t n =
		    comma != NULL ? (size_t)(comma - list.at) : list.left;

		if (n == len && memcmp(list.at, name, len) == 0)
			return true;
		rd_skip(&list, comma != NULL ? n + 1 : n);
	}
	return false;
}

static bool
knows_curve(struct rd kexinit)
{
	struct rd methods;

	rd_skip(&kexinit, COOKIE);
	methods = take_string(&kexinit);
	return rd_ok(&kexinit) &&
	    (list_has(methods, CURVE) || list_has(methods, CURVE_OLD));
}

/* A key begins with its kind; what does not is another exchange's message. */
static void
note_key(struct facts *facts, struct rd reply)
{
	struct rd key = take_string(&reply), fields = key, kind;
	char sum[DIGEST_BASE64], name[KIND_MAX];

	kind = take_string(&fields);
	if (!rd_ok(&reply) || !rd_ok(&fields) || kind.left == 0 ||
	    kind.left >= KIND_MAX || fields.left == 0)
		return;
	for (size_t i = 0; i < kind.left; i++) {
		if (kind.at[i] <= ' ' || kind.at[i] >= 0x7f)
			return;
		name[i] = (char)kind.at[i];
	}
	name[kind.left] = '\0';
	if (digest_base64(key.at, key.left, sum))
		facts_printf(facts, FACT_SSH_HOST_KEY, key.at, key.left,
		    "%s SHA256:%s", name, sum);
}

enum taken { TAKEN_WAIT = 1, TAKEN_BAD, TAKEN_PACKET };

/* Takes the next packet's payload off the stream. */
static enum taken
take_packet(struct sshkey *k, struct rd stream, struct rd *payload)
{
	uint32_t len;
	uint8_t padding;

	rd_skip(&stream, k->at);
	if (stream.left < 5)
		return TAKEN_WAIT;
	len = rd_u32(&stream);
	if (len < 1 + 1 + PADDING_MIN || len > PACKET_MAX)
		return TAKEN_BAD;
	if (stream.left < len)
		return TAKEN_WAIT;
	padding = rd_u8(&stream);
	if (padding < PADDING_MIN || padding + 2U > len)
		return TAKEN_BAD;
	payload->at = stream.at;
	payload->left = len - 1 - padding;
	payload->ran_short = false;
	k->at += 4 + len;
	return TAKEN_PACKET;
}

enum step
sshkey_turn(struct sshkey *k, const struct turn *turn, bool is_all,
    struct wr *out, struct facts *facts)
{
	struct rd payload;
	enum taken taken;

	while (
	    (taken = take_packet(k, turn->stream, &payload)) == TAKEN_PACKET) {
		switch (rd_u8(&payload)) {
		case MSG_DISCONNECT:
			return STEP_DONE;
		case MSG_KEXINIT:
			/* Overheard, the two may have agreed on another. */
			if (k->stage != SSHKEY_ALGORITHMS ||
			    (!turn->ask->is_overheard && !knows_curve(payload)))
				return say_goodbye(turn, out);
			put_point(out);
			k->stage = SSHKEY_REPLY;
			break;
		case MSG_KEX_ECDH_REPLY:
			if (k->stage == SSHKEY_REPLY)
				note_key(facts, payload);
			return say_goodbye(turn, out);
		default: /* SSH_MSG_IGNORE, SSH_MSG_DEBUG */
			break;
		}
	}
	return taken == TAKEN_WAIT && !is_all ? STEP_WAIT
					      : say_goodbye(turn, out);
}
