/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A word of docker's: a port, a mount, a duration, a time, a reference to one of them. What is
 * accepted and written is read as the same.
 */
#include "engine/docker/mount_wish.h"
#include "engine/docker/publish.h"
#include "engine/docker/units.h"
#include "lib/duration.h"
#include "lib/size.h"
#include "tests/fuzz/fuzz.h"

static void ports(const char *word, struct arena *a)
{
	struct port_list list = {0}, back = {0};
	struct port exposed;
	struct err err = {0};
	struct json *bindings;
	own_buf struct buf once = {0}, twice = {0};
	int r = publish_parse_expose(word, &exposed, a, &err);

	if (r < 0)
		fuzz_check_error(r, &err);
	else
		FUZZ_CHECK(exposed.container_port <= 65535);
	r = publish_parse(word, &list, a, &err);
	if (r < 0) {
		fuzz_check_error(r, &err);
		return;
	}
	for (size_t i = 0; i < list.count; i++)
		FUZZ_CHECK(port_check(&list.items[i], &err) == 0);
	publish_join(&list);
	bindings = publish_bindings(&list, false, a);
	FUZZ_CHECK(publish_read_bindings(bindings, &back, a, &err) == 0);
	json_write(bindings, JSON_COMPACT, &once);
	json_write(publish_bindings(&back, false, a), JSON_COMPACT, &twice);
	FUZZ_CHECK(strcmp(buf_str(&once), buf_str(&twice)) == 0);
	publish_matches(&list, word, a);
}

static void mounts(const char *word, struct arena *a)
{
	struct mount_wish m;
	struct err err = {0};
	int r = mount_wish_bind(word, &m, a, &err);

	if (r < 0)
		fuzz_check_error(r, &err);
	else
		FUZZ_CHECK(*m.destination == '/' && !strstr(m.destination, "/../"));
	if (mount_wish_tmpfs("/t", word, &m, a, &err) == 0)
		FUZZ_CHECK(strcmp(m.destination, "/t") == 0);
	if (mount_wish_volume(word, &m, a, &err) == 0)
		FUZZ_CHECK(*m.destination == '/');
}

static void times(const char *word)
{
	char text[UNITS_TEXT_MAX];
	int64_t ns = 0, seconds = 0;
	long rest = 0;
	struct err err = {0};

	if (duration_parse(word, &ns, &err) == 0)
		units_duration(ns / 1000000000, text);
	if (units_parse_time(word, &seconds, &rest, &err) == 0)
		FUZZ_CHECK(rest >= 0 && rest < 1000000000);
	units_age(word, text);
	units_since(word, text);
	units_date(word, text);
	size_decimal(seconds, 3, text);
	size_binary(ns, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	const char *word = arena_strndup(&a, (const char *)data, size);
	int64_t began = fuzz_clock();

	if (size > 4096)
		return 0;
	ports(word, &a);
	mounts(word, &a);
	times(word);
	fuzz_check_cost(began, size);
	return 0;
}
