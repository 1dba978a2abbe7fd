/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines that kist-pull, kist-push and kist-build write while they work: JSON lines that say
 * their kind in "status", and last the descriptor of what was made, which has no "status".
 */
#ifndef KIST_SPEC_PROGRESS_LINE_H
#define KIST_SPEC_PROGRESS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/schema.h"
#include "spec/image.h"

enum progress_status {
	PROGRESS_OTHER,       /* one that this reader does not know: to be passed over */
	PROGRESS_RESOLVING,   /* reference, default_tag: kist-pull begins */
	PROGRESS_PUSHING,     /* reference, default_tag: kist-push begins */
	PROGRESS_WAITING,     /* digest: a blob that will be dealt with */
	PROGRESS_DOWNLOADING, /* digest, current, total */
	PROGRESS_UPLOADING,   /* digest, current, total */
	PROGRESS_UNPACKING,   /* digest: all of its bytes are here */
	PROGRESS_EXISTS,      /* digest: nothing had to be transferred */
	PROGRESS_DONE,        /* digest: verified, and a layer unpacked; or sent */
	PROGRESS_PULLED,      /* reference, digest of what it names in the registry, changed */
	PROGRESS_PUSHED,      /* reference, digest, size */
	PROGRESS_OUTPUT,      /* text of a build's step */
	PROGRESS_STEP,        /* step, steps, text, cached */
	PROGRESS_FAILED,      /* error, code; reference: what it was about */
	PROGRESS_RESULT,      /* no "status": descriptor */
};

struct progress_line {
	enum progress_status status;
	const char *reference, *digest, *text, *error;
	int64_t current, total, size;
	int64_t step, steps;
	int64_t code; /* of the error: an errno or one of enum err_code */
	bool cached;
	bool default_tag;             /* nobody has given one: it is "latest" */
	bool changed;                 /* there was another image of that name, or none */
	struct descriptor descriptor; /* of the last line */
};

/* Append the line with its line feed; of a status' members those that are set. */
void progress_line_write(const struct progress_line *line, struct buf *out);

/*
 * Read one line, without its line feed. What lives in *line lives in the arena. A status that is
 * not known is PROGRESS_OTHER; a line that is none, or whose members have other types, is E_SYNTAX.
 * Returns 0.
 */
int progress_line_read(
	const char *text, size_t len, struct progress_line *line, struct arena *a, struct err *err);

/* The error that a PROGRESS_FAILED line tells. Returns -err->code. */
int progress_line_error(const struct progress_line *line, struct err *err);

#endif
