/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store put */
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "store/blob.h"
#include "store/tool/cmd.h"

struct put_options {
	const char *expect;
};

static const struct cli_option options[] = {
	OPT_STRING(struct put_options, expect, "expect", 0, "DIGEST",
		"fail, and keep nothing, unless the bytes have this digest"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct put_options *o = call->options;
	own_blob_writer struct blob_writer *w = NULL;
	own_mem char *block = xmalloc(IO_BLOCK_SIZE);
	own_fd int lease = -1;
	struct store_session *s;
	struct digest digest;
	ssize_t n;
	int r = 0;

	if (o->expect && digest_parse(o->expect, &digest, err) < 0)
		return err_set(err, E_USAGE, "%s", err->msg);
	s = tool_session(call, err);
	if (!s)
		return -err->code;
	lease = store_lease(s->store, STORE_LEASE_ADD, err);
	if (lease < 0)
		return lease;
	r = blob_writer_new(s->store, o->expect ? &digest : NULL, BLOB_PRIVATE, &w, err);
	while (r == 0 && (n = io_read_full(tool_io(call)->in, block, IO_BLOCK_SIZE)) != 0)
		r = n < 0
			? err_set(err, (int)-n, "cannot read standard input: %s", strerror((int)-n))
			: blob_writer_write(w, block, (size_t)n, err);
	if (r == 0)
		r = blob_writer_commit(give(w), -1, NULL, &digest, err);
	return r < 0 ? r : tool_write_line(call, digest.text, err);
}

const struct cli_command tool_put = {
	.name = "put",
	.synopsis = "[OPTIONS]",
	.help = "Store the blob on standard input and print its digest",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct put_options),
	.run = run,
	.details = "A blob that no image refers to goes with the next gc.",
};
