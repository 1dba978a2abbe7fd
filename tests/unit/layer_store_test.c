/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer_store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/own.h"
#include "store/layer_sink.h"
#include "store/store_private.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"

static const struct digest one = {
	"sha256:1111111111111111111111111111111111111111111111111111111111111111"};
static const struct digest two = {
	"sha256:2222222222222222222222222222222222222222222222222222222222222222"};
static const struct digest three = {
	"sha256:3333333333333333333333333333333333333333333333333333333333333333"};

static void published(void)
{
	struct layer_sink *temp, *other;
	struct err err = {0};
	struct fixture f;
	int64_t size;

	fixture_start(&f);
	UNIT_OK(layer_store_begin(f.store, &one, 0, &temp, &err), &err);
	CU_ASSERT_FALSE(layer_store_has(f.store, &one));
	CU_ASSERT_EQUAL(layer_store_begin(f.store, &one, LAYER_TRY, &other, &err), -E_IN_USE);
	temp->size = 12345;
	UNIT_OK(layer_store_publish(temp, &one, NULL, &err), &err);
	CU_ASSERT_TRUE(layer_store_has(f.store, &one));
	UNIT_OK(layer_store_size(f.store, &one, &size, &err), &err);
	CU_ASSERT_EQUAL(size, 12345);
	CU_ASSERT_EQUAL(layer_store_begin(f.store, &one, 0, &temp, &err), 1);
	UNIT_OK(layer_store_begin(f.store, &two, 0, &temp, &err), &err);
	layer_sink_abort(temp);
	UNIT_OK(layer_store_remove(f.store, &one, &err), &err);
	UNIT_OK(layer_store_remove(f.store, &one, &err), &err);
	CU_ASSERT_EQUAL(fixture_count(f.store->layers), 0);
	fixture_end(&f);
}

static void leftovers(void)
{
	struct layer_sink *temp;
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	/* what a killed process had unpacked */
	mkdirat(f.store->layers,
		".tmp-1111111111111111111111111111111111111111111111111111111111111111", 0700);
	mkdirat(f.store->layers,
		".tmp-1111111111111111111111111111111111111111111111111111111111111111/fs", 0700);
	mkdirat(f.store->layers,
		".tmp-1111111111111111111111111111111111111111111111111111111111111111/fs/old",
		0700);
	UNIT_OK(layer_store_begin(f.store, &one, 0, &temp, &err), &err);
	CU_ASSERT_EQUAL(fixture_count(temp->fs), 0);
	UNIT_OK(layer_store_publish(temp, &one, NULL, &err), &err);
	CU_ASSERT_EQUAL(fixture_count(f.store->layers), 1);
	fixture_end(&f);
}

static void from_upper(void)
{
	own_batch struct store_batch *batch = NULL;
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	batch = store_batch_new(f.store);
	mkdirat(f.store->cache, "upper", 0755);
	mkdirat(f.store->cache, "upper/new", 0755);
	UNIT_OK(layer_store_adopt_upper(f.store, f.store->cache, "upper", &one, 10, batch, &err),
		&err);
	CU_ASSERT_EQUAL(faccessat(f.store->cache, "upper", F_OK, 0), -1);
	UNIT_OK(store_batch_publish(batch, &err), &err);
	{
		own_fd int fs = layer_store_open(f.store, &one, &err);

		CU_ASSERT_EQUAL(faccessat(fs, "new", F_OK, 0), 0);
	}
	/* there already: the directory goes */
	mkdirat(f.store->cache, "upper", 0755);
	UNIT_OK(layer_store_adopt_upper(f.store, f.store->cache, "upper", &one, 10, NULL, &err),
		&err);
	CU_ASSERT_EQUAL(faccessat(f.store->cache, "upper", F_OK, 0), -1);
	fixture_end(&f);
}

