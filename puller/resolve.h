/* SPDX-License-Identifier: Apache-2.0 */
/* From a reference to the documents of an image: manifest (out of an index) and config, verified.
 */
#ifndef KIST_PULLER_RESOLVE_H
#define KIST_PULLER_RESOLVE_H

#include "puller/registry.h"
#include "spec/image.h"
#include "spec/reference.h"

/* A manifest or index as it came: its text has the digest. */
struct document {
	struct digest digest;
	char *media_type;
	struct buf text;
};

void document_release(struct document *d);

#define own_document __attribute__((cleanup(document_release)))

/* An image, resolved; strings in the arena. */
struct resolved {
	struct arena arena;
	struct document top; /* what the reference names: an index, or the same as document */
	struct document document;
	bool from_index;
	struct manifest manifest;
	struct buf config_text; /* resolve_config() */
	struct image_config config;
};

void resolved_release(struct resolved *r);

#define own_resolved __attribute__((cleanup(resolved_release)))

/*
 * Fetch a manifest or an index by tag or digest: at most JSON_DOCUMENT_MAX bytes, its digest
 * verified against the reference and against what the registry says. Unknown ones are
 * E_MANIFEST_UNKNOWN or E_NAME_UNKNOWN, in the registry's words. Returns 0.
 */
int fetch_manifest(struct registry *registry, const struct reference *ref, struct document *d,
	struct err *err);

/* The digest that the registry says the reference has. Returns 0, or that it did not say. */
int fetch_manifest_digest(struct registry *registry, const struct reference *ref,
	char digest[DIGEST_LEN + 1], struct err *err);

/* Is the document an index? Judged by its members, then checked against what it says it is. */
bool document_is_index(const struct document *d);

/*
 * The manifest that ref means on the platform (NULL: this one), in r->document and r->manifest.
 * Returns 0; the caller releases *r in any case.
 */
int resolve_manifest(struct registry *registry, const struct reference *ref, const char *platform,
	struct resolved *r, struct err *err);

/* Fetch and check the config of r->manifest; platform not NULL: it must be of that platform. */
int resolve_config(struct registry *registry, const struct reference *ref, const char *platform,
	struct resolved *r, struct err *err);

#endif
