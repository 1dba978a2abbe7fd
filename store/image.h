/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Images: index.json of the layout is the table of tags. Each entry is a manifest's descriptor with
 * the canonical reference (or none: an untagged image) and, as annotations of ours, what a listing
 * needs, so that listing opens no blob.
 */
#ifndef KIST_STORE_IMAGE_H
#define KIST_STORE_IMAGE_H

#include <stdbool.h>

#include "lib/mem.h"
#include "spec/image.h"
#include "spec/reference.h"
#include "store/store.h"

#define ANNOTATION_IMAGE_ID       "org.kist.image.id"      /* digest of the config */
#define ANNOTATION_IMAGE_SIZE     "org.kist.image.size"    /* bytes of config and layers */
#define ANNOTATION_IMAGE_CREATED  "org.kist.image.created" /* as in the config */
#define ANNOTATION_IMAGE_UNPACKED "org.kist.image.unpacked-size"

/* One row of the table. All strings live in the caller's arena. */
struct image_entry {
	const char *reference;        /* canonical; NULL: untagged */
	struct descriptor descriptor; /* of the manifest */
	struct digest id;             /* the image ID */
	int64_t size;                 /* bytes of the blobs: config and layers */
	int64_t unpacked_size;        /* of the uncompressed layers; 0: not known */
	const char *created;          /* RFC 3339, or NULL */
	const char *repo_name; /* "docker.io/library/alpine", or NULL: it came from no registry */
	const char
		*repo_digest; /* with repo_name: docker's RepoDigests are repo_name@repo_digest */
};

/*
 * How large an image is: its layers uncompressed, the same however it came; its blobs as long as
 * nobody has unpacked them.
 */
static inline int64_t image_entry_bytes(const struct image_entry *e)
{
	return e->unpacked_size ? e->unpacked_size : e->size;
}

struct image_list {
	struct image_entry *items;
	size_t count;
	struct strings damaged; /* entries that cannot be understood, a sentence each */
};

/* An image with its documents. Strings live in the caller's arena. */
struct image {
	struct image_entry entry; /* the tag it was found by; the first one for an ID */
	struct manifest manifest;
	struct image_config config;
	const struct json *manifest_json, *config_json; /* as they stand */
};

/*
 * Every entry in the table's order, the newest tag last. An entry that another program made and
 * that leads to no image for this platform is left out. Returns 0.
 */
int image_list(struct store *store, struct image_list *list, struct arena *a, struct err *err);

/*
 * Find an image as docker does: by reference ("alpine", "alpine:3.20", "alpine@sha256:..." with the
 * digest of its manifest or of the registry's index), else by image ID or manifest digest with or
 * without "sha256:", else by a prefix of the image ID that only one image has.
 * Returns 0; E_NOT_FOUND: no such image.
 */
int image_lookup(struct store *store, const char *text, struct image_entry *entry, struct arena *a,
	struct err *err);

/* The same in a list that was read. */
int image_list_find(const struct image_list *list, const char *text, struct image_entry *entry,
	struct arena *a, struct err *err);

/* As image_lookup(), and read manifest and config. */
int image_find(struct store *store, const char *text, struct image *image, struct arena *a,
	struct err *err);

/*
 * Read the documents of an entry; as many diff_ids as layers, or E_SYNTAX. Returns 0.
 */
int image_read(struct store *store, const struct image_entry *entry, struct image *image,
	struct arena *a, struct err *err);

/* What image_tag() is to write. */
struct image_tagging {
	const char *reference;  /* canonical; NULL: keep the image without a tag */
	struct digest manifest; /* of a manifest (never an index) whose blobs are all there */
	const char *media_type; /* of it; NULL: as it says itself, or MEDIA_TYPE_MANIFEST */
	const char *repo_name;  /* see struct image_entry; NULL: keep what is known of it */
	const char *repo_digest;
};

/*
 * Make the reference name that manifest, durably: checks that manifest, config and every layer's
 * blob are there with the right size, then replaces index.json. An image that loses its last tag
 * stays as an untagged entry. Several taggings are one replacement. Returns 0.
 */
int image_tag(struct store *store, const struct image_tagging *tags, size_t count, struct err *err);

/* What goes out of the table at once. */
struct image_removal {
	struct strings references; /* canonical */
	const struct digest *ids;  /* of images: all their entries */
	size_t nids;
	bool keep_untagged; /* an image that loses its last reference stays as an untagged one */
	bool missing_ok;    /* what is not there is no error */
};

/*
 * Remove entries, all of them or, when one is not there, none: E_NOT_FOUND. With its last entry the
 * image goes out of the table (its blobs with the next gc). Returns 0.
 */
int image_untag(struct store *store, const struct image_removal *what, struct err *err);

#endif
