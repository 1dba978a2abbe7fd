/* SPDX-License-Identifier: Apache-2.0 */
/* Who is in the user namespace; what it takes to get there is in userns_enter.c. */
#include "lib/userns.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/lock.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/place.h"
#include "lib/proc.h"
#include "lib/userns_private.h"

#define LIST_MAX (1u << 20)

struct first_line {
	unsigned long inside, outside, count;
	bool last;
};

/* Returns false when there is no map. */
static bool read_map(struct first_line *line)
{
	own_buf struct buf map = {0};
	const char *eol;

	if (io_read_file(AT_FDCWD, "/proc/self/uid_map", 65536, &map, &(struct err){0}) < 0 ||
		sscanf(buf_str(&map), "%lu %lu %lu", &line->inside, &line->outside, &line->count) !=
			3)
		return false;
	eol = strchr(buf_str(&map), '\n');
	line->last = !eol || !eol[1];
	return true;
}

bool userns_is_first(void)
{
	struct first_line l;

	return !read_map(&l) || (l.inside == 0 && l.outside == 0 && l.count == UINT32_MAX);
}

bool userns_is_narrow(void)
{
	struct first_line l;

	return read_map(&l) && l.last && l.count == 1;
}

static bool has_entered(void)
{
	return getenv(USERNS_ENTERED) != NULL;
}

bool userns_rootless(void)
{
	return geteuid() != 0 || has_entered();
}

int userns_list_read(int run, struct buf *live, struct err *err)
{
	own_buf struct buf text = {0};
	char *rest = NULL;
	int r = io_read_file(run, USERNS_LIST, LIST_MAX, &text, err);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return err_wrap(err, "the list of who is in the user namespace");
	buf_addc(&text, '\n'); /* an empty one is a text, too */
	for (char *line = strtok_r(text.data, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		unsigned long long start;
		int pid;

		if (sscanf(line, "%d %llu", &pid, &start) == 2 && pid > 0 && start &&
			process_start_time(pid) == start)
			buf_addf(live, "%d %llu\n", pid, start);
	}
	return 0;
}

int userns_list_write(int run, struct buf *live, pid_t pid, struct err *err)
{
	uint64_t start = process_start_time(pid);

	if (start)
		buf_addf(live, "%d %" PRIu64 "\n", (int)pid, start);
	return io_publish_file(run, USERNS_LIST, buf_str(live), live->len, 0600, 0, err);
}

int userns_stay(pid_t pid, struct err *err)
{
	own_mem char *run = NULL;
	own_fd int dir = -1, lock = -1;
	own_buf struct buf live = {0};

	if (!has_entered())
		return 0;
	run = place_find_run(NULL);
	dir = path_make_dirs(run, 0700, err);
	lock = dir < 0 ? dir : lock_file(dir, USERNS_LIST ".lock", 0, err);
	if (lock < 0 || userns_list_read(dir, &live, err) < 0)
		return -err->code;
	return userns_list_write(dir, &live, pid, err);
}
