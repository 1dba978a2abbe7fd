/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/stats.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/cgroup.h"

#define FILE_MAX (1u << 20)

/* The directory that counts for a controller, and what it says. */
struct source {
	int dir; /* -1: none */
	bool v2;
};

static void source_release(struct source *s)
{
	own_fd_release(&s->dir);
}

#define own_source __attribute__((cleanup(source_release))) struct source

static struct source source_of(const struct strings *dirs, const char *controller)
{
	struct source s = {.dir = -1};

	s.dir = cgroup_open_of(dirs, controller, &s.v2);
	return s;
}

static bool read_text(int dir, const char *file, struct buf *text)
{
	struct err ignored;
	own_fd int fd = dir < 0 ? -1 : openat(dir, file, O_RDONLY | O_CLOEXEC);

	buf_reset(text);
	return fd >= 0 && io_read_fd(fd, FILE_MAX, file, text, &ignored) >= 0;
}

/* The first number of a file; "max" is the greatest there is, and what cannot be read 0. */
static uint64_t number(int dir, const char *file)
{
	own_buf struct buf text = {0};

	if (!read_text(dir, file, &text))
		return 0;
	return strncmp(buf_str(&text), "max", 3) == 0 ? UINT64_MAX
						      : strtoull(buf_str(&text), NULL, 10);
}

static void set(struct arena *a, struct json *object, const char *key, uint64_t n)
{
	json_set(a, object, key, json_new_uint(a, n));
}

/* Lines of "key number". */
static struct json *table(int dir, const char *file, struct arena *a)
{
	struct json *map = json_new_object(a);
	own_buf struct buf text = {0};
	char *rest = NULL;

	if (!read_text(dir, file, &text))
		return map;
	for (char *line = strtok_r((char *)buf_str(&text), "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		char *blank = strchr(line, ' ');

		if (!blank)
			continue;
		*blank = '\0';
		set(a, map, line, strtoull(blank + 1, NULL, 10));
	}
	return map;
}

static uint64_t value(const struct json *map, const char *key)
{
	const struct json *member = json_get(map, key);
	uint64_t n;

	return member && json_uint64(member, &n) == 0 ? n : 0;
}

static struct json *percpu(int dir, struct arena *a)
{
	struct json *list = json_new_array(a);
	own_buf struct buf text = {0};
	char *rest = NULL;

	if (!read_text(dir, "cpuacct.usage_percpu", &text))
		return NULL;
	for (char *n = strtok_r((char *)buf_str(&text), " \n", &rest); n;
		n = strtok_r(NULL, " \n", &rest))
		json_append(list, json_new_uint(a, strtoull(n, NULL, 10)));
	return list;
}

static struct json *cpu(const struct strings *dirs, struct arena *a)
{
	own_source account = source_of(dirs, "cpuacct"), limit = source_of(dirs, "cpu");
	struct json *all = json_new_object(a), *usage = json_new_object(a);
	struct json *throttling = json_new_object(a), *each = percpu(account.dir, a);
	const struct json *stat = table(limit.dir, "cpu.stat", a);

	if (account.v2) { /* microseconds */
		const struct json *used = table(account.dir, "cpu.stat", a);

		set(a, usage, "total", value(used, "usage_usec") * 1000);
		set(a, usage, "kernel", value(used, "system_usec") * 1000);
		set(a, usage, "user", value(used, "user_usec") * 1000);
	} else {
		set(a, usage, "total", number(account.dir, "cpuacct.usage"));
		set(a, usage, "kernel", number(account.dir, "cpuacct.usage_sys"));
		set(a, usage, "user", number(account.dir, "cpuacct.usage_user"));
	}
	if (each)
		json_set(a, usage, "percpu", each);
	set(a, throttling, "periods", value(stat, "nr_periods"));
	set(a, throttling, "throttledPeriods", value(stat, "nr_throttled"));
	set(a, throttling, "throttledTime",
		limit.v2 ? value(stat, "throttled_usec") * 1000 : value(stat, "throttled_time"));
	json_set(a, all, "usage", usage);
	json_set(a, all, "throttling", throttling);
	return all;
}

/* One of the counters of version 1, "memory" or "memory.memsw" and so on. */
static struct json *counter(int dir, const char *name, struct arena *a)
{
	static const struct {
		const char *key, *file;
	} parts[] = {{"limit", "limit_in_bytes"}, {"usage", "usage_in_bytes"},
		{"max", "max_usage_in_bytes"}, {"failcnt", "failcnt"}};
	struct json *entry = json_new_object(a);

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char file[64];

		snprintf(file, sizeof(file), "%s.%s", name, parts[i].file);
		set(a, entry, parts[i].key, number(dir, file));
	}
	return entry;
}

static uint64_t sum(uint64_t x, uint64_t y)
{
	return x > UINT64_MAX - y ? UINT64_MAX : x + y;
}

/* Of version 2; swap counts memory and swap together, as it did in version 1. */
static struct json *counter_v2(int dir, bool with_swap, const struct json *events, struct arena *a)
{
	struct json *entry = json_new_object(a);
	uint64_t limit = number(dir, "memory.max"), usage = number(dir, "memory.current");
	uint64_t peak = number(dir, "memory.peak");

	if (with_swap) {
		limit = sum(limit, number(dir, "memory.swap.max"));
		usage = sum(usage, number(dir, "memory.swap.current"));
		peak = 0; /* not of the two at one time */
	}
	set(a, entry, "limit", limit);
	set(a, entry, "usage", usage);
	set(a, entry, "max", peak);
	set(a, entry, "failcnt", with_swap ? 0 : value(events, "max"));
	return entry;
}

