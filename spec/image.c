/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/image.h"

#include <stdint.h>
#include <string.h>

#define OCI_LAYER_PREFIX    "application/vnd.oci.image.layer."
#define DOCKER_LAYER_PREFIX "application/vnd.docker.image.rootfs."

static const struct schema_field platform_fields[] = {
	FIELD(struct platform, architecture, "architecture", SCHEMA_STRING),
	FIELD(struct platform, os, "os", SCHEMA_STRING),
	FIELD(struct platform, os_version, "os.version", SCHEMA_STRING),
	FIELD(struct platform, os_features, "os.features", SCHEMA_STRINGS),
	FIELD(struct platform, variant, "variant", SCHEMA_STRING),
	FIELD(struct platform, source, NULL, SCHEMA_SOURCE),
};

static const struct schema platform_schema = SCHEMA(struct platform, platform_fields);

static const struct schema_field descriptor_fields[] = {
	FIELD(struct descriptor, media_type, "mediaType", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct descriptor, digest, "digest", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct descriptor, size, "size", SCHEMA_INT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct descriptor, urls, "urls", SCHEMA_STRINGS),
	FIELD(struct descriptor, annotations, "annotations", SCHEMA_STRING_MAP),
	FIELD(struct descriptor, platform, "platform", SCHEMA_OPT_STRUCT, .sub = &platform_schema),
	FIELD(struct descriptor, artifact_type, "artifactType", SCHEMA_STRING),
	FIELD(struct descriptor, source, NULL, SCHEMA_SOURCE),
};

const struct schema descriptor_schema = SCHEMA(struct descriptor, descriptor_fields);

static const struct schema_field manifest_fields[] = {
	FIELD(struct manifest, schema_version, "schemaVersion", SCHEMA_INT64,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct manifest, media_type, "mediaType", SCHEMA_STRING),
	FIELD(struct manifest, config, "config", SCHEMA_STRUCT, .sub = &descriptor_schema,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct manifest, layers, "layers", SCHEMA_LIST, .sub = &descriptor_schema,
		.flags = SCHEMA_ALWAYS),
	FIELD(struct manifest, annotations, "annotations", SCHEMA_STRING_MAP),
	FIELD(struct manifest, source, NULL, SCHEMA_SOURCE),
};

const struct schema manifest_schema = SCHEMA(struct manifest, manifest_fields);

static const struct schema_field index_fields[] = {
	FIELD(struct index, schema_version, "schemaVersion", SCHEMA_INT64,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct index, media_type, "mediaType", SCHEMA_STRING),
	FIELD(struct index, manifests, "manifests", SCHEMA_LIST, .sub = &descriptor_schema,
		.flags = SCHEMA_ALWAYS),
	FIELD(struct index, annotations, "annotations", SCHEMA_STRING_MAP),
	FIELD(struct index, source, NULL, SCHEMA_SOURCE),
};

const struct schema index_schema = SCHEMA(struct index, index_fields);

bool media_type_is_index(const char *t)
{
	return t && (strcmp(t, MEDIA_TYPE_INDEX) == 0 || strcmp(t, MEDIA_TYPE_DOCKER_LIST) == 0);
}

bool media_type_is_manifest(const char *t)
{
	return t &&
		(strcmp(t, MEDIA_TYPE_MANIFEST) == 0 || strcmp(t, MEDIA_TYPE_DOCKER_MANIFEST) == 0);
}

bool media_type_is_layer(const char *t)
{
	return t &&
		(strncmp(t, OCI_LAYER_PREFIX, strlen(OCI_LAYER_PREFIX)) == 0 ||
			strncmp(t, DOCKER_LAYER_PREFIX, strlen(DOCKER_LAYER_PREFIX)) == 0);
}

static int check_descriptor(const struct descriptor *d, struct err *err)
{
	struct digest digest;

	if (digest_parse(d->digest, &digest, err) < 0)
		return schema_error_at(err, "digest");
	if (d->size < 0)
		return err_set(err, E_SYNTAX, "size: %lld is negative", (long long)d->size);
	return 0;
}

/* Before the list is decoded, because an entry costs more memory than text. */
static int check_count(const struct json *o, const char *member, size_t max, struct err *err)
{
	const struct json *list = json_get(o, member);

	if (list && list->count > max)
		return err_set(err, E_LIMIT, "%s: %zu entries: the limit is %zu", member,
			list->count, max);
	return 0;
}

