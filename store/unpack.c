/* SPDX-License-Identifier: Apache-2.0 */
#include "store/unpack.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "store/batch.h"
#include "store/blob.h"
#include "store/layer/layer_worker.h"
#include "store/layer_store.h"

#define UNPACK_ENTRIES_MAX (8u << 20)

/* One layer of the image on its way. */
struct job {
	struct digest diff_id, blob;
	struct layer_sink *temp; /* NULL: it is there */
	struct layer_worker worker;
	bool running;
};

struct unpack {
	struct store *store;
	struct store_batch *batch;
	const struct manifest *manifest;
	const struct image_config *config;
	struct job *jobs;
	size_t count;
};

static void unpack_release(struct unpack *u)
{
	for (size_t i = 0; i < u->count; i++) {
		if (u->jobs[i].running)
			layer_worker_release(&u->jobs[i].worker);
		layer_sink_abort(u->jobs[i].temp);
	}
	free(u->jobs);
}

static int parse_digests(struct unpack *u, struct err *err)
{
	size_t n = u->manifest->layers.count;

	if (u->config->rootfs.diff_ids.count != n)
		return err_set(err, E_SYNTAX, "%zu layers, but the config has %zu diff_ids", n,
			u->config->rootfs.diff_ids.count);
	u->jobs = xcalloc(n + 1, sizeof(*u->jobs));
	u->count = n;
	for (size_t i = 0; i < n; i++) {
		struct job *job = &u->jobs[i];
		int r = digest_parse(u->config->rootfs.diff_ids.items[i], &job->diff_id, err);

		if (r == 0)
			r = digest_parse(u->manifest->layers.items[i].digest, &job->blob, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int by_diff_id(const void *a, const void *b)
{
	const struct job *x = *(struct job *const *)a, *y = *(struct job *const *)b;

	return strcmp(x->diff_id.text, y->diff_id.text);
}

/*
 * Begin what is missing. Whoever waits for several layers takes them in the order of their
 * diff_ids, so that two images with the same layers cannot wait for each other; a caller with a
 * batch may hold others already and therefore does not wait at all.
 */
static int begin_all(struct unpack *u, struct err *err)
{
	own_mem struct job **order = xcalloc(u->count + 1, sizeof(struct job *));

	for (size_t i = 0; i < u->count; i++)
		order[i] = &u->jobs[i];
	qsort(order, u->count, sizeof(struct job *), by_diff_id);
	for (size_t i = 0; i < u->count; i++) {
		int r;

		if (i && by_diff_id(&order[i - 1], &order[i]) == 0)
			continue; /* the same layer twice in one image */
		if (batch_find(u->batch, BATCH_LAYER, digest_hex(&order[i]->diff_id)))
			continue;
		r = layer_store_begin(u->store, &order[i]->diff_id, u->batch ? LAYER_PRIVATE : 0,
			&order[i]->temp, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int start(struct unpack *u, struct job *job, struct err *err)
{
	const struct layer_unpack options = {
		.max_entries = UNPACK_ENTRIES_MAX,
	};
	own_fd int blob = blob_open_in(u->store, u->batch, &job->blob, err);
	int r = blob < 0 ? blob : layer_sink_unpack(job->temp, blob, &options, &job->worker, err);

	if (r < 0)
		return err_wrap(err, "layer %s", job->diff_id.text);
	job->running = true;
	return 0;
}

static int finish(struct job *job, struct err *err)
{
	int r;

	if (!job->running)
		return 0;
	job->running = false;
	r = layer_sink_finish(job->temp, &job->worker, err);
	return r < 0 ? err_wrap(err, "layer %s", job->diff_id.text) : 0;
}

static size_t processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

/* At most as many workers at once as there are processors; waited for in the order of starting. */
static int run_all(struct unpack *u, struct err *err)
{
	size_t limit = processors(), waiting = 0, running = 0;

	for (size_t i = 0; i < u->count; i++) {
		if (!u->jobs[i].temp)
			continue;
		while (running >= limit) {
			running -= u->jobs[waiting].running;
			if (finish(&u->jobs[waiting++], err) < 0)
				return -err->code;
		}
		if (start(u, &u->jobs[i], err) < 0)
			return -err->code;
		running++;
	}
	for (; waiting < u->count; waiting++)
		if (finish(&u->jobs[waiting], err) < 0)
			return -err->code;
	return 0;
}

int store_unpack_image(struct store *store, const struct manifest *manifest,
	const struct image_config *config, struct store_batch *batch, struct err *err)
{
	own(unpack_release) struct unpack u = {
		.store = store,
		.batch = batch,
		.manifest = manifest,
		.config = config,
	};
	own_mem struct layer_sink **temps = NULL;
	int r = parse_digests(&u, err);

	if (r == 0)
		r = begin_all(&u, err);
	if (r == 0)
		r = run_all(&u, err);
	if (r < 0)
		return err_wrap(err, "cannot unpack the image");
	temps = xcalloc(u.count + 1, sizeof(*temps));
	for (size_t i = 0; i < u.count; i++)
		temps[i] = give(u.jobs[i].temp);
	return layer_store_settle(store, &config->rootfs.diff_ids, temps, batch, err);
}
