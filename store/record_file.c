/* SPDX-License-Identifier: Apache-2.0 */
#include "store/record_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"

int record_file_blame(int dir, const char *name, struct err *err)
{
	char link[40], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	n = readlink(link, path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	return err_wrap(err, "'%.300s/%s' cannot be read", path, name);
}

int record_file_read(int dir, const char *name, struct buf *text, struct err *err)
{
	int r = io_read_file(dir, name, JSON_DOCUMENT_MAX, text, err);
	size_t n = 0;

	if (r < 0 && err->code != ENOENT)
		return record_file_blame(dir, name, err);
	while (r == 0 && n < text->len && !text->data[n])
		n++;
	if (r == 0 && n < text->len)
		return 0;
	err_set(err, ENODATA, "it has no content");
	return record_file_blame(dir, name, err);
}
