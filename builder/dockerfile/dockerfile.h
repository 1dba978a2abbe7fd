/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Dockerfile as a list of instructions. Pure: no system calls; everything lives in an arena.
 * Three steps, because an ONBUILD trigger, an editor and a build want different ones:
 * dockerfile_parse() is the grammar, dockerfile_check() the rules of each instruction.
 */
#ifndef KIST_BUILDER_DOCKERFILE_H
#define KIST_BUILDER_DOCKERFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"

#define DOCKERFILE_MAX      (4u << 20) /* bytes of the whole file */
#define DOCKERFILE_LINE_MAX 65535      /* bytes of one line without its end: BuildKit's limit */

enum instruction_kind {
	INSTRUCTION_UNKNOWN, /* dockerfile_check() refuses it */
	INSTRUCTION_ADD,
	INSTRUCTION_ARG,
	INSTRUCTION_CMD,
	INSTRUCTION_COPY,
	INSTRUCTION_ENTRYPOINT,
	INSTRUCTION_ENV,
	INSTRUCTION_EXPOSE,
	INSTRUCTION_FROM,
	INSTRUCTION_HEALTHCHECK,
	INSTRUCTION_LABEL,
	INSTRUCTION_MAINTAINER,
	INSTRUCTION_ONBUILD,
	INSTRUCTION_RUN,
	INSTRUCTION_SHELL,
	INSTRUCTION_STOPSIGNAL,
	INSTRUCTION_USER,
	INSTRUCTION_VOLUME,
	INSTRUCTION_WORKDIR,
	INSTRUCTION_KINDS,
};

struct instruction_flag {
	const char *name;  /* without "--" */
	const char *value; /* NULL: there was no '=' */
};

struct heredoc {
	const char *name, *content;
	int64_t fd;         /* "3<<EOF"; 0 when none was written */
	bool expand, chomp; /* the name was not quoted; "<<-" */
};

struct instruction {
	enum instruction_kind kind;
	const char *name;       /* upper case; as written when it is unknown */
	int64_t line, end_line; /* from 1; end_line includes continuations and heredocs */
	LIST_OF(struct instruction_flag) flags;
	bool json;   /* the arguments were a JSON array */
	bool legacy; /* "ENV name value": the form without '=' */
	/*
	 * Words as written, quotes and variables included. ENV, LABEL: "name=value" each. RUN, CMD,
	 * ENTRYPOINT in shell form: the one text. HEALTHCHECK: its type first. ONBUILD: the text of
	 * the trigger, heredocs included.
	 */
	struct strings args;
	LIST_OF(struct heredoc) heredocs;
	const char *original;        /* the joined line */
	struct instruction *trigger; /* of ONBUILD, else NULL */
};

/* What is right, and should be said in another way: BuildKit's names of checks. */
struct dockerfile_warning {
	const char *rule, *text;
	int line;
};

struct dockerfile {
	char escape;                /* '\\' or '`' */
	const char *syntax, *check; /* directives; NULL when not given */
	LIST_OF(struct instruction) instructions;
	LIST_OF(struct dockerfile_warning) warnings;
	int error_line; /* after a failure: where */
};

/*
 * Read a Dockerfile. Errors are E_SYNTAX and begin with "dockerfile parse error on line N: ", or
 * E_LIMIT. Unknown instructions are kept for dockerfile_check(). Returns 0.
 */
int dockerfile_parse(
	const char *text, size_t len, struct dockerfile *d, struct arena *a, struct err *err);

enum dockerfile_check_flags {
	DOCKERFILE_TRIGGER = 1, /* the text is an ONBUILD trigger: no FROM is needed */
};

/* Every instruction against its rules, in docker's words. Returns 0 or E_SYNTAX. */
int dockerfile_check(struct dockerfile *d, unsigned flags, struct arena *a, struct err *err);

/* The value of a flag; NULL when it was not given, "true" when it stands bare. */
const char *instruction_flag(const struct instruction *in, const char *name);

/* Is a boolean flag given, and not "=false"? */
bool instruction_flag_true(const struct instruction *in, const char *name);

/* "COPY" and so on. Static. */
const char *instruction_name(enum instruction_kind kind);

/* INSTRUCTION_UNKNOWN when there is none; the case of name does not matter. */
enum instruction_kind instruction_kind(const char *name);

/* "3<<-EOF" as a word: false when it is none. Strings live in the arena. */
bool heredoc_parse(const char *word, struct heredoc *h, struct arena *a);

/* The content with leading tabs removed where "<<-" asks for it. In the arena. */
const char *heredoc_text(const struct heredoc *h, struct arena *a);

#endif
