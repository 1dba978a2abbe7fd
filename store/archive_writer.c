/* SPDX-License-Identifier: Apache-2.0 */
#include "store/archive_writer.h"

#include <string.h>

#include "lib/own.h"
#include "lib/sha256.h"

int archive_write_file(
	struct archive_writer *w, const char *name, const void *data, size_t len, struct err *err)
{
	const struct tar_entry e = {
		.type = TAR_FILE, .path = name, .link = "", .mode = 0644, .size = len};
	int r = tar_writer_entry(w->tar, &e, err);

	return r == 0 ? tar_writer_data(w->tar, data, len, err) : r;
}

int archive_write_stream(struct archive_writer *w, const char *name, struct stream *in,
	int64_t size, const struct digest *expect, struct err *err)
{
	const struct tar_entry e = {
		.type = TAR_FILE, .path = name, .link = "", .mode = 0644, .size = (uint64_t)size};
	own(sha256_release) struct sha256 sha = {0};
	char hex[SHA256_HEX_LEN + 1];
	const void *data;
	int64_t total = 0;
	ssize_t n;
	int r = tar_writer_entry(w->tar, &e, err);

	if (r < 0)
		return r;
	sha256_init(&sha);
	while ((n = stream_next(in, &data, err)) > 0) {
		total += n;
		if (total > size)
			break;
		sha256_update(&sha, data, (size_t)n);
		r = tar_writer_data(w->tar, data, (size_t)n, err);
		if (r < 0)
			return r;
	}
	if (n < 0)
		return (int)n;
	if (total != size)
		return err_set(err, E_SIZE_MISMATCH, "%s has not the %lld bytes it should have",
			expect->text, (long long)size);
	sha256_finish(&sha, hex);
	if (strcmp(hex, digest_hex(expect)) != 0)
		return err_set(err, E_DIGEST_MISMATCH,
			"blob %s is corrupt: its bytes have the digest sha256:%s", expect->text,
			hex);
	return 0;
}

bool archive_is_written(struct archive_writer *w, const struct digest *digest)
{
	const char *hex = arena_strdup(w->arena, digest_hex(digest));

	return (*key_index_at(&w->written, hex, w->arena))++;
}
