/* SPDX-License-Identifier: Apache-2.0 */
/* Capability sets (capabilities(7)), by the names of the configuration. */
#ifndef KIST_RUNTIME_CAPABILITIES_H
#define KIST_RUNTIME_CAPABILITIES_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "spec/process_config.h"

#define CAPABILITIES_ALL (~(uint64_t)0)

struct capabilities {
	uint64_t bounding, effective, permitted, inheritable, ambient; /* bit n: capability n */
};

/* The number of "CAP_CHOWN" (any case, the prefix may be missing), or -1. */
int capability_parse(const char *name);

/* The name of a number, or NULL when we know none. */
const char *capability_name(int number);

/*
 * NULL sets: none at all. What is unknown, not available, or cannot be in a set because it is not
 * in another, is left out, and "ambient CAP_X, ..." added to ignored: a configuration may be made
 * for a newer kernel (runtime-spec, config.md, Linux Process).
 */
void capabilities_parse(const struct capability_sets *sets, uint64_t available,
	struct capabilities *out, struct buf *ignored);

/* What we have ourselves, and can give. */
uint64_t capabilities_own(void);

/* While we still are who we were: limit the bounding set. Returns 0. */
int capabilities_bound(const struct capabilities *c, struct err *err);

/*
 * Become uid and gid (groups have been set) with these capabilities and, in "extra", what is still
 * needed in permitted and effective; capabilities_finish() then takes extra away. Return 0.
 */
int capabilities_switch(
	const struct capabilities *c, uint32_t uid, uint32_t gid, uint64_t extra, struct err *err);
int capabilities_finish(const struct capabilities *c, struct err *err);

/* Give up all but these of what we may. Returns 0. */
int capabilities_keep(uint64_t rights, struct err *err);

#endif
