/* SPDX-License-Identifier: Apache-2.0 */
/* One call of the Engine API: what is known of it, and what its request says. */
#ifndef KIST_ENGINE_API_CALL_H
#define KIST_ENGINE_API_CALL_H

#include "engine/api/http.h"
#include "engine/verb/engine.h"
#include "engine/verb/sink.h"

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
	bool sizes;     /* rows of containers tell them */
	void *verb_arg; /* of the handler's own sink functions */
	/* of answers that come bit by bit, see streams.h; -1: none yet */
	int stream_fd;
	bool multiplexed, skip_stdout, skip_stderr;
};

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

#endif
