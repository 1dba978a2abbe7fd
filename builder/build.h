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
#include "builder/report.h"
#include "builder/run_network.h"
#include "builder/stage.h"
#include "builder/variables.h"
#include "builder/workspace.h"
#include "lib/buf.h"
#include "lib/place.h"
#include "store/store.h"

struct build_options {
	const char *root, *run; /* as for every program of kist */
	struct strv tags, build_args, labels;
	const char *file, *target, *network, *progress, *iidfile, *platform;
	bool no_cache, pull, quiet;
	bool load, rm, force_rm, compress; /* what docker's clients say, and is so in any case */
};

struct build {
	const struct build_options *options;
	struct place place;
	struct store *store;
	int lease;
	struct arena arena;
	struct workspace work;
	struct run_network network;
	struct context context;
	struct dockerfile dockerfile;
	struct report report;
	struct string_map digests; /* of parts of the context that RUN mounts, by their source */
	struct names digested;
	struct build_args args;
	struct variables global; /* ARGs before the first FROM */
	size_t spent;            /* of VARIABLES_MAX */
	LIST_OF(struct stage) stages;
	bool has_epoch; /* SOURCE_DATE_EPOCH */
	struct timespec epoch;
	const struct instruction *failed; /* where the build failed, for the excerpt */
};

/* The whole build, messages included, of the context where. Returns the exit status. */
int build_run(const struct build_options *options, const char *where);

/* Remove what builds left that were killed. Returns 0. */
int build_collect(const struct build_options *options, struct err *err);

#endif
