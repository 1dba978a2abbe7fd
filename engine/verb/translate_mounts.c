/* SPDX-License-Identifier: Apache-2.0 */
/* A container's mounts: Binds, Mounts and Tmpfs, those of other containers, and volumes. */
#include <stdlib.h>
#include <string.h>

#include "engine/docker/body.h"
#include "engine/docker/unique.h"
#include "engine/verb/translate_parts.h"
#include "lib/io.h"
#include "lib/own.h"

static struct translated_mount *add_mount(struct translation *t, const struct mount_wish *wish)
{
	/* there is room: see translate_mounts() */
	struct translated_mount *m = &t->mounts.items[t->mounts.count++];

	*m = (struct translated_mount){.wish = *wish};
	m->shown.mode = m->shown.propagation = m->shown.source = "";
	m->shown.destination = wish->destination;
	m->shown.rw = !wish->read_only;
	return m;
}

static void set_volume(const struct translate_context *c, struct docker_mount *m, const char *name)
{
	char random[65];

	m->type = "volume";
	m->anonymous = !name;
	if (!name) {
		io_random_hex(random, 32);
		name = arena_strdup(c->arena, random);
	}
	m->name = name;
	m->driver = "local";
	m->source = arena_printf(c->arena, "%s/%s/_data", c->volumes, name);
}

static void add_wish(
	const struct translate_context *c, struct translation *t, const struct mount_wish *wish)
{
	struct docker_mount *m = &add_mount(t, wish)->shown;

	m->mode = wish->no_copy && !*wish->mode ? "nocopy" : wish->mode;
	switch (wish->kind) {
	case MOUNT_VOLUME:
		set_volume(c, m, wish->source);
		break;
	case MOUNT_BIND:
		m->type = "bind";
		m->source = wish->source;
		m->propagation = wish->propagation ? wish->propagation : "rprivate";
		break;
	case MOUNT_TMPFS:
		m->type = "tmpfs";
		break;
	}
}

static int add_asked(const struct translate_context *c, const struct docker_host_config *h,
	struct translation *t, struct err *err)
{
	struct mount_wish wish;

	for (size_t i = 0; i < h->binds.count; i++) {
		if (mount_wish_bind(h->binds.items[i], &wish, c->arena, err) < 0)
			return -err->code;
		add_wish(c, t, &wish);
	}
	for (size_t i = 0; i < h->mounts.count; i++) {
		if (mount_wish_mount(&h->mounts.items[i], &wish, c->arena, err) < 0)
			return -err->code;
		add_wish(c, t, &wish);
	}
	for (size_t i = 0; i < h->tmpfs.count; i++) {
		if (mount_wish_tmpfs(h->tmpfs.items[i].key, h->tmpfs.items[i].value, &wish,
			    c->arena, err) < 0)
			return -err->code;
		add_wish(c, t, &wish);
	}
	return 0;
}

static int by_text(const void *one, const void *two)
{
	return strcmp(*(const char *const *)one, *(const char *const *)two);
}

/* The places that are taken so far, sorted. The caller frees the array. */
static const char **taken_places(const struct translation *t)
{
	const char **places = xcalloc(t->mounts.count, sizeof(*places));

	for (size_t i = 0; i < t->mounts.count; i++)
		places[i] = t->mounts.items[i].shown.destination;
	qsort(places, t->mounts.count, sizeof(*places), by_text);
	return places;
}

static bool is_taken(const char *const *places, size_t count, const char *destination)
{
	return bsearch(&destination, places, count, sizeof(*places), by_text);
}

static int check_places(const struct translation *t, struct err *err)
{
	own_mem const char **places = taken_places(t);

	for (size_t i = 1; i < t->mounts.count; i++)
		if (strcmp(places[i - 1], places[i]) == 0)
			return err_set(err, E_USAGE, "Duplicate mount point: %.200s", places[i]);
	return 0;
}

