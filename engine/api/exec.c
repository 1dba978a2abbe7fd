/* SPDX-License-Identifier: Apache-2.0 */
/*
 * More processes in a container: made by one request, run by a second, sized and looked at by
 * others. What they have in common lies in RUN/containers/ID/exec/EXEC: config.json from the first;
 * lock, held while it runs; pid, of the command on the host; attach.sock, which takes RESIZE
 * frames; exit.json at its end.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "engine/api/router.h"
#include "engine/api/streams.h"
#include "engine/verb/subject.h"
#include "engine/verb/tool.h"
#include "engine/verb/verb.h"
#include "lib/detach_keys.h"
#include "lib/dir.h"
#include "lib/io.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/socket.h"
#include "spec/attach_socket.h"

#define EXEC_ID_LEN    64
#define CONSOLE_SOCKET "console.sock"
#define PID_FILE       "pid"
#define LOG_FILE       "log.json"
#define LAST_MAX       (1u << 20) /* bytes of what it left behind, for one that writes without end */
#define EXEC_MAX       1024       /* of one container, those that have ended included */

/* docker's ExecConfig, with the container that it is for. */
struct exec_config {
	const char *container; /* ours */
	bool input, out, error, tty, privileged;
	const char *detach_keys, *user, *workdir;
	struct strings env, cmd;
	struct uint32_list console_size; /* rows, columns */
};

static const struct schema_field config_fields[] = {
	FIELD(struct exec_config, container, "ContainerID", SCHEMA_STRING),
	FIELD(struct exec_config, input, "AttachStdin", SCHEMA_BOOL),
	FIELD(struct exec_config, out, "AttachStdout", SCHEMA_BOOL),
	FIELD(struct exec_config, error, "AttachStderr", SCHEMA_BOOL),
	FIELD(struct exec_config, tty, "Tty", SCHEMA_BOOL),
	FIELD(struct exec_config, privileged, "Privileged", SCHEMA_BOOL),
	FIELD(struct exec_config, detach_keys, "DetachKeys", SCHEMA_STRING),
	FIELD(struct exec_config, user, "User", SCHEMA_STRING),
	FIELD(struct exec_config, workdir, "WorkingDir", SCHEMA_STRING),
	FIELD(struct exec_config, env, "Env", SCHEMA_STRINGS),
	FIELD(struct exec_config, cmd, "Cmd", SCHEMA_STRINGS),
	FIELD(struct exec_config, console_size, "ConsoleSize", SCHEMA_UINT32S),
};
static const struct schema config_schema = SCHEMA(struct exec_config, config_fields);

/* ---- made ---- */

/* As many as one container may have; those that have ended make room. Returns 0 or E_LIMIT. */
static int make_room(int dir, struct err *err)
{
	own_strv struct strv all = {0};

	if (dir_names(dir, ".", NULL, &all, err) < 0)
		return -err->code;
	if (all.count < EXEC_MAX)
		return 0;
	for (size_t i = 0; i < all.count; i++) {
		own_mem char *ended = xasprintf("%s/exit.json", all.items[i]);

		if (faccessat(dir, ended, F_OK, 0) == 0)
			return path_remove_tree(dir, all.items[i], err);
	}
	return err_set(err, E_LIMIT, "the container has %d commands, and none has ended", EXEC_MAX);
}

static int write_config(struct call *call, const struct exec_config *config,
	char id[EXEC_ID_LEN + 1], struct err *err)
{
	const char *path = engine_run_path(&call->engine, "containers/%s/exec", config->container);
	own_fd int all = path_make_dirs(path, 0700, err), dir = -1;
	own_buf struct buf text = {0};

	if (all < 0 || make_room(all, err) < 0)
		return -err->code;
	io_random_hex(id, EXEC_ID_LEN / 2);
	dir = path_make_dirs(
		engine_run_path(&call->engine, "containers/%s/exec/%s", config->container, id),
		0700, err);
	if (dir < 0)
		return dir;
	json_write(
		schema_encode(&config_schema, config, &call->request->arena), JSON_COMPACT, &text);
	return io_publish_file(dir, "config.json", text.data, text.len, 0600, 0, err);
}

