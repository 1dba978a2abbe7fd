/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/fetch.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"

#define EXCESS_MAX  65536      /* bytes beyond the descriptor's size that may arrive at all */
#define ENTRIES_MAX (8u << 20) /* of one layer */

static void on_finished(struct call *c);

int fetch_init(struct fetch *f, struct fetch_context *context, const struct descriptor *d,
	const char *diff_id, struct err *err)
{
	*f = (struct fetch){.context = context, .size = d->size, .is_layer = diff_id != NULL};
	f->worker.child.pid = -1;
	f->worker.in = f->worker.info = f->worker.implied = -1;
	if (digest_parse(d->digest, &f->digest, err) < 0)
		return -err->code;
	return diff_id ? digest_parse(diff_id, &f->diff_id, err) : 0;
}

bool fetch_is_there(const struct fetch *f)
{
	int64_t size;

	return blob_exists(f->context->store, &f->digest, &size) &&
		(!f->is_layer || layer_store_has(f->context->store, &f->diff_id));
}

static void fail(struct fetch *f, const struct err *why)
{
	struct err *failure = &f->context->failure;

	if (failure->code)
		return;
	*failure = *why;
	if (failure->code != EINTR && !strstr(failure->msg, f->digest.text))
		err_wrap(failure, "%s %s", f->is_layer ? "layer" : "blob", f->digest.text);
}

static void tell(struct fetch *f, enum progress_status status, int64_t current)
{
	progress_update(f->context->progress, f->digest.text, status, current, f->size);
}

void fetch_tick(struct fetch *f)
{
	if (f->blob_ready && f->worker_running && f->feed.http)
		tell(f, PROGRESS_UNPACKING, f->feed.fed);
}

static void stop_worker(struct fetch *f)
{
	feed_stop(&f->feed);
	if (!f->worker_running)
		return;
	f->worker_running = false;
	http_watch_remove(registry_http(f->context->registry), &f->result);
	layer_worker_release(&f->worker);
}

static void drop_layer(struct fetch *f)
{
	stop_worker(f);
	layer_sink_abort(give(f->temp));
	f->worker_error = (struct err){0};
}

void fetch_release(struct fetch *f, bool keep)
{
	call_release(&f->call);
	drop_layer(f);
	if (keep)
		blob_writer_free(give(f->writer));
	else
		blob_writer_abort(give(f->writer));
}

/* All of it is there, or it has to be tried again for the layer that another process unpacks. */
static void settle_state(struct fetch *f)
{
	if (f->blob_ready && f->layer_ready) {
		f->state = FETCH_DONE;
		tell(f, f->transferred ? PROGRESS_DONE : PROGRESS_EXISTS, f->size);
	} else if (f->blob_ready && !f->worker_running && !f->temp) {
		f->state = FETCH_BLOCKED;
		f->blocked_since = http_now();
	}
}

/* The worker has written its result and is about to end. */
static void on_result(struct http_watch *w, short revents)
{
	struct fetch *f = w->owner;
	struct err err = {0};
	int r;

	(void)revents;
	http_watch_remove(registry_http(f->context->registry), w);
	f->worker_running = false;
	feed_stop(&f->feed);
	r = layer_sink_finish(f->temp, &f->worker, &err);
	if (r == -E_DIGEST_MISMATCH)
		err_wrap(&err, "layer %s", f->digest.text);
	if (r >= 0) {
		f->layer_ready = true;
		settle_state(f);
	} else if (f->writer && err.code == E_SYNTAX) {
		/* broken in transit or at its maker's? The digest will tell. */
		f->worker_error = err;
	} else {
		fail(f, &err);
	}
}

/* Returns 0 with f->temp, 1 when the layer is there or none is wanted, -E_IN_USE when blocked. */
static int begin_layer(struct fetch *f, bool wait_over, struct err *err)
{
	unsigned flags = wait_over ? LAYER_PRIVATE : LAYER_TRY;

	if (!f->is_layer || f->layer_ready)
		return 1;
	return layer_store_begin(f->context->store, &f->diff_id, flags, &f->temp, err);
}

