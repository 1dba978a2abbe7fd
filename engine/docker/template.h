/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Go templates (text/template) over JSON values, as docker's --format takes them: pipelines,
 * variables, if, range, with, define, template, block, trim markers, comments, Go's functions and
 * docker's (json split join title lower upper pad truncate).
 */
#ifndef KIST_ENGINE_TEMPLATE_H
#define KIST_ENGINE_TEMPLATE_H

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/mem.h"

#define TEMPLATE_DEPTH_MAX  64         /* nesting of actions, parentheses and template calls */
#define TEMPLATE_OUTPUT_MAX (64 << 20) /* bytes that one execution may write */

struct template;

/*
 * Parse text; the result lives in the arena and borrows text. Returns 0, or E_SYNTAX with Go's
 * words
 * ("template: :1: unclosed action").
 */
int template_parse(struct arena *a, const char *text, struct template **t, struct err *err);

/*
 * Append the template's output for data. An object without the field asked for is an error:
 * "map has no entry for key "X"", or, where type names what data is ("*formatter.ImageContext"),
 * "can't evaluate field X in type TYPE". Returns 0.
 */
int template_execute(const struct template *t, const struct json *data, const char *type,
	struct buf *out, struct err *err);

#endif
