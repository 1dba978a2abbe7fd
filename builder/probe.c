/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/probe.h"

#include <string.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"

static bool begins(const void *data, size_t len, const char *magic, size_t n)
{
	return len >= n && memcmp(data, magic, n) == 0;
}

static int ask(const char *const *argv, int fd, struct err *err)
{
	struct spawn sp = {.argv = argv};
	own_buf struct buf out = {0};

	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_errno(err, "cannot read from the beginning");
	spawn_pass(&sp, fd, 0);
	if (spawn_capture(&sp, 64, &out, err) < 0)
		return -err->code;
	return strcmp(buf_str(&out), "tar\n") == 0;
}

int probe_foreign(int fd, struct err *err)
{
	static const char *const argv[] = {"kist-build-probe", "--foreign", NULL};

	return ask(argv, fd, err);
}

int probe(const void *data, size_t len, struct err *err)
{
	static const char *const argv[] = {"kist-build-probe", NULL};
	static const char xz[] = {'\xfd', '7', 'z', 'X', 'Z'};
	own_fd int fd = -1;
	int r;

	if (begins(data, len, "BZh", 3) || begins(data, len, xz, sizeof(xz)))
		return PROBE_FOREIGN;
	fd = io_memory_file("probe", data, len, err);
	if (fd < 0)
		return fd;
	r = ask(argv, fd, err);
	return r < 0 ? r : r ? PROBE_TAR : PROBE_OTHER;
}