static int start_worker(struct fetch *f, struct err *err)
{
	const struct layer_unpack options = {.max_entries = ENTRIES_MAX};
	struct http *http = registry_http(f->context->registry);
	int64_t available = f->size;
	own_fd int source = -1;

	source = f->writer ? blob_writer_reopen(f->writer, err)
			   : blob_open_in(f->context->store, f->context->batch, &f->digest, err);
	if (source < 0)
		return -err->code;
	if (layer_sink_unpack(f->temp, -1, &options, &f->worker, err) < 0)
		return -err->code;
	f->worker_running = true;
	f->result = (struct http_watch){
		.fd = f->worker.info, .events = POLLIN, .ready = on_result, .owner = f};
	http_watch_add(http, &f->result);
	feed_start(&f->feed, http, give_fd(source), &f->worker.in);
	if (f->writer)
		available = (int64_t)blob_writer_offset(f->writer);
	feed_grow(&f->feed, available, !f->writer);
	return 0;
}

static int check_known_size(const struct fetch *f, int64_t size, struct err *err)
{
	if (size == f->size)
		return 0;
	return err_set(err, E_SIZE_MISMATCH, "blob %s has %lld bytes, and the manifest says %lld",
		f->digest.text, (long long)size, (long long)f->size);
}

/* Returns 0 with f->writer, 1 when the blob is there, -E_IN_USE when blocked. */
static int begin_blob(struct fetch *f, struct err *err)
{
	struct store *store = f->context->store;
	int64_t size;
	int r;

	if (f->blob_ready)
		return 1;
	r = blob_writer_new(
		store, &f->digest, f->anew ? BLOB_TRY | BLOB_FRESH : BLOB_TRY, &f->writer, err);
	if (r == 1 && blob_exists(store, &f->digest, &size) && check_known_size(f, size, err) < 0)
		return -err->code;
	if (r == 0 && (int64_t)blob_writer_offset(f->writer) > f->size &&
		blob_writer_restart(f->writer, err) < 0)
		return -err->code;
	return r;
}

/* The bytes are here: check them, put the blob into the batch, and let the worker end. */
static int commit(struct fetch *f, struct err *err)
{
	int r = blob_writer_commit(give(f->writer), f->size, f->context->batch, NULL, err);

	if (r == -E_DIGEST_MISMATCH && f->continued && !f->anew) {
		/* what was there before may have been another attempt's rubbish */
		drop_layer(f);
		f->anew = true;
		f->continued = false;
		f->state = FETCH_PENDING;
		return 0;
	}
	if (r < 0)
		return r;
	if (f->worker_error.code) {
		*err = f->worker_error;
		return -err->code;
	}
	f->blob_ready = true;
	if (f->worker_running)
		tell(f, PROGRESS_UNPACKING, f->size);
	feed_grow(&f->feed, f->size, true);
	settle_state(f);
	return 0;
}

/* The server begins at 0 although we have a part: so does everything else. */
static int start_over(struct fetch *f, struct err *err)
{
	bool unpacking = f->temp != NULL;
	int r;

	f->continued = false;
	f->call.http.max_body = f->size + EXCESS_MAX;
	if (blob_writer_restart(f->writer, err) < 0)
		return -err->code;
	drop_layer(f);
	if (!unpacking)
		return 0;
	r = begin_layer(f, true, err);
	f->layer_ready = r == 1;
	return r == 0 ? start_worker(f, err) : r < 0 ? r : 0;
}

static int on_begin(struct http_request *q, struct err *err)
{
	struct fetch *f = ((struct call *)q->owner)->owner;
	int64_t offset = (int64_t)blob_writer_offset(f->writer);

	if (http_reply_check_range(&q->reply, offset, err) < 0)
		return -err->code;
	if (q->reply.status == 200 && offset > 0) {
		if (start_over(f, err) < 0)
			return -err->code;
		offset = 0;
	}
	if (q->reply.length >= 0)
		return check_known_size(f, offset + q->reply.length, err);
	return 0;
}