int api_exec_create(struct call *call, struct err *err)
{
	struct arena *a = &call->request->arena;
	own_subject struct subject s = {0};
	const struct json *body = api_body(call, err);
	struct json *answer = json_new_object(a);
	struct detach_keys keys;
	struct exec_config config;
	char id[EXEC_ID_LEN + 1];

	if (!body || schema_decode(&config_schema, body, &config, a, err) < 0)
		return err->code == E_SYNTAX ? err_wrap(err, "the request's body") : -err->code;
	if (!config.cmd.count)
		return err_set(err, EINVAL, "No exec command specified");
	if (config.console_size.count && config.console_size.count != 2)
		return err_set(err, EINVAL, "ConsoleSize: expected rows and columns");
	if (config.detach_keys && *config.detach_keys &&
		detach_keys_parse(config.detach_keys, &keys, err) < 0)
		return err_wrap(err, "DetachKeys");
	if (subject_find(&call->engine, call->name, SUBJECT_STARTED, &s, err) < 0)
		return -err->code;
	if (s.state.status == STATUS_PAUSED)
		return err_set(err, E_NOT_RUNNING,
			"Container %s is paused, unpause the container before exec", s.id);
	if (s.state.status != STATUS_RUNNING)
		return err_set(err, E_NOT_RUNNING, "container %s is not running", s.id);
	config.container = s.id;
	if (write_config(call, &config, id, err) < 0)
		return -err->code;
	json_set_string(a, answer, "Id", id);
	answer_json(call->request, 201, answer);
	return 0;
}

/* ---- found again ---- */

static bool is_exec_id(const char *id)
{
	return strlen(id) == EXEC_ID_LEN && strspn(id, "0123456789abcdef") == EXEC_ID_LEN;
}

