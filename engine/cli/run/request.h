/* SPDX-License-Identifier: Apache-2.0 */
/* The request that run's and create's command line makes. */
#ifndef KIST_ENGINE_RUN_REQUEST_H
#define KIST_ENGINE_RUN_REQUEST_H

#include "engine/cli/run/options.h"
#include "engine/verb/creation.h"

/* As run_body(), with what docker's client does itself: when to pull, the cidfile. Returns 0. */
int run_request(const struct run_options *o, char *const *words, size_t nwords,
	struct create_request *rq, struct arena *a, struct err *err);

#endif
