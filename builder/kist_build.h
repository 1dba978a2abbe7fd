/* SPDX-License-Identifier: Apache-2.0 */
/* What kist-build's main() calls. */
#ifndef KIST_BUILDER_KIST_BUILD_H
#define KIST_BUILDER_KIST_BUILD_H

#include "builder/build.h"

/* The whole build, messages included, of the context where. Returns the exit status. */
int build_run(const struct build_options *options, const char *where);

/* Remove what builds left that were killed. Returns 0. */
int build_collect(const struct build_options *options, struct err *err);

#endif
