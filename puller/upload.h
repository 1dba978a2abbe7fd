/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One blob into a repository (distribution-spec, "Pushing Blobs"): not at all when it is there,
 * mounted from another repository when it is there, else POST and one PUT of known size.
 */
#ifndef KIST_PULLER_UPLOAD_H
#define KIST_PULLER_UPLOAD_H

#include "puller/registry.h"
#include "spec/digest.h"

enum upload_result { UPLOAD_SENT, UPLOAD_EXISTS, UPLOAD_MOUNTED };

struct upload {
	struct registry *registry;
	struct digest digest;
	int64_t size;
	const char *mount_from; /* another repository of the registry; NULL: none. Borrowed */
	/*
	 * The bytes from offset on, at most room. Returns how many, at least 1, or a negative code.
	 * NULL: data has them.
	 */
	ssize_t (*read)(void *arg, int64_t offset, void *data, size_t room, struct err *err);
	void *arg;
	const void *data; /* borrowed */
	bool rewindable;  /* read() can begin again at 0: a lost connection is tried again */

	/* results, when over */
	bool over;
	struct err failure; /* code 0: it went well */
	enum upload_result result;

	/* private */
	struct call call;
	char *scope;        /* of mount_from, for a token */
	struct retry retry; /* of the whole upload */
};

/* Set the first part, then start; upload->over says when it is done (drive http_dispatch()). */
void upload_start(struct upload *u);

/* The whole upload; tick (may be NULL) is called now and then. Returns 0. */
int upload_run(struct upload *u, void (*tick)(struct upload *u), struct err *err);

int64_t upload_sent(const struct upload *u);
void upload_release(struct upload *u);

/*
 * Put a manifest or index under name, a tag or its digest; all it refers to must be there.
 * Returns 0.
 */
int upload_manifest(struct registry *registry, const char *name, const char *media_type,
	const void *data, size_t len, struct err *err);

/* Is the blob ("blobs") or manifest ("manifests") there? Returns 1 or 0, or a negative code. */
int registry_has(struct registry *registry, const char *kind, const char *digest, struct err *err);

#endif
