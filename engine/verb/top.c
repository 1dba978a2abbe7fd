/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "engine/verb/subject.h"
#include "engine/verb/verb.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"

/* Is the process in the container's cgroup? Its path ends in the container's id. */
static bool is_inside(const char *pid, const char *id)
{
	own_buf struct buf text = {0};
	own_mem char *path = xasprintf("/proc/%s/cgroup", pid);

	/* the column may be another one in the line of a process that has blanks in its name */
	return *pid && !pid[strspn(pid, "0123456789")] &&
		io_read_file(AT_FDCWD, path, 64 * 1024, &text, &(struct err){0}) == 0 &&
		strstr(buf_str(&text), id);
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
static struct json *document(const char *ps, const char *id, struct arena *a, struct err *err)
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
		else if (is_inside(pid, id))
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

	if (subject_find(e, rq->container, SUBJECT_STARTED, &s, err) < 0)
		return -err->code;
	if (!s.state.monitor)
		return err_set(err, E_NOT_RUNNING, "container %s is not running", s.id);
	strv_add(&argv, "ps");
	if (rq->nwords)
		strv_add_all(&argv, rq->words, rq->nwords);
	else
		strv_add(&argv, "-ef");
	sp.argv = (const char *const *)argv.items;
	if (spawn_capture(&sp, JSON_DOCUMENT_MAX, &ps, err) < 0)
		return -err->code;
	result.document = document(buf_str(&ps), s.id, &e->arena, err);
	return result.document ? sink_result(sink, &result, err) : -err->code;
}
