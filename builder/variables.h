/* SPDX-License-Identifier: Apache-2.0 */
/* ARG and ENV: which names have which values at one place of a Dockerfile. Pure. */
#ifndef KIST_BUILDER_VARIABLES_H
#define KIST_BUILDER_VARIABLES_H

#include <stdbool.h>

#include "builder/names.h"
#include "lib/buf.h"
#include "lib/schema.h"

/* What --build-arg gave, and who asked for it. */
struct build_args {
	struct string_map values;
	struct names names; /* of values */
	bool *used;         /* as many as values.count */
};

/* Text that all the variables of a build may expand to, together with what stages take over. */
#define VARIABLES_MAX (256u << 20)

/* A scope. Lookups find ENV first, then ARG, then the proxy arguments. Lives in an arena. */
struct variables {
	struct arena *arena;
	char escape;
	struct strings *env;    /* "K=V"; NULL: none (FROM lines) */
	struct string_map args; /* declared, with a value; in their order */
	struct names env_names, arg_names;
	struct build_args *given;
	bool proxies;  /* undeclared HTTP_PROXY and its like are seen (in stages) */
	size_t *spent; /* of VARIABLES_MAX, for the whole build; NULL: no limit */
};

/* "--build-arg K=V", or "K" for the caller's environment (getenv). In the arena. */
void build_args_add(struct build_args *b, const char *text, struct arena *a);

/*
 * ARG name[=fallback]: --build-arg beats the fallback; without one the global scope's value
 * (outer, may be NULL) counts. A name that gets no value stays unset.
 */
void variables_declare(
	struct variables *v, const char *name, const char *fallback, const struct variables *outer);

/* The platform arguments of the global scope: TARGETPLATFORM, BUILDARCH, ... */
void variables_declare_platform(struct variables *v, const char *platform, const char *target);

/*
 * Expand quotes, escapes and variables. *out lives in the arena. Returns 0,
 * E_SYNTAX or E_LIMIT.
 */
int variables_expand(
	const struct variables *v, const char *word, const char **out, struct err *err);

/* As variables_expand(), and split the result at blanks: EXPOSE. Returns 0. */
int variables_expand_words(
	const struct variables *v, const char *word, struct strings *out, struct err *err);

/* Expand variables in the text of a heredoc: quotes are ordinary characters there. Returns 0. */
int variables_expand_text(
	const struct variables *v, const char *text, const char **out, struct err *err);

/* An ARG's value; NULL: not set. */
const char *variables_get_arg(const struct variables *v, const char *name);

/* Is the name one of the proxy arguments, which are in neither key nor history? */
bool variables_is_proxy(const char *name);

/* ENV of the scope is as it begins: to be called when env was filled. */
void variables_begin(struct variables *v);

/* ENV name=value. */
void variables_set_env(struct variables *v, const char *name, const char *value);

/* Does an ENV, or an ENV or ARG, give the name a value? */
bool variables_has_env(const struct variables *v, const char *name);
bool variables_has(const struct variables *v, const char *name);

/* Text was copied: E_LIMIT when it is more than a build may cost. Returns 0. */
int variables_spend(const struct variables *v, size_t bytes, struct err *err);

#endif
