/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside store/: one pass over an archive of images. What may be needed is staged in a batch as it
 * comes, because what it is may be said at the very end.
 */
#ifndef KIST_STORE_ARCHIVE_SCAN_H
#define KIST_STORE_ARCHIVE_SCAN_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/mem.h"
#include "lib/stream.h"
#include "spec/digest.h"
#include "store/archive.h"
#include "store/image.h"
#include "store/key_index.h"
#include "store/store.h"

#define ARCHIVE_ENTRIES_MAX 1000000     /* entries of the tar */
#define ARCHIVE_FILES_MAX   65536       /* files that may be blobs, and links to them */
#define ARCHIVE_NAMES_MAX   100000      /* of images */
#define ARCHIVE_INDEX_MAX   (16u << 20) /* bytes of index.json, or docker's manifest.json */
/* Bytes of all holes of sparse files: tar's 512 bytes can stand for more than any disk has. */
#define ARCHIVE_HOLES_MAX (64u << 20)

struct archive_file {
	const char *name;     /* cleaned: no "./", no ".." */
	const char *link;     /* a link to that name; else NULL */
	struct digest digest; /* of its bytes, as they are */
	int64_t size;
	enum compression kind; /* by its first bytes */
};

struct archive_scan;
struct archive_tags;

/*
 * Take the image of a manifest that is staged, tag->manifest, and add a tag for it. Returns 0.
 */
typedef int archive_adder(struct archive_scan *scan, const struct image_tagging *tag,
	struct archive_tags *tags, struct err *err);

struct archive_scan {
	struct store *store;
	archive_adder *add;        /* archive_add_image(); the fuzzer's own */
	struct store_batch *batch; /* borrowed */
	struct arena *arena;       /* borrowed: lives longer than the scan */
	struct archive_file *files;
	size_t count, cap;
	struct key_index places; /* of the files by their names, the last one counts: file + 1 */
	/* What the documents that came so far say of blobs, by their hex digits: */
	struct key_index sizes;     /* the size + 1 that a descriptor promises */
	struct key_index documents; /* 1: it is a manifest, 2: an index */
	uint64_t holes;             /* bytes */
	bool has_layout;            /* an oci-layout file of a version we know */
	struct buf index, docker_manifest, repositories;
};

void archive_scan_release(struct archive_scan *scan);

/* Read all of the archive from fd. Returns 0. */
int archive_scan_read(struct archive_scan *scan, int fd, struct err *err);

/* The file of that name, links followed; NULL: not there. */
const struct archive_file *archive_scan_find(const struct archive_scan *scan, const char *name);

/* Read a blob that was staged or that the store has. Returns 0. */
int archive_scan_document(
	struct archive_scan *scan, const struct digest *digest, struct buf *out, struct err *err);

/* What is to be tagged: one row per image and name. */
struct archive_tags {
	struct image_tagging *items;
	struct digest *ids;
	size_t count, cap;
	struct key_index manifests; /* the first row + 1 of each */
};

void archive_tags_add(struct archive_scan *scan, struct archive_tags *tags,
	const struct image_tagging *tag, const struct digest *id);

/* The archive_adder of load: checks that all blobs are there, and unpacks into the batch. */
archive_adder archive_add_image;

/* Interpret what was read as an OCI layout, or as docker's format. Return 0. */
int archive_load_oci(struct archive_scan *scan, struct archive_tags *tags, struct err *err);
int archive_load_docker(struct archive_scan *scan, struct archive_tags *tags, struct err *err);

#endif
