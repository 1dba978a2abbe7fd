/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/listing.h"

#include "lib/own.h"

void listing_release(struct listing *l)
{
	mouth_release(&l->mouth);
}

static int add_row(struct sink *sink, const struct result *result, struct err *err)
{
	struct listing *l = (struct listing *)sink;

	(void)err;
	json_append(l->rows, l->row(l, result, &l->mouth.engine.arena));
	return 0;
}

int listing_open(struct listing *l, const struct cli_call *call,
	struct json *(*row)(const struct listing *l, const struct result *result, struct arena *a),
	struct err *err)
{
	*l = (struct listing){.options = call->options, .row = row};
	if (mouth_open_looking(&l->mouth, call, err) < 0)
		return -err->code;
	l->rows = json_new_array(&l->mouth.engine.arena);
	l->mouth.sink.result = add_row;
	return 0;
}

int listing_print(struct listing *l, const struct format_kind *kind, const char *quiet,
	const char *format, struct err *err)
{
	own_buf struct buf out = {0};

	if (format_rows(kind, format ? format : quiet, l->rows, &out, err) < 0)
		return -err->code;
	format_print(&out);
	return 0;
}
