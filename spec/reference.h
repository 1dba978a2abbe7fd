/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Image references in docker's familiar forms: "alpine" is docker.io/library/alpine:latest
 * (distribution/reference grammar; localhost, a dot or a port makes the first part a registry).
 */
#ifndef KIST_SPEC_REFERENCE_H
#define KIST_SPEC_REFERENCE_H

#include <stdbool.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "spec/digest.h"

struct reference {
	const char *registry;   /* "docker.io", "127.0.0.1:5000" */
	const char *repository; /* "library/alpine" */
	const char *tag;        /* "latest"; NULL when only a digest was given */
	struct digest digest;   /* text[0] == '\0': none */
	bool default_tag;       /* the tag is "latest" because none was given */
};

/*
 * Parse docker's command-line form; the tag defaults to latest unless a digest is given. Strings
 * live in the arena. Errors in docker's words: "invalid reference format", "invalid reference
 * format: repository name (library/BUSYBOX) must be lowercase". Returns 0 or E_SYNTAX.
 */
int reference_parse(const char *text, struct reference *ref, struct arena *a, struct err *err);

/* "docker.io/library/alpine:latest", with "@sha256:..." when there is a digest. In the arena. */
const char *reference_canonical(const struct reference *ref, struct arena *a);

/* Docker's short form, "alpine:latest". In the arena. */
const char *reference_familiar(const struct reference *ref, struct arena *a);

/* The short name without tag and digest, "alpine", "127.0.0.1:5000/app". In the arena. */
const char *reference_familiar_name(const struct reference *ref, struct arena *a);

/* Is this docker's rule for a container or volume name: [a-zA-Z0-9][a-zA-Z0-9_.-]+ ? */
bool name_valid(const char *name);

#endif
