/* SPDX-License-Identifier: Apache-2.0 */
/* Why a runtime failed: its message unchanged, and a code that survives the pipe to our caller. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/json.h"
#include "lib/own.h"
#include "runtime/monitor/monitor.h"
#include "spec/runtime_lines.h"

/* From what a runtime says or returns to a code, for runtimes whose log has none. First match. */
static const struct {
	const char *text;
	int code;
} words[] = {
	{"executable file not found", E_COMMAND_NOT_FOUND},
	{"no such file or directory", E_COMMAND_NOT_FOUND},
	{"permission denied", E_COMMAND_NOT_EXECUTABLE},
	{"exec format error", E_COMMAND_NOT_EXECUTABLE},
	{"is a directory", E_COMMAND_NOT_EXECUTABLE},
	{"already exists", E_EXISTS},
};

static int code_of(const char *message, int status)
{
	if (status == 127)
		return E_COMMAND_NOT_FOUND;
	if (status == 126)
		return E_COMMAND_NOT_EXECUTABLE;
	/* only what is said about exec is about the command: a mount can miss a file, too */
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasestr(message, words[i].text) &&
			(words[i].code == E_EXISTS || strstr(message, "exec")))
			return words[i].code;
	return E_CHILD;
}

/* Other runtimes say no code: their words tell. */
static bool from_log(struct monitor *m, int status, struct err *out)
{
	struct err ignored;
	own_arena struct arena arena = {0};
	own_buf struct buf text = {0};
	struct runtime_log_line line;

	if (io_read_file(m->run_dir, "runtime.log", JSON_LINE_MAX, &text, &ignored) < 0 ||
		!runtime_log_last_error(buf_str(&text), &line, &arena))
		return false;
	err_set(out,
		line.code > 0 && line.code <= INT32_MAX ? (int)line.code
							: code_of(line.msg, status),
		"%s", line.msg);
	return true;
}

/* Its last line on stderr; the pipe does not block and holds at most what fits into it. */
static bool from_stderr(int fd, int status, struct err *out)
{
	char text[4096];
	char *line = text;
	ssize_t got;
	size_t len = 0;

	while ((got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	while (len && text[len - 1] == '\n')
		len--;
	text[len] = '\0';
	if (strrchr(text, '\n'))
		line = strrchr(text, '\n') + 1;
	if (!*line)
		return false;
	err_set(out, code_of(line, status), "%s", line);
	return true;
}

void monitor_runtime_error(struct monitor *m, int status, struct err *err)
{
	int fd = m->run.errors >= 0 ? m->run.errors : m->run.streams[1].from;

	if (from_log(m, status, err) || (fd >= 0 && from_stderr(fd, status, err)))
		return;
	err_set(err, E_CHILD, "'%s' failed with status %d and without a message",
		m->opt->runtime ? m->opt->runtime : "kist-runtime", status);
}
