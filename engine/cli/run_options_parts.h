/* SPDX-License-Identifier: Apache-2.0 */
/* Inside run_options.c and run_resources.c: the parts of run_options_request(). */
#ifndef KIST_ENGINE_RUN_OPTIONS_PARTS_H
#define KIST_ENGINE_RUN_OPTIONS_PARTS_H

#include "engine/cli/run_options.h"

/* Memory, CPU, block I/O, ulimits. Return 0 or E_USAGE. */
int run_options_resources(const struct run_options *o, struct docker_host_config *h,
	struct arena *a, struct err *err);

/* Capabilities, devices, sysctls, security options, namespaces. */
int run_options_security(const struct run_options *o, struct docker_host_config *h, struct arena *a,
	struct err *err);

void run_options_take(struct strings *to, const struct strv *from, struct arena *a);

/* "k=v" into a map; "k" alone has the value "". */
void run_options_pair(struct string_map *map, const char *text, struct arena *a);

/* NULL when the flag was not given. */
int64_t *run_options_optional(const struct optional_number *n, struct arena *a);

#endif