static int on_write(struct http_request *q, const void *data, size_t len, struct err *err)
{
	struct fetch *f = ((struct call *)q->owner)->owner;
	int64_t offset = (int64_t)blob_writer_offset(f->writer) + (int64_t)len;

	if (offset > f->size)
		return err_set(err, E_SIZE_MISMATCH,
			"the server sends more than the %lld bytes of blob %s", (long long)f->size,
			f->digest.text);
	if (blob_writer_write(f->writer, data, len, err) < 0)
		return -err->code;
	feed_grow(&f->feed, offset, false);
	tell(f, PROGRESS_DOWNLOADING, offset);
	return 0;
}

/* The rest of the blob, or, when the server cannot begin there, all of it. */
static int64_t ask_for_rest(struct call *c, bool anew, struct err *err)
{
	struct fetch *f = c->owner;
	int64_t offset;

	if (anew && start_over(f, err) < 0)
		return -err->code;
	offset = (int64_t)blob_writer_offset(f->writer);
	strv_release(&c->headers);
	if (offset > 0)
		strv_addf(&c->headers, "Range: bytes=%lld-", (long long)offset);
	f->continued = f->continued || offset > 0;
	c->http.max_body = f->size - offset + EXCESS_MAX;
	tell(f, PROGRESS_DOWNLOADING, offset);
	return offset;
}

static void start_download(struct fetch *f)
{
	struct call *c = &f->call;
	struct err none;

	f->transferred = true;
	c->http.method = HTTP_GET;
	c->http.begin = on_begin;
	c->http.write = on_write;
	if (!c->path)
		c->path = xasprintf("/v2/%s/blobs/%s", registry_repository(f->context->registry),
			f->digest.text);
	c->finished = on_finished;
	c->owner = f;
	c->resume = ask_for_rest;
	ask_for_rest(c, false, &none);
	registry_start(f->context->registry, c);
}

static int download_ended(struct fetch *f, struct err *err)
{
	struct call *c = &f->call;

	if (call_good(c)) {
		if ((int64_t)blob_writer_offset(f->writer) < f->size)
			return err_set(err, E_SIZE_MISMATCH,
				"blob %s ended after %llu of %lld bytes", f->digest.text,
				(unsigned long long)blob_writer_offset(f->writer),
				(long long)f->size);
		return commit(f, err);
	}
	call_failure(c, err);
	if (err->code == E_NOT_FOUND)
		err->code = E_BLOB_UNKNOWN;
	return -err->code;
}

static void on_finished(struct call *c)
{
	struct fetch *f = c->owner;
	struct err err = {0};

	if (download_ended(f, &err) < 0)
		fail(f, &err);
}

/* Returns 0; -E_IN_USE when another process has it. */
static int begin(struct fetch *f, bool wait_over, struct err *err)
{
	int r = begin_blob(f, err);

	if (r < 0)
		return r;
	f->blob_ready = r == 1;
	r = begin_layer(f, wait_over, err);
	/* without the layer there is still the blob to fetch */
	if (r < 0 && (r != -E_IN_USE || f->blob_ready))
		return r;
	f->layer_ready = r == 1;
	f->state = FETCH_RUNNING;
	if (f->temp && start_worker(f, err) < 0)
		return -err->code;
	if (f->temp && f->blob_ready) {
		f->transferred = true;
		tell(f, PROGRESS_UNPACKING, f->size);
	}
	if (f->writer && (int64_t)blob_writer_offset(f->writer) == f->size) {
		f->continued = f->transferred = true;
		return commit(f, err);
	}
	if (f->writer)
		start_download(f);
	else
		settle_state(f);
	return 0;
}

void fetch_begin(struct fetch *f, bool wait_over)
{
	struct err err = {0};
	int r;

	f->worker_error = (struct err){0};
	r = begin(f, wait_over, &err);
	if (r == -E_IN_USE) {
		f->state = FETCH_BLOCKED;
		if (!f->blocked_since)
			f->blocked_since = http_now();
	} else if (r < 0) {
		fail(f, &err);
	} else if (f->state == FETCH_RUNNING) {
		f->blocked_since = 0;
	}
}
