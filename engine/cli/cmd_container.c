/* SPDX-License-Identifier: Apache-2.0 */
/* kist attach, port and top */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/cli/table.h"
#include "engine/verb/ports.h"
#include "engine/verb/subject.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "spec/reference.h"

struct no_options {
	int none;
};

#define PLAIN(name_, synopsis_, help_, min, max, run_)                                             \
	{                                                                                          \
		.name = (name_), .synopsis = (synopsis_), .help = (help_),                         \
		.options_size = sizeof(struct no_options), .min_args = (min), .max_args = (max),   \
		.run = (run_)                                                                      \
	}

/* ---- attach ---- */

struct attach_options {
	const char *detach_keys;
	bool no_stdin;
};

static int run_attach(const struct cli_call *call, struct err *err)
{
	const struct attach_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_subject struct subject s = {0};
	struct step *step;

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	if (subject_find(e, call->args[0], SUBJECT_STARTED, &s, err) < 0)
		return -err->code;
	if (s.state.status == STATUS_PAUSED)
		return err_set(err, E_NOT_RUNNING,
			"You cannot attach to a paused container, unpause it first");
	if (s.state.status != STATUS_RUNNING)
		return err_set(err, E_NOT_RUNNING,
			"You cannot attach to a stopped container, start it first");
	if (s.docker.config.tty && !o->no_stdin && !isatty(STDIN_FILENO))
		return err_set(err, EINVAL, "the input device is not a TTY");
	step = plan_program(&e->plan, "kist-attach", "--run-dir",
		engine_run_path(e, "containers/%s", s.id), NULL);
	step->flags = STEP_EXEC;
	if (o->no_stdin)
		step_add(&e->plan, step, "--no-stdin");
	if (o->detach_keys)
		step_add2(&e->plan, step, "--detach-keys", o->detach_keys);
	return mouth_finish(&m, engine_do(e, &m.sink, err), err);
}

static const struct cli_option attach_options[] = {
	{.name = "detach-keys",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct attach_options, detach_keys),
		.arg = "KEYS",
		.help = "keys that detach (default ctrl-p,ctrl-q)"},
	{.name = "no-stdin",
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct attach_options, no_stdin),
		.help = "watch only"},
};

const struct cli_command cmd_attach = {
	.name = "attach",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Join a running container's input and output",
	.options = attach_options,
	.noptions = ARRAY_LEN(attach_options),
	.options_size = sizeof(struct attach_options),
	.min_args = 1,
	.max_args = 1,
	.run = run_attach,
};

/* ---- port ---- */

static void print_port(const struct port *p, bool alone)
{
	const char *open = strchr(p->host_ip, ':') ? "[" : "", *close = *open ? "]" : "";

	if (!alone)
		printf("%u/%s -> ", p->container_port, p->protocol);
	printf("%s%s%s:%u\n", open, p->host_ip, close, p->host_port);
}

/* "80" or "80/udp" */
static bool asked_for(const char *text, const struct port *p)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	return n == p->container_port && strcmp(*end ? end + 1 : "tcp", p->protocol) == 0;
}

static int run_port(const struct cli_call *call, struct err *err)
{
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_subject struct subject s = {0};
	const char *asked = call->nargs > 1 ? call->args[1] : NULL;
	struct port_list rows = {0}, ports;
	size_t shown = 0;

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	if (subject_find(e, call->args[0], 0, &s, err) < 0)
		return -err->code;
	if (s.state.monitor)
		ports_of(e, s.id, &s.docker, &rows);
	publish_split(&rows, &ports, &e->arena);
	for (size_t i = 0; i < ports.count; i++) {
		if (asked && !asked_for(asked, &ports.items[i]))
			continue;
		print_port(&ports.items[i], asked);
		shown++;
	}
	if (asked && !shown)
		return err_set(err, E_NOT_FOUND, "no public port '%s%s' published for %s", asked,
			strchr(asked, '/') ? "" : "/tcp", call->args[0]);
	return 0;
}

const struct cli_command cmd_port = PLAIN("port", "CONTAINER [PORT[/PROTOCOL]]",
	"List a container's published ports", 1, 2, run_port);

/* ---- top ---- */

/* Is the process in the container's cgroup? Its path ends in the container's id. */
static bool is_inside(const char *pid, const char *id)
{
	own_buf struct buf text = {0};
	own_mem char *path = xasprintf("/proc/%s/cgroup", pid);

	return io_read_file(AT_FDCWD, path, 64 * 1024, &text, &(struct err){0}) == 0 &&
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
static void add_cells(const char *line, int columns, struct buf *out)
{
	size_t len = 0;

	for (int i = 0; i + 1 < columns; i++) {
		line = nth_word(line, 0, &len);
		buf_add(out, line, len);
		buf_addc(out, '\t');
		line += len;
	}
	line += strspn(line, " ");
	len = strcspn(line, "\n");
	while (len && line[len - 1] == ' ')
		len--;
	buf_add(out, line, len);
	buf_addc(out, '\n');
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

static int print_top(const char *ps, const char *id, struct err *err)
{
	own_buf struct buf rows = {0}, out = {0};
	int column = pid_column(ps), columns = count_words(ps);

	if (column < 0)
		return err_set(err, EINVAL, "Couldn't find PID field in ps output");
	for (const char *line = ps; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		char pid[16];
		size_t len;
		const char *word = nth_word(line, column, &len);

		snprintf(pid, sizeof(pid), "%.*s", (int)(len < 15 ? len : 15), word);
		if (line == ps || is_inside(pid, id))
			add_cells(line, columns, &rows);
	}
	table_align_wide(buf_str(&rows), 20, 1, &out);
	fputs(buf_str(&out), stdout);
	return 0;
}

static int run_top(const struct cli_call *call, struct err *err)
{
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_subject struct subject s = {0};
	own_strv struct strv argv = {0};
	own_buf struct buf ps = {0};
	struct spawn sp = {0};

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	if (subject_find(e, call->args[0], SUBJECT_STARTED, &s, err) < 0)
		return -err->code;
	if (!s.state.monitor)
		return err_set(err, E_NOT_RUNNING, "container %s is not running", s.id);
	strv_add(&argv, "ps");
	if (call->nargs > 1)
		strv_add_all(&argv, (const char *const *)call->args + 1, call->nargs - 1);
	else
		strv_add(&argv, "-ef");
	sp.argv = (const char *const *)argv.items;
	if (spawn_capture(&sp, JSON_DOCUMENT_MAX, &ps, err) < 0)
		return -err->code;
	return print_top(buf_str(&ps), s.id, err);
}

const struct cli_command cmd_top = {
	.name = "top",
	.synopsis = "CONTAINER [PS-OPTIONS]",
	.help = "List a container's processes, with the host's pids",
	.options_size = sizeof(struct no_options),
	.min_args = 1,
	.max_args = -1,
	.options_first = true,
	.run = run_top,
};
