/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist-monitor from inside: it keeps one container company from before its start until after its
 * end. One thread, one poll() loop (monitor.c); streams, attached clients, the runtime's calls and
 * the exit record are a file each.
 */
#ifndef KIST_RUNTIME_MONITOR_H
#define KIST_RUNTIME_MONITOR_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/io.h"
#include "lib/spawn.h"
#include "runtime/monitor/monitor_log.h"
#include "spec/attach.h"

struct monitor_options {
	const char *id, *bundle, *runtime_root, *run_dir, *log, *exit_file;
	const char *runtime; /* program; NULL: kist-runtime */
	int ready_fd;
	bool terminal, interactive, detach;
	const char *exit_command;
	struct strv exit_args;
};

enum monitor_phase {
	MONITOR_STARTING, /* the runtime's "run" is at work */
	MONITOR_RUNNING,  /* the container's process lives */
	MONITOR_ENDING,   /* it has ended; "delete" is at work, the last output is copied */
};

/* Where output goes: never blocks, whatever the descriptor is. */
struct monitor_sink {
	int fd; /* -1: closed, or none */
	enum { SINK_PLAIN, SINK_NONBLOCKING, SINK_SOCKET, SINK_PIPE_BLOCKING } kind;
	bool ours; /* fd is a second opening of the file, and ours to close */
};

/* One output stream of the container. A block is read when everybody has the one before. */
struct monitor_stream {
	int from; /* a pipe's end or the pseudo-terminal's master; -1: ended */
	enum attach_type frame;
	struct monitor_sink sink;
	struct monitor_log_line line;
	char *block;
	size_t len, sunk; /* of the block: its bytes, and how many the sink has */
	uint16_t owed;    /* bit i: client i has yet to get the block */
};

/* The container's stdin, where the monitor feeds it. */
struct monitor_input {
	int to; /* a pipe's end or the master; -1: closed, or the container has its own */
	bool is_terminal;
	bool end; /* close it once the block is written */
	int own;  /* our own stdin while it is copied; -1 */
	char *block;
	size_t len, done;
};

/* What poll() is asked about, gathered anew for each turn; see monitor_wait(). */
#define MONITOR_POLL_MAX (8 + ATTACH_CLIENTS_MAX)

struct monitor {
	const struct monitor_options *opt;
	enum monitor_phase phase;
	int run_dir, exit_dir; /* directories of the run files and of the exit record */
	int lock, signals;
	struct child runtime; /* "run", later "delete"; pid -1: none */
	pid_t init;           /* the container's process; -1: not known yet, or ended */
	int init_fd;          /* its pidfd */
	int oom_events;       /* the memory cgroup's counters, -1: none */
	int console;          /* listening socket for the pseudo-terminal, -1 */
	int errors;           /* the runtime's stderr when the container does not share it, -1 */
	uint64_t pending_signals; /* bit n: signal n came before there was a process */
	struct monitor_stream streams[2];
	struct monitor_input input;
	struct monitor_log log;
	int attach; /* listening socket */
	int clients[ATTACH_CLIENTS_MAX];
	struct err start_error; /* why it did not start; code 0 when it did */
	int raw_status;         /* as waitpid() gave it */
	bool oom_killed;
	char started_at[IO_TIME_MAX], finished_at[IO_TIME_MAX];
	int64_t drain_until; /* monotonic milliseconds; 0: not draining */
};

/* monitor.c: everything, from lock to exit command. Returns the container's status. */
int monitor_run(const struct monitor_options *opt, struct err *err);

/* monitor_start.c: the runtime's "run" and what comes of it. */
int monitor_open_streams(struct monitor *m, int child_fds[3], struct err *err);
int monitor_start(struct monitor *m, struct err *err);
void monitor_take_terminal(struct monitor *m);
/* "run" has ended with this raw status: fills in init, or start_error. */
void monitor_started(struct monitor *m, int raw_status);
int monitor_delete(struct monitor *m, struct err *err);

/*
 * monitor_cgroup.c: when a service or a session of systemd ends, systemd ends all that is in its
 * cgroup; a detached container and its monitor outlive who started them. With cgroup version 2
 * only. Returns 0.
 */
int monitor_leave_service(struct err *err);

/* monitor_error.c: why the runtime says that it failed, from its JSON log or its stderr. */
void monitor_runtime_error(struct monitor *m, int status, struct err *err);

/* monitor_stream.c: output from the container to log, own descriptors and clients, and input. */
void monitor_sink_open(struct monitor_sink *sink, int fd);
void monitor_sink_close(struct monitor_sink *sink);
bool monitor_stream_busy(const struct monitor_stream *s); /* somebody has yet to get the block */
void monitor_stream_read(struct monitor *m, struct monitor_stream *s);
void monitor_stream_flush(struct monitor *m, struct monitor_stream *s);
void monitor_stream_end(struct monitor *m, struct monitor_stream *s);
void monitor_input_add(struct monitor_input *in, const void *data, size_t len);
void monitor_input_end(struct monitor_input *in);
void monitor_input_read_own(struct monitor_input *in);
void monitor_input_flush(struct monitor_input *in);

/* monitor_attach.c: the attached clients. */
void monitor_clients_accept(struct monitor *m);
void monitor_client_read(struct monitor *m, unsigned i);
void monitor_client_drop(struct monitor *m, unsigned i);
void monitor_clients_end(struct monitor *m, int status);

/* monitor_exit.c: how it ended. */
void monitor_watch_memory(struct monitor *m);
void monitor_check_memory(struct monitor *m);
int monitor_exit_status(const struct monitor *m);
void monitor_begin_record(const struct monitor *m); /* its failure is a warning */
int monitor_write_record(struct monitor *m, struct err *err);
int monitor_exit_command(const struct monitor *m, struct err *err);

/* One JSON line to opt->ready_fd, if there is one, which is then closed. */
void monitor_say_ready(struct monitor *m);

#endif
