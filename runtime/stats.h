/* SPDX-License-Identifier: Apache-2.0 */
/* What a container uses, read from its cgroups: the data of "events" in runc's form. */
#ifndef KIST_RUNTIME_STATS_H
#define KIST_RUNTIME_STATS_H

#include "lib/json.h"
#include "lib/schema.h"

/* cpu, memory, pids, blkio and hugetlb; what no controller counts is 0 or absent. In the arena. */
struct json *stats_read(const struct strings *dirs, struct arena *a);

#endif
