/* SPDX-License-Identifier: Apache-2.0 */
/* How the container ended: out of memory or not, the exit record, the exit command. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/json.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/schema.h"
#include "runtime/monitor/monitor.h"
#include "spec/exit_record.h"

struct memory_cgroup {
	bool v1;
	char path[PATH_MAX];
};

/* "4:memory:/a/b" (v1) or "0::/a/b" (v2) in /proc/PID/cgroup; v1 counts when both are there. */
static int find_memory_cgroup(const char *file, struct memory_cgroup *cg)
{
	struct err ignored;
	own_buf struct buf text = {0};
	char *line, *rest = NULL;

	cg->path[0] = '\0';
	if (io_read_file(AT_FDCWD, file, 64 * 1024, &text, &ignored) < 0 || !text.data)
		return -1;
	for (line = strtok_r(text.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!path)
			continue;
		*path++ = '\0';
		controllers++;
		if (strncmp(controllers, "memory", 6) == 0 || strstr(controllers, ",memory"))
			cg->v1 = true;
		else if (*controllers)
			continue;
		else if (cg->v1)
			continue;
		snprintf(cg->path, sizeof(cg->path), "%s", path);
	}
	return cg->path[0] == '/' ? 0 : -1;
}

static int open_counters(const struct memory_cgroup *cg)
{
	static const char *const v2_roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	char file[PATH_MAX + 64];
	int fd = -1;

	if (cg->v1) {
		snprintf(
			file, sizeof(file), "/sys/fs/cgroup/memory%s/memory.oom_control", cg->path);
		return open(file, O_RDONLY | O_CLOEXEC);
	}
	for (size_t i = 0; i < ARRAY_LEN(v2_roots) && fd < 0; i++) {
		snprintf(file, sizeof(file), "%s%s/memory.events", v2_roots[i], cg->path);
		fd = open(file, O_RDONLY | O_CLOEXEC);
	}
	return fd;
}

/* A cgroup that the container shares with us counts for others, too: then nobody can tell. */
void monitor_watch_memory(struct monitor *m)
{
	struct memory_cgroup theirs = {0}, own_group = {0};
	char file[40];

	snprintf(file, sizeof(file), "/proc/%d/cgroup", (int)m->run.init);
	if (find_memory_cgroup(file, &theirs) < 0 ||
		find_memory_cgroup("/proc/self/cgroup", &own_group) < 0 ||
		strcmp(theirs.path, own_group.path) == 0)
		return;
	m->run.oom_events = open_counters(&theirs);
}

/* Of the runtime's record, what is asked here. */
struct runtime_record {
	struct strings cgroups; /* the container's own directories */
};

static const struct schema_field record_fields[] = {
	FIELD(struct runtime_record, cgroups, "cgroups", SCHEMA_STRINGS),
};

static const struct schema record_schema = SCHEMA(struct runtime_record, record_fields);

/*
 * A process that ended before we looked is in no cgroup of version 1 any more: then the runtime's
 * record says which one it was. Asked only when a process was killed, as this costs a parse.
 */
static void watch_by_record(struct monitor *m)
{
	static const char *const counters[] = {"memory.oom_control", "memory.events"};
	struct err ignored;
	own_arena struct arena arena = {0};
	own_mem char *path = xasprintf("%s/%s/record.json", m->opt->runtime_root, m->opt->id);
	const struct json *doc = json_read_file(&arena, AT_FDCWD, path, &ignored);
	struct runtime_record record;

	if (!doc || schema_decode(&record_schema, doc, &record, &arena, &ignored) < 0)
		return;
	for (size_t i = 0; i < record.cgroups.count * 2 && m->run.oom_events < 0; i++) {
		own_mem char *file = xasprintf(
			"%s/%s", record.cgroups.items[i / 2], counters[i % 2]);

		m->run.oom_events = open(file, O_RDONLY | O_CLOEXEC);
	}
}

void monitor_check_memory(struct monitor *m)
{
	char text[1024];
	const char *count;
	ssize_t n;
	bool killed = (WIFSIGNALED(m->run.raw_status) && WTERMSIG(m->run.raw_status) == SIGKILL) ||
		(WIFEXITED(m->run.raw_status) && WEXITSTATUS(m->run.raw_status) == 128 + SIGKILL);

	if (m->run.oom_events < 0 && killed)
		watch_by_record(m);
	if (m->run.oom_events < 0)
		return;
	n = pread(m->run.oom_events, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	/* both files have a line "oom_kill N" */
	count = strstr(text, "oom_kill ");
	m->run.oom_killed = count && strtol(count + strlen("oom_kill "), NULL, 10) > 0;
	close(m->run.oom_events);
	m->run.oom_events = -1;
}

int monitor_exit_status(const struct monitor *m)
{
	if (m->run.start_error.code == E_COMMAND_NOT_FOUND)
		return 127;
	if (m->run.start_error.code == E_COMMAND_NOT_EXECUTABLE)
		return 126;
	if (m->run.start_error.code)
		return 125;
	return WIFEXITED(m->run.raw_status) ? WEXITSTATUS(m->run.raw_status)
					    : 128 + WTERMSIG(m->run.raw_status);
}

static const char *exit_name(const struct monitor *m)
{
	const char *slash = strrchr(m->opt->exit_file, '/');

	return slash ? slash + 1 : m->opt->exit_file;
}

void monitor_begin_record(const struct monitor *m)
{
	struct err err;

	if (exit_record_begin(m->exit_dir, exit_name(m), m->run.started_at, &err) < 0)
		log_warn("%s", err.msg);
}

int monitor_write_record(struct monitor *m, struct err *err)
{
	bool signaled = !m->run.start_error.code && WIFSIGNALED(m->run.raw_status);
	const struct exit_record record = {.exit_code = monitor_exit_status(m),
		.signal = signaled ? WTERMSIG(m->run.raw_status) : 0,
		.oom_killed = m->run.oom_killed,
		.started_at = m->run.started_at,
		.finished_at = m->run.finished_at,
		.error = m->run.start_error.code ? m->run.start_error.msg : ""};

	return exit_record_end(m->exit_dir, exit_name(m), &record, err);
}

int monitor_exit_command(struct monitor *m, child_ended *ended, struct err *err)
{
	own_strv struct strv argv = {0};
	struct spawn sp = {0};
	pid_t pid;

	strv_add(&argv, m->opt->exit_command);
	strv_add_all(&argv, (const char *const *)m->opt->exit_args.items, m->opt->exit_args.count);
	sp.argv = (const char *const *)argv.items;
	spawn_pass(&sp, -1, STDIN_FILENO);
	spawn_pass(&sp, STDERR_FILENO, STDOUT_FILENO);
	pid = monitor_spawn(m, &sp, ended, err);
	return pid < 0 ? pid : 0;
}
