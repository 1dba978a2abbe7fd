/* SPDX-License-Identifier: Apache-2.0 */
#include "store/blob.h"

#include <string.h>

#include "lib/own.h"
#include "store/store_private.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"

static const struct digest hello = {
	"sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}; /* "hello\n" */

static void stored_and_read(void)
{
	own_buf struct buf text = {0};
	struct digest digest;
	struct err err = {0};
	struct fixture f;
	int64_t size;

	fixture_start(&f);
	CU_ASSERT_FALSE(blob_exists(f.store, &hello, NULL));
	CU_ASSERT_EQUAL(blob_read(f.store, &hello, 100, &text, &err), -E_BLOB_UNKNOWN);
	UNIT_OK(blob_put(f.store, NULL, "hello\n", 6, &digest, &err), &err);
	UNIT_STRING(digest.text, hello.text);
	CU_ASSERT_TRUE(blob_exists(f.store, &hello, &size));
	CU_ASSERT_EQUAL(size, 6);
	UNIT_OK(blob_read(f.store, &hello, 6, &text, &err), &err);
	UNIT_STRING(buf_str(&text), "hello\n");
	CU_ASSERT_EQUAL(blob_read(f.store, &hello, 5, &text, &err), -E_LIMIT);
	CU_ASSERT_EQUAL(fixture_count(f.store->blobs), 1);
	fixture_end(&f);
}

static void wrong_bytes(void)
{
	own_blob_writer struct blob_writer *w = NULL;
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	UNIT_OK(blob_writer_new(f.store, &hello, 0, &w, &err), &err);
	UNIT_OK(blob_writer_write(w, "hellp\n", 6, &err), &err);
	CU_ASSERT_EQUAL(blob_writer_commit(give(w), 6, NULL, NULL, &err), -E_DIGEST_MISMATCH);
	CU_ASSERT_EQUAL(fixture_count(f.store->blobs), 0);
	UNIT_OK(blob_writer_new(f.store, &hello, 0, &w, &err), &err);
	UNIT_OK(blob_writer_write(w, "hello\n!", 7, &err), &err);
	CU_ASSERT_EQUAL(blob_writer_commit(give(w), 6, NULL, NULL, &err), -E_SIZE_MISMATCH);
	CU_ASSERT_EQUAL(fixture_count(f.store->blobs), 0);
	fixture_end(&f);
}

static void continued(void)
{
	own_blob_writer struct blob_writer *w = NULL;
	struct err err = {0};
	struct fixture f;
	char text[8] = "";

	fixture_start(&f);
	UNIT_OK(blob_writer_new(f.store, &hello, 0, &w, &err), &err);
	UNIT_OK(blob_writer_write(w, "hel", 3, &err), &err);
	/* the connection broke */
	CU_ASSERT_EQUAL(blob_writer_commit(give(w), 6, NULL, NULL, &err), -E_SIZE_MISMATCH);
	CU_ASSERT_FALSE(blob_exists(f.store, &hello, NULL));
	UNIT_OK(blob_writer_new(f.store, &hello, 0, &w, &err), &err);
	CU_ASSERT_EQUAL(blob_writer_offset(w), 3);
	{
		own_fd int fd = blob_writer_reopen(w, &err);

		CU_ASSERT_EQUAL(read(fd, text, sizeof(text)), 3);
		UNIT_STRING(text, "hel");
	}
	UNIT_OK(blob_writer_write(w, "lo\n", 3, &err), &err);
	UNIT_OK(blob_writer_commit(give(w), 6, NULL, NULL, &err), &err);
	CU_ASSERT_EQUAL(blob_writer_new(f.store, &hello, 0, &w, &err), 1);
	CU_ASSERT_EQUAL(fixture_count(f.store->blobs), 1);
	fixture_end(&f);
}

static void restarted(void)
{
	own_blob_writer struct blob_writer *w = NULL;
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	UNIT_OK(blob_writer_new(f.store, &hello, 0, &w, &err), &err);
	UNIT_OK(blob_writer_write(w, "wrong", 5, &err), &err);
	blob_writer_free(give(w));
	UNIT_OK(blob_writer_new(f.store, &hello, 0, &w, &err), &err);
	CU_ASSERT_EQUAL(blob_writer_offset(w), 5);
	UNIT_OK(blob_writer_restart(w, &err), &err);
	CU_ASSERT_EQUAL(blob_writer_offset(w), 0);
	UNIT_OK(blob_writer_write(w, "hello\n", 6, &err), &err);
	UNIT_OK(blob_writer_commit(give(w), -1, NULL, NULL, &err), &err);
	/* nothing came: nothing is left to continue */
	fixture_end(&f);
	fixture_start(&f);
	UNIT_OK(blob_writer_new(f.store, &hello, 0, &w, &err), &err);
	blob_writer_free(give(w));
	UNIT_OK(blob_writer_new(f.store, &hello, 0, &w, &err), &err);
	UNIT_OK(blob_writer_write(w, "hel", 3, &err), &err);
	blob_writer_abort(give(w));
	CU_ASSERT_EQUAL(fixture_count(f.store->blobs), 0);
	fixture_end(&f);
}

static void two_receive(void)
{
	own_blob_writer struct blob_writer *first = NULL, *second = NULL, *own = NULL;
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	UNIT_OK(blob_writer_new(f.store, &hello, 0, &first, &err), &err);
	CU_ASSERT_EQUAL(blob_writer_new(f.store, &hello, BLOB_TRY, &second, &err), -E_IN_USE);
	UNIT_OK(blob_writer_new(f.store, &hello, BLOB_PRIVATE, &own, &err), &err);
	UNIT_OK(blob_writer_write(first, "hello\n", 6, &err), &err);
	UNIT_OK(blob_writer_write(own, "hello\n", 6, &err), &err);
	UNIT_OK(blob_writer_commit(give(first), 6, NULL, NULL, &err), &err);
	UNIT_OK(blob_writer_commit(give(own), 6, NULL, NULL, &err), &err);
	CU_ASSERT_EQUAL(fixture_count(f.store->blobs), 1);
	fixture_end(&f);
}

static void batch(void)
{
	own_batch struct store_batch *b = NULL;
	own_buf struct buf text = {0};
	struct digest digest;
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	b = store_batch_new(f.store);
	UNIT_OK(blob_put(f.store, b, "hello\n", 6, &digest, &err), &err);
	CU_ASSERT_FALSE(blob_exists(f.store, &hello, NULL));
	UNIT_OK(blob_read_in(f.store, b, &hello, 6, &text, &err), &err);
	store_batch_discard(give(b));
	CU_ASSERT_EQUAL(fixture_count(f.store->blobs), 0);
	b = store_batch_new(f.store);
	UNIT_OK(blob_put(f.store, b, "hello\n", 6, &digest, &err), &err);
	UNIT_OK(blob_put(f.store, b, "hello\n", 6, &digest, &err), &err);
	UNIT_OK(blob_put(f.store, b, "x", 1, &digest, &err), &err);
	UNIT_OK(store_batch_publish(b, &err), &err);
	CU_ASSERT_TRUE(blob_exists(f.store, &hello, NULL));
	CU_ASSERT_EQUAL(fixture_count(f.store->blobs), 2);
	fixture_end(&f);
}

static void lease(void)
{
	struct err err = {0};
	struct fixture f;
	int one, two;

	fixture_start(&f);
	one = store_lease(f.store, STORE_LEASE_ADD, &err);
	two = store_lease(f.store, STORE_LEASE_ADD, &err);
	CU_ASSERT_TRUE(one >= 0 && two >= 0);
	CU_ASSERT_EQUAL(store_lease(f.store, STORE_LEASE_COLLECT, &err), -E_IN_USE);
	close(one);
	close(two);
	one = store_lease(f.store, STORE_LEASE_COLLECT, &err);
	CU_ASSERT_TRUE(one >= 0);
	close(one);
	fixture_end(&f);
}

UNIT_TESTS(blob) = {
	{"a blob is stored under its digest and read within a limit", stored_and_read},
	{"wrong bytes are never published nor kept", wrong_bytes},
	{"an interrupted blob is continued, its prefix digested again", continued},
	{"a blob can be begun anew, and nothing is left of an empty one", restarted},
	{"a second receiver is told, and a private one needs not wait", two_receive},
	{"a batch publishes all or nothing", batch},
	{"adders share the lease, and a collector waits for none", lease},
};
UNIT_COUNT(blob)
