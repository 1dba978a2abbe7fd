/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of the kernel in which a container has written a name or a path: /proc/PID/stat,
 * /proc/PID/cgroup, and what ps has made of them.
 */
#include "runtime/monitor/monitor_exit.c"

#include "engine/verb/top.c"
#include "lib/proc.h"
#include "tests/fuzz/fuzz.h"

int monitor_spawn(struct monitor *m, const struct spawn *sp, child_ended *ended, struct err *err)
{
	(void)m;
	(void)sp;
	(void)ended;
	return err_set(err, E_UNSUPPORTED, "not here");
}

static void cgroup_file(const char *text, size_t len)
{
	own_fd int fd = fuzz_file(text, len);
	struct memory_cgroup cg = {0};
	char path[FUZZ_PATH_MAX];

	fuzz_path(fd, path);
	if (find_memory_cgroup(path, &cg) == 0)
		FUZZ_CHECK(*cg.path == '/' && memchr(cg.path, '\0', sizeof(cg.path)));
}

static void ps(const char *text, size_t len)
{
	own_arena struct arena a = {0};
	own_mem char *copy = xstrndup(text, len);
	own_buf struct buf out = {0};
	struct err err = {0};
	const struct whose whose = {.id = "no such container"};
	const struct json *d = document(copy, &whose, &a, &err);

	FUZZ_CHECK(d || err.code > 0);
	if (d)
		json_write(d, JSON_COMPACT, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_mem char *text = xstrndup((const char *)data, size);
	uint64_t start = proc_stat_start_time(text);

	/* its name may be anything: it is what stands behind the last ')' that counts */
	FUZZ_CHECK(!start || strchr(text, ')'));
	cgroup_file((const char *)data, size);
	if (size < 512)
		ps((const char *)data, size);
	fuzz_repeat(data, size, 60 * 1024, cgroup_file);
	return 0;
}
