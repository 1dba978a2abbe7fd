/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/sink.h"

#include <stdarg.h>

#include "lib/buf.h"

void sink_notice(struct sink *sink, const char *fmt, ...)
{
	own_buf struct buf text = {0};
	va_list ap;

	if (!sink->notice)
		return;
	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	sink->notice(sink, buf_str(&text));
}

void sink_progress(struct sink *sink, enum sink_stream to, enum subject_kind about,
	const struct progress_line *line)
{
	if (sink->progress)
		sink->progress(sink, to, about, line);
}

int sink_output(
	struct sink *sink, enum sink_stream stream, const void *bytes, size_t len, struct err *err)
{
	return sink->output ? sink->output(sink, stream, bytes, len, err) : 0;
}

int sink_flush(struct sink *sink, struct err *err)
{
	return sink->flush ? sink->flush(sink, err) : 0;
}

void sink_event(
	struct sink *sink, const char *type, const char *action, const char *id, const char *name)
{
	const struct event event = {type, action, id, name};

	if (sink->event)
		sink->event(sink, &event);
}

int sink_result(struct sink *sink, const struct result *result, struct err *err)
{
	return sink->result ? sink->result(sink, result, err) : 0;
}

int sink_line(struct sink *sink, const char *line, struct err *err)
{
	const struct result result = {.kind = RESULT_LINE, .line = line};

	return sink_result(sink, &result, err);
}
