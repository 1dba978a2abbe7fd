/* SPDX-License-Identifier: Apache-2.0 */
/* What a container has written. */
#include <errno.h>
#include <string.h>

#include "engine/api/router.h"
#include "engine/api/streams.h"
#include "engine/verb/subject.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

/* "" and "0": no bound. */
static const char *bound(const struct request *rq, const char *name)
{
	const char *value = request_query(rq, name);

	return value && *value && strcmp(value, "0") != 0 ? value : NULL;
}

int api_container_logs(struct call *call, struct err *err)
{
	struct request *rq = call->request;
	const struct logs_request logs = {.container = call->name,
		.follow = request_query_bool(rq, "follow", false),
		.timestamps = request_query_bool(rq, "timestamps", false),
		.since = bound(rq, "since"),
		.until = bound(rq, "until"),
		.tail = request_query(rq, "tail")};
	own_subject struct subject s = {0};

	call->skip_stdout = !request_query_bool(rq, "stdout", false);
	call->skip_stderr = !request_query_bool(rq, "stderr", false);
	if (call->skip_stdout && call->skip_stderr)
		return err_set(err, EINVAL,
			"Bad parameters: you must choose at least one stream (stdout and/or stderr)");
	if (subject_find(&call->engine, call->name, 0, &s, err) < 0)
		return -err->code;
	call->multiplexed = !s.docker.config.tty;
	call->stream_fd = answer_stream(rq, 200, stream_type(call, call->multiplexed), err);
	if (call->stream_fd < 0)
		return call->stream_fd;
	return verb_logs(&call->engine, &logs, &call->sink, err);
}
