/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one caller of the store has open: the store itself, a container with its lock and its root,
 * an image with its documents, the lease. A verb of several steps works on one session, so that the
 * next step goes on with what the one before has opened; a program of one step makes one for
 * itself. What a step finds in a session is what it would find by looking again, only cheaper: the
 * container while it is locked, the image while the lease keeps gc away from it.
 */
#ifndef KIST_STORE_SESSION_H
#define KIST_STORE_SESSION_H

#include "store/container.h"
#include "store/image.h"
#include "store/store.h"

struct tool_mount;
struct tool_io;

struct store_session {
	const char *root, *run; /* borrowed, as store_open() takes them; NULL: the environment's */
	struct store *store;    /* NULL until it is asked for; closed with the session */
	bool stays; /* it outlives the tool's call: the container that it has open stays locked */
	struct stored_container container; /* dir -1: none is open */
	int mount; /* the container's root, writable, attached nowhere; -1: not mounted */
	int lease; /* STORE_LEASE_ADD, or -1 */
	const char *image_text; /* what image was found by; NULL: none was read */
	struct image image;
	struct arena arena; /* holds the image */
	/*
	 * How "kist-store mount ID DIR -- COMMAND" runs the command in a process that goes on.
	 * place->mount is borrowed. Returns the exit status or a negative code. NULL: the command
	 * takes our place.
	 */
	int (*command)(void *arg, struct tool_mount *place, const struct tool_io *io,
		const char *const argv[], struct err *err);
	void *command_arg;
};

#define STORE_SESSION_INIT                                                                         \
	{                                                                                          \
		.container = STORED_CONTAINER_INIT, .mount = -1, .lease = -1                       \
	}

void store_session_release(struct store_session *s);

#define own_store_session __attribute__((cleanup(store_session_release)))

/* See that s->store is open. Returns 0. */
int store_session_open(struct store_session *s, struct err *err);

/*
 * See that s->lease is held: whoever relies on an image takes it before looking it up, and drops
 * it when a tag or a container refers to the image. Returns 0.
 */
int store_session_lease(struct store_session *s, struct err *err);
void store_session_drop_lease(struct store_session *s);

/*
 * The image that text finds (image_find()), read once while the lease is held. It lives as long as
 * the session. NULL with *err.
 */
const struct image *store_session_image(struct store_session *s, const char *text, struct err *err);

/* Forget the image: a name may lead to another one now (after a pull, a load, a tag). */
void store_session_forget_image(struct store_session *s);

/*
 * Open the container that text finds into s->container, or go on with the one that is open there;
 * flags: STORED_CONTAINER_LOCK and STORED_CONTAINER_TRY. Any other container that was open is
 * closed. Returns 0.
 */
int store_session_container(
	struct store_session *s, const char *text, unsigned flags, struct err *err);

/* Put *c, which becomes the session's, in place of the container that was open. */
void store_session_keep(struct store_session *s, struct stored_container *c);

/* Close the container, with its lock and its root. */
void store_session_close_container(struct store_session *s);

/* The root of s->container, mounted at the first call. Returns the descriptor, borrowed. */
int store_session_mount(struct store_session *s, struct err *err);

/* Close the root: it was attached by somebody else, or must not be busy. */
void store_session_drop_mount(struct store_session *s);

#endif
