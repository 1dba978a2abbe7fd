/* SPDX-License-Identifier: Apache-2.0 */
/* An auth file: looked into for a registry, and rewritten as login and logout do. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "puller/credentials.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Find the registry's credentials in the file, if it has any. */
static int look(const char *path, struct credential *c)
{
	own_mem char *helper = NULL;
	struct err err;

	return credential_find(path, "reg:1", NULL, c, &helper, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char dir[] = "/tmp/kist-fuzz-XXXXXX";
	struct credential bob = {.user = (char[]){"bob"}, .password = (char[]){"p"}};
	own_credential struct credential before = {0}, after = {0}, gone = {0};
	own_mem char *path = NULL;
	struct err err;
	FILE *f;

	if (strcmp(dir + sizeof(dir) - 7, "XXXXXX") == 0 && !mkdtemp(dir))
		abort();
	if (asprintf(&path, "%s/config.json", dir) < 0)
		abort();
	f = fopen(path, "we");
	if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0)
		abort();
	look(path, &before);
	if (credential_store(path, "reg:1", &bob, &err) >= 0) {
		if (look(path, &after) < 0 || !after.user || strcmp(after.user, "bob") != 0)
			abort();
		if (credential_store(path, "reg:1", NULL, &err) != 1)
			abort();
		look(path, &gone);
	}
	unlink(path);
	/* only the auth file was there: a lock that is left makes this fail */
	if (rmdir(dir) < 0 || mkdir(dir, 0700) < 0)
		abort();
	return 0;
}
