/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verbs: each takes a request, makes its plan, does it (unless only the plan is wanted), and
 * tells the sink what comes of it. Mouths (engine/cli, engine/api) fill requests and show results.
 *
 * All return 0, or the exit status of the container or program that the verb is about, or an error
 * in docker's words. A request's strings are borrowed for the call. What is said to be told comes
 * through the sink's result; with an open engine that only plans nothing comes, and the plan has
 * the steps.
 */
#ifndef KIST_ENGINE_VERB_H
#define KIST_ENGINE_VERB_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/verb/engine.h"
#include "engine/verb/sink.h"

/* A verb that is about one container: its name, id, or a part of the id. */
struct container_request {
	const char *container;
};

struct create_request; /* engine/verb/creation.h */
struct create_result;
struct stay; /* engine/verb/starting.h */

/* ---- making containers ---- */

/* Pulls the image when it is not there. Tells the id, which stands in *result, too. */
int verb_create(struct engine *e, const struct create_request *rq, struct create_result *result,
	struct sink *sink, struct err *err);

/*
 * As create, and start. stay NULL: tells the id, and the container runs in the background; else
 * returns the container's exit status.
 */
int verb_run(struct engine *e, const struct create_request *rq, struct stay *stay,
	struct sink *sink, struct err *err);

/* ---- starting containers ---- */

struct start_request {
	const char *container;
	struct stay *stay; /* NULL: it runs in the background */
};

/*
 * Tells the name; one that runs is no error. With stay it tells nothing, returns the container's
 * exit status, and E_IN_USE for one that runs.
 */
int verb_start(
	struct engine *e, const struct start_request *rq, struct sink *sink, struct err *err);

/* ---- ending containers ---- */

struct stop_request {
	const char *container;
	const char *signal; /* NULL: the container's, else SIGTERM */
	const int64_t
		*timeout; /* seconds until SIGKILL; -1: never; NULL: the container's, else 10 */
};

/* Tells the name. One that does not run is no error. */
int verb_stop(struct engine *e, const struct stop_request *rq, struct sink *sink, struct err *err);

/* As stop, and start. One that does not run is started. EINVAL for one that removes itself. */
int verb_restart(
	struct engine *e, const struct stop_request *rq, struct sink *sink, struct err *err);

struct kill_request {
	const char *container;
	const char *signal; /* NULL: SIGKILL */
};

/* Tells the name. Waits for the end after SIGKILL alone. E_NOT_RUNNING. */
int verb_kill(struct engine *e, const struct kill_request *rq, struct sink *sink, struct err *err);

struct rm_request {
	const char *container;
	bool force;   /* one that runs is killed */
	bool volumes; /* with its anonymous volumes */
};

/* Tells the name. E_IN_USE when it runs, E_NOT_FOUND. */
int verb_rm(struct engine *e, const struct rm_request *rq, struct sink *sink, struct err *err);

/* Tells the exit status (RESULT_STATUS) when the container has ended. Changes nothing. */
int verb_wait(
	struct engine *e, const struct container_request *rq, struct sink *sink, struct err *err);

/* ---- more processes in containers ---- */

struct exec_request {
	const char *container;
	struct strings command;
	struct strings env;         /* "NAME=value", above the container's */
	const char *user, *workdir; /* NULL: the container's */
	const char *detach_keys;    /* NULL: the usual ones */
	bool privileged, interactive, tty;
	bool detach;            /* nobody reads and writes, and nobody waits for its end */
	bool in_place;          /* it takes this process's place: only on failure it returns */
	unsigned rows, columns; /* of the terminal at its start; 0: not known */
	/*
	 * The caller copies itself: the engine's streams are pipes of its own, nobody's else, and a
	 * terminal comes to this socket's path (runc's --console-socket; NULL without tty).
	 */
	bool own_streams;
	const char *console_socket;
	const char *pid_file; /* gets the command's pid when it runs; NULL: nobody asks */
	const char *log;      /* why the runtime could not start it; NULL: on stderr */
};

/*
 * Tells nothing. Returns the command's exit status, 0 with detach. E_NOT_RUNNING,
 * E_COMMAND_NOT_FOUND, E_COMMAND_NOT_EXECUTABLE.
 */
int verb_exec(struct engine *e, const struct exec_request *rq, struct sink *sink, struct err *err);

/*
 * The monitor's exit command, while the monitor waits for it: the container has ended, and its exit
 * record is written; its network goes and, with --rm, all of it.
 */
int verb_exited(
	struct engine *e, const struct container_request *rq, struct sink *sink, struct err *err);

