/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What docker says, where the small tools give a code and words of their own: sentences for what
 * went wrong, and the words and lines of a pull and a push.
 */
#ifndef KIST_ENGINE_SENTENCES_H
#define KIST_ENGINE_SENTENCES_H

#include "lib/err.h"
#include "lib/mem.h"
#include "spec/progress_line.h"

/* What an error is about. */
enum subject_kind {
	ABOUT_NOTHING,
	ABOUT_IMAGE,          /* a name or ID that somebody gave */
	ABOUT_CONTAINER,      /* a name or ID that somebody gave */
	ABOUT_CONTAINER_NAME, /* that a container is to get */
	ABOUT_VOLUME,
	ABOUT_PULL, /* a reference, of kist-pull */
	ABOUT_PUSH, /* a reference, of kist-push */
};

/*
 * Replace the message by docker's sentence for err->code and the object, where docker has one of
 * its own; otherwise it stays. name NULL: not known, and the message stays. Returns -err->code.
 */
int sentence_for(enum subject_kind about, const char *name, struct err *err);

/* A name that another container has. id: that container's. Returns -err->code. */
int sentence_name_taken(const char *name, const char *id, struct err *err);

/* docker's word for what becomes of a blob; NULL: it says nothing of that. */
const char *sentence_progress(enum subject_kind about, enum progress_status status);

/*
 * The line of a pull or a push that is about the whole of it, with its line feed, for those who
 * read text: appended to *out, or nothing when there is none. quiet: nothing came before it.
 */
void sentence_whole(const struct progress_line *line, bool quiet, struct buf *out);

/* The status by which a pull ends: "Downloaded newer image for alpine:3.20". In the arena. */
const char *sentence_pulled(const struct progress_line *line, struct arena *a);

#endif
