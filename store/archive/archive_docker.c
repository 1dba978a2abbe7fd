/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An archive in docker's format: manifest.json says which files are an image's config and layers.
 * The manifest that a registry would serve is made here.
 */
#include <string.h>

#include "lib/json.h"
#include "spec/image.h"
#include "spec/reference.h"
#include "store/archive/archive_scan.h"

struct docker_image {
	const char *config;
	struct strings repo_tags, layers;
};

static const struct schema_field docker_fields[] = {
	FIELD(struct docker_image, config, "Config", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct docker_image, repo_tags, "RepoTags", SCHEMA_STRINGS),
	FIELD(struct docker_image, layers, "Layers", SCHEMA_STRINGS),
};
static const struct schema docker_schema = SCHEMA(struct docker_image, docker_fields);

static struct json *describe(
	struct arena *a, const struct archive_file *file, const char *media_type)
{
	struct json *o = json_new_object(a);

	json_set_string(a, o, "mediaType", media_type);
	json_set_string(a, o, "digest", file->digest.text);
	json_set_int(a, o, "size", file->size);
	return o;
}

static const char *layer_type(enum compression kind)
{
	switch (kind) {
	case COMPRESSION_GZIP:
		return MEDIA_TYPE_LAYER_GZIP;
	case COMPRESSION_ZSTD:
		return MEDIA_TYPE_LAYER_ZSTD;
	default:
		return MEDIA_TYPE_LAYER;
	}
}

static const struct archive_file *need(
	const struct archive_scan *scan, const char *name, struct err *err)
{
	const struct archive_file *file = archive_scan_find(scan, name);

	if (!file)
		err_set(err, E_SYNTAX, "manifest.json names '%s', which is not in the archive",
			name);
	return file;
}

/* Make the manifest and stage it. Returns 0. */
static int make_manifest(struct archive_scan *scan, const struct docker_image *image,
	struct digest *manifest, struct err *err)
{
	struct arena *a = scan->arena;
	struct json *o = json_new_object(a), *layers = json_new_array(a);
	const struct archive_file *file = need(scan, image->config, err);
	own_buf struct buf text = {0};

	if (!file)
		return -err->code;
	if (image->layers.count > IMAGE_LAYERS_MAX)
		return err_set(err, E_LIMIT, "%zu layers: the limit is %d", image->layers.count,
			IMAGE_LAYERS_MAX);
	json_set_int(a, o, "schemaVersion", 2);
	json_set_string(a, o, "mediaType", MEDIA_TYPE_MANIFEST);
	json_set(a, o, "config", describe(a, file, MEDIA_TYPE_CONFIG));
	for (size_t i = 0; i < image->layers.count; i++) {
		file = need(scan, image->layers.items[i], err);
		if (!file)
			return -err->code;
		json_append(layers, describe(a, file, layer_type(file->kind)));
	}
	json_set(a, o, "layers", layers);
	json_write(o, JSON_COMPACT, &text);
	return archive_scan_put(scan, text.data, text.len, manifest, err);
}

static int handle_image(
	struct archive_scan *scan, const struct docker_image *image, struct err *err)
{
	struct archive_claim claim = {.media_type = MEDIA_TYPE_MANIFEST};
	struct reference ref;
	int r = make_manifest(scan, image, &claim.manifest, err);

	if (r == 0 && !image->repo_tags.count)
		return archive_scan_image(scan, &claim, err);
	for (size_t i = 0; r == 0 && i < image->repo_tags.count; i++) {
		r = reference_parse(image->repo_tags.items[i], &ref, scan->arena, err);
		if (r < 0)
			return err_wrap(err, "name '%s'", image->repo_tags.items[i]);
		claim.reference = reference_canonical(&ref, scan->arena);
		r = archive_scan_image(scan, &claim, err);
	}
	return r;
}

/* The images with their names, counted before anything is done for them. */
static int decode_images(
	const struct json *list, struct docker_image *images, struct arena *a, struct err *err)
{
	size_t n = 0, names = 0;

	json_each (item, list) {
		if (schema_decode(&docker_schema, item, &images[n], a, err) < 0)
			return err_wrap(err, "manifest.json");
		names += images[n++].repo_tags.count;
		if (names > ARCHIVE_NAMES_MAX)
			return err_set(err, E_LIMIT, "manifest.json: more than %d names of images",
				ARCHIVE_NAMES_MAX);
	}
	return 0;
}

int archive_scan_docker(struct archive_scan *scan, struct err *err)
{
	const struct json *list = json_parse(scan->arena, buf_str(&scan->docker_manifest),
		scan->docker_manifest.len, ARCHIVE_INDEX_MAX, err);
	struct docker_image *images;

	if (!list)
		return err_wrap(err, "manifest.json");
	if (list->type != JSON_ARRAY || !list->count)
		return err_set(err, E_SYNTAX, "manifest.json: expected a list of images");
	if (list->count > ARCHIVE_NAMES_MAX)
		return err_set(
			err, E_LIMIT, "manifest.json: more than %d images", ARCHIVE_NAMES_MAX);
	images = arena_array(scan->arena, list->count, sizeof(*images));
	if (decode_images(list, images, scan->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list->count; i++)
		if (handle_image(scan, &images[i], err) < 0)
			return err_wrap(err, "image '%s'", images[i].config);
	return 0;
}
