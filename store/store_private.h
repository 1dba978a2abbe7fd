/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: what an open store has. */
#ifndef KIST_STORE_STORE_PRIVATE_H
#define KIST_STORE_STORE_PRIVATE_H

#include "store/store.h"

struct store {
	char *root_path, *run_path; /* absolute, for messages and for other programs */
	int root, run;              /* O_DIRECTORY descriptors, as all below */
	int images, blobs;          /* images/, images/blobs/sha256/ */
	int layers, containers, names, volumes, cache;
};

#endif