/* Every digest and size of a list, and that their sum is still a size. */
static int check_descriptors(
	const struct descriptor *list, size_t count, const char *what, struct err *err)
{
	int64_t total = 0;

	for (size_t i = 0; i < count; i++) {
		if (check_descriptor(&list[i], err) < 0)
			return schema_error_at(err, "%s[%zu]", what, i);
		if (__builtin_add_overflow(total, list[i].size, &total))
			return err_set(
				err, E_LIMIT, "%s[%zu].size: the sum of sizes overflows", what, i);
	}
	return 0;
}

static int check_version(int64_t version, struct err *err)
{
	if (version == 1)
		return err_set(err, E_UNSUPPORTED,
			"schemaVersion: 1 (docker's manifests of 2014) is not supported: push the "
			"image again with a current tool");
	if (version != 2)
		return err_set(err, E_SYNTAX, "schemaVersion: expected 2");
	return 0;
}

/*
 * One document must not be both: a client that reads it as an index and one that reads it as a
 * manifest would run different images under one digest (CVE-2021-41190).
 */
static int check_structure(
	const struct json *o, const char *member, const char *foreign, struct err *err)
{
	if (json_get(o, foreign))
		return err_set(err, E_SYNTAX, "%s: does not belong beside '%s'", foreign, member);
	if (!json_get(o, member))
		return err_set(err, E_SYNTAX, "%s: missing", member);
	return 0;
}

static struct json *parse_object(
	const char *text, size_t len, size_t max, struct arena *a, struct err *err)
{
	struct json *o = json_parse(a, text, len, max, err);

	if (o && o->type != JSON_OBJECT) {
		err_set(err, E_SYNTAX, "expected an object");
		return NULL;
	}
	return o;
}

static int decode_manifest(
	const struct json *o, struct manifest *m, struct arena *a, struct err *err)
{
	int r;

	/* schema 1 has none of the other fields: say what it is before what it lacks */
	if (json_get(o, "fsLayers"))
		return check_version(1, err);
	r = check_structure(o, "layers", "manifests", err);
	if (r == 0)
		r = check_count(o, "layers", IMAGE_LAYERS_MAX, err);
	if (r == 0)
		r = schema_decode(&manifest_schema, o, m, a, err);
	if (r == 0)
		r = check_version(m->schema_version, err);
	if (r < 0)
		return r;
	if (m->media_type && !media_type_is_manifest(m->media_type))
		return err_set(
			err, E_SYNTAX, "mediaType: '%.100s' is not a manifest", m->media_type);
	if (check_descriptor(&m->config, err) < 0)
		return schema_error_at(err, "config");
	return check_descriptors(m->layers.items, m->layers.count, "layers", err);
}

int manifest_parse(
	const char *text, size_t len, struct manifest *m, struct arena *a, struct err *err)
{
	const struct json *o = parse_object(text, len, JSON_DOCUMENT_MAX, a, err);
	struct manifest parsed;

	if (!o || decode_manifest(o, &parsed, a, err) < 0)
		return err_wrap(err, "manifest");
	*m = parsed;
	return 0;
}

static int decode_index(
	const struct json *o, size_t most, struct index *i, struct arena *a, struct err *err)
{
	int r = check_structure(o, "manifests", "layers", err);

	if (r == 0)
		r = check_structure(o, "manifests", "config", err);
	if (r == 0)
		r = check_count(o, "manifests", most, err);
	if (r == 0)
		r = schema_decode(&index_schema, o, i, a, err);
	if (r == 0)
		r = check_version(i->schema_version, err);
	if (r < 0)
		return r;
	if (i->media_type && !media_type_is_index(i->media_type))
		return err_set(err, E_SYNTAX, "mediaType: '%.100s' is not an index", i->media_type);
	return check_descriptors(i->manifests.items, i->manifests.count, "manifests", err);
}

static int parse_index(const char *text, size_t len, size_t max, size_t most, struct index *i,
	struct arena *a, struct err *err)
{
	const struct json *o = parse_object(text, len, max, a, err);
	struct index parsed;

	if (!o || decode_index(o, most, &parsed, a, err) < 0)
		return err_wrap(err, "index");
	*i = parsed;
	return 0;
}

int index_parse(const char *text, size_t len, struct index *i, struct arena *a, struct err *err)
{
	return parse_index(text, len, JSON_DOCUMENT_MAX, IMAGE_MANIFESTS_MAX, i, a, err);
}

int index_parse_long(
	const char *text, size_t len, size_t max, struct index *i, struct arena *a, struct err *err)
{
	return parse_index(text, len, max, SIZE_MAX, i, a, err);
}
