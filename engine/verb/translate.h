/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one translator from docker's words to kist's: a create body and an image become mounts,
 * ports, endpoints and config_options. It opens no store and changes nothing; of the machine it
 * looks at devices and the host's name only.
 */
#ifndef KIST_ENGINE_TRANSLATE_H
#define KIST_ENGINE_TRANSLATE_H

#include "engine/docker/docker.h"
#include "engine/docker/mount_wish.h"
#include "spec/config_make.h"
#include "spec/network_wish.h"

#define TRANSLATE_PIDS_LIMIT 2048 /* of a container for which nobody asked for one, as podman's */

/* What the translator has to be told beside the body. All of it is borrowed. */
struct translate_context {
	const char *id, *name;
	const char *image_name;           /* for errors */
	const struct image_config *image; /* NULL: not known yet, with --plan */
	bool no_network;                  /* unless one is asked for: the embedded image */
	const char *directory;            /* of the container: ROOT/containers/ID */
	const char *volumes;              /* ROOT/volumes */
	const char *netns;                /* where its network namespace will be */
	const char *held;                 /* the lock that says that it lives: see network_wish.h */
	const char *cgroup_parent;        /* when the body has none */
	bool no_limits;                   /* none that nobody asks for: we are not root */
	/* the mounts of the containers in VolumesFrom, in their order */
	LIST_OF(struct docker_mount) inherited;
	struct arena *arena;
};

/* A mount with all that is to be done for it. */
struct translated_mount {
	struct mount_wish wish;    /* without a kind of its own when it is inherited */
	struct docker_mount shown; /* as inspect shows it; name: of the volume */
	bool inherited;            /* another container has it as well */
};

struct translation {
	struct docker_container docker; /* for the record; network stays NULL */
	const char *user;               /* of the process, as names; "": the image's root */
	LIST_OF(struct translated_mount) mounts;
	struct port_list ports;   /* published ones */
	struct network_wish wish; /* endpoints empty: there is nothing to set up */
	struct config_options options;
	struct strings warnings; /* docker's create call answers with them */
};

/*
 * Translate. Everything lives in c->arena, or is borrowed from the body and the image. Returns 0;
 * E_USAGE or E_UNSUPPORTED as docker_body_check(), E_LIMIT for an image config that asks for too
 * much (it names image and member), E_NOT_FOUND for a device that is not there.
 */
int translate(const struct translate_context *c, const struct docker_body *body,
	struct translation *t, struct err *err);

#endif
