/* SPDX-License-Identifier: ISC */
/* cli_lists - the options, for the man page and for completion. */
#include <stdio.h>

#include "scanner/cli_parts.h"
#include "scanner/options.h"

void
options_print_man(void)
{
	for (const struct argp_option *o = cli_options(); o->name != NULL;
	     o++) {
		if ((o->flags & OPTION_HIDDEN) != 0)
			continue;
		printf(".TP\n");
		if (o->key < 128)
			printf("\\fB\\-%c\\fR, ", o->key);
		printf("\\fB\\-\\-%s\\fR", o->name);
		if (o->arg != NULL)
			printf(" \\fI%s\\fR", o->arg);
		printf("\n%s\n", o->doc);
	}
}

void
options_print_flags(void)
{
	for (const struct argp_option *o = cli_options(); o->name != NULL;
	     o++) {
		char letter[3] = "-";

		if ((o->flags & OPTION_HIDDEN) != 0)
			continue;
		if (o->key < 128)
			snprintf(letter, sizeof(letter), "-%c", o->key);
		printf("%s\t--%s\t%s\t%s\n", letter, o->name,
		    o->arg != NULL ? o->arg : "-", o->doc);
	}
}
