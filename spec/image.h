/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents of an image (image-spec 1.1): descriptor, manifest, index, image config, platform.
 * Docker's media types (schema 2) are read as their OCI counterparts.
 */
#ifndef KIST_SPEC_IMAGE_H
#define KIST_SPEC_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"
#include "spec/digest.h"

#define MEDIA_TYPE_INDEX           "application/vnd.oci.image.index.v1+json"
#define MEDIA_TYPE_MANIFEST        "application/vnd.oci.image.manifest.v1+json"
#define MEDIA_TYPE_CONFIG          "application/vnd.oci.image.config.v1+json"
#define MEDIA_TYPE_LAYER           "application/vnd.oci.image.layer.v1.tar"
#define MEDIA_TYPE_LAYER_GZIP      "application/vnd.oci.image.layer.v1.tar+gzip"
#define MEDIA_TYPE_LAYER_ZSTD      "application/vnd.oci.image.layer.v1.tar+zstd"
#define MEDIA_TYPE_DOCKER_LIST     "application/vnd.docker.distribution.manifest.list.v2+json"
#define MEDIA_TYPE_DOCKER_MANIFEST "application/vnd.docker.distribution.manifest.v2+json"
#define MEDIA_TYPE_DOCKER_CONFIG   "application/vnd.docker.container.image.v1+json"
#define MEDIA_TYPE_DOCKER_LAYER    "application/vnd.docker.image.rootfs.diff.tar.gzip"
#define MEDIA_TYPE_FOREIGN_LAYER   "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"

#define ANNOTATION_REF_NAME "org.opencontainers.image.ref.name"
#define ANNOTATION_REPO_DIGEST                                                                     \
	"org.kist.repo.digest" /* what the registry calls it: of the index, if it was one */
#define ANNOTATION_REPO_NAME "org.kist.repo.name" /* registry and repository of that digest */

#define IMAGE_LAYERS_MAX    1024
#define IMAGE_MANIFESTS_MAX 4096 /* entries of one index */

struct platform {
	const char *architecture, *os, *os_version, *variant;
	struct strings os_features;
	const struct json *source;
};

struct descriptor {
	const char *media_type;
	const char *digest; /* checked: digest_valid() */
	int64_t size;       /* checked: >= 0 */
	struct strings urls;
	struct string_map annotations;
	struct platform *platform;
	const char *artifact_type;
	const struct json *source;
};

struct manifest {
	int64_t schema_version;
	const char *media_type;
	struct descriptor config;
	LIST_OF(struct descriptor) layers;
	struct string_map annotations;
	const struct json *source;
};

struct index {
	int64_t schema_version;
	const char *media_type;
	LIST_OF(struct descriptor) manifests;
	struct string_map annotations;
	const struct json *source;
};

struct healthcheck {
	struct strings test;
	int64_t interval, timeout, start_period, start_interval; /* nanoseconds; 0: the default */
	int64_t retries;
	const struct json *source;
};

/* config.config: what a container of this image starts as */
struct image_execution {
	const char *user, *working_dir, *stop_signal;
	struct strings env, entrypoint, cmd, volumes, exposed_ports, shell, on_build;
	struct string_map labels;
	struct healthcheck *healthcheck;
	bool args_escaped;
	const struct json *source;
};

struct image_history {
	const char *created, *created_by, *author, *comment;
	bool empty_layer;
	const struct json *source;
};

struct image_rootfs {
	const char *type;
	struct strings diff_ids;
	const struct json *source;
};

struct image_config {
	const char *created, *author, *architecture, *os, *os_version, *variant;
	struct image_execution config;
	struct image_rootfs rootfs;
	LIST_OF(struct image_history) history;
	const struct json *source;
};

extern const struct schema descriptor_schema, manifest_schema, index_schema, image_config_schema;

/*
 * Decode and check: media type against structure ("layers" together with "manifests" is E_SYNTAX),
 * digests, sizes, number of layers, diff_ids. Everything lives in the arena. Return 0.
 */
int manifest_parse(
	const char *text, size_t len, struct manifest *m, struct arena *a, struct err *err);
int index_parse(const char *text, size_t len, struct index *i, struct arena *a, struct err *err);
/* An image layout's index.json, which has an entry for each name: as many as max bytes hold. */
int index_parse_long(const char *text, size_t len, size_t max, struct index *i, struct arena *a,
	struct err *err);
int image_config_decode(
	const struct json *o, struct image_config *c, struct arena *a, struct err *err);
int image_config_parse(
	const char *text, size_t len, struct image_config *c, struct arena *a, struct err *err);

/* Is it an index (or docker's manifest list), judged by media type, else by its members? */
bool media_type_is_index(const char *media_type);
bool media_type_is_manifest(const char *media_type);
bool media_type_is_layer(const char *media_type);

/*
 * The entry of an index for a platform ("linux/amd64", "linux/arm64/v8"; NULL: the one we run on),
 * by the image-spec's rules with the best matching variant first. Entries for platform "unknown"
 * (attestations) never match. NULL and E_NOT_FOUND, naming what there is, when none does.
 */
const struct descriptor *index_choose(const struct index *i, const char *platform, struct err *err);

/* "linux/amd64" of this build. */
const char *platform_host(void);

#endif
