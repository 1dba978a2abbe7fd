/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One build: what the command line asked for, the Dockerfile's stages, and where they stand. Stages
 * are built when something needs them, so that one which the target does not need never is.
 */
#ifndef KIST_BUILDER_BUILD_H
#define KIST_BUILDER_BUILD_H

#include <time.h>

#include "builder/context.h"
#include "builder/dockerfile/dockerfile.h"
#include "builder/progress.h"
#include "builder/variables.h"
#include "builder/workspace.h"
#include "lib/buf.h"
#include "spec/image.h"
#include "store/store.h"

struct build_options {
	const char *root, *run; /* as for every program of kist */
	struct strv tags, build_args, labels;
	const char *file, *target, *network, *progress, *iidfile, *platform;
	bool no_cache, pull, quiet;
};

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
	bool has_cmd;    /* CMD stood in this stage: ENTRYPOINT does not clear it */
	int step, steps; /* of those that make layers, FROM included */
};

struct build {
	const struct build_options *options;
	struct store *store;
	int lease;
	struct arena arena;
	struct workspace work;
	struct context context;
	struct dockerfile dockerfile;
	struct progress progress;
	struct build_args args;
	struct variables global; /* ARGs before the first FROM */
	LIST_OF(struct stage) stages;
	bool has_epoch; /* SOURCE_DATE_EPOCH */
	struct timespec epoch;
	const struct instruction *failed; /* where the build failed, for the excerpt */
};

/* Split the Dockerfile into stages, find what FROM names and which are exported. Returns 0. */
int build_plan(struct build *b, struct err *err);

/* The stage to build: --target's, or the last. */
struct stage *build_target(struct build *b, struct err *err);

/*
 * An earlier stage by name or number (limit: only those before it). NULL when there is none of that
 * name.
 */
struct stage *build_find_stage(struct build *b, const char *name, size_t limit);

/* Build a stage with all that it needs, once. Returns 0. */
int stage_build(struct stage *s, struct err *err);

/* Run one instruction. line is where it stands, also for the triggers of a base image. */
int stage_execute(struct stage *s, const struct instruction *in, struct err *err);

/* The layers' diff_ids, topmost last: what a snapshot is made of. In the arena. */
struct strings stage_diff_ids(const struct stage *s);

/* Begin a step that makes a layer: "[stage 2/4] RUN make". */
void stage_begin_step(struct stage *s, const char *text);

/* Append to the image's history. created NULL: filled in when the image is written. */
void stage_add_history(
	struct stage *s, const char *created, const char *created_by, bool empty_layer);

/* Text in the arena of the build. */
const char *stage_text(const struct stage *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Expand variables and quotes of an argument. Returns 0. */
int stage_expand(struct stage *s, const char *word, const char **out, struct err *err);

/* The shell of the shell form: SHELL's, or /bin/sh -c. */
struct strings stage_shell(const struct stage *s);

/* SHELL + text, or the JSON array as it stands. */
struct strings stage_command(struct stage *s, const struct instruction *in, size_t first);

/* E_UNSUPPORTED for what is not executed yet; asked for a whole stage before its first step. */
int step_refuse(struct stage *s, const struct instruction *in, struct err *err);

/* One file per group of instructions. Each returns 0. */
int step_metadata(struct stage *s, const struct instruction *in, struct err *err);
int step_workdir(struct stage *s, const struct instruction *in, struct err *err);
int step_copy(struct stage *s, const struct instruction *in, struct err *err);
int step_run(struct stage *s, const struct instruction *in, struct err *err);

/* The base of a stage: its image is pulled when it is missing. Returns 0. */
int stage_begin_base(struct stage *s, struct err *err);

/*
 * Open an image that COPY --from or a mount names, as a stage without instructions. In the arena.
 * NULL: see *err.
 */
struct stage *build_open_image(struct build *b, const char *reference, struct err *err);

/* Write config, manifest and tags. *manifest describes the manifest. Returns 0. */
int build_export(struct stage *s, struct descriptor *manifest, struct digest *id, struct err *err);

#endif
