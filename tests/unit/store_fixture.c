/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/store_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "tests/unit/unit.h"

void fixture_start(struct fixture *f)
{
	own_mem char *root = NULL, *run = NULL;
	struct err err = {0};

	snprintf(f->path, sizeof(f->path), "/tmp/kist-unit-XXXXXX");
	if (!mkdtemp(f->path))
		abort();
	root = xasprintf("%s/root", f->path);
	run = xasprintf("%s/run", f->path);
	if (store_open(root, run, 0, &f->store, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
}

void fixture_end(struct fixture *f)
{
	struct err err = {0};

	store_close(f->store);
	UNIT_OK(path_remove_tree(AT_FDCWD, f->path, &err), &err);
}

int fixture_count(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	own_dir DIR *dir = fdopendir(copy);
	int count = -2;

	while (readdir(dir))
		count++;
	return count;
}
