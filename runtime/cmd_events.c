/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/cgroup.h"
#include "runtime/instance.h"
#include "runtime/runtime.h"
#include "runtime/stats.h"

#define INTERVAL_DEFAULT 5000
#define INTERVAL_MAX     (24 * 3600 * 1000)
#define LOOKS            40 /* for a kill that the eventfd has announced */
#define LOOK_MS          50

struct events_command {
	int64_t interval; /* ms; 0: the default */
	bool stats;
};

/* Go's duration in one unit: "5s", "100ms", "1.5m". */
static int parse_interval(const char *text, void *field, struct err *err)
{
	static const struct {
		const char *unit;
		double ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
	char *end;
	double n = strtod(text, &end);

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (end == text || strcmp(end, units[i].unit) != 0)
			continue;
		if (!(n * units[i].ms >= 1 && n * units[i].ms <= INTERVAL_MAX))
			return err_set(err, E_USAGE, "an interval is 1ms to 24h");
		*(int64_t *)field = (int64_t)(n * units[i].ms);
		return 0;
	}
	return err_set(err, E_USAGE, "'%.40s' is no duration such as 5s or 100ms", text);
}

static const struct cli_option options[] = {
	OPT_VALUE(struct events_command, interval, "interval", 0, "DURATION",
		"between two lines of statistics (default 5s)", parse_interval),
	OPT_FLAG(struct events_command, stats, "stats", 0, "the statistics once, and no more"),
};

/*
 * How an OOM kill is heard of: version 2 changes memory.events; version 1 signals an eventfd,
 * before the kill and as often as memory is looked for in vain. Both count the kills themselves.
 */
struct oom_watch {
	int dir, fd; /* -1: no memory controller */
	bool v2;
	uint64_t kills; /* how many are known */
	int looks;      /* how often to look yet whether a kill has followed */
};

static void oom_watch_release(struct oom_watch *w)
{
	own_fd_release(&w->fd);
	own_fd_release(&w->dir);
}

static uint64_t count_kills(const struct oom_watch *w)
{
	own_fd int fd = openat(
		w->dir, w->v2 ? "memory.events" : "memory.oom_control", O_RDONLY | O_CLOEXEC);
	char text[512];
	ssize_t n = fd < 0 ? -1 : io_read_full(fd, text, sizeof(text) - 1);
	const char *line;

	if (n < 0)
		return 0;
	text[n] = '\0';
	line = strstr(text, "oom_kill ");
	return line ? strtoull(line + 9, NULL, 10) : 0;
}

static int watch_v1(struct oom_watch *w, struct err *err)
{
	own_fd int control = openat(w->dir, "cgroup.event_control", O_WRONLY | O_CLOEXEC);
	own_fd int oom = openat(w->dir, "memory.oom_control", O_RDONLY | O_CLOEXEC);
	char text[32];
	int n;

	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	n = snprintf(text, sizeof(text), "%d %d", w->fd, oom);
	if (control < 0 || oom < 0 || w->fd < 0 || write(control, text, (size_t)n) != n)
		return err_errno(err, "cannot watch for OOM kills");
	return 0;
}

static int watch_v2(struct oom_watch *w, struct err *err)
{
	char path[64];

	w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	snprintf(path, sizeof(path), "/proc/self/fd/%d/memory.events", w->dir);
	if (w->fd < 0 || inotify_add_watch(w->fd, path, IN_MODIFY) < 0)
		return err_errno(err, "cannot watch for OOM kills");
	return 0;
}

static int oom_watch_start(struct oom_watch *w, const struct strings *dirs, struct err *err)
{
	w->dir = cgroup_open_of(dirs, "memory", &w->v2);
	if (w->dir < 0)
		return 0;
	w->kills = count_kills(w);
	return w->v2 ? watch_v2(w, err) : watch_v1(w, err);
}

/* How many kills there were since the last time. */
static uint64_t oom_watch_read(struct oom_watch *w)
{
	char event[sizeof(struct inotify_event) + NAME_MAX + 1];
	uint64_t before = w->kills;

	while (read(w->fd, event, w->v2 ? sizeof(event) : sizeof(uint64_t)) > 0)
		w->looks = w->v2 ? 0 : LOOKS;
	w->kills = count_kills(w);
	if (w->kills > before)
		w->looks = 0;
	else if (w->looks)
		w->looks--;
	return w->kills > before ? w->kills - before : 0;
}

static int write_event(const char *type, const struct instance *c, bool data, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf line = {0};
	struct json *event = json_new_object(&a);
	int r;

	json_set_string(&a, event, "type", type);
	json_set_string(&a, event, "id", c->record.id);
	if (data)
		json_set(&a, event, "data", stats_read(&c->record.cgroups, &a));
	json_write(event, JSON_COMPACT, &line);
	buf_addc(&line, '\n');
	r = io_write_full(1, line.data, line.len);
	return r < 0 ? err_set(err, -r, "cannot write the event: %s", strerror(-r)) : 0;
}

static int write_kills(struct oom_watch *w, const struct instance *c, struct err *err)
{
	for (uint64_t n = w->fd < 0 ? 0 : oom_watch_read(w); n > 0; n--)
		if (write_event("oom", c, false, err) < 0)
			return -err->code;
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until the container's first process has ended. */
static int follow(const struct instance *c, int pidfd, int64_t interval, struct err *err)
{
	__attribute__((cleanup(oom_watch_release))) struct oom_watch w = {.dir = -1, .fd = -1};
	int64_t next = now_ms() + interval;

	if (oom_watch_start(&w, &c->record.cgroups, err) < 0)
		return -err->code;
	for (;;) {
		struct pollfd p[2] = {
			{.fd = pidfd, .events = POLLIN}, {.fd = w.fd, .events = POLLIN}};
		int64_t left = next - now_ms();
		int n;

		if (w.looks && left > LOOK_MS)
			left = LOOK_MS;
		n = poll(p, 2, left > 0 ? (int)left : 0);
		if (n < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for events");
		if ((n > 0 || w.looks) && write_kills(&w, c, err) < 0)
			return -err->code;
		if (n > 0 && p[0].revents)
			return 0;
		if (now_ms() < next)
			continue;
		if (write_event("stats", c, true, err) < 0)
			return -err->code;
		next += interval;
		if (next < now_ms())
			next = now_ms() + interval; /* we were held up: no line is made up for */
	}
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct events_command *o = call->options;
	own_instance struct instance c = INSTANCE_INIT;
	own_fd int pidfd = -1;

	if (runtime_begin(call, err) < 0 ||
		instance_open(&c, runtime_root(call), call->args[0], false, err) < 0)
		return -err->code;
	pidfd = instance_pidfd(&c, err);
	if (pidfd < 0)
		return -err->code;
	if (o->stats)
		return write_event("stats", &c, true, err);
	return follow(&c, pidfd, o->interval ? o->interval : INTERVAL_DEFAULT, err);
}

const struct cli_command runtime_events_command = {
	.name = "events",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Write what a container uses, and its OOM kills, as JSON lines",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct events_command),
	.min_args = 1,
	.max_args = 1,
	.run = run,
	.details = "The lines are runc's. It ends with the container's first process.",
};
