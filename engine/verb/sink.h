/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a verb talks to while it works. A verb takes a request and prints nothing: the mouth that
 * called it (the command line, the Engine API) gives it a sink, and says in its own way what comes.
 */
#ifndef KIST_ENGINE_SINK_H
#define KIST_ENGINE_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "engine/docker/sentences.h"
#include "lib/err.h"
#include "lib/json.h"

enum sink_stream { SINK_STDOUT = 1, SINK_STDERR = 2 };

enum result_kind {
	RESULT_LINE,      /* one line of text: a name, an id; scripts of --plan say it by echo */
	RESULT_STATUS,    /* an exit status: of wait */
	RESULT_DOCUMENT,  /* a JSON document: of inspect, info, version */
	RESULT_CONTAINER, /* one row of ps: struct container_summary, engine/verb/verb.h */
	RESULT_IMAGE,     /* one row of images: struct image_summary */
	RESULT_NETWORK,   /* one row of network ls: struct network_summary */
	RESULT_VOLUME,    /* one row of volume ls: struct volume_summary */
	RESULT_PORT,      /* one published port: struct port */
	RESULT_USAGE,     /* one row of system df: struct usage_summary */
};

/* One thing that a verb answers. All of it is borrowed for the call. */
struct result {
	enum result_kind kind;
	union {
		const char *line;
		int64_t status;
		const struct json *document;
		const struct container_summary *container;
		const struct image_summary *image;
		const struct network_summary *network;
		const struct volume_summary *volume;
		const struct port *port;
		const struct usage_summary *usage;
	};
};

/* Something happened to an object, in docker's words: {"container", "start", ID, NAME}. */
struct event {
	const char *type, *action, *id, *name;
};

/* A member that is NULL: nobody wants to know. */
struct sink {
	/* One sentence for a person, without a line feed: a warning, or what is done instead. */
	void (*notice)(struct sink *sink, const char *text);
	/* One line of progress of kist-pull or kist-push; to: where docker would show it. */
	void (*progress)(struct sink *sink, enum sink_stream to, enum subject_kind about,
		const struct progress_line *line);
	/* Bytes of a container's stream or of an archive. Returns 0, or an error that ends the
	 * verb. */
	int (*output)(struct sink *sink, enum sink_stream stream, const void *bytes, size_t len,
		struct err *err);
	/* What was written so far should be seen now. Returns 0 or an error. */
	int (*flush)(struct sink *sink, struct err *err);
	void (*event)(struct sink *sink, const struct event *event);
	/* Returns 0, or an error that ends the verb. */
	int (*result)(struct sink *sink, const struct result *result, struct err *err);
};

/* Each calls the member, if there is one. notice: a printf format. */
void sink_notice(struct sink *sink, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void sink_progress(struct sink *sink, enum sink_stream to, enum subject_kind about,
	const struct progress_line *line);
int sink_output(
	struct sink *sink, enum sink_stream stream, const void *bytes, size_t len, struct err *err);
int sink_flush(struct sink *sink, struct err *err);
void sink_event(
	struct sink *sink, const char *type, const char *action, const char *id, const char *name);
int sink_result(struct sink *sink, const struct result *result, struct err *err);
int sink_line(struct sink *sink, const char *line, struct err *err); /* a RESULT_LINE */

#endif
