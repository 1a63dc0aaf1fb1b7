/* SPDX-License-Identifier: ISC */
/* identity_parts - the table as its file has it; private to identity*.c. */
#ifndef IDENTITY_PARTS_H
#define IDENTITY_PARTS_H

#include "fingerprints/identity.h"

struct expression;

/* One entry; NULL where the file gives nothing. */
struct identity_entry {
	char *uid;     /* it, or one that lies under it */
	char *version; /* an expression */
	bool placeholder;
	char *toolkit, *maker, *product, *product_version;
	char *source;
};

struct identity_file {
	struct identity_entry *implementations;
	unsigned implementations_count;
};

struct identities {
	struct identity_file *file;      /* libcyaml's */
	struct expression **expressions; /* one per entry, or NULL */
	size_t len;
};

/* Returns what stands in the file, or NULL and one line in error. */
struct identity_file *identity_file_load(
    const char *path, char error[static IDENTITY_ERROR]);

void identity_file_free(struct identity_file *); /* NULL ok */

#endif