struct attach_request {
	const char *container;
	const char *detach_keys; /* NULL: the usual ones */
	bool no_stdin;
	bool terminal; /* stdin is one */
	bool in_place; /* it takes this process's place: only on failure it returns */
};

/* Joins a running container's streams. Returns its exit status, or 0 when the keys were typed. */
int verb_attach(
	struct engine *e, const struct attach_request *rq, struct sink *sink, struct err *err);

/* ---- looking at containers: none of these changes anything ---- */

struct ps_request {
	bool all;           /* not only those that run */
	bool size;          /* with their sizes on disk */
	int64_t last;       /* that many of the newest, whether they run or not; 0: no limit */
	struct strv filter; /* "status=exited"; borrowed */
};

/* Tells a RESULT_CONTAINER each, the newest first. What is damaged of one is a notice. */
int verb_ps(struct engine *e, const struct ps_request *rq, struct sink *sink, struct err *err);

struct logs_request {
	const char *container;
	bool follow; /* until it has ended */
	bool timestamps;
	const char *since, *until; /* as units_parse_time() takes them; NULL: all */
	const char *tail;          /* the last so many lines; NULL or no number: all */
};

/* What it has written comes by the sink's output, and flush whenever all is shown that is there. */
int verb_logs(struct engine *e, const struct logs_request *rq, struct sink *sink, struct err *err);

struct port_request {
	const char *container;
	const char *port; /* "80", "80/udp": this one alone, E_NOT_FOUND; NULL: all */
};

/* Tells a RESULT_PORT each. */
int verb_port(struct engine *e, const struct port_request *rq, struct sink *sink, struct err *err);

struct top_request {
	const char *container;
	const char *const *words; /* of ps; none: -ef */
	size_t nwords;
};

/* Tells a RESULT_DOCUMENT {"Titles":[...],"Processes":[[...]]}. E_NOT_RUNNING. */
int verb_top(struct engine *e, const struct top_request *rq, struct sink *sink, struct err *err);

/* ---- images ---- */

struct tag_request {
	const char *image, *name;
};

/* Tells nothing. E_NOT_FOUND, E_USAGE for a name with a digest. */
int verb_tag(struct engine *e, const struct tag_request *rq, struct sink *sink, struct err *err);

struct rmi_request {
	const char *image; /* a name, or the ID with all names */
	bool force;        /* also when a stopped container has it, or an ID has several names */
};

/* Tells "Untagged: NAME" for each name, and "Deleted: ID" when the image goes. E_IN_USE. */
int verb_rmi(struct engine *e, const struct rmi_request *rq, struct sink *sink, struct err *err);

/* After one or more of these: blobs and layers that nothing needs any more go. Tells nothing. */
int verb_collect(struct engine *e, struct sink *sink, struct err *err);

struct load_request {
	const char *file; /* NULL: stdin, as the engine's streams have it */
};

/* Tells "Loaded image: NAME" or "Loaded image ID: ID" for each. */
int verb_load(struct engine *e, const struct load_request *rq, struct sink *sink, struct err *err);

struct save_request {
	const char *file; /* NULL: stdout, as the engine's streams have it */
	struct strings images;
};

/* Tells nothing. E_NOT_FOUND before the first byte is written. */
int verb_save(struct engine *e, const struct save_request *rq, struct sink *sink, struct err *err);

struct pass_request {
	const char
		*program; /* "kist-pull", "kist-push", "kist-build", "kist-login", "kist-logout" */
	enum subject_kind tell; /* of kist-pull and kist-push: their progress is told */
	struct strings words;   /* all of them are the program's */
	const char *secret; /* what it reads at descriptor 4: never an argument; NULL: nothing */
};

/*
 * A program that is a verb of its own, on the engine's streams; with rq->tell its progress goes to
 * the sink. Returns docker's exit status, or the error that the progress told.
 */
int verb_pass(struct engine *e, const struct pass_request *rq, struct sink *sink, struct err *err);

/* ---- volumes ---- */

struct volume_create_request {
	const char *name;       /* NULL: an anonymous one */
	const char *driver;     /* NULL: local, the only one */
	struct strings labels;  /* "KEY=VALUE" */
	struct strings options; /* of the driver: it has none */
};

/* Tells the name. E_UNSUPPORTED, E_USAGE for a name that cannot be one. */
int verb_volume_create(struct engine *e, const struct volume_create_request *rq, struct sink *sink,
	struct err *err);

struct volume_rm_request {
	const char *name;
	bool force; /* one that is not there is no error */
};

