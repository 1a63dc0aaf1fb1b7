/* SPDX-License-Identifier: ISC */
/*
 * identity - the shipped table of DICOM implementations: what it makes of
 * names seen in public files, and which faults of a table are told.
 * Run from the top of the tree.
 */
#include <unistd.h>

#include "fingerprints/identity.h"
#include "scanner/ledger.h"
#include "t/unit.h"

static const char shipped[] = "data/dicom.yaml";

static struct identities *
load_shipped(void)
{
	char error[IDENTITY_ERROR] = "";
	struct identities *all = identities_load(shipped, error);

	ck_assert_msg(all != NULL, "%s", error);
	return all;
}

/* A name on the wire, and the four parts of what it tells. */
struct row {
	const char *uid, *version, *toolkit, *maker, *product, *number;
};

static const struct row rows[] = {
	{ "1.2.840.113619.6.5", "1_2_5", "", "GE",
	    "HiSpeed Advantage (GENESIS_ZEUS)", "1.2.5" },
	{ "1.2.840.113619.6.55", NULL, "", "GE", "CT (AE title CBLMCT01)", "" },
	{ "1.2.840.113619.6.181", "AW4_3_04_22_EXT_", "", "GE",
	    "Advantage Workstation", "4.3" },
	{ "1.2.840.113619.6.475", "DV28.0", "", "GE", "SIGNA Architect",
	    "28.0" },
	{ "1.2.840.113619.6.9999", "DV26.1", "", "GE",
	    "GE MR of the DV releases", "26.1" },
	{ "1.2.840.113619.6.353", "ER_3_0_2-RFV1_V1", "", "GE",
	    "Discovery MR750", "ER 3.0.2" },
	{ "1.3.12.2.1107.5.2", "MR_VB17A", "", "Siemens", "MAGNETOM",
	    "syngo MR VB17A" },
	{ "1.3.12.2.1107.5.2", "MR_2004V_VB11A", "", "Siemens", "MAGNETOM",
	    "syngo MR VB11A" },
	{ "1.3.46.670589.11.0.0.51.4.53.0", "Philips MR 53.0", "", "Philips",
	    "MR (Achieva, Ingenia)", "53.0" },
	{ "1.2.392.200036.9116.4.2.10", "TM_MR_DCM_V3.0", "",
	    "Toshiba (now Canon)", "MR", "3.0" },
	{ "1.2.124.113532.3510.50", "AGFAMAY2003", "", "Agfa", "IMPAX", "" },
	{ "1.2.840.113845.1.1", "Syn4,4,0,36", "", "Fujifilm", "Synapse",
	    "4.4.0.36" },
	/* toolkits tell no maker */
	{ "1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367", "DCMTK 3.6.7", "",
	    "", "" },
	{ "1.2.276.0.7230010.3.0.3.1.1", "OFFIS-DCMTK-311", "DCMTK 3.1.1", "",
	    "", "" },
	{ "1.2.276.0.7230010.3.0.", "OFFIS_DCMTK_", "DCMTK", "", "", "" },
	{ "1.2.40.0.13.1.3", "dcm4che-5.18.0", "dcm4che 5.18.0", "", "", "" },
	{ "1.2.40.0.13.1.1.1", "dcm4che-1.4.35", "dcm4che 1.4.35", "", "", "" },
	{ "1.2.826.0.1.3680043.2.1143.107.104.103.115.2.8.4", "GDCM 2.8.4",
	    "GDCM 2.8.4", "", "", "" },
	{ "2.16.840.1.113669.2.1.1", "MergeCOM3_340", "MergeCOM-3 3.4.0", "",
	    "", "" },
	{ "2.16.840.1.114151.100.1.1", "MergeCOM3_390", "MergeCOM-3 3.9.0", "",
	    "", "" },
	/* a maker's product on somebody's toolkit tells both */
	{ "1.3.6.1.4.1.24930.1", "DCMTK360_synedra", "DCMTK 3.6.0", "synedra",
	    "AIM", "" },
	{ "1.2.840.113857.4", "SC4_MC3_330", "MergeCOM-3 3.3.0",
	    "Hewlett-Packard (now Philips)", "ultrasound", "" },
	{ "1.2.276.0.7230010.3.0.3.6.1", "OSIRIX_361", "DCMTK", "",
	    "OsiriX or Horos", "" },
	{ "1.2.826.0.1.3680043.2.135.1066.101", "1.5.0/WIN32", "", "",
	    "Conquest DICOM Server", "1.5.0" },
	/* placeholders and strangers tell nothing */
	{ "1.2.3.4", "dcm4che-5.18.0", "", "", "", "" },
	{ "999.999.332346", NULL, "", "", "", "" },
	{ "1.2.840.113619.6.5", "NOTSPECIFIED", "", "GE", "", "" },
	{ "1.2.840.1136190", NULL, "", "", "", "" },
	{ NULL, "OFFIS_DCMTK_367", "", "", "", "" },
	{ NULL, NULL, "", "", "", "" },
};

