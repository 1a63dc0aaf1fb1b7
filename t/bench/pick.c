/* SPDX-License-Identifier: ISC */
/*
 * pick - what the bench wants to know of a JSON file, as plain lines.
 *
 *   pick open REPORT.json    "address port" of each open TCP port
 *   pick up REPORT.json      addresses that showed a sign of life
 *   pick sum KEY FILE.json   the sum of a number over the list "hosts"
 *   pick most KEY FILE.json  the largest of them
 *   pick key KEY FILE.json   a number at the top
 */
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

static const char *
text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s == NULL ? "" : s;
}

static void
print_asset(const json_t *asset, bool only_up)
{
	const json_t *ports = json_object_get(asset, "ports");
	bool up = text(asset, "mac")[0] != '\0';

	for (size_t i = 0; i < json_array_size(ports); i++) {
		const json_t *port = json_array_get(ports, i);
		const char *state = text(port, "state");
		bool open = strcmp(state, "open") == 0 &&
		    strcmp(text(port, "transport"), "tcp") == 0;

		up = up || open || strcmp(state, "closed") == 0;
		if (open && !only_up)
			printf("%s %d\n", text(asset, "address"),
			    (int)json_integer_value(
				json_object_get(port, "port")));
	}
	if (only_up && up)
		printf("%s\n", text(asset, "address"));
}

static void
print_assets(const json_t *assets, bool only_up)
{
	for (size_t i = 0; i < json_array_size(assets); i++)
		print_asset(json_array_get(assets, i), only_up);
}

static double
over_hosts(const json_t *list, const char *key, bool add)
{
	double all = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		double v = json_number_value(
		    json_object_get(json_array_get(list, i), key));

		all = add ? all + v : v > all ? v : all;
	}
	return all;
}

static int
usage(void)
{
	fputs(
	    "usage: pick open|up FILE | pick sum|most|key KEY FILE\n", stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	json_error_t error;
	json_t *root;
	bool ports;

	if (argc < 3)
		return usage();
	ports = strcmp(argv[1], "open") == 0 || strcmp(argv[1], "up") == 0;
	if (argc != (ports ? 3 : 4))
		return usage();
	root = json_load_file(argv[argc - 1], 0, &error);
	if (root == NULL) {
		fprintf(stderr, "pick: %s: %s\n", argv[argc - 1], error.text);
		return 1;
	}
	if (ports) {
		print_assets(
		    json_object_get(root, "assets"), argv[1][0] == 'u');
	} else if (strcmp(argv[1], "key") == 0) {
		printf("%.0f\n",
		    json_number_value(json_object_get(root, argv[2])));
	} else {
		printf("%.0f\n",
		    over_hosts(json_object_get(root, "hosts"), argv[2],
			strcmp(argv[1], "sum") == 0));
	}
	json_decref(root);
	return 0;
}
