/* SPDX-License-Identifier: ISC */
/*
 * DICOM upper layer PDUs (PS3.8, chapter 9.3) and the command set of C-ECHO
 * (PS3.7, chapter 9.3.5), both ways.
 *
 *   PDU:  type(1) 0(1) length(4)    item:  type(1) 0(1) length(2)
 */
#include "dicom.h"

enum {
	RQ_FIXED = 68,
	ITEM_APPLICATION = 0x10,
	ITEM_CONTEXT_RQ = 0x20,
	ITEM_CONTEXT_AC = 0x21,
	ITEM_ABSTRACT = 0x30,
	ITEM_TRANSFER = 0x40,
	ITEM_USER = 0x50,
	ITEM_MAX_LENGTH = 0x51,
	ITEM_CLASS_UID = 0x52,
	ITEM_VERSION = 0x55,
	MAX_PDU_USUAL = 16384,
	ECHO_REPLY = 0x8030,
	NO_DATA_SET = 0x0101,
	CONTROL_LAST_COMMAND = 3,
};

static const char application_uid[] = "1.2.840.10008.3.1.1.1";
static const char verification_uid[] = "1.2.840.10008.1.1";
static const char implicit_uid[] = "1.2.840.10008.1.2";

static struct dicom_text
text_trim(const uint8_t *p, size_t len)
{
	while (len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\0'))
		len--;
	while (len > 0 && *p == ' ') {
		p++;
		len--;
	}
	return (struct dicom_text){ .p = p, .len = len };
}

static bool
text_is(struct dicom_text t, const char *s)
{
	return t.len == strlen(s) && (t.len == 0 || !memcmp(t.p, s, t.len));
}

bool
dicom_is_listed(char **list, uint32_t n, struct dicom_text t)
{
	for (uint32_t i = 0; i < n; i++)
		if (text_is(t, list[i]))
			return true;
	return n == 0;
}

/* Lists left out of a personality mean Verification, in implicit form. */
static bool
uid_is_accepted(char **list, uint32_t n, struct dicom_text t, const char *usual)
{
	return n > 0 ? dicom_is_listed(list, n, t) : text_is(t, usual);
}

/* Returns an item's type and steps over it; its content is in *in. */
static uint8_t
item_take(struct view *v, struct view *in)
{
	uint8_t type = view_u8(v);

	(void)view_u8(v);
	*in = view_cut(v, view_u16(v));
	return type;
}

static bool
context_parse(
    const struct conf_dicom *c, struct view in, struct dicom_context *ctx)
{
	bool has_abstract = false, has_transfer = false;
	struct view sub;

	ctx->id = view_u8(&in);
	(void)view_take(&in, 3);
	while (in.left > 0) {
		uint8_t type = item_take(&in, &sub);
		struct dicom_text t;

		if (in.over)
			return false;
		t = text_trim(sub.p, sub.left);
		if (type == ITEM_ABSTRACT)
			has_abstract = uid_is_accepted(c->abstract_syntaxes,
			    c->abstract_syntaxes_count, t, verification_uid);
		if (type != ITEM_TRANSFER || has_transfer)
			continue;
		has_transfer = uid_is_accepted(c->transfer_syntaxes,
		    c->transfer_syntaxes_count, t, implicit_uid);
		if (has_transfer || ctx->transfer.p == NULL)
			ctx->transfer = t;
	}
	ctx->result = !has_abstract ? CONTEXT_NO_ABSTRACT
	    : !has_transfer         ? CONTEXT_NO_TRANSFER
				    : CONTEXT_ACCEPTED;
	return !in.over;
}

static bool
items_parse(const struct conf_dicom *c, struct view v, struct dicom_request *r)
{
	struct view in;

	while (v.left > 0) {
		uint8_t type = item_take(&v, &in);

		if (v.over)
			return false;
		if (type == ITEM_APPLICATION)
			r->is_application_dicom =
			    text_is(text_trim(in.p, in.left), application_uid);
		if (type != ITEM_CONTEXT_RQ)
			continue;
		if (r->contexts_n == CONTEXTS_MAX ||
		    !context_parse(c, in, &r->contexts[r->contexts_n++]))
			return false;
	}
	return !v.over;
}

bool
dicom_request_parse(const struct conf_dicom *c, const uint8_t *pdu, size_t len,
    struct dicom_request *r)
{
	struct view v = { .p = pdu + PDU_HEAD, .left = len - PDU_HEAD };
	const uint8_t *ae;

	*r = (struct dicom_request){ .pdu = pdu };
	r->knows_version_1 = (view_u16(&v) & 1) != 0;
	(void)view_u16(&v);
	ae = view_take(&v, (size_t)2 * AE_LEN);
	(void)view_take(&v, RQ_FIXED - 4 - (size_t)2 * AE_LEN);
	if (v.over || ae == NULL)
		return false;
	r->called = text_trim(ae, AE_LEN);
	r->calling = text_trim(ae + AE_LEN, AE_LEN);
	return items_parse(c, v, r);
}

static void
item_write(struct pen *w, uint8_t type, const void *bytes, size_t len)
{
	pen_u8(w, type);
	pen_u8(w, 0);
	pen_u16(w, (uint16_t)len);
	pen_bytes(w, bytes, len);
}

static void
context_write(struct pen *w, const struct dicom_context *ctx)
{
	size_t from;

	pen_u8(w, ITEM_CONTEXT_AC);
	pen_u8(w, 0);
	from = pen_open16(w);
	pen_u8(w, ctx->id);
	pen_u8(w, 0);
	pen_u8(w, ctx->result);
	pen_u8(w, 0);
	if (ctx->transfer.p != NULL)
		item_write(
		    w, ITEM_TRANSFER, ctx->transfer.p, ctx->transfer.len);
	else
		item_write(
		    w, ITEM_TRANSFER, implicit_uid, sizeof(implicit_uid) - 1);
	pen_close16(w, from);
}

static void
user_write(struct pen *w, const struct conf_dicom *c)
{
	const char *uid = c->implementation_class_uid;
	const char *version = c->implementation_version;
	size_t from;

	pen_u8(w, ITEM_USER);
	pen_u8(w, 0);
	from = pen_open16(w);
	pen_u8(w, ITEM_MAX_LENGTH);
	pen_u8(w, 0);
	pen_u16(w, 4);
	pen_u32(w, c->max_pdu ? c->max_pdu : MAX_PDU_USUAL);
	if (uid != NULL)
		item_write(w, ITEM_CLASS_UID, uid, strlen(uid));
	if (version != NULL)
		item_write(w, ITEM_VERSION, version, strlen(version));
	pen_close16(w, from);
}

static void
head_write(struct pen *w, uint8_t type)
{
	pen_u8(w, type);
	pen_u8(w, 0);
	pen_u32(w, 0);
}

/* The length is known only when all is written. */
static void
head_finish(struct pen *w, size_t start)
{
	if (!w->over)
		set32(
		    w->buf + start + 2, (uint32_t)(w->used - start - PDU_HEAD));
}

void
dicom_write_accept(
    const struct conf_dicom *c, const struct dicom_request *r, struct pen *w)
{
	size_t start = w->used;

	head_write(w, PDU_ASSOCIATE_AC);
	pen_u16(w, 1); /* protocol version */
	pen_u16(w, 0);
	/* Both titles and what is reserved come back as they were. */
	pen_bytes(w, r->pdu + PDU_HEAD + 4, RQ_FIXED - 4);
	item_write(
	    w, ITEM_APPLICATION, application_uid, sizeof(application_uid) - 1);
	for (unsigned i = 0; i < r->contexts_n; i++)
		context_write(w, &r->contexts[i]);
	user_write(w, c);
	head_finish(w, start);
}

void
dicom_write_short(struct pen *w, uint8_t type, uint8_t a, uint8_t b, uint8_t c)
{
	size_t start = w->used;

	head_write(w, type);
	pen_u8(w, 0);
	pen_u8(w, a);
	pen_u8(w, b);
	pen_u8(w, c);
	head_finish(w, start);
}

/* One element of a command set; these are little-endian throughout. */
static void
element_write(struct pen *w, uint16_t element, const void *bytes, uint8_t len)
{
	pen_u16(w, 0); /* group */
	pen_u8(w, (uint8_t)element);
	pen_u8(w, (uint8_t)(element >> 8));
	pen_u8(w, len);
	pen_fill(w, 0, 3);
	pen_bytes(w, bytes, len);
}

static void
number_write(struct pen *w, uint16_t element, uint16_t v)
{
	const uint8_t b[2] = { (uint8_t)v, (uint8_t)(v >> 8) };

	element_write(w, element, b, sizeof(b));
}

void
dicom_write_echo_reply(
    struct pen *w, uint8_t context, const struct dicom_command *c)
{
	uint8_t set[128], group_len[4] = { 0 };
	struct pen s = { .buf = set, .room = sizeof(set) };
	size_t start = w->used;

	/* A UID is padded to an even length with a NUL: the array has it. */
	element_write(&s, 0x0002, verification_uid, sizeof(verification_uid));
	number_write(&s, 0x0100, ECHO_REPLY);
	number_write(&s, 0x0120, c->message_id);
	number_write(&s, 0x0800, NO_DATA_SET);
	number_write(&s, 0x0900, 0); /* success */
	group_len[0] = (uint8_t)s.used;

	head_write(w, PDU_DATA);
	pen_u32(w, (uint32_t)(2 + 12 + s.used));
	pen_u8(w, context);
	pen_u8(w, CONTROL_LAST_COMMAND);
	element_write(w, 0x0000, group_len, sizeof(group_len));
	pen_bytes(w, set, s.used);
	head_finish(w, start);
}

bool
dicom_command_parse(struct view v, struct dicom_command *c)
{
	bool has_field = false;

	*c = (struct dicom_command){ .field = 0 };
	while (v.left > 0) {
		const uint8_t *head = view_take(&v, 8);
		const uint8_t *value;
		uint32_t len;

		if (head == NULL || le16(head) != 0)
			return false;
		len = le32(head + 4);
		value = view_take(&v, len);
		if (value == NULL)
			return false;
		if (le16(head + 2) == 0x0002)
			c->sop_class = text_trim(value, len);
		if (le16(head + 2) == 0x0100 && len == 2) {
			c->field = le16(value);
			has_field = true;
		}
		if (le16(head + 2) == 0x0110 && len == 2)
			c->message_id = le16(value);
	}
	return has_field;
}
