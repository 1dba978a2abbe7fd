/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kist-archive and who started it (store/archive_intake.c) say to each other: structs of one
 * build on one machine, and nothing that would have to be parsed. kist-archive asks, one request at
 * a time, and waits for the answer; an answer with a code is the reason why it is to give up. Its
 * own reason is a struct err on a descriptor of its own.
 */
#ifndef KIST_STORE_ARCHIVE_WIRE_H
#define KIST_STORE_ARCHIVE_WIRE_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "spec/digest.h"

#define ARCHIVE_FILES_MAX 65536  /* files that may be blobs, and links to them */
#define ARCHIVE_NAMES_MAX 100000 /* of images */
#define ARCHIVE_TEXT_MAX  16384  /* bytes of an image's strings */

enum archive_request_kind {
	ARCHIVE_BLOB =
		1, /* digest: what it must have, or empty; size bytes follow. Answer: digest */
	ARCHIVE_DOCUMENT, /* digest, of a blob that came or was there. Answer: size bytes */
	ARCHIVE_IMAGE,    /* digest: its manifest's; size bytes of archive_claim_pack() follow */
	ARCHIVE_END,      /* the archive is at its end, all has been said; no answer */
};

struct archive_request {
	uint64_t kind, size;
	struct digest digest;
};

struct archive_answer {
	int64_t code; /* 0, or an errno or code of lib/err.h and size bytes of its message */
	uint64_t size;
	struct digest digest;
};

/* What an archive says of an image; compare struct image_tagging. NULL: nothing. */
struct archive_claim {
	const char *reference; /* canonical */
	struct digest manifest;
	const char *media_type;              /* of the manifest */
	const char *repo_name, *repo_digest; /* how a registry knows it */
};

/* The claim's strings, one behind the other. E_LIMIT. Returns 0. */
int archive_claim_pack(const struct archive_claim *claim, struct buf *text, struct err *err);

/* The same backwards; the strings point into text, whose NUL at text[len] is there. E_SYNTAX. */
int archive_claim_unpack(
	const char *text, size_t len, struct archive_claim *claim, struct err *err);

#endif
