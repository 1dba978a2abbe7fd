/* SPDX-License-Identifier: Apache-2.0 */
#include "store/session.h"

#include <string.h>

#include "lib/own.h"
#include "store/snapshot.h"

void store_session_drop_lease(struct store_session *s)
{
	own_fd_release(&s->lease);
	s->lease = -1;
}

void store_session_drop_mount(struct store_session *s)
{
	own_fd_release(&s->mount);
	s->mount = -1;
}

void store_session_close_container(struct store_session *s)
{
	store_session_drop_mount(s);
	stored_container_release(&s->container);
}

void store_session_forget_image(struct store_session *s)
{
	s->image_text = NULL;
}

void store_session_release(struct store_session *s)
{
	store_session_close_container(s);
	store_session_drop_lease(s);
	store_close(s->store);
	arena_release(&s->arena);
	*s = (struct store_session)STORE_SESSION_INIT;
}

int store_session_open(struct store_session *s, struct err *err)
{
	return s->store ? 0 : store_open(s->root, s->run, 0, &s->store, err);
}

int store_session_lease(struct store_session *s, struct err *err)
{
	if (s->lease >= 0)
		return 0;
	if (store_session_open(s, err) < 0)
		return -err->code;
	/* what was read before may be gone */
	store_session_forget_image(s);
	s->lease = store_lease(s->store, STORE_LEASE_ADD, err);
	return s->lease < 0 ? s->lease : 0;
}

const struct image *store_session_image(struct store_session *s, const char *text, struct err *err)
{
	struct image image;

	if (s->lease >= 0 && s->image_text && strcmp(s->image_text, text) == 0)
		return &s->image;
	if (store_session_open(s, err) < 0 ||
		image_find(s->store, text, &image, &s->arena, err) < 0)
		return NULL;
	s->image = image;
	s->image_text = arena_strdup(&s->arena, text);
	return &s->image;
}

/* A name stays a container's while its lock is held; an ID does so for ever. */
static bool is_open(const struct store_session *s, const char *text)
{
	const struct stored_container *c = &s->container;

	return c->dir >= 0 &&
		(strcmp(c->id, text) == 0 || (c->lock >= 0 && strcmp(c->record.name, text) == 0));
}

int store_session_container(
	struct store_session *s, const char *text, unsigned flags, struct err *err)
{
	if (store_session_open(s, err) < 0)
		return -err->code;
	if (!is_open(s, text)) {
		store_session_close_container(s);
		return stored_container_find(s->store, text, flags, &s->container, err);
	}
	if (!(flags & STORED_CONTAINER_LOCK) || s->container.lock >= 0)
		return 0;
	return stored_container_lock(&s->container, flags & STORED_CONTAINER_TRY, err);
}

void store_session_keep(struct store_session *s, struct stored_container *c)
{
	store_session_close_container(s);
	s->container = *c;
	*c = (struct stored_container)STORED_CONTAINER_INIT;
}

int store_session_mount(struct store_session *s, struct err *err)
{
	if (s->mount < 0)
		s->mount = snapshot_mount(s->store, s->container.dir, 0, err);
	return s->mount;
}
