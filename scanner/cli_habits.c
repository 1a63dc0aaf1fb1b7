/* SPDX-License-Identifier: ISC */
/* cli_habits - what fingers used to nmap type. */
#include <string.h>

#include "scanner/cli_parts.h"
#include "scanner/log.h"

bool
cli_take_habits(const char *command, int argc, char **argv)
{
	static char ours[] = "--nmap-xml";

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "-oX") == 0) {
			argv[i] = ours;
		} else if (strcmp(argv[i], "-oN") == 0 ||
		    strcmp(argv[i], "-oG") == 0 ||
		    strcmp(argv[i], "-oA") == 0 ||
		    strcmp(argv[i], "-oS") == 0) {
			log_error(command,
			    "%s is nmap's; gantry has -oX FILE, and -o DIR for "
			    "all its reports",
			    argv[i]);
			return false;
		}
	}
	return true;
}