/* --volumes-from: binds and volumes, but for places that are taken; the first of two counts. */
static void add_inherited(const struct translate_context *c, struct translation *t)
{
	own_mem const char **places = taken_places(t);
	size_t taken = t->mounts.count;
	struct strings seen = {0};

	for (size_t i = 0; i < c->inherited.count; i++)
		strings_add(c->arena, &seen, c->inherited.items[i].destination);
	unique_strings(&seen);
	for (size_t i = 0, next = 0; i < c->inherited.count && next < seen.count; i++) {
		const struct docker_mount *m = &c->inherited.items[i];
		struct mount_wish wish = {.destination = m->destination, .mode = ""};
		struct translated_mount *added;

		if (strcmp(m->destination, seen.items[next]) != 0)
			continue;
		next++;
		if (is_taken(places, taken, m->destination))
			continue;
		added = add_mount(t, &wish);
		added->shown = *m;
		added->inherited = true;
	}
}

/* Config.Volumes, the image's and the body's, but for places that are taken. */
static int add_volumes(const struct translate_context *c, struct translation *t, struct err *err)
{
	const struct strings *volumes = &t->docker.config.volumes;
	own_mem const char **places = taken_places(t);
	size_t taken = t->mounts.count;
	struct strings clean = {0};
	struct mount_wish wish;

	for (size_t i = 0; i < volumes->count; i++) {
		if (mount_wish_volume(volumes->items[i], &wish, c->arena, err) < 0)
			return err_wrap(err, "container of image '%.100s'", c->image_name);
		strings_add(c->arena, &clean, wish.destination);
	}
	unique_strings(&clean);
	for (size_t i = 0; i < clean.count; i++) {
		wish = (struct mount_wish){
			.kind = MOUNT_VOLUME, .mode = "", .destination = clean.items[i]};
		if (!is_taken(places, taken, wish.destination))
			add_wish(c, t, &wish);
	}
	return 0;
}

static void split_commas(const char *text, struct strings *list, struct arena *a)
{
	while (text && *text) {
		size_t n = strcspn(text, ",");

		if (n)
			strings_add(a, list, arena_strndup(a, text, n));
		text += n + (text[n] == ',');
	}
}

static void set_option(const struct translated_mount *m, struct mount_option *to, struct arena *a)
{
	*to = (struct mount_option){.destination = m->shown.destination, .readonly = !m->shown.rw};
	if (strcmp(m->shown.type, "tmpfs") == 0) {
		to->type = "tmpfs";
		split_commas(m->wish.tmpfs, &to->options, a);
		return;
	}
	to->source = m->shown.source;
	to->propagation = *m->shown.propagation ? m->shown.propagation : NULL;
	to->non_recursive = m->wish.not_recursive;
}

int translate_mounts(const struct translate_context *c, const struct docker_body *body,
	struct translation *t, struct err *err)
{
	const struct docker_host_config *h = &body->host;
	size_t room = h->binds.count + h->mounts.count + h->tmpfs.count + c->inherited.count +
		t->docker.config.volumes.count;
	struct config_options *o = &t->options;

	if (docker_check_count(NULL, "the list of mounts", room, 2 * DOCKER_VOLUMES_MAX, err) < 0)
		return -err->code;
	t->mounts.items = arena_array(c->arena, room, sizeof(*t->mounts.items));
	if (add_asked(c, h, t, err) < 0 || check_places(t, err) < 0)
		return -err->code;
	add_inherited(c, t);
	if (add_volumes(c, t, err) < 0)
		return -err->code;
	t->docker.mounts.items = arena_array(
		c->arena, t->mounts.count, sizeof(*t->docker.mounts.items));
	o->mounts.items = arena_array(c->arena, t->mounts.count, sizeof(*o->mounts.items));
	for (size_t i = 0; i < t->mounts.count; i++) {
		t->docker.mounts.items[t->docker.mounts.count++] = t->mounts.items[i].shown;
		set_option(&t->mounts.items[i], &o->mounts.items[o->mounts.count++], c->arena);
	}
	return 0;
}
