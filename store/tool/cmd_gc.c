/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store gc */
#include <poll.h>

#include "lib/own.h"
#include "spec/store_lines.h"
#include "store/gc.h"
#include "store/tool/cmd.h"

#define WAIT_STEPS   20
#define WAIT_STEP_MS 50

struct gc_options {
	bool parts, no_wait;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct gc_options, no_wait, "no-wait", 0,
		"while images are being added: leave it to a later one at once"),
	OPT_FLAG(struct gc_options, parts, "parts", 0,
		"remove interrupted downloads, too, which a pull would continue"),
};

/*
 * Most who add are done in a moment, and the workers of one that was killed are gone in a moment:
 * so gc waits for a second before it says that it cannot.
 */
static int collect(
	struct store *store, const struct gc_options *o, struct gc_result *result, struct err *err)
{
	int r = store_gc(store, o->parts, result, err);

	for (int i = 0; r == 1 && !o->no_wait && i < WAIT_STEPS; i++) {
		poll(NULL, 0, WAIT_STEP_MS);
		r = store_gc(store, o->parts, result, err);
	}
	return r;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct gc_options *o = call->options;
	struct store_session *s = tool_session(call, err);
	own_buf struct buf out = {0};
	own(gc_result_release) struct gc_result result = {0};
	struct gc_line line;
	int r;

	if (!s)
		return -err->code;
	store_session_drop_lease(s); /* we would wait for ourselves */
	r = collect(s->store, o, &result, err);
	if (r < 0)
		return r;
	if (r == 1 && !o->no_wait)
		tool_notice(call,
			"kist-store: warning: images are being added right now: nothing was removed "
			"(try again later)");
	line = (struct gc_line){result.blobs, result.layers, result.temporaries, result.bytes};
	store_line_write(&gc_line_schema, &line, &out);
	return tool_write(call, out.data, out.len, err);
}

const struct cli_command tool_gc = {
	.name = "gc",
	.synopsis = "[OPTIONS]",
	.help = "Remove blobs, layers and temporary files that nothing needs",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct gc_options),
	.run = run,
};
