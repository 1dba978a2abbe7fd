/* SPDX-License-Identifier: Apache-2.0 */
/* What a template is parsed to; shared by template_parse.c, template_eval.c, template_functions.c.
 */
#ifndef KIST_ENGINE_TEMPLATE_AST_H
#define KIST_ENGINE_TEMPLATE_AST_H

#include "engine/docker/template.h"

enum operand_kind {
	OPERAND_DOT,      /* "." and ".A.B" */
	OPERAND_VARIABLE, /* "$x" and "$x.A.B" */
	OPERAND_FUNCTION, /* a name; called with the words behind it */
	OPERAND_CONSTANT, /* string, number, true, false, nil */
	OPERAND_PIPELINE, /* "(...)" and "(...).A.B" */
};

struct operand {
	enum operand_kind kind;
	const char *source; /* in the template's text, for messages */
	size_t source_len;
	const char *name;            /* of the variable (with $) or function */
	const struct json *constant; /* NULL: nil */
	struct pipeline *pipeline;
	const char **fields;
	size_t nfields;
};

struct operand_list {
	struct operand *items;
	size_t count;
};

struct command {
	struct operand_list words;
	struct command *next;
};

/* "$k, $v := command | command" */
struct pipeline {
	const char *variables[2];
	size_t nvariables;
	bool declares; /* ":=", else "=" */
	struct command *first;
};

enum node_kind {
	NODE_TEXT,
	NODE_ACTION,
	NODE_IF,
	NODE_RANGE,
	NODE_WITH,
	NODE_TEMPLATE,
	NODE_BREAK,
	NODE_CONTINUE,
};

struct node {
	enum node_kind kind;
	const char *text; /* of NODE_TEXT; the called template's name */
	size_t len;
	struct pipeline *pipeline;
	struct node *body, *otherwise;
	struct node *next;
};

struct definition {
	const char *name;
	struct node *body;
	struct definition *next;
};

struct template
{
	const char *text;
	struct node *body;
	struct definition *definitions;
};

/* "LINE:COLUMN" of a place in the template's text, as Go counts them. */
void template_place(const struct template *t, const char *at, char place[40]);

/*
 * Call a function by name with evaluated arguments (a NULL one is nil). Returns 0 and the result,
 * or an error without the place in front.
 */
int template_call(struct arena *a, const char *name, const struct json *const *args, size_t nargs,
	const struct json **result, struct err *err);

/* Is there a function of that name? Asked while parsing. */
bool template_function_known(const char *name, size_t len);

/* Go's idea of an empty value: nil, false, 0, "", [] and {}. */
bool template_truth(const struct json *value);

/* Append a value as fmt.Print shows it: "[a b]", "map[k:v]", "<nil>". */
void template_print(const struct json *value, struct buf *out);

/* Append what fmt.Sprintf makes of the arguments (a NULL one is nil). */
void template_printf(
	const char *format, const struct json *const *args, size_t count, struct buf *out);

/*
 * Read a string ("..." or `...`), character ('c') or number at *at, which then points behind it.
 * Returns 0, or -1 and the reason in *why.
 */
int template_constant(
	struct arena *a, const char **at, const struct json **value, const char **why);

#endif
