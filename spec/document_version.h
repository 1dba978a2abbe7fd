/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents of our own say which version they have; without, it is 1. What a later version adds
 * beside is read as it stands; one whose meaning has changed has a higher number.
 */
#ifndef KIST_SPEC_DOCUMENT_VERSION_H
#define KIST_SPEC_DOCUMENT_VERSION_H

#include <stdint.h>

#include "lib/err.h"

/* Returns 0, or E_UNSUPPORTED for a version above the one that is known. */
static inline int document_version_check(int64_t version, int known, struct err *err)
{
	if (version <= known)
		return 0;
	return err_set(err, E_UNSUPPORTED,
		"it has version %lld, of a newer program than this one, which knows %d",
		(long long)version, known);
}

#endif
