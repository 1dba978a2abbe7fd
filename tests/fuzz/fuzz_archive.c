/* SPDX-License-Identifier: Apache-2.0 */
/* An archive of images: whatever the bytes are, no crash, and each blob is as long as was said. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/sha256.h"
#include "store/archive/archive_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEPT 64

/* Blobs as the store would take them. */
struct taken {
	struct digest digests[KEPT];
	struct buf texts[KEPT];
	size_t count;
	struct digest expect;
	struct buf now;
	uint64_t promised, came;
	struct sha256 sha;
};

static int begin(void *arg, const struct digest *expect, uint64_t size, struct err *err)
{
	struct taken *t = arg;

	(void)err;
	t->expect = expect ? *expect : (struct digest){0};
	t->promised = size;
	t->came = 0;
	buf_reset(&t->now);
	sha256_release(&t->sha);
	sha256_init(&t->sha);
	return 0;
}

static int data_came(void *arg, const void *data, size_t len, struct err *err)
{
	struct taken *t = arg;

	(void)err;
	t->came += len;
	sha256_update(&t->sha, data, len);
	if (t->came <= JSON_DOCUMENT_MAX)
		buf_add(&t->now, data, len);
	return 0;
}

static int end(void *arg, struct digest *digest, struct err *err)
{
	struct taken *t = arg;
	char hex[SHA256_HEX_LEN + 1];

	if (t->came != t->promised)
		abort();
	sha256_finish(&t->sha, hex);
	*digest = digest_from_hex(hex);
	if (t->expect.text[0] && !digest_equal(digest, &t->expect))
		return err_set(err, E_DIGEST_MISMATCH, "other bytes");
	if (t->count == KEPT)
		return 0;
	t->digests[t->count] = *digest;
	t->texts[t->count++] = t->now;
	t->now = (struct buf){0};
	return 0;
}

static int document(void *arg, const struct digest *digest, struct buf *out, struct err *err)
{
	const struct taken *t = arg;

	if (!digest_valid(digest->text))
		abort();
	for (size_t i = 0; i < t->count; i++)
		if (digest_equal(&t->digests[i], digest)) {
			buf_add(out, t->texts[i].data, t->texts[i].len);
			return 0;
		}
	return err_set(err, E_BLOB_UNKNOWN, "not there");
}

/* What is said of an image comes through the wire as it was. */
static int image(void *arg, const struct archive_claim *claim, struct err *err)
{
	own_buf struct buf text = {0}, again = {0};
	struct archive_claim read = {0};

	(void)arg;
	if (!digest_valid(claim->manifest.text))
		abort();
	if (archive_claim_pack(claim, &text, err) < 0)
		return -err->code;
	if (archive_claim_unpack(text.data, text.len, &read, err) < 0 ||
		archive_claim_pack(&read, &again, err) < 0 || again.len != text.len ||
		memcmp(again.data, text.data, text.len) != 0)
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct taken taken = {0};
	const struct archive_taker taker = {.begin = begin,
		.data = data_came,
		.end = end,
		.document = document,
		.image = image,
		.arg = &taken,
		.pipe = -1};
	own_arena struct arena a = {0};
	own(archive_scan_release) struct archive_scan scan = {.taker = &taker, .arena = &a};
	own_fd int fd = memfd_create("archive", MFD_CLOEXEC);
	struct err err = {0};

	if (fd < 0 || io_write_full(fd, data, size) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		abort();
	if (archive_scan_read(&scan, fd, &err) == 0) {
		archive_scan_oci(&scan, &err);
		archive_scan_docker(&scan, &err);
	}
	for (size_t i = 0; i < taken.count; i++)
		buf_release(&taken.texts[i]);
	buf_release(&taken.now);
	sha256_release(&taken.sha);
	return 0;
}
