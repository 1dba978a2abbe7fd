/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: a layer that is being made in layers/.tmp-*: a directory with fs/, locked. */
#ifndef KIST_STORE_LAYER_SINK_H
#define KIST_STORE_LAYER_SINK_H

#include "store/layer_store.h"

struct layer_sink {
	struct store *store;
	struct digest diff_id; /* text empty: not known before */
	char name[80];         /* below layers/ */
	int dir;               /* holds the flock */
	bool private;          /* no other process waits for it */
	int fs;                /* where to unpack */
	int64_t size;          /* bytes of the uncompressed tar; 0: not known */
	int implied; /* the list of directories that the tar did not name (spec/implied.h); -1: none
		      */
};

#endif
