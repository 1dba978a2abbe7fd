/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/format.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/table.h"
#include "engine/docker/template.h"
#include "lib/own.h"

/* "\t" and "\n" as one types them in a shell. In the arena. */
static const char *unescape(const char *format, struct arena *a)
{
	char *text = arena_strdup(a, format), *to = text;

	for (const char *from = text; *from; from++) {
		if (*from == '\\' && (from[1] == 't' || from[1] == 'n'))
			*to++ = *++from == 't' ? '\t' : '\n';
		else
			*to++ = *from;
	}
	*to = '\0';
	return text;
}

static struct json *headings(const struct format_kind *kind, struct arena *a)
{
	struct json *row = json_new_object(a);

	for (size_t i = 0; i < kind->ncolumns; i++)
		json_set_string(a, row, kind->columns[i].field, kind->columns[i].heading);
	return row;
}

static int execute(const struct format_kind *kind, const struct template *t, const struct json *row,
	struct buf *out, struct err *err)
{
	if (template_execute(t, row, kind->type, out, err) < 0)
		return err_wrap(err, "failed to execute template");
	buf_addc(out, '\n');
	return 0;
}

/* The row with the listing's fields alone; columns stand in the order of their names. */
static void print_json(
	const struct format_kind *kind, const struct json *row, struct arena *a, struct buf *out)
{
	struct json *shown = json_new_object(a);

	for (size_t i = 0; i < kind->ncolumns; i++) {
		const struct json *value = json_get(row, kind->columns[i].field);

		if (value && value->type != JSON_OBJECT)
			json_set(a, shown, kind->columns[i].field, json_copy(a, value));
	}
	json_write(shown, JSON_COMPACT, out);
	buf_addc(out, '\n');
}

static const char *strip_table(const char *format, const struct format_kind *kind, bool *table)
{
	*table = true;
	if (!format || strcmp(format, "table") == 0)
		return kind->table;
	if (strncmp(format, "table ", 6) == 0)
		return format + 6;
	*table = false;
	return format;
}

int format_rows(const struct format_kind *kind, const char *format, const struct json *rows,
	struct buf *out, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct template *t;
	bool table;

	if (format && (strcmp(format, "json") == 0 || strcmp(format, "{{json .}}") == 0)) {
		json_each (row, rows)
			print_json(kind, row, &a, out);
		return 0;
	}
	format = unescape(strip_table(format, kind, &table), &a);
	if (template_parse(&a, format, &t, err) < 0)
		return err_wrap(err, "template parsing error");
	if (table && execute(kind, t, headings(kind, &a), &text, err) < 0)
		return -err->code;
	json_each (row, rows)
		if (execute(kind, t, row, &text, err) < 0)
			return -err->code;
	if (table)
		table_align(buf_str(&text), out);
	else
		buf_add(out, buf_str(&text), text.len);
	return 0;
}

int format_documents(
	const char *format, const struct json *documents, struct buf *out, struct err *err)
{
	own_arena struct arena a = {0};
	struct template *t;

	if (strcmp(format, "json") == 0)
		format = "{{json .}}";
	if (template_parse(&a, format, &t, err) < 0) {
		err_wrap(err, "template parsing error");
		return -(err->code = E_SYNTAX);
	}
	json_each (document, documents) {
		int r = template_execute(t, document, NULL, out, err);

		buf_addc(out, '\n');
		if (r < 0) {
			err_wrap(err, "template parsing error");
			return -(err->code = E_NOT_FOUND);
		}
	}
	return 0;
}

int format_document(const char *format, const struct json *document, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct json *list = json_new_array(&a);
	int r;

	json_append(list, json_copy(&a, document));
	r = format_documents(format, list, &out, err);
	format_print(&out);
	return r;
}

void format_print(const struct buf *text)
{
	own_buf struct buf safe = {0};
	const char *line = buf_str(text);

	if (!isatty(STDOUT_FILENO)) {
		fwrite(line, 1, text->len, stdout);
		return;
	}
	while (*line) {
		size_t n = strcspn(line, "\n");
		own_mem char *one = xstrndup(line, n);

		/* each byte may become four */
		buf_reset(&safe);
		buf_reserve(&safe, 4 * n + 8);
		err_escape(safe.data, 4 * n + 8, one);
		fputs(safe.data, stdout);
		line += n;
		if (*line) {
			putchar('\n');
			line++;
		}
	}
}
