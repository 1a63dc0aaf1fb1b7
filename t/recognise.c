/* SPDX-License-Identifier: ISC */
/* recognise - which device is it?  Every rule, and what each must not do. */
#include <stdio.h>
#include <string.h>

#include "scanner/inventory/identity.h"
#include "t/unit.h"

enum { MOST = 8 };

static struct sign known_signs[MOST][SIGNS_MAX];
static struct known_device known[MOST];
static struct met_device met[MOST];
static struct recognition who[MOST];
static size_t known_len, met_len;

/* "mac=1 address=10.0.0.1 ssh=K" */
static size_t
parse(const char *text, struct sign *out)
{
	size_t n = 0;
	char word[64];
	int used;

	while (sscanf(text, " %63s%n", word, &used) == 1) {
		char *value = strchr(word, '=');

		*value++ = '\0';
		for (int k = 1; k < IDENTITY_KINDS; k++)
			if (strcmp(store_identity_text(
				       (enum store_identity_kind)k),
				word) == 0)
				out[n].kind = (enum store_identity_kind)k;
		snprintf(out[n].value, sizeof(out[n].value), "%s", value);
		n++;
		text += used;
	}
	return n;
}

static void
setup(void)
{
	known_len = met_len = 0;
}

static void
knows(const char *signs)
{
	struct known_device *k = &known[known_len];

	*k = (struct known_device){ .signs = known_signs[known_len],
		.signs_len = parse(signs, known_signs[known_len]),
		.was_looked_at = true };
	known_len++;
}

static void
meets(const char *signs)
{
	met[met_len].signs_len = parse(signs, met[met_len].signs);
	met_len++;
}

static void
recognise(void)
{
	ck_assert(identity_recognise(known, known_len, met, met_len, who));
}

START_TEST(the_mac_goes_where_dhcp_sends_it)
{
	setup();
	knows("mac=A address=10.0.0.1");
	meets("mac=A address=10.0.0.9");
	recognise();
	ck_assert_int_eq(who[0].who, 0);
	ck_assert_int_eq(who[0].by, IDENTITY_MAC);
	ck_assert(who[0].has_moved && !who[0].has_new_mac);
}
END_TEST

START_TEST(a_new_mac_at_an_old_address_is_another_device)
{
	setup();
	knows("mac=A address=10.0.0.1 dicom=GE/1");
	meets("mac=B address=10.0.0.1 dicom=GE/1");
	recognise();
	ck_assert_int_eq(who[0].who, IDENTITY_NOBODY);
	ck_assert_int_eq(who[0].displaced, 0);
}
END_TEST

START_TEST(a_new_card_in_an_old_machine)
{
	setup();
	knows("mac=A address=10.0.0.1 ssh=K beacon=NMR1/IC0");
	meets("mac=B address=10.0.0.1 ssh=K beacon=NMR1/IC0");
	recognise();
	ck_assert_int_eq(who[0].who, 0);
	ck_assert(who[0].has_new_mac && !who[0].has_moved);
	/* Not where it has another address as well. */
	setup();
	knows("mac=A address=10.0.0.1 ssh=K");
	meets("mac=B address=10.0.0.2 ssh=K");
	recognise();
	ck_assert_int_eq(who[0].who, IDENTITY_NOBODY);
	/* Nor where the same key is on several: a copied disk. */
	setup();
	knows("mac=A address=10.0.0.1 ssh=K");
	knows("mac=C address=10.0.0.3 ssh=K");
	meets("mac=B address=10.0.0.1 ssh=K");
	recognise();
	ck_assert_int_eq(who[0].who, IDENTITY_NOBODY);
	/* Nor where the beacon says another name. */
	setup();
	knows("mac=A address=10.0.0.1 ssh=K beacon=NMR1/IC0");
	meets("mac=B address=10.0.0.1 ssh=K beacon=NMR2/IC0");
	recognise();
	ck_assert_int_eq(who[0].who, IDENTITY_NOBODY);
}
END_TEST

START_TEST(behind_a_router_the_address_unless_a_sign_denies_it)
{
	setup();
	knows("address=10.0.0.1 ssh=K");
	meets("address=10.0.0.1 ssh=K");
	recognise();
	ck_assert_int_eq(who[0].who, 0);
	setup();
	knows("address=10.0.0.1");
	meets("address=10.0.0.1 dicom=GE/1");
	recognise();
	ck_assert_int_eq(who[0].who, 0);
	setup();
	knows("address=10.0.0.1 ssh=K");
	meets("address=10.0.0.1 ssh=L");
	recognise();
	ck_assert_int_eq(who[0].who, IDENTITY_NOBODY);
	ck_assert_int_eq(who[0].displaced, 0);
	/* A MAC known from its own link is no contradiction. */
	setup();
	knows("mac=A address=10.0.0.1");
	meets("address=10.0.0.1");
	recognise();
	ck_assert_int_eq(who[0].who, 0);
}
END_TEST

