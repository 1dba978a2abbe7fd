/* SPDX-License-Identifier: Apache-2.0 */
/* A container's mounts: host directories, volumes, and what an empty volume gets from the image. */
#include <string.h>
#include <unistd.h>

#include "engine/verb/creation.h"
#include "engine/verb/prune.h"
#include "lib/own.h"

static void add_inherited(struct translate_context *c, const struct docker_mount *m)
{
	/* doubles at powers of two */
	if ((c->inherited.count & (c->inherited.count - 1)) == 0) {
		size_t room = c->inherited.count ? c->inherited.count * 2 : 1;
		struct docker_mount *more = arena_array(c->arena, room, sizeof(*more));

		for (size_t i = 0; i < c->inherited.count; i++)
			more[i] = c->inherited.items[i];
		c->inherited.items = more;
	}
	c->inherited.items[c->inherited.count++] = *m;
}

/* CONTAINER[:ro|rw]: its binds and volumes */
static int inherit(
	struct creation *c, const char *text, struct translate_context *context, struct err *err)
{
	struct arena *a = &c->engine->arena;
	size_t n = strcspn(text, ":");
	const char *name = arena_strndup(a, text, n);
	const char *mode = text[n] ? text + n + 1 : "";
	own_stored_container struct stored_container other = STORED_CONTAINER_INIT;
	struct docker_container docker;

	if (*mode && strcmp(mode, "ro") != 0 && strcmp(mode, "rw") != 0)
		return err_set(err, E_USAGE, "invalid mode: %s", mode);
	if (!c->engine->store)
		err_set(err, E_NOT_FOUND, "there is no store");
	if (!c->engine->store || stored_container_find(c->engine->store, name, 0, &other, err) < 0)
		return sentence_for(ABOUT_CONTAINER, name, err);
	if (schema_decode(&docker_container_schema, json_copy(a, other.record.engine), &docker, a,
		    err) < 0)
		return -err->code;
	for (size_t i = 0; i < docker.mounts.count; i++) {
		struct docker_mount m = docker.mounts.items[i];

		if (strcmp(m.type, "tmpfs") == 0)
			continue;
		m.rw = m.rw && strcmp(mode, "ro") != 0;
		add_inherited(context, &m);
	}
	return 0;
}

int creation_inherited(struct creation *c, struct translate_context *context, struct err *err)
{
	const struct strings *from = &c->request->body.host.volumes_from;

	for (size_t i = 0; i < from->count; i++)
		if (inherit(c, from->items[i], context, err) < 0)
			return -err->code;
	return 0;
}

/* ---- the steps ---- */

/* A new anonymous volume is nobody else's: it goes when a later step fails. */
static void plan_volume(struct creation *c, const struct translated_mount *m)
{
	bool ours = m->shown.anonymous && !m->inherited;
	struct plan *p = &c->engine->plan;
	const struct string_map *labels = &m->wish.labels;
	struct step *s = plan_program(p, "kist-store", "volume", "create", NULL);

	s->flags = STEP_QUIET;
	if (ours)
		step_add2(p, s, "--label", VOLUME_LABEL_ANONYMOUS "=");
	for (size_t i = 0; i < labels->count; i++)
		step_add2(p, s, "--label",
			arena_printf(
				&p->arena, "%s=%s", labels->items[i].key, labels->items[i].value));
	step_add(p, s, m->shown.name);
	if (!ours)
		return;
	plan_program(p, "kist-store", "volume", "rm", "--force", m->shown.name, NULL);
	plan_make_undo(p);
}

/* What the image has where an empty volume is mounted is copied into it, as docker does. */
static void plan_populate(struct creation *c, const struct docker_mount *m)
{
	/* -v has it in its mode, and --mount's volume-nocopy is written there, too */
	if (!strstr(m->mode, "nocopy"))
		plan_program(&c->engine->plan, "kist-store", "volume", "populate", m->name, c->id,
			m->destination, NULL);
}

void creation_plan_volumes(struct creation *c)
{
	for (size_t i = 0; i < c->translation.mounts.count; i++) {
		const struct translated_mount *m = &c->translation.mounts.items[i];
		const struct mount_wish *wish = &m->wish;

		if (wish->kind == MOUNT_BIND && wish->source && wish->make_source &&
			access(wish->source, F_OK) < 0)
			plan_directory(&c->engine->plan, wish->source, 0755);
		if (m->shown.name) {
			plan_volume(c, m);
			plan_populate(c, &m->shown);
		}
	}
}