static struct json *memory(const struct strings *dirs, struct arena *a)
{
	own_source s = source_of(dirs, "memory");
	struct json *all = json_new_object(a), *raw = table(s.dir, "memory.stat", a);

	set(a, all, "cache", value(raw, s.v2 ? "file" : "cache"));
	if (s.v2) {
		const struct json *events = table(s.dir, "memory.events", a);

		json_set(a, all, "usage", counter_v2(s.dir, false, events, a));
		json_set(a, all, "swap", counter_v2(s.dir, true, events, a));
	} else {
		json_set(a, all, "usage", counter(s.dir, "memory", a));
		json_set(a, all, "swap", counter(s.dir, "memory.memsw", a));
		json_set(a, all, "kernel", counter(s.dir, "memory.kmem", a));
		json_set(a, all, "kernelTCP", counter(s.dir, "memory.kmem.tcp", a));
	}
	json_set(a, all, "raw", raw);
	return all;
}

static struct json *pids(const struct strings *dirs, struct arena *a)
{
	own_source s = source_of(dirs, "pids");
	struct json *all = json_new_object(a);
	uint64_t limit = number(s.dir, "pids.max");

	set(a, all, "current", number(s.dir, "pids.current"));
	set(a, all, "limit", limit == UINT64_MAX ? 0 : limit);
	return all;
}

static void add_io(struct json *list, unsigned major, unsigned minor, const char *op, uint64_t n,
	struct arena *a)
{
	struct json *entry = json_new_object(a);

	set(a, entry, "major", major);
	set(a, entry, "minor", minor);
	json_set_string(a, entry, "op", op);
	set(a, entry, "value", n);
	json_append(list, entry);
}

/* "8:0 Read 4096", version 1. */
static struct json *io_v1(int dir, const char *file, struct arena *a)
{
	struct json *list = json_new_array(a);
	own_buf struct buf text = {0};
	char *rest = NULL;

	if (!read_text(dir, file, &text))
		return list;
	for (char *line = strtok_r((char *)buf_str(&text), "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		unsigned major, minor;
		char op[32];
		uint64_t n;

		if (sscanf(line, "%u:%u %31s %" SCNu64, &major, &minor, op, &n) == 4)
			add_io(list, major, minor, op, n, a);
	}
	return list;
}

/* "8:0 rbytes=4096 wbytes=0 rios=1 ...", version 2: the keys that have a name of version 1. */
static void io_v2(int dir, struct json *bytes, struct json *operations, struct arena *a)
{
	static const struct {
		const char *key, *op;
		bool count;
	} keys[] = {{"rbytes", "Read", false}, {"wbytes", "Write", false},
		{"dbytes", "Discard", false}, {"rios", "Read", true}, {"wios", "Write", true},
		{"dios", "Discard", true}};
	own_buf struct buf text = {0};
	char *rest = NULL;

	if (!read_text(dir, "io.stat", &text))
		return;
	for (char *line = strtok_r((char *)buf_str(&text), "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		unsigned major, minor;

		if (sscanf(line, "%u:%u", &major, &minor) != 2)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
			size_t n = strlen(keys[i].key);

			for (const char *p = strchr(line, ' '); p; p = strchr(p + 1, ' '))
				if (strncmp(p + 1, keys[i].key, n) == 0 && p[1 + n] == '=')
					add_io(keys[i].count ? operations : bytes, major, minor,
						keys[i].op, strtoull(p + n + 2, NULL, 10), a);
		}
	}
}

static struct json *block_io(const struct strings *dirs, struct arena *a)
{
	own_source s = source_of(dirs, "blkio");
	struct json *all = json_new_object(a), *bytes, *operations;

	if (s.v2) {
		bytes = json_new_array(a);
		operations = json_new_array(a);
		io_v2(s.dir, bytes, operations, a);
	} else {
		bytes = io_v1(s.dir, "blkio.throttle.io_service_bytes_recursive", a);
		operations = io_v1(s.dir, "blkio.throttle.io_serviced_recursive", a);
	}
	json_set(a, all, "ioServiceBytesRecursive", bytes);
	json_set(a, all, "ioServicedRecursive", operations);
	return all;
}

static struct json *hugetlb(const struct strings *dirs, struct arena *a)
{
	static const char *const sizes[] = {"64KB", "1MB", "2MB", "32MB", "512MB", "1GB", "16GB"};
	own_source s = source_of(dirs, "hugetlb");
	struct json *all = json_new_object(a);

	for (size_t i = 0; i < ARRAY_LEN(sizes) && s.dir >= 0; i++) {
		struct json *entry = json_new_object(a);
		char file[64];

		snprintf(file, sizeof(file), "hugetlb.%s.%s", sizes[i],
			s.v2 ? "current" : "usage_in_bytes");
		if (faccessat(s.dir, file, F_OK, 0) < 0)
			continue;
		set(a, entry, "usage", number(s.dir, file));
		snprintf(file, sizeof(file), "hugetlb.%s.max_usage_in_bytes", sizes[i]);
		set(a, entry, "max", number(s.dir, file));
		snprintf(file, sizeof(file), "hugetlb.%s.failcnt", sizes[i]);
		set(a, entry, "failcnt", number(s.dir, file));
		json_set(a, all, sizes[i], entry);
	}
	return all;
}

struct json *stats_read(const struct strings *dirs, struct arena *a)
{
	struct json *all = json_new_object(a);

	json_set(a, all, "cpu", cpu(dirs, a));
	json_set(a, all, "memory", memory(dirs, a));
	json_set(a, all, "pids", pids(dirs, a));
	json_set(a, all, "blkio", block_io(dirs, a));
	json_set(a, all, "hugetlb", hugetlb(dirs, a));
	return all;
}