static int find_exec(struct call *call, struct exec_config *config, struct err *err)
{
	own_fd int all = open(
		engine_run_path(&call->engine, "containers"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	own_dir DIR *containers = all >= 0 ? dir_open(all, ".") : NULL;
	struct dirent *entry;
	int r = 0;

	while (containers && is_exec_id(call->name) &&
		(r = dir_next(containers, &entry, err)) > 0) {
		own_mem char *path = xasprintf("%s/exec/%s", entry->d_name, call->name);
		own_fd int dir = entry->d_name[0] == '.'
			? -1
			: openat(all, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		const struct json *text;

		if (dir < 0)
			continue;
		text = json_read_file(&call->request->arena, dir, "config.json", err);
		if (!text ||
			schema_decode(&config_schema, text, config, &call->request->arena, err) < 0)
			return err_wrap(err, "exec %s", call->name);
		return give_fd(dir);
	}
	if (r < 0)
		return err_wrap(err, "exec %s", call->name);
	return err_set(err, E_NOT_FOUND, "No such exec instance: %s", call->name);
}

/* Has it ended? Returns 1 with its status, 0, or an error. */
static int read_exit(int dir, int64_t *status, struct arena *a, struct err *err)
{
	const struct json *record = json_read_file(a, dir, "exit.json", err);

	if (!record)
		return err->code == ENOENT ? 0 : -err->code;
	/* of one that was started in the background nobody knows it */
	if (json_int64(json_get(record, "ExitCode"), status) < 0)
		*status = -1;
	return 1;
}

static int write_exit(int dir, int64_t status, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct json *record = json_new_object(&a);

	json_set_int(&a, record, "ExitCode", status);
	json_write(record, JSON_COMPACT, &text);
	return io_publish_file(dir, "exit.json", text.data, text.len, 0600, 0, err);
}

/* 0: there is none yet */
static int64_t read_pid(int dir)
{
	own_buf struct buf text = {0};

	return io_read_file(dir, PID_FILE, 32, &text, &(struct err){0}) < 0
		? 0
		: strtoll(buf_str(&text), NULL, 10);
}

int api_exec_inspect(struct call *call, struct err *err)
{
	struct arena *a = &call->request->arena;
	struct json *d = json_new_object(a), *process, *args;
	struct exec_config config;
	own_fd int dir = find_exec(call, &config, err), lock = -1;
	int64_t status = -1;
	int ended = dir < 0 ? dir : read_exit(dir, &status, a, err);

	if (ended < 0)
		return ended;
	lock = lock_file(dir, "lock", LOCK_TRY, err);
	if (lock < 0 && err->code != E_IN_USE)
		return -err->code;
	json_set_string(a, d, "ID", call->name);
	json_set_bool(a, d, "Running", lock < 0);
	json_set(a, d, "ExitCode", status < 0 ? json_new_null(a) : json_new_int(a, status));
	process = json_set(a, d, "ProcessConfig", json_new_object(a));
	json_set_bool(a, process, "tty", config.tty);
	json_set_string(a, process, "entrypoint", config.cmd.items[0]);
	args = json_set(a, process, "arguments", json_new_array(a));
	for (size_t i = 1; i < config.cmd.count; i++)
		json_append(args, json_new_string(a, config.cmd.items[i]));
	json_set_bool(a, process, "privileged", config.privileged);
	if (config.user)
		json_set_string(a, process, "user", config.user);
	json_set_bool(a, d, "OpenStdin", config.input);
	json_set_bool(a, d, "OpenStdout", config.out);
	json_set_bool(a, d, "OpenStderr", config.error);
	json_set_bool(a, d, "CanRemove", ended > 0);
	json_set_string(a, d, "ContainerID", config.container);
	json_set_string(a, d, "DetachKeys", config.detach_keys ? config.detach_keys : "");
	json_set_int(a, d, "Pid", lock < 0 ? read_pid(dir) : 0);
	answer_json(call->request, 200, d);
	return 0;
}

int api_exec_resize(struct call *call, struct err *err)
{
	struct exec_config config;
	own_fd int dir = -1, socket = -1;
	int64_t h, w;
	unsigned char size[4];

	if (api_query_int(call, "h", -1, &h, err) < 0 || api_query_int(call, "w", -1, &w, err) < 0)
		return -err->code;
	if (h < 0 || h > UINT16_MAX || w < 0 || w > UINT16_MAX)
		return err_set(err, EINVAL, "h and w: a terminal's size is needed");
	dir = find_exec(call, &config, err);
	if (dir < 0)
		return dir;
	socket = attach_connect(dir, err);
	size[0] = (unsigned char)(h >> 8);
	size[1] = (unsigned char)h;
	size[2] = (unsigned char)(w >> 8);
	size[3] = (unsigned char)w;
	if (socket < 0 || attach_send(socket, ATTACH_RESIZE, size, sizeof(size)) < 0)
		return err_set(err, E_NOT_RUNNING, "exec %s has no terminal now", call->name);
	answer_text(call->request, 200, NULL, "", 0);
	return 0;
}

/* ---- run ---- */

/* The command, from its start to its end, and the client that takes part. */
struct running {
	const struct exec_config *config;
	struct exec_request request;
	struct engine engine;
	int dir;                /* its own */
	int theirs[3], ours[3]; /* pipes; with a terminal ours[0] and [1] are its master */
	int console, resize;    /* sockets that listen; -1 */
	bool multiplexed, has_master;
	bool detached; /* nobody reads and writes, and who started it learns that it runs */
	/* of the thread that waits for its end */
	pthread_t thread;
	int ended[2]; /* a pipe: closed at the end */
	int status;
	struct err err;
	/* the client's input */
	int client;
	bool reads, left;
	size_t last; /* bytes of output since the end */
	struct detach_keys keys;
	struct buf pending;
};

static void running_release(struct running *r)
{
	for (int i = 0; i < 3; i++) {
		own_fd_release(&r->theirs[i]);
		if (i == 0 || r->ours[i] != r->ours[0])
			own_fd_release(&r->ours[i]);
	}
	for (int i = 0; i < 2; i++)
		own_fd_release(&r->ended[i]);
	if (r->console >= 0)
		unlinkat(r->dir, CONSOLE_SOCKET, 0);
	if (r->resize >= 0)
		unlinkat(r->dir, ATTACH_SOCKET, 0);
	own_fd_release(&r->console);
	own_fd_release(&r->resize);
	buf_release(&r->pending);
	engine_release(&r->engine);
}

/* A command of these words, which has nothing yet. */
#define RUNNING(config_, dir_)                                                                     \
	{                                                                                          \
		.config = (config_), .dir = (dir_), .theirs = {-1, -1, -1}, .ours = {-1, -1, -1},  \
		.console = -1, .resize = -1, .ended = {-1, -1}, .client = -1,                      \
		.multiplexed = !(config_)->tty                                                     \
	}

static void *run(void *arg)
{
	static const int64_t not_found = 127, not_executable = 126, failed = 126;
	struct running *r = arg;
	struct sink nobody = {0};
	int64_t status;

	r->status = verb_exec(&r->engine, &r->request, &nobody, &r->err);
	for (int i = 0; i < 3; i++) {
		own_fd_release(&r->theirs[i]);
		r->theirs[i] = -1;
	}
	status = r->status >= 0                           ? r->status
		: r->err.code == E_COMMAND_NOT_FOUND      ? not_found
		: r->err.code == E_COMMAND_NOT_EXECUTABLE ? not_executable
							  : failed;
	/* before the client sees the end, and asks for the status */
	write_exit(r->dir, status, &(struct err){0});
	close(give_fd(r->ended[1]));
	return NULL;
}

static int open_streams(struct running *r, struct err *err)
{
	for (int i = 0; i < 3; i++) {
		int ends[2];

		/* what a detached command leaves behind may write when we have gone */
		if (r->detached) {
			r->theirs[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
			if (r->theirs[i] < 0)
				return err_errno(err, "cannot open '/dev/null'");
			continue;
		}
		if (pipe2(ends, O_CLOEXEC) < 0)
			return err_errno(err, "cannot make a pipe");
		r->theirs[i] = ends[i != 0];
		r->ours[i] = ends[i == 0];
	}
	if (!r->config->input && !r->detached) {
		own_fd_release(&r->ours[0]); /* it reads the end at once */
		r->ours[0] = -1;
	}
	if (!r->config->tty)
		return 0;
	r->console = socket_listen(r->dir, CONSOLE_SOCKET, SOCK_STREAM, 0600, err);
	if (r->console >= 0)
		r->resize = attach_listen(r->dir, err);
	return r->console < 0 || r->resize < 0 ? -err->code : 0;
}

/* The runtime sends the master, and the name of nothing in particular (runc's docs/terminals.md) */
static int receive_master(struct running *r)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char name[4096];
	struct iovec part = {name, sizeof(name)};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	own_fd int from = accept4(r->console, NULL, NULL, SOCK_CLOEXEC);
	struct winsize size = {0};
	struct cmsghdr *c;
	int master;

	if (from < 0 || recvmsg(from, &message, MSG_CMSG_CLOEXEC) < 0)
		return -errno;
	c = CMSG_FIRSTHDR(&message);
	if (!c || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(sizeof(int)))
		return -EPROTO;
	memcpy(&master, CMSG_DATA(c), sizeof(master));
	own_fd_release(&r->ours[0]);
	own_fd_release(&r->ours[1]);
	r->ours[0] = r->ours[1] = master;
	r->has_master = true;
	size.ws_row = (unsigned short)r->request.rows;
	size.ws_col = (unsigned short)r->request.columns;
	if (size.ws_row && size.ws_col && ioctl(master, TIOCSWINSZ, &size) < 0)
		return -errno;
	return 0;
}

/* Somebody's RESIZE frame. */
static void take_size(struct running *r)
{
	own_fd int from = accept4(r->resize, NULL, NULL, SOCK_CLOEXEC);
	struct timeval patience = {.tv_sec = 1};
	unsigned char packet[ATTACH_PACKET_MAX];
	struct attach_frame f;
	struct winsize size = {0};
	ssize_t n;

	if (from < 0 || setsockopt(from, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
		return;
	n = recv(from, packet, sizeof(packet), 0);
	if (n <= 0 ||
		attach_parse(packet, (size_t)n, ATTACH_FROM_CLIENT, &f, &(struct err){0}) < 0 ||
		f.type != ATTACH_RESIZE)
		return;
	size.ws_row = f.rows;
	size.ws_col = f.columns;
	if (r->has_master)
		ioctl(r->ours[0], TIOCSWINSZ, &size);
	else
		r->request.rows = f.rows, r->request.columns = f.columns;
}

/* Returns false when there is nothing more to come. */
static bool copy_output(struct running *r, int i)
{
	static const enum sink_stream streams[] = {0, SINK_STDOUT, SINK_STDERR};
	bool wanted = i == 1 ? r->config->out : r->config->error;
	struct err ignored; /* the client has gone: the command goes on */
	char block[65536];
	ssize_t n = read(r->ours[i], block, sizeof(block));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0) /* EIO: the terminal's last user has closed it */
		return false;
	r->last += (size_t)n;
	if (wanted && !r->left &&
		stream_write(r->client, r->multiplexed, streams[i], block, (size_t)n, &ignored) < 0)
		r->left = true;
	return true;
}

static void close_ours(struct running *r, int i)
{
	bool shared = r->has_master && i < 2;

	if (!shared)
		own_fd_release(&r->ours[i]);
	r->ours[i] = -1;
}

static void take_input(struct running *r, const char *bytes, size_t len)
{
	if (detach_keys_typed(&r->keys, (const unsigned char *)bytes, len, &r->pending))
		r->left = true;
}

static void read_client(struct running *r)
{
	char bytes[16384];
	ssize_t n = read(r->client, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0)
		take_input(r, bytes, (size_t)n);
	else if (r->has_master)
		take_input(r, "\4", 1); /* Ctrl-D, as a terminal says it */
	if (n <= 0)
		r->reads = false;
}

static void write_input(struct running *r)
{
	size_t len = r->pending.len < PIPE_BUF ? r->pending.len : PIPE_BUF;
	ssize_t n = write(r->ours[0], r->pending.data, len);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) { /* nobody reads it */
		r->reads = false;
		n = (ssize_t)r->pending.len;
	}
	memmove(r->pending.data, r->pending.data + n, r->pending.len - (size_t)n);
	r->pending.len -= (size_t)n;
}

enum { AT_IN, AT_OUT, AT_ERROR, AT_CLIENT, AT_CONSOLE, AT_RESIZE, AT_END, AT_COUNT };

/* A client that has left does not end the command: it goes on, and so do we, without the client. */
static void let_go(struct running *r)
{
	shutdown(r->client, SHUT_RDWR);
	r->client = -1;
	r->reads = false;
}

/* Until the command has ended and what it has written is copied. */
static int copy(struct running *r, struct err *err)
{
	bool ended = false;

	for (;;) {
		bool owes = r->pending.len && r->ours[0] >= 0;
		bool waits = r->config->tty && !r->has_master;
		struct pollfd p[AT_COUNT] = {
			[AT_IN] = {owes && !waits ? r->ours[0] : -1, POLLOUT, 0},
			[AT_OUT] = {waits ? -1 : r->ours[1], POLLIN, 0},
			[AT_ERROR] = {r->ours[2], POLLIN, 0},
			[AT_CLIENT] = {r->client, r->reads && !r->pending.len ? POLLIN : 0, 0},
			[AT_CONSOLE] = {waits ? r->console : -1, POLLIN, 0},
			[AT_RESIZE] = {r->resize, POLLIN, 0},
			[AT_END] = {ended ? -1 : r->ended[0], POLLIN, 0}};
		int n = poll(p, AT_COUNT, ended ? 0 : -1);

		if (n < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for a command");
		/* what a grandchild writes later is nobody's */
		if (ended && (r->last > LAST_MAX || !(p[AT_OUT].revents || p[AT_ERROR].revents)))
			return 0;
		if (p[AT_CONSOLE].revents && receive_master(r) < 0)
			return err_set(err, EPROTO, "the runtime sent no terminal");
		if (p[AT_RESIZE].revents)
			take_size(r);
		for (int i = 1; i < 3; i++)
			if (p[i].revents && !copy_output(r, i))
				close_ours(r, i);
		if (p[AT_IN].revents)
			write_input(r);
		if (!r->reads && !r->pending.len && !r->has_master && r->ours[0] >= 0 && !waits)
			close_ours(r, 0);
		if (p[AT_CLIENT].revents & POLLIN)
			read_client(r);
		else if (p[AT_CLIENT].revents & (POLLHUP | POLLERR))
			r->left = true;
		if (r->left && r->client >= 0)
			let_go(r);
		if (p[AT_END].revents) {
			ended = true;
			r->last = 0;
		}
	}
	return 0;
}

/* Its client: the connection, or an answer that only writes. */
static int begin_client(struct call *call, struct running *r, struct err *err)
{
	const char *type = stream_type(call, r->multiplexed), *early = "";
	size_t early_len = 0;

	if (call->request->upgrade)
		r->client = answer_hijack(call->request, type, &early, &early_len, err);
	else if (r->config->input)
		return err_set(err, EPROTO, "AttachStdin: the request must offer its connection");
	else
		r->client = answer_stream(call->request, 200, type, err);
	if (r->client < 0)
		return r->client;
	take_input(r, early, r->reads ? early_len : 0);
	return 0;
}

static int begin(struct call *call, struct running *r, struct err *err)
{
	const struct exec_config *config = r->config;
	const struct engine_options options = {
		.root = call->engine.root_path, .run = call->engine.run_path, .streams = r->theirs};
	const char *place;

	if (open_streams(r, err) < 0 || engine_open(&r->engine, &options, err) < 0)
		return -err->code;
	if (pipe2(r->ended, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	place = engine_run_path(&r->engine, "containers/%s/exec/%s", config->container, call->name);
	r->request = (struct exec_request){.container = config->container,
		.command = config->cmd,
		.env = config->env,
		.user = config->user && *config->user ? config->user : NULL,
		.workdir = config->workdir && *config->workdir ? config->workdir : NULL,
		.privileged = config->privileged,
		.tty = config->tty,
		.interactive = config->input && !r->detached,
		.own_streams = true,
		.pid_file = arena_printf(&r->engine.arena, "%s/" PID_FILE, place)};
	if (config->console_size.count == 2) {
		r->request.rows = config->console_size.items[0];
		r->request.columns = config->console_size.items[1];
	}
	if (config->tty)
		r->request.console_socket = arena_printf(
			&r->engine.arena, "%s/" CONSOLE_SOCKET, place);
	if (r->detached)
		r->request.log = arena_printf(&r->engine.arena, "%s/" LOG_FILE, place);
	else if (begin_client(call, r, err) < 0)
		return -err->code;
	if (pthread_create(&r->thread, NULL, run, r) != 0)
		return err_set(err, EAGAIN, "cannot start a thread");
	return 0;
}

/* Its error, where a terminal's or a pipe's reader expects what a shell would say. */
static void say_failure(struct running *r)
{
	own_mem char *text = NULL;

	if (r->status >= 0 || !*r->err.msg || r->left)
		return;
	text = xasprintf("%s%s", r->err.msg, r->config->tty ? "\r\n" : "\n");
	stream_write(r->client, r->multiplexed, SINK_STDERR, text, strlen(text), &(struct err){0});
}

static int run_attached(
	struct call *call, const struct exec_config *config, int dir, struct err *err)
{
	own(running_release) struct running r = RUNNING(config, dir);
	const char *keys = config->detach_keys && *config->detach_keys ? config->detach_keys
								       : DETACH_KEYS_DEFAULT;
	int result;

	r.reads = config->input;
	if (detach_keys_parse(keys, &r.keys, err) < 0 || begin(call, &r, err) < 0)
		return -err->code;
	result = copy(&r, err);
	pthread_join(r.thread, NULL);
	say_failure(&r);
	return result;
}

/* Until the runtime has written the command's pid (returns 1), or it has ended without (0). */
static int wait_pid(const struct running *r, struct err *err)
{
	own_fd int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	own_mem char *path = xasprintf("/proc/self/fd/%d", r->dir);

	if (watch < 0 || inotify_add_watch(watch, path, IN_CLOSE_WRITE | IN_MOVED_TO) < 0)
		return err_errno(err, "cannot watch a command");
	for (;;) {
		struct pollfd p[2] = {
			{.fd = watch, .events = POLLIN}, {.fd = r->ended[0], .events = POLLIN}};
		char events[4096];

		/* one that has ended has done so after it ran */
		if (read_pid(r->dir) > 0)
			return 1;
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for a command");
		if (p[1].revents)
			return read_pid(r->dir) > 0;
		if (p[0].revents && read(watch, events, sizeof(events)) < 0 && errno != EAGAIN)
			return err_errno(err, "cannot watch a command");
	}
}

/* Why it did not start: what the verb says, or the runtime's log. */
static int why_not(struct running *r, struct err *err)
{
	const char *const words[] = {"kist", "exec-failed", r->request.log, NULL};
	const struct tool_io none = {.in = -1, .out = -1, .notice = -1};

	pthread_join(r->thread, NULL);
	if (r->status < 0 && *r->err.msg) {
		*err = r->err;
		return -err->code;
	}
	return engine_tool(&none, words, NULL, err);
}

/*
 * It is answered when the command runs. We stay to its end, for its status and its terminal; the
 * connection does not, and who asks for more makes another.
 */
static int run_detached(
	struct call *call, const struct exec_config *config, int dir, struct err *err)
{
	own(running_release) struct running r = RUNNING(config, dir);
	int started, result;

	r.detached = r.left = true;
	if (begin(call, &r, err) < 0)
		return -err->code;
	started = wait_pid(&r, err);
	if (started < 0) {
		pthread_join(r.thread, NULL);
		return started;
	}
	if (started == 0)
		return why_not(&r, err);
	answer_header(call->request, "Connection", "close");
	answer_text(call->request, 200, NULL, "", 0);
	result = copy(&r, err);
	pthread_join(r.thread, NULL);
	return result;
}

int api_exec_start(struct call *call, struct err *err)
{
	const struct json *body = api_body(call, err);
	struct exec_config config;
	own_fd int dir = -1, lock = -1;
	int64_t status;
	int ended;

	if (!body)
		return -err->code;
	dir = find_exec(call, &config, err);
	if (dir < 0)
		return dir;
	lock = lock_file(dir, "lock", LOCK_TRY, err);
	ended = lock < 0 ? 1 : read_exit(dir, &status, &call->request->arena, err);
	if (lock < 0 && err->code != E_IN_USE)
		return -err->code;
	if (ended)
		return ended < 0 ? ended
				 : err_set(err, E_IN_USE, "Exec %s has already run", call->name);
	if (json_get_bool(body, "Tty") != config.tty && json_get(body, "Tty"))
		return err_set(err, EINVAL, "Tty: it was made %s terminal",
			config.tty ? "with a" : "without a");
	return json_get_bool(body, "Detach") ? run_detached(call, &config, dir, err)
					     : run_attached(call, &config, dir, err);
}