/* A layer with the directory path of that mode, and what the worker reports of it. */
static struct layer_sink *layer(struct store *store, const struct digest *id, const char *path,
	mode_t mode, const char *report)
{
	struct layer_sink *temp = NULL;
	struct err err = {0};

	UNIT_OK(layer_store_begin(store, id, 0, &temp, &err), &err);
	mkdirat(temp->fs, path, 0700);
	fchmodat(temp->fs, path, mode, 0);
	if (report) {
		temp->implied = memfd_create("implied", MFD_CLOEXEC);
		CU_ASSERT_EQUAL(
			write(temp->implied, report, strlen(report)), (ssize_t)strlen(report));
		lseek(temp->implied, 0, SEEK_SET);
	}
	return temp;
}

static mode_t mode_of(struct store *store, const struct digest *id, const char *path)
{
	struct err err = {0};
	own_fd int fs = layer_store_open(store, id, &err);
	struct stat st;

	return fstatat(fs, path, &st, AT_SYMLINK_NOFOLLOW) < 0 ? 0 : st.st_mode & 07777;
}

static void implied(void)
{
	static const char *ids[] = {one.text, two.text, three.text};
	struct strings diff_ids = {ids, 3};
	struct layer_sink *temps[3];
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	temps[0] = layer(f.store, &one, "d", 0711, NULL);
	temps[1] = layer(f.store, &two, "other", 0700, NULL);
	temps[2] = layer(f.store, &three, "d", 0755,
		"{\"path\":\".\"}\n{\"path\":\"d\"}\n{\"path\":\"gone\",\"whiteout\":true}\n"
		"{\"path\":\"gone/deeper\",\"whiteout\":true}\n{\"path\":\"new\"}\n");
	mkdirat(temps[2]->fs, "gone", 0755);
	mkdirat(temps[2]->fs, "gone/deeper", 0755);
	mkdirat(temps[2]->fs, "new", 0755);
	UNIT_OK(layer_store_settle(f.store, &diff_ids, temps, NULL, &err), &err);
	CU_ASSERT_PTR_NULL(temps[2]);
	CU_ASSERT_EQUAL(mode_of(f.store, &three, "d"), 0711);
	CU_ASSERT_EQUAL(mode_of(f.store, &three, "new"), 0755);
	/* nothing is beneath for whiteouts to hide */
	CU_ASSERT_EQUAL(mode_of(f.store, &three, "gone"), 0);
	fixture_end(&f);
}

static void implied_hidden(void)
{
	static const char *ids[] = {one.text, two.text, three.text};
	struct strings diff_ids = {ids, 3};
	struct layer_sink *temps[3];
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	temps[0] = layer(f.store, &one, "d", 0711, NULL);
	temps[1] = layer(f.store, &two, "other", 0700, NULL);
	/* the second layer replaced d by a link, which must not be followed */
	CU_ASSERT_EQUAL(symlinkat("other", temps[1]->fs, "d"), 0);
	temps[2] = layer(f.store, &three, "d", 0755, "{\"path\":\"d\"}\n");
	UNIT_OK(layer_store_settle(f.store, &diff_ids, temps, NULL, &err), &err);
	CU_ASSERT_EQUAL(mode_of(f.store, &three, "d"), 0755);
	fixture_end(&f);
}

static void implied_outside(void)
{
	static const char *ids[] = {one.text, two.text};
	struct strings diff_ids = {ids, 2};
	struct layer_sink *temps[2];
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	temps[0] = layer(f.store, &one, "d", 0711, NULL);
	temps[1] = layer(f.store, &two, "d", 0755, "{\"path\":\"../../../containers\"}\n");
	CU_ASSERT_TRUE(layer_store_settle(f.store, &diff_ids, temps, NULL, &err) < 0);
	CU_ASSERT_EQUAL(fixture_count(f.store->layers), 0);
	fixture_end(&f);
}

UNIT_TESTS(layer_store) = {
	{"a layer is there when it is published, and locked before", published},
	{"what a killed process unpacked is thrown away", leftovers},
	{"an upper directory becomes a layer by moving", from_upper},
	{"implied directories get what they have beneath", implied},
	{"what is beneath something else than a directory is hidden", implied_hidden},
	{"a report that leads out of the layer is refused", implied_outside},
};
UNIT_COUNT(layer_store)
