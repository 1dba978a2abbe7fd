/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listings as docker's --format wants them: a row is a JSON object, and the table one sees by
 * default is a template like any other.
 */
#ifndef KIST_ENGINE_FORMAT_H
#define KIST_ENGINE_FORMAT_H

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/mem.h"

struct format_column {
	const char *field;   /* the row's member */
	const char *heading; /* in tables */
};

/* One kind of listing. */
struct format_kind {
	const char
		*type; /* docker's name of the rows, for messages: "*formatter.ContainerContext" */
	const struct format_column *columns; /* every field; these alone make --format json */
	size_t ncolumns;
	const char *table; /* the default: "{{.ID}}\t{{.Names}}" */
};

/*
 * Append the rows (a JSON array) in the given format: NULL or "table", "table TEMPLATE", "json", or
 * a template for each row. \t and \n written out in a template count as tab and line feed. Returns
 * 0; template errors have docker's words.
 */
int format_rows(const struct format_kind *kind, const char *format, const struct json *rows,
	struct buf *out, struct err *err);

/*
 * docker inspect's -f: the template for each document, a line each. Returns 0, E_SYNTAX for a
 * template that does not parse, E_NOT_FOUND when it fails on a document.
 */
int format_documents(
	const char *format, const struct json *documents, struct buf *out, struct err *err);

/* The same for one document, printed. */
int format_document(const char *format, const struct json *document, struct err *err);

/*
 * Print to stdout. On a terminal control characters are written as \xNN: labels, names and commands
 * of images come from outside.
 */
void format_print(const struct buf *text);

#endif
