/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/docker/docker.h"
#include "engine/docker/names.h"
#include "engine/verb/inspect.h"
#include "lib/own.h"
#include "spec/reference.h"

/* All names of one image, from the whole table. */
static int set_names(struct engine *e, struct json *d, const struct digest *id, struct err *err)
{
	struct arena *a = &e->arena;
	struct json *tags = json_new_array(a), *digests = json_new_array(a);
	struct image_list list;

	if (image_list(e->store, &list, a, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		const struct image_entry *entry = &list.items[i];
		struct reference ref;
		const char *name;

		if (!digest_equal(&entry->id, id))
			continue;
		if (entry->reference)
			json_append(tags, json_new_string(a, names_familiar(entry->reference, a)));
		if (!entry->repo_name ||
			reference_parse(entry->repo_name, &ref, a, &(struct err){0}) < 0)
			continue;
		name = arena_printf(
			a, "%s@%s", reference_familiar_name(&ref, a), entry->repo_digest);
		if (!json_has_string(digests, name))
			json_append(digests, json_new_string(a, name));
	}
	json_set(a, d, "RepoTags", tags);
	json_set(a, d, "RepoDigests", digests);
	return 0;
}

/* The image's execution parameters in docker's Config. */
static struct json *config_document(struct engine *e, const struct image *image)
{
	static const char *const nulls[] = {
		"Cmd", "Volumes", "Entrypoint", "OnBuild", "Labels", NULL};
	const struct image_execution *x = &image->config.config;
	const struct docker_config config = {.user = x->user,
		.env = x->env,
		.cmd = x->cmd,
		.entrypoint = x->entrypoint,
		.volumes = x->volumes,
		.working_dir = x->working_dir,
		.labels = x->labels,
		.exposed_ports = x->exposed_ports,
		.on_build = x->on_build,
		.stop_signal = x->stop_signal,
		.shell = x->shell,
		.healthcheck = json_get(json_get(image->config_json, "config"), "Healthcheck")};
	struct json *d = schema_encode(&docker_config_schema, &config, &e->arena);

	inspect_null(e, d, nulls);
	return d;
}

static struct json *rootfs_document(struct engine *e, const struct image *image)
{
	struct arena *a = &e->arena;
	const struct strings *ids = &image->config.rootfs.diff_ids;
	struct json *rootfs = json_new_object(a), *layers = json_new_array(a);

	for (size_t i = 0; i < ids->count; i++)
		json_append(layers, json_new_string(a, ids->items[i]));
	json_set_string(a, rootfs, "Type", "layers");
	json_set(a, rootfs, "Layers", layers);
	return rootfs;
}

static const char *last_comment(const struct image_config *c)
{
	const char *comment = c->history.count ? c->history.items[c->history.count - 1].comment
					       : NULL;

	return comment ? comment : "";
}

struct json *inspect_image(struct engine *e, const struct image *image, struct err *err)
{
	struct arena *a = &e->arena;
	const struct image_config *c = &image->config;
	struct json *d = json_new_object(a), *metadata = json_new_object(a);

	json_set_string(a, d, "Id", image->entry.id.text);
	if (set_names(e, d, &image->entry.id, err) < 0)
		return NULL;
	json_set_string(a, d, "Parent", "");
	json_set_string(a, d, "Comment", last_comment(c));
	json_set_string(a, d, "Created", c->created ? c->created : "");
	json_set_string(a, d, "DockerVersion", "");
	json_set_string(a, d, "Author", c->author ? c->author : "");
	json_set(a, d, "Config", config_document(e, image));
	json_set_string(a, d, "Architecture", c->architecture ? c->architecture : "");
	json_set_string(a, d, "Variant", c->variant);
	json_set_string(a, d, "Os", c->os ? c->os : "");
	json_set_int(a, d, "Size", image_entry_bytes(&image->entry));
	json_set(a, d, "GraphDriver", inspect_graph_driver(e, &c->rootfs.diff_ids, NULL));
	json_set(a, d, "RootFS", rootfs_document(e, image));
	json_set_string(a, metadata, "LastTagTime", "0001-01-01T00:00:00Z");
	json_set(a, d, "Metadata", metadata);
	return d;
}
