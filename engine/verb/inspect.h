/* SPDX-License-Identifier: Apache-2.0 */
/* Whole documents in docker's structure, as inspect shows them. All live in the engine's arena. */
#ifndef KIST_ENGINE_INSPECT_H
#define KIST_ENGINE_INSPECT_H

#include "engine/verb/subject.h"
#include "store/image.h"
#include "store/volume.h"

/* size: with SizeRw and SizeRootFs. Returns NULL and *err when its files cannot be read. */
struct json *inspect_container(
	struct engine *e, const struct subject *s, bool size, struct err *err);

struct json *inspect_image(struct engine *e, const struct image *image, struct err *err);

struct json *inspect_volume(struct engine *e, const struct volume *volume);

struct network_summary;

/* Without the containers that are in it, as docker lists networks. */
struct json *inspect_network_document(struct engine *e, const struct network_summary *network);

/* By name or ID. NULL and E_NOT_FOUND "network X not found". */
struct json *inspect_network(struct engine *e, const char *name, struct err *err);

/* The GraphDriver of layers (diff_ids, topmost last) and, for a container, its own directory. */
struct json *inspect_graph_driver(
	struct engine *e, const struct strings *layers, const char *container_dir);

/*
 * Give object every key of the list (NULL-terminated): those that are missing or empty become null,
 * as docker shows what was not set.
 */
void inspect_null(struct engine *e, struct json *object, const char *const *keys);

#endif