/* Tells the name. E_IN_USE when a container has it, E_NOT_FOUND. */
int verb_volume_rm(
	struct engine *e, const struct volume_rm_request *rq, struct sink *sink, struct err *err);

struct volume_ls_request {
	struct strv filter; /* borrowed */
};

/* Tells a RESULT_VOLUME each, by name. */
int verb_volume_ls(
	struct engine *e, const struct volume_ls_request *rq, struct sink *sink, struct err *err);

/* ---- networks ---- */

struct network_create_request {
	const char *name;
	const char *driver;           /* NULL: bridge, the only one */
	const char *subnet, *gateway; /* NULL: the next that is free */
	struct strings options; /* docker's of the bridge: "com.docker.network.bridge.name=br0" */
};

/* Tells the id. E_EXISTS, E_UNSUPPORTED. */
int verb_network_create(struct engine *e, const struct network_create_request *rq,
	struct sink *sink, struct err *err);

struct network_rm_request {
	const char *name;
};

/* Tells the name. E_NOT_FOUND, E_DENIED for one that is built in, E_IN_USE. */
int verb_network_rm(
	struct engine *e, const struct network_rm_request *rq, struct sink *sink, struct err *err);

struct network_ls_request {
	struct strv filter; /* borrowed */
};

/* Tells a RESULT_NETWORK each, by name. Returns 1 when one was damaged, which is a notice. */
int verb_network_ls(
	struct engine *e, const struct network_ls_request *rq, struct sink *sink, struct err *err);

/* ---- prunes ---- */

struct prune_request {
	bool all;           /* images: also with a name; volumes: also named ones */
	struct strv filter; /* borrowed */
};

/*
 * Each tells docker's lines: a heading, what was removed, and how many bytes that were. Of
 * containers what cannot be removed is a notice each, and 1 is returned in the end.
 */
int verb_container_prune(
	struct engine *e, const struct prune_request *rq, struct sink *sink, struct err *err);
int verb_image_prune(
	struct engine *e, const struct prune_request *rq, struct sink *sink, struct err *err);
int verb_volume_prune(
	struct engine *e, const struct prune_request *rq, struct sink *sink, struct err *err);

/* ---- images from elsewhere ---- */

struct pull_request {
	const char *reference; /* "alpine:3.20", "host:5000/app@sha256:..." */
	const char *platform;  /* NULL: ours */
	const char *auth;      /* a document like docker's config.json; NULL: what the user has */
	bool all_tags;
};

/* As verb_pass() with kist-pull and these words. */
int verb_pull(struct engine *e, const struct pull_request *rq, struct sink *sink, struct err *err);

/* ---- looking at everything ---- */

struct images_request {
	const char *repository; /* "alpine", "alpine:3", or a pattern; NULL: all */
	struct strv filter;     /* borrowed */
};

/* Tells a RESULT_IMAGE each, the newest first. */
int verb_images(
	struct engine *e, const struct images_request *rq, struct sink *sink, struct err *err);

struct inspect_request {
	const char *name;
	const char
		*type; /* "container", "image", "network", "volume"; NULL: the first that has it */
	bool size;     /* of a container: on disk, too */
};

/* Tells a RESULT_DOCUMENT. E_NOT_FOUND; EINVAL for a type that there is not. */
int verb_inspect(
	struct engine *e, const struct inspect_request *rq, struct sink *sink, struct err *err);

#define VERB_API_VERSION "1.47" /* of docker's API, whose words inspect and the listings have */

/* A RESULT_DOCUMENT {"Client","Server"}. The engine need not be open. */
int verb_version(struct engine *e, struct sink *sink, struct err *err);

/* A RESULT_DOCUMENT with docker's members, and "Limits" as limits_document() has them. */
int verb_info(struct engine *e, struct sink *sink, struct err *err);

/* Tells four RESULT_USAGE: images, containers, volumes, the build cache. */
int verb_system_df(struct engine *e, struct sink *sink, struct err *err);

/* ---- other changes of containers ---- */

/* Each tells the name. E_IN_USE when it is paused already, E_NOT_RUNNING. */
int verb_pause(
	struct engine *e, const struct container_request *rq, struct sink *sink, struct err *err);
int verb_unpause(
	struct engine *e, const struct container_request *rq, struct sink *sink, struct err *err);

struct rename_request {
	const char *container, *name; /* a '/' in front of the name is left away */
};

/* Tells nothing. E_USAGE for a name that cannot be one, E_EXISTS for one that is taken. */
int verb_rename(
	struct engine *e, const struct rename_request *rq, struct sink *sink, struct err *err);

#endif
