/* SPDX-License-Identifier: Apache-2.0 */
/* An archive as an OCI layout (image-spec, image-layout.md). */
#include <string.h>

#include "lib/json.h"
#include "spec/image.h"
#include "spec/reference.h"
#include "store/archive/archive_scan.h"

/* What containerd and docker write beside a ref.name that is the tag alone. */
#define ANNOTATION_CONTAINERD_NAME "io.containerd.image.name"

static bool for_this_platform(const struct descriptor *d)
{
	struct index one = {0};
	struct err ignored;

	if (!d->platform)
		return true;
	one.manifests.items = (struct descriptor *)d;
	one.manifests.count = 1;
	return index_choose(&one, NULL, &ignored) != NULL;
}

/* The canonical reference of an entry, or NULL. */
static const char *entry_reference(
	struct archive_scan *scan, const struct descriptor *d, struct err *err)
{
	const char *name = string_map_get(&d->annotations, ANNOTATION_CONTAINERD_NAME);
	struct reference ref;

	err->code = 0;
	if (!name)
		name = string_map_get(&d->annotations, ANNOTATION_REF_NAME);
	if (!name)
		return NULL;
	if (reference_parse(name, &ref, scan->arena, err) < 0) {
		err_wrap(err, "name '%s' in index.json", name);
		return NULL;
	}
	return reference_canonical(&ref, scan->arena);
}

/*
 * An archive may say by which digest a registry knows its image; that counts when the digest is
 * that of the very entry, whose bytes are here and verified.
 */
static void set_repository(const struct descriptor *d, struct archive_claim *claim)
{
	const char *name = string_map_get(&d->annotations, ANNOTATION_REPO_NAME);
	const char *digest = string_map_get(&d->annotations, ANNOTATION_REPO_DIGEST);

	if (name && digest && strcmp(digest, d->digest) == 0) {
		claim->repo_name = name;
		claim->repo_digest = digest;
	}
}

/* From an entry, which may be an index, to this platform's manifest. Returns 0. */
static int choose_manifest(struct archive_scan *scan, const struct descriptor *d,
	struct archive_claim *claim, struct err *err)
{
	own_buf struct buf text = {0};
	struct index index;
	const struct descriptor *chosen = d;
	int r = digest_parse(d->digest, &claim->manifest, err);

	if (r < 0)
		return r;
	if (media_type_is_index(d->media_type)) {
		r = archive_scan_document(scan, &claim->manifest, &text, err);
		if (r == 0)
			r = index_parse(text.data, text.len, &index, scan->arena, err);
		if (r < 0)
			return r;
		chosen = index_choose(&index, NULL, err);
		if (!chosen)
			return -err->code;
		r = digest_parse(chosen->digest, &claim->manifest, err);
		if (r < 0)
			return r;
	}
	if (!media_type_is_manifest(chosen->media_type))
		return err_set(
			err, E_UNSUPPORTED, "media type '%s' is not an image", chosen->media_type);
	claim->media_type = chosen->media_type;
	return 0;
}

static int handle_entry(struct archive_scan *scan, const struct descriptor *d, struct err *err)
{
	struct archive_claim claim = {.reference = entry_reference(scan, d, err)};
	int r;

	if (!claim.reference && err->code)
		return -err->code;
	set_repository(d, &claim);
	r = choose_manifest(scan, d, &claim, err);
	if (r == 0)
		r = archive_scan_image(scan, &claim, err);
	return r < 0 ? err_wrap(err, "image '%s'", claim.reference ? claim.reference : d->digest)
		     : 0;
}

int archive_scan_oci(struct archive_scan *scan, struct err *err)
{
	struct index index;
	int r = index_parse_long(buf_str(&scan->index), scan->index.len, ARCHIVE_INDEX_MAX, &index,
		scan->arena, err);

	if (r == 0 && index.manifests.count > ARCHIVE_NAMES_MAX)
		return err_set(err, E_LIMIT, "index.json: more than %d images", ARCHIVE_NAMES_MAX);
	for (size_t i = 0; r == 0 && i < index.manifests.count; i++) {
		const struct descriptor *d = &index.manifests.items[i];

		if (for_this_platform(d))
			r = handle_entry(scan, d, err);
	}
	if (r == 0 && !scan->images)
		r = err_set(err, E_NOT_FOUND, "the archive has no image for %s", platform_host());
	return r;
}
