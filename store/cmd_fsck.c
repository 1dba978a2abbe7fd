/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store fsck */
#include <inttypes.h>
#include <stdio.h>

#include "lib/own.h"
#include "store/gc.h"
#include "store/kist_store.h"

int cmd_fsck(const struct cli_call *call, struct err *err)
{
	const struct fsck_options *o = call->options;
	own_store struct store *store = NULL;
	own(fsck_result_release) struct fsck_result result = {0};
	int r = open_store(call, &store, err);

	if (r == 0)
		r = store_fsck(store, o->repair, &result, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < result.problems.count; i++)
		printf("%s\n", result.problems.items[i]);
	fprintf(stderr,
		"%" PRIu64 " blobs, %" PRIu64 " layers, %" PRIu64 " images, %" PRIu64
		" containers: %zu problems, %" PRIu64 " repaired\n",
		result.blobs, result.layers, result.images, result.containers,
		result.problems.count, result.repaired);
	return result.problems.count > result.repaired ? 1 : 0;
}
