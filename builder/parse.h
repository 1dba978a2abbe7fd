/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing a Dockerfile in kist-dockerfile, which has no privileges. */
#ifndef KIST_BUILDER_PARSE_H
#define KIST_BUILDER_PARSE_H

#include "builder/dockerfile/dockerfile.h"

/*
 * Parse and check the text in a child. Strings live in the arena; d->error_line is set on failure.
 * Returns 0 or the parser's error.
 */
int parse_dockerfile(
	const char *text, size_t len, struct dockerfile *d, struct arena *a, struct err *err);

/* The same for an ONBUILD trigger. */
int parse_trigger(const char *text, struct dockerfile *d, struct arena *a, struct err *err);

#endif
