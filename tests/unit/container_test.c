/* SPDX-License-Identifier: Apache-2.0 */
#include "store/container.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/own.h"
#include "store/gc.h"
#include "store/snapshot.h"
#include "store/store_private.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"

#define ONE "1111111111111111111111111111111111111111111111111111111111111111"
#define TWO "1122222222222222222222222222222222222222222222222222222222222222"

static int make(struct store *store, const char *id, const char *name, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	struct container_record record = {.id = id, .name = name, .created = id};

	return stored_container_create(store, &record, 0, &c, err);
}

static const char *found(struct store *store, const char *text)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	static char id[CONTAINER_ID_LEN + 1];
	struct err err = {0};
	int r = stored_container_find(store, text, 0, &c, &err);

	memcpy(id, c.id, sizeof(id));
	return r == 0 ? id : r == -E_USAGE ? "ambiguous" : "none";
}

static void finding(void)
{
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	UNIT_OK(make(f.store, ONE, "web", &err), &err);
	UNIT_OK(make(f.store, TWO, "1111", &err), &err);
	UNIT_STRING(found(f.store, ONE), ONE);
	UNIT_STRING(found(f.store, "web"), ONE);
	UNIT_STRING(found(f.store, "/web"), ONE);
	UNIT_STRING(found(f.store, "1111"), TWO); /* a name wins over a prefix */
	UNIT_STRING(found(f.store, "11111"), ONE);
	UNIT_STRING(found(f.store, "112"), TWO);
	UNIT_STRING(found(f.store, "11"), "ambiguous");
	UNIT_STRING(found(f.store, "3"), "none");
	UNIT_STRING(found(f.store, ""), "none");
	UNIT_STRING(found(f.store, ".."), "none");
	UNIT_STRING(found(f.store, "../containers/" ONE), "none");
	fixture_end(&f);
}

static void names(void)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	UNIT_OK(make(f.store, ONE, "web", &err), &err);
	CU_ASSERT_EQUAL(make(f.store, TWO, "web", &err), -E_EXISTS);
	UNIT_STRING(err.msg, "the name 'web' is taken by container " ONE);
	CU_ASSERT_EQUAL(fixture_count(f.store->containers), 1);
	CU_ASSERT_EQUAL(make(f.store, ONE, "other", &err), -E_EXISTS);
	CU_ASSERT_EQUAL(make(f.store, TWO, "-x", &err), -E_USAGE);
	CU_ASSERT_EQUAL(make(f.store, "../x", "x", &err), -E_USAGE);
	/* a link to a container that is not, and to one with another name */
	CU_ASSERT_EQUAL(symlinkat(TWO, f.store->names, "ghost"), 0);
	CU_ASSERT_EQUAL(symlinkat(ONE, f.store->names, "alias"), 0);
	UNIT_STRING(found(f.store, "alias"), "none");
	UNIT_OK(make(f.store, TWO, "ghost", &err), &err);
	UNIT_OK(stored_container_find(f.store, "ghost", STORED_CONTAINER_LOCK, &c, &err), &err);
	CU_ASSERT_EQUAL(stored_container_rename(f.store, &c, "web", &err), -E_EXISTS);
	UNIT_OK(stored_container_rename(f.store, &c, "alias", &err), &err);
	UNIT_STRING(c.record.name, "alias");
	UNIT_STRING(found(f.store, "ghost"), "none");
	UNIT_STRING(found(f.store, "alias"), TWO);
	UNIT_OK(stored_container_remove(f.store, &c, &err), &err);
	UNIT_STRING(found(f.store, TWO), "none");
	CU_ASSERT_EQUAL(fixture_count(f.store->containers), 1);
	CU_ASSERT_EQUAL(fixture_count(f.store->names), 2); /* web and .lock */
	fixture_end(&f);
}

static void records(void)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT,
						     again = STORED_CONTAINER_INIT;
	own_arena struct arena a = {0};
	struct container_record record = {.id = ONE, .name = "web", .created = "2026"};
	struct container_records list;
	struct strings layers;
	struct json *engine = json_new_object(&a);
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	json_set_string(&a, engine, "Cmd", "true");
	record.engine = engine;
	UNIT_OK(stored_container_create(f.store, &record, STORED_CONTAINER_DURABLE, &c, &err),
		&err);
	UNIT_STRING(json_get_string(c.record.engine, "Cmd"), "true");
	CU_ASSERT_EQUAL(faccessat(c.dir, "bundle/rootfs", F_OK, 0), 0);
	UNIT_OK(snapshot_layers(c.dir, &layers, &a, &err), &err);
	CU_ASSERT_EQUAL(layers.count, 0);
	CU_ASSERT_EQUAL(stored_container_find(f.store, "web",
				STORED_CONTAINER_LOCK | STORED_CONTAINER_TRY, &again, &err),
		-E_IN_USE);
	json_set_string(&a, engine, "Image", "x");
	UNIT_OK(stored_container_write_record(&c, &record, 0, &err), &err);
	record.name = "other";
	CU_ASSERT_EQUAL(stored_container_write_record(&c, &record, 0, &err), -EINVAL);
	stored_container_unlock(&c);
	UNIT_OK(stored_container_find(
			f.store, "web", STORED_CONTAINER_LOCK | STORED_CONTAINER_TRY, &again, &err),
		&err);
	UNIT_STRING(json_get_string(again.record.engine, "Image"), "x");
	UNIT_OK(make(f.store, TWO, "older", &err), &err);
	UNIT_OK(stored_container_list(f.store, &list, &a, &err), &err);
	CU_ASSERT_EQUAL(list.count, 2);
	UNIT_STRING(list.items[0].id, TWO);
	UNIT_STRING(list.items[1].id, ONE);
	fixture_end(&f);
}

static void interrupted(void)
{
	own(gc_result_release) struct gc_result gone = {0};
	own_arena struct arena a = {0};
	struct container_records list;
	struct err err = {0};
	struct fixture f;

	fixture_start(&f);
	UNIT_OK(make(f.store, ONE, "web", &err), &err);
	UNIT_OK(make(f.store, TWO, "half", &err), &err);
	/* killed while it was removed: its name is gone, its directory is not */
	CU_ASSERT_EQUAL(unlinkat(f.store->names, "half", 0), 0);
	UNIT_OK(stored_container_list(f.store, &list, &a, &err), &err);
	CU_ASSERT_EQUAL(list.count, 1);
	UNIT_STRING(found(f.store, TWO), TWO);
	UNIT_OK(store_gc(f.store, false, &gone, &err), &err);
	CU_ASSERT_EQUAL(gone.temporaries, 1);
	UNIT_STRING(found(f.store, TWO), "none");
	UNIT_STRING(found(f.store, "web"), ONE);
	fixture_end(&f);
}

UNIT_TESTS(container) = {
	{"a container is found by ID, name and unambiguous prefix", finding},
	{"a name is taken once, and one that leads nowhere is free", names},
	{"a record keeps what the engine put there, and is locked while it is made", records},
	{"what a killed process left is not listed, and gc takes it away", interrupted},
};
UNIT_COUNT(container)