START_TEST(behind_a_router_a_machines_own_sign_moves_with_it)
{
	setup();
	knows("address=10.0.0.1 certificate=C");
	meets("address=10.0.0.7 certificate=C");
	recognise();
	ck_assert_int_eq(who[0].who, 0);
	ck_assert(who[0].has_moved);
	/* Two that were missing: either may be it. */
	setup();
	knows("address=10.0.0.1 certificate=C");
	knows("address=10.0.0.2 certificate=C");
	meets("address=10.0.0.7 certificate=C");
	recognise();
	ck_assert_int_eq(who[0].who, IDENTITY_NOBODY);
}
END_TEST

START_TEST(a_models_sign_only_where_one_is_missing_and_one_appeared)
{
	setup();
	knows("address=10.0.0.1 dicom=GE/1");
	meets("address=10.0.0.7 dicom=GE/1");
	recognise();
	ck_assert_int_eq(who[0].who, 0);
	setup();
	knows("address=10.0.0.1 dicom=GE/1");
	meets("address=10.0.0.7 dicom=GE/1");
	meets("address=10.0.0.8 dicom=GE/1");
	recognise();
	ck_assert_int_eq(who[0].who, IDENTITY_NOBODY);
	ck_assert_int_eq(who[1].who, IDENTITY_NOBODY);
	/* The old one is there: the other is new. */
	setup();
	knows("address=10.0.0.1 dicom=GE/1");
	meets("address=10.0.0.1 dicom=GE/1");
	meets("address=10.0.0.8 dicom=GE/1");
	recognise();
	ck_assert_int_eq(who[0].who, 0);
	ck_assert_int_eq(who[1].who, IDENTITY_NOBODY);
	/* Not looked at is not missing. */
	setup();
	knows("address=10.0.0.1 dicom=GE/1");
	known[0].was_looked_at = false;
	meets("address=10.0.0.7 dicom=GE/1");
	recognise();
	ck_assert_int_eq(who[0].who, IDENTITY_NOBODY);
}
END_TEST

START_TEST(two_may_swap_addresses)
{
	setup();
	knows("mac=A address=10.0.0.1");
	knows("mac=B address=10.0.0.2");
	meets("mac=B address=10.0.0.1");
	meets("mac=A address=10.0.0.2");
	recognise();
	ck_assert_int_eq(who[0].who, 1);
	ck_assert_int_eq(who[1].who, 0);
	ck_assert(who[0].has_moved && who[1].has_moved);
	ck_assert_int_eq(who[0].displaced, IDENTITY_NOBODY);
}
END_TEST

/* A router answers ARP for those behind it, with its own MAC. */
START_TEST(a_mac_of_many_is_nobodys)
{
	setup();
	knows("mac=R address=10.0.0.1");
	knows("mac=R address=10.0.0.2");
	knows("mac=R address=10.0.0.3");
	meets("mac=R address=10.0.0.3");
	meets("mac=R address=10.0.0.2");
	meets("mac=R address=10.0.0.9");
	recognise();
	ck_assert_int_eq(who[0].who, 2);
	ck_assert_int_eq(who[1].who, 1);
	/* The first is silent today; that is not it. */
	ck_assert_int_eq(who[2].who, IDENTITY_NOBODY);
}
END_TEST

START_TEST(a_second_address_keeps_its_device)
{
	setup();
	knows("mac=A address=10.0.0.1 address=10.0.0.2");
	meets("mac=A address=10.0.0.2");
	recognise();
	ck_assert_int_eq(who[0].who, 0);
	ck_assert(!who[0].has_moved);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { the_mac_goes_where_dhcp_sends_it,
		a_new_mac_at_an_old_address_is_another_device,
		a_new_card_in_an_old_machine,
		behind_a_router_the_address_unless_a_sign_denies_it,
		behind_a_router_a_machines_own_sign_moves_with_it,
		a_models_sign_only_where_one_is_missing_and_one_appeared,
		two_may_swap_addresses, a_mac_of_many_is_nobodys,
		a_second_address_keeps_its_device, NULL };

	return unit_run("recognise", tests);
}
