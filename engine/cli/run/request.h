/* SPDX-License-Identifier: Apache-2.0 */
/* What run and create begin with. */
#ifndef KIST_ENGINE_RUN_REQUEST_H
#define KIST_ENGINE_RUN_REQUEST_H

#include "engine/cli/mouth.h"
#include "engine/cli/run/options.h"
#include "engine/verb/creation.h"

/*
 * Open the store, and make the request of the call's flags and words: as run_body(), with what
 * docker's client does itself (when to pull, the cidfile). It lives as long as the mouth. Returns
 * 0.
 */
int run_request_open(const struct cli_call *call, struct mouth *m, int failed_status,
	struct create_request *request, struct err *err);

#endif
