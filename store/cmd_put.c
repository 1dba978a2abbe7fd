/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store put */
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "store/blob.h"
#include "store/kist_store.h"

static int write_line(const char *text, struct err *err)
{
	own_mem char *line = xasprintf("%s\n", text);
	int r = io_write_full(STDOUT_FILENO, line, strlen(line));

	return r < 0 ? err_set(err, -r, "cannot write to standard output: %s", strerror(-r)) : 0;
}

int cmd_put(const struct cli_call *call, struct err *err)
{
	const struct put_options *o = call->options;
	own_store struct store *store = NULL;
	own_blob_writer struct blob_writer *w = NULL;
	own_mem char *block = xmalloc(IO_BLOCK_SIZE);
	own_fd int lease = -1;
	struct digest digest;
	ssize_t n;
	int r = 0;

	if (o->expect && digest_parse(o->expect, &digest, err) < 0)
		return err_set(err, E_USAGE, "%s", err->msg);
	r = open_store(call, &store, err);
	if (r < 0)
		return r;
	lease = store_lease(store, STORE_LEASE_ADD, err);
	if (lease < 0)
		return lease;
	r = blob_writer_new(store, o->expect ? &digest : NULL, BLOB_PRIVATE, &w, err);
	while (r == 0 && (n = io_read_full(STDIN_FILENO, block, IO_BLOCK_SIZE)) != 0)
		r = n < 0
			? err_set(err, (int)-n, "cannot read standard input: %s", strerror((int)-n))
			: blob_writer_write(w, block, (size_t)n, err);
	if (r == 0)
		r = blob_writer_commit(give(w), -1, NULL, &digest, err);
	return r < 0 ? r : write_line(digest.text, err);
}
