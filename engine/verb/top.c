/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/verb/subject.h"
#include "engine/verb/verb.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "lib/userns.h"

/* Which process namespace; false when it cannot be told. */
static bool namespace_of(const char *pid, struct stat *st)
{
	own_mem char *path = xasprintf("/proc/%s/ns/pid", pid);

	return stat(path, st) == 0;
}

/* The processes of a container are those of its cgroup, whose path ends in the container's id. */
struct whose {
	const char *id;
	bool by_namespace; /* where there is none, those of its process namespace */
	struct stat namespace;
};

static bool is_in_cgroup(const char *pid, const char *id)
{
	own_buf struct buf text = {0};
	own_mem char *path = xasprintf("/proc/%s/cgroup", pid);

	/* the column may be another one in the line of a process that has blanks in its name */
	return *pid && !pid[strspn(pid, "0123456789")] &&
		io_read_file(AT_FDCWD, path, 64 * 1024, &text, &(struct err){0}) == 0 &&
		strstr(buf_str(&text), id);
}

/* Without root there are no cgroups, and what has the host's namespace cannot be told apart. */
static int find_whose(struct engine *e, const struct subject *s, struct whose *w, struct err *err)
{
	char pid[16];
	struct stat ours;
	int init;

	*w = (struct whose){.id = s->id, .by_namespace = userns_rootless()};
	if (!w->by_namespace)
		return 0;
	init = container_pid(e, s->container, &s->docker, err);
	if (init < 0)
		return init;
	snprintf(pid, sizeof(pid), "%d", init);
	if (!namespace_of(pid, &w->namespace) || !namespace_of("self", &ours))
		return err_errno(err, "cannot tell the processes of container %s", s->id);
	if (ours.st_ino == w->namespace.st_ino)
		return err_set(err, E_UNSUPPORTED,
			"container %s has neither a cgroup nor a process namespace of its own, by which "
			"its processes could be told",
			s->id);
	return 0;
}

static bool is_inside(const char *pid, const struct whose *w)
{
	struct stat st;

	if (!w->by_namespace)
		return is_in_cgroup(pid, w->id);
	return namespace_of(pid, &st) && st.st_ino == w->namespace.st_ino;
}

/* Which column of ps's heading is PID; -1: none. */
static int pid_column(const char *heading)
{
	int column = 0;

	while (*heading && *heading != '\n') {
		size_t n;

		heading += strspn(heading, " ");
		n = strcspn(heading, " \n");
		if (n == 3 && strncmp(heading, "PID", 3) == 0)
			return column;
		column++;
		heading += n;
	}
	return -1;
}

static const char *nth_word(const char *line, int n, size_t *len)
{
	for (;; n--) {
		line += strspn(line, " ");
		*len = strcspn(line, " \n");
		if (n == 0)
			return line;
		line += *len;
	}
}

/* One line of ps as cells; the last cell is all the rest. */
static struct json *cells(const char *line, int columns, struct arena *a)
{
	struct json *list = json_new_array(a);
	size_t len = 0;

	for (int i = 0; i + 1 < columns; i++) {
		line = nth_word(line, 0, &len);
		json_append(list, json_new_string(a, arena_strndup(a, line, len)));
		line += len;
	}
	line += strspn(line, " ");
	len = strcspn(line, "\n");
	while (len && line[len - 1] == ' ')
		len--;
	json_append(list, json_new_string(a, arena_strndup(a, line, len)));
	return list;
}

static int count_words(const char *line)
{
	int n = 0;

	while (*(line += strspn(line, " ")) && *line != '\n') {
		line += strcspn(line, " \n");
		n++;
	}
	return n;
}

/* {"Titles":[...],"Processes":[[...]]} as docker has it: what is in the container of ps's lines. */
static struct json *document(
	const char *ps, const struct whose *whose, struct arena *a, struct err *err)
{
	int column = pid_column(ps), columns = count_words(ps);
	struct json *d = json_new_object(a), *processes = json_new_array(a);

	if (column < 0) {
		err_set(err, EINVAL, "Couldn't find PID field in ps output");
		return NULL;
	}
	for (const char *line = ps; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		char pid[16];
		size_t len;
		const char *word = nth_word(line, column, &len);

		snprintf(pid, sizeof(pid), "%.*s", (int)(len < 15 ? len : 15), word);
		if (line == ps)
			json_set(a, d, "Titles", cells(line, columns, a));
		else if (is_inside(pid, whose))
			json_append(processes, cells(line, columns, a));
	}
	json_set(a, d, "Processes", processes);
	return d;
}

int verb_top(struct engine *e, const struct top_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	own_strv struct strv argv = {0};
	own_buf struct buf ps = {0};
	struct result result = {.kind = RESULT_DOCUMENT};
	struct spawn sp = {0};
	struct whose whose;

	if (subject_find(e, rq->container, SUBJECT_STARTED, &s, err) < 0)
		return -err->code;
	if (!s.state.monitor)
		return err_set(err, E_NOT_RUNNING, "container %s is not running", s.id);
	if (find_whose(e, &s, &whose, err) < 0)
		return -err->code;
	strv_add(&argv, "ps");
	if (rq->nwords)
		strv_add_all(&argv, rq->words, rq->nwords);
	else
		strv_add(&argv, "-ef");
	sp.argv = (const char *const *)argv.items;
	if (spawn_capture(&sp, JSON_DOCUMENT_MAX, &ps, err) < 0)
		return -err->code;
	result.document = document(buf_str(&ps), &whose, &e->arena, err);
	return result.document ? sink_result(sink, &result, err) : -err->code;
}
