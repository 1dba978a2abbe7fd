/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over an archive of images (docs/pipes.md): what may be needed is handed on as it comes,
 * because what it is may be said at the very end. Neither a file nor a store is known here.
 */
#ifndef KIST_STORE_ARCHIVE_SCAN_H
#define KIST_STORE_ARCHIVE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/key_index.h"
#include "lib/mem.h"
#include "lib/stream.h"
#include "spec/digest.h"
#include "store/archive/archive_wire.h"

#define ARCHIVE_ENTRIES_MAX 1000000     /* entries of the tar */
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

/* Who takes what is found. All return 0. */
struct archive_taker {
	/* A blob of size bytes comes; expect NULL: it is called by what it is. */
	int (*begin)(void *arg, const struct digest *expect, uint64_t size, struct err *err);
	int (*data)(void *arg, const void *data, size_t len, struct err *err);
	/* All of it came. *digest gets its digest, which is that of begin(). */
	int (*end)(void *arg, struct digest *digest, struct err *err);
	/* Append a blob that was taken, or was there before: at most JSON_DOCUMENT_MAX bytes. */
	int (*document)(void *arg, const struct digest *digest, struct buf *out, struct err *err);
	/* An image whose manifest is a blob that was taken. */
	int (*image)(void *arg, const struct archive_claim *claim, struct err *err);
	void *arg;
	int pipe; /* where data() writes, so that bytes can be spliced instead; -1: none */
};

struct archive_scan {
	const struct archive_taker *taker; /* borrowed */
	struct arena *arena;               /* borrowed: lives longer than the scan */
	struct archive_file *files;
	size_t count, cap;
	struct key_index places; /* of the files by their names, the last one counts: file + 1 */
	/* What the documents that came so far say of blobs, by their hex digits: */
	struct key_index sizes;     /* the size + 1 that a descriptor promises */
	struct key_index documents; /* 1: it is a manifest, 2: an index */
	uint64_t holes;             /* bytes */
	bool has_layout;            /* an oci-layout file of a version we know */
	struct buf index, docker_manifest, repositories;
	size_t images; /* handed on */
};

void archive_scan_release(struct archive_scan *scan);

/* Read all of the archive from fd. Returns 0. */
int archive_scan_read(struct archive_scan *scan, int fd, struct err *err);

/* The file of that name, links followed; NULL: not there. */
const struct archive_file *archive_scan_find(const struct archive_scan *scan, const char *name);

/* Hand an image on. Returns 0. */
int archive_scan_image(
	struct archive_scan *scan, const struct archive_claim *claim, struct err *err);

/* A blob that came, or that was there before; and one that is made here. Return 0. */
int archive_scan_document(
	struct archive_scan *scan, const struct digest *digest, struct buf *out, struct err *err);
int archive_scan_put(struct archive_scan *scan, const void *data, size_t len, struct digest *digest,
	struct err *err);

/* Find the images in what was read: an OCI layout, or docker's format. Returns 0. */
int archive_scan_images(struct archive_scan *scan, struct err *err);

/* The same for the one and for the other. */
int archive_scan_oci(struct archive_scan *scan, struct err *err);
int archive_scan_docker(struct archive_scan *scan, struct err *err);

#endif
