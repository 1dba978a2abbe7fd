/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store gc */
#include <poll.h>
#include <unistd.h>

#include "lib/json.h"
#include "lib/log.h"
#include "lib/own.h"
#include "store/gc.h"
#include "store/kist_store.h"

#define WAIT_STEPS   20
#define WAIT_STEP_MS 50

/*
 * Most who add are done in a moment, and the workers of one that was killed are gone in a moment:
 * so gc waits for a second before it says that it cannot.
 */
static int collect(struct store *store, bool parts, struct gc_result *result, struct err *err)
{
	int r = store_gc(store, parts, result, err);

	for (int i = 0; r == 1 && i < WAIT_STEPS; i++) {
		poll(NULL, 0, WAIT_STEP_MS);
		r = store_gc(store, parts, result, err);
	}
	return r;
}

int cmd_gc(const struct cli_call *call, struct err *err)
{
	const struct gc_options *o = call->options;
	own_store struct store *store = NULL;
	own_arena struct arena a = {0};
	own(gc_result_release) struct gc_result result = {0};
	struct json *line;
	int r = open_store(call, &store, err);

	if (r == 0)
		r = collect(store, o->parts, &result, err);
	if (r < 0)
		return r;
	if (r == 1)
		log_warn("images are being added right now: nothing was removed (try again later)");
	line = json_new_object(&a);
	json_set(&a, line, "blobs", json_new_uint(&a, result.blobs));
	json_set(&a, line, "layers", json_new_uint(&a, result.layers));
	json_set(&a, line, "temporaries", json_new_uint(&a, result.temporaries));
	json_set(&a, line, "bytes", json_new_uint(&a, result.bytes));
	r = json_write_line(STDOUT_FILENO, line, err);
	return r < 0 ? r : 0;
}
