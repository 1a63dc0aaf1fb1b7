/* SPDX-License-Identifier: ISC */
/* cli_lists - the options, for the man page and for completion. */
#include <stdio.h>

#include "scanner/cli_parts.h"
#include "scanner/options.h"

/* The names of the commands an option is for, parted by `by`. */
static void
print_commands(unsigned which, const char *by)
{
	const char *before = "";

	for (const struct command *c = commands; c->name != NULL; c++) {
		if ((c->as & which) == 0)
			continue;
		printf("%s%s", before, c->name);
		before = by;
	}
}

void
options_print_man(void)
{
	for (const struct cli_option *c = cli_options(); c->argp.name != NULL;
	     c++) {
		const struct argp_option *o = &c->argp;

		if ((o->flags & OPTION_HIDDEN) != 0)
			continue;
		printf(".TP\n");
		if (o->key < 128)
			printf("\\fB\\-%c\\fR, ", o->key);
		printf("\\fB\\-\\-%s\\fR", o->name);
		if (o->arg != NULL)
			printf(" \\fI%s\\fR", o->arg);
		printf("\n%s\n", o->doc);
		if (c->commands == CLI_EVERY)
			continue;
		printf("(");
		print_commands(c->commands, ", ");
		printf(")\n");
	}
}

void
options_print_flags(void)
{
	for (const struct cli_option *c = cli_options(); c->argp.name != NULL;
	     c++) {
		const struct argp_option *o = &c->argp;
		char letter[3] = "-";

		if ((o->flags & OPTION_HIDDEN) != 0)
			continue;
		if (o->key < 128)
			snprintf(letter, sizeof(letter), "-%c", o->key);
		printf("%s\t--%s\t%s\t%s\t", letter, o->name,
		    o->arg != NULL ? o->arg : "-", o->doc);
		print_commands(c->commands, ",");
		printf("\n");
	}
}
