/* SPDX-License-Identifier: Apache-2.0 */
/* One stage of a Dockerfile: what it begins with, its instructions, and what they have made. */
#ifndef KIST_BUILDER_STAGE_H
#define KIST_BUILDER_STAGE_H

#include <stdbool.h>

#include "builder/dockerfile/dockerfile.h"
#include "builder/variables.h"
#include "spec/image.h"

struct build;

/* A layer of an image that is being built. */
struct stage_layer {
	const char *diff_id;
	struct descriptor blob; /* digest NULL: not packed yet */
};

struct stage {
	struct build *build;
	size_t index;
	const char *name; /* lower case; NULL */
	const struct instruction *from;
	const struct instruction *instructions; /* behind FROM */
	size_t ninstructions;
	const char *base;     /* FROM's argument, expanded */
	struct stage *parent; /* the stage that base names; NULL: an image or scratch */
	bool exported;        /* its layers are part of the target's image */
	bool built;

	/* what has been made so far */
	struct image_config config; /* owns its lists: nothing is shared with another stage */
	LIST_OF(struct stage_layer) layers;
	struct variables vars;
	struct names labels, ports, volumes; /* of config's */
	size_t history_room; /* of config.history's array; 0: it is not ours alone */
	size_t history_bytes;
	bool has_cmd;    /* CMD stood in this stage: ENTRYPOINT does not clear it */
	int step, steps; /* of those that make layers, FROM included */
};

/* Is it an instruction that makes a layer, and is counted as a step? */
bool stage_is_step(const struct instruction *in);

/*
 * Begin with what the built parent has: a copy, in which nothing is shared that changes. Returns 0
 * or E_LIMIT.
 */
int stage_inherit(struct stage *s, const struct stage *parent, struct err *err);

/* Begin with FROM scratch. */
void stage_begin_scratch(struct stage *s);

/* The layers' diff_ids, topmost last: what a snapshot is made of. In the arena. */
struct strings stage_diff_ids(const struct stage *s);

/* Put a layer on top; blob NULL: it is not packed yet. diff_id lives in the arena. */
void stage_push_layer(struct stage *s, const char *diff_id, const struct descriptor *blob);

/* Begin a step that makes a layer: "[stage 2/4] RUN make". */
void stage_begin_step(struct stage *s, const char *text);

/* LABEL name=value. */
void stage_set_label(struct stage *s, const char *name, const char *value);

/* Append to the image's history. created NULL: filled in when the image is written. */
void stage_add_history(
	struct stage *s, const char *created, const char *created_by, bool empty_layer);

/* Text in the arena of the build. */
const char *stage_text(const struct stage *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Expand variables and quotes of an argument. Returns 0 or E_SYNTAX. */
int stage_expand(const struct stage *s, const char *word, const char **out, struct err *err);

/* The shell of the shell form: SHELL's, or /bin/sh -c. In the arena. */
struct strings stage_shell(const struct stage *s);

/* SHELL + text, or the JSON array as it stands. In the arena. */
struct strings stage_command(const struct stage *s, const struct instruction *in);

#endif