START_TEST(names_seen_in_files)
{
	struct identities *all = load_shipped();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		const char *want[IDENTITY_PARTS] = { r->toolkit, r->maker,
			r->product, r->number };
		struct identity id;
		bool told = identities_find(all, r->uid, r->version, &id);

		if (r->version != NULL &&
		    strcmp(r->version, "NOTSPECIFIED") == 0) {
			ck_assert(id.is_placeholder && !told);
			continue;
		}
		for (int p = 0; p < IDENTITY_PARTS; p++)
			ck_assert_msg(strcmp(id.part[p], want[p]) == 0,
			    "%s %s: part %d is \"%s\", not \"%s\"",
			    r->uid != NULL ? r->uid : "-",
			    r->version != NULL ? r->version : "-", p,
			    id.part[p], want[p]);
	}
	ck_assert_uint_ge(identities_len(all), 100);
	identities_free(all);
	identities_free(NULL);
}
END_TEST

static void
add(struct ledger *l, uint16_t port, enum fact_key key, const char *value)
{
	const struct fact f = { .address = 1,
		.about = { ABOUT_TCP, port },
		.key = key,
		.value = value,
		.probe = "dicom",
		.time_ns = 5 };

	ck_assert(ledger_add(l, &f));
}

static const char *
value_of(struct ledger *l, uint16_t port, enum fact_key key)
{
	const struct fact *f =
	    ledger_find(l, 1, key, (struct about){ ABOUT_TCP, port });

	return f != NULL ? f->value : "";
}

START_TEST(facts_follow_for_each_port)
{
	struct identities *all = load_shipped();
	struct ledger *l = ledger_new();

	add(l, 104, FACT_DICOM_CLASS_UID, "1.3.12.2.1107.5.2");
	add(l, 104, FACT_DICOM_VERSION, "MR_VE11C");
	add(l, 4242, FACT_DICOM_CLASS_UID, "1.2.276.0.7230010.3.0.3.6.4");
	add(l, 4242, FACT_DICOM_VERSION, "OFFIS_DCMTK_364");
	add(l, 5678, FACT_DICOM_CLASS_UID, "1.2.3.4");
	ck_assert_uint_eq(identities_derive(all, l), 4);
	ck_assert_uint_eq(identities_derive(all, l), 0);
	ck_assert_str_eq(value_of(l, 104, FACT_DICOM_MAKER), "Siemens");
	ck_assert_str_eq(value_of(l, 104, FACT_DICOM_PRODUCT), "MAGNETOM");
	ck_assert_str_eq(
	    value_of(l, 104, FACT_DICOM_PRODUCT_VERSION), "syngo MR VE11C");
	ck_assert_str_eq(value_of(l, 4242, FACT_DICOM_TOOLKIT), "DCMTK 3.6.4");
	ck_assert_str_eq(value_of(l, 4242, FACT_DICOM_MAKER), "");
	ledger_free(l);
	identities_free(all);
}
END_TEST

static const char head[] = "implementations:\n";

START_TEST(faults_are_told)
{
	static const struct {
		const char *text, *said;
	} faults[] = {
		{ "  - { toolkit: x, source: 'a [V]' }\n",
		    "neither uid nor version" },
		{ "  - { uid: 1.2x, toolkit: x, source: 'a [V]' }\n",
		    "uid is not numbers" },
		{ "  - { uid: 1.2.3, source: 'a [V]' }\n", "tells nothing" },
		{ "  - { uid: 1.2.3, placeholder: yes, maker: x, "
		  "source: 'a [V]' }\n",
		    "a placeholder that tells" },
		{ "  - { uid: 1.2.3, maker: x }\n", "source does not end" },
		{ "  - { uid: 1.2.3, maker: x, source: a }\n",
		    "source does not end" },
		{ "  - { uid: 1.2.3, version: '(', maker: x, "
		  "source: 'a [V]' }\n",
		    "entry 1 (1.2.3): expression" },
		{ "  - { uid: 1.2.3, makre: x }\n", "makre" },
		{ "", "" },
	};
	char path[] = "/tmp/identity.XXXXXX", error[IDENTITY_ERROR];
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		FILE *f = fopen(path, "w");

		ck_assert_ptr_nonnull(f);
		fprintf(f, "%s%s", head, faults[i].text);
		fclose(f);
		error[0] = '\0';
		ck_assert_ptr_null(identities_load(path, error));
		ck_assert_msg(strstr(error, faults[i].said) != NULL,
		    "%zu: said: %s", i, error);
		ck_assert_ptr_nonnull(strstr(error, path));
	}
	unlink(path);
	ck_assert_ptr_null(identities_load(path, error));
	ck_assert_ptr_nonnull(strstr(error, "No such file"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { names_seen_in_files,
		facts_follow_for_each_port, faults_are_told, NULL };

	return unit_run("identity", tests);
}
