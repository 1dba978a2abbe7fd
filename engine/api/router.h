/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an HTTP request to a verb: the table of the Engine API's paths, its versions, and its
 * errors.
 */
#ifndef KIST_ENGINE_API_ROUTER_H
#define KIST_ENGINE_API_ROUTER_H

#include "engine/api/http.h"
#include "engine/verb/engine.h"
#include "engine/verb/sink.h"

/* Engine API versions: the newest that is spoken in full for what is served, and the oldest. */
#define API_VERSION       "1.47"
#define API_MINOR         47
#define API_MINOR_LEAST   24
#define API_VERSION_LEAST "1.24"

/* One call: the request, and the engine that its verb works on. */
struct call {
	struct sink sink; /* first: verbs' results find the call by it */
	struct request *request;
	struct engine engine;
	int minor;        /* of the version that the client speaks: 1.minor */
	const char *name; /* what "{name}" in the path stands for; NULL: there is none */
	int streams[3];   /* of the programs of a verb */
	int errors;       /* what the programs of a verb say on their stderr */
	/* what the verb has told so far */
	unsigned events;
	const struct json *document; /* the last RESULT_DOCUMENT */
	struct json *rows;           /* made by row() from the other results */
	/* the row of a result; NULL: it goes into one that is there */
	struct json *(*row)(struct call *call, const struct result *result);
	void *verb_arg; /* of the handler's own sink functions */
	/* of answers that come bit by bit, see streams.h; -1: none yet */
	int stream_fd;
	bool multiplexed, skip_stdout, skip_stderr;
};

/*
 * Answers by one of answer_*() and returns 0; or returns an error before it has answered, which is
 * told to the client with the status that api_status() gives.
 */
typedef int api_handler(struct call *call, struct err *err);

struct route {
	const char *method, *path; /* one "{name}", which takes slashes too */
	api_handler *handler;
	bool abandonable; /* see request_abandonable() */
};

/* The places of state, for all calls. */
struct api {
	const char *root, *run;
};

/* The http_handler; arg is the struct api. */
void api_serve(struct request *rq, void *arg);

/* docker's status for an error's code. */
unsigned api_status(const struct err *err);

/* Answer with {"message":"..."} (1.24 and newer). */
void api_error(struct request *rq, unsigned status, const char *message);

/*
 * What failed, when a program of the verb has said so on its stderr and not in *err; status is its
 * exit status (docs/pipes.md), or 0. Returns -err->code.
 */
int api_program_failed(struct call *call, int status, struct err *err);

/*
 * docker's "filters", a JSON object of arrays (or, older, of objects with true), as the verbs take
 * them: "status=running". Returns 0 or EINVAL.
 */
int api_filters(struct call *call, struct strv *filters, struct err *err);

/* The body as a JSON object in the request's arena; an empty one is {}. NULL: EINVAL. */
struct json *api_body(struct call *call, struct err *err);

/* A query's whole number; missing: usual. Returns 0 or EINVAL, which names it. */
int api_query_int(
	struct call *call, const char *name, int64_t usual, int64_t *value, struct err *err);

/* handlers, by their files */
api_handler api_ping, api_version, api_info;               /* system.c */
api_handler api_images, api_image_inspect, api_image_pull; /* images.c */
api_handler api_image_remove, api_image_tag;               /* images.c */
api_handler api_containers, api_container_inspect;         /* containers.c */
api_handler api_container_create, api_container_start, api_container_stop, api_container_restart,
	api_container_kill, api_container_pause, api_container_unpause, api_container_rename,
	api_container_wait, api_container_remove;                               /* containers.c */
api_handler api_container_attach, api_container_resize, api_container_logs;     /* streams.c */
api_handler api_exec_create, api_exec_start, api_exec_resize, api_exec_inspect; /* exec.c */

#endif
