/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist-monitor from inside: it keeps one container company from before its start until after its
 * end. One thread, one poll() loop (monitor.c). What belongs to the container (socket, log, lock,
 * attached clients) is apart from what belongs to one run of it (streams, process, phase). Whom it
 * waits for, and until when, are rows of tables: children.h, deadlines.h.
 */
#ifndef KIST_RUNTIME_MONITOR_H
#define KIST_RUNTIME_MONITOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/detach_keys.h"
#include "lib/err.h"
#include "lib/io.h"
#include "runtime/monitor/children.h"
#include "runtime/monitor/clients.h"
#include "runtime/monitor/deadlines.h"
#include "runtime/monitor/input.h"
#include "runtime/monitor/monitor_log.h"
#include "runtime/monitor/stream.h"

struct monitor_options {
	const char *id, *bundle, *runtime_root, *run_dir, *log, *exit_file;
	const char *runtime; /* program; NULL: kist-runtime */
	int ready_fd;
	bool terminal, interactive, detach;
	struct detach_keys detach_keys; /* for our own stdin, a terminal like the container's */
	const char *exit_command;
	struct strv exit_args;
};

enum monitor_phase {
	MONITOR_STARTING, /* the runtime's "run" is at work */
	MONITOR_RUNNING,  /* the container's process lives */
	MONITOR_ENDING,   /* it has ended; "delete" is at work, the last output is copied */
	MONITOR_LEAVING,  /* the exit record is written; the exit command is at work */
	MONITOR_ENDED,    /* nothing is left but what our own reader has yet to get */
};

/* One run of the container. */
struct monitor_run {
	enum monitor_phase phase;
	pid_t runtime;  /* "run" while it is at work; -1 */
	pid_t init;     /* the container's process; -1: not known yet, or ended */
	int init_fd;    /* its pidfd */
	int oom_events; /* the memory cgroup's counters, -1: none */
	int console;    /* listening socket for the pseudo-terminal, -1 */
	int errors;     /* the runtime's stderr when the container does not share it, -1 */
	uint64_t pending_signals; /* bit n: signal n came before there was a process */
	struct stream streams[2];
	struct input input;
	struct err start_error; /* why it did not start; code 0 when it did */
	int raw_status;         /* as waitpid() gave it */
	bool oom_killed;
	char started_at[IO_TIME_MAX], finished_at[IO_TIME_MAX];
};

struct monitor {
	const struct monitor_options *opt;
	int run_dir, exit_dir; /* directories of the run files and of the exit record */
	int lock, signals;
	int attach; /* listening socket */
	int ready;  /* where our caller is told; -1: nobody, or not any more */
	bool left;  /* our caller's streams are not ours any more */
	struct clients clients;
	struct monitor_log log;
	struct children children;
	struct deadlines deadlines;
	int caller_score, our_score; /* oom_score_adj: for children, and for us */
	struct monitor_run run;
};

/* monitor.c: everything, from lock to exit command. Returns the container's status. */
int monitor_run(const struct monitor_options *opt, struct err *err);

/* monitor_start.c: the runtime's calls and what comes of them. */
/* Open the streams and call "run"; ended() is told when it has ended. */
int monitor_start(struct monitor *m, child_ended *ended, struct err *err);
void monitor_take_terminal(struct monitor *m);
/* "run" has ended with this raw status: fills in init, or start_error. */
void monitor_started(struct monitor *m, int raw_status);
int monitor_delete(struct monitor *m, child_ended *ended, struct err *err);

/*
 * monitor_leave.c: the container runs on, and our caller's streams are none of ours any more.
 * why: READY_LEFT_*, what the caller is told; NULL: it has gone. The first time counts.
 */
void monitor_leave(struct monitor *m, const char *why);
/* Has a stream broken, so that we leave, or say why it is not copied any more? */
void monitor_check_streams(struct monitor *m);

/*
 * monitor_cgroup.c: when a service or a session of systemd ends, systemd ends all that is in its
 * cgroup; a detached container and its monitor outlive who started them. With cgroup version 2
 * only. Returns 0.
 */
int monitor_leave_service(struct err *err);

/* monitor_protect.c: take a low oom_score_adj, as low as we may; and start a child without it. */
void monitor_protect(struct monitor *m);
/* Returns the pid, or an error; ended is called with m. */
int monitor_spawn(struct monitor *m, const struct spawn *sp, child_ended *ended, struct err *err);

/* monitor_error.c: why the runtime says that it failed, from its JSON log or its stderr. */
void monitor_runtime_error(struct monitor *m, int status, struct err *err);

/* monitor_exit.c: how it ended. */
void monitor_watch_memory(struct monitor *m);
void monitor_check_memory(struct monitor *m);
int monitor_exit_status(const struct monitor *m);
void monitor_begin_record(const struct monitor *m); /* its failure is a warning */
int monitor_write_record(struct monitor *m, struct err *err);
/* Starts it; ended() is told. Returns 0. */
int monitor_exit_command(struct monitor *m, child_ended *ended, struct err *err);

#endif
