/* SPDX-License-Identifier: ISC */
/*
 * replay - runs a fuzz target over files, for where there is no fuzzer: one
 * TAP line per file, each read into memory of its exact size.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 20 };

static int
replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *room = malloc(INPUT_MAX), *exact = NULL;
	size_t len = 0;
	int ok = 0;

	if (f != NULL && room != NULL)
		len = fread(room, 1, INPUT_MAX, f);
	if (f != NULL && !ferror(f) && len > 0)
		exact = malloc(len);
	if (exact != NULL) {
		memcpy(exact, room, len);
		(void)LLVMFuzzerTestOneInput(exact, len);
		ok = 1;
	}
	if (f != NULL)
		fclose(f);
	free(room);
	free(exact);
	return ok;
}

int
main(int argc, char **argv)
{
	int failed = argc < 2;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		int ok = replay_file(argv[i]);

		failed |= !ok;
		printf("%s %d - %s\n", ok ? "ok" : "not ok", i, argv[i]);
		fflush(stdout);
	}
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
