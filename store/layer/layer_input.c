/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_input.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/sha256.h"

#define SLOTS      4
#define STACK_SIZE (256 * 1024)

struct slot {
	ssize_t len; /* of the block; 0 or negative: the end, or its error */
	unsigned char block[IO_BLOCK_SIZE];
};

struct layer_input {
	struct stream out; /* what the consumer reads */
	struct stream *in; /* used by the thread only */
	struct sha256 sha256;
	uint64_t size;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool running, wanted;   /* the thread is there; the consumer is */
	unsigned filled, taken; /* slots so far; their difference is at most SLOTS */
	bool holding;           /* the consumer looks at slot `taken` */
	struct err err;         /* of the thread, behind a negative len */
	struct slot slots[SLOTS];
};

static ssize_t fill(struct layer_input *in, struct slot *slot)
{
	const void *block;
	ssize_t n = stream_next(in->in, &block, &in->err);

	/* blocks of our streams are at most IO_BLOCK_SIZE */
	if (n > 0)
		memcpy(slot->block, block, (size_t)n);
	slot->len = n;
	return n;
}

static void *run(void *arg)
{
	struct layer_input *in = arg;
	ssize_t n;

	pthread_mutex_lock(&in->lock);
	in->running = true;
	pthread_cond_broadcast(&in->changed);
	do {
		struct slot *slot = &in->slots[in->filled % SLOTS];

		while (!in->wanted || in->filled - in->taken == SLOTS)
			pthread_cond_wait(&in->changed, &in->lock);
		pthread_mutex_unlock(&in->lock);
		n = fill(in, slot);
		pthread_mutex_lock(&in->lock);
		in->filled++;
		pthread_cond_broadcast(&in->changed);
	} while (n > 0);
	pthread_mutex_unlock(&in->lock);
	return NULL;
}

static ssize_t input_next(struct stream *s, const void **block, struct err *err)
{
	struct layer_input *in = (struct layer_input *)s;
	const struct slot *slot;

	pthread_mutex_lock(&in->lock);
	if (!in->wanted || in->holding) {
		in->taken += in->holding;
		in->wanted = true;
		in->holding = false;
		pthread_cond_broadcast(&in->changed);
	}
	while (in->filled == in->taken)
		pthread_cond_wait(&in->changed, &in->lock);
	slot = &in->slots[in->taken % SLOTS];
	in->holding = slot->len > 0; /* the end stays where it is */
	pthread_mutex_unlock(&in->lock);
	*block = slot->block;
	if (slot->len < 0)
		*err = in->err;
	return slot->len;
}

static void input_release(struct stream *s)
{
	(void)s; /* see layer_input_new() */
}

static const struct stream_ops input_ops = {input_next, input_release, NULL};

struct layer_input *layer_input_new(int fd, uint64_t max_size)
{
	struct layer_input *in = xmalloc(sizeof(*in));
	struct stream *s = stream_inflate(stream_from_fd(fd), NULL);

	memset(in, 0, offsetof(struct layer_input, slots));
	in->out.ops = &input_ops;
	pthread_mutex_init(&in->lock, NULL);
	pthread_cond_init(&in->changed, NULL);
	sha256_init(&in->sha256);
	if (max_size)
		s = stream_limit(s, max_size, "the uncompressed layer");
	in->in = stream_tee_digest(s, &in->sha256, &in->size);
	return in;
}

int layer_input_start(struct layer_input *in, struct err *err)
{
	pthread_attr_t attr;
	pthread_t thread;
	int r;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	r = pthread_create(&thread, &attr, run, in);
	pthread_attr_destroy(&attr);
	if (r)
		return err_set(err, r, "cannot start a thread: %s", strerror(r));
	/* it must be through with its own start-up before the system call filter closes */
	pthread_mutex_lock(&in->lock);
	while (!in->running)
		pthread_cond_wait(&in->changed, &in->lock);
	pthread_mutex_unlock(&in->lock);
	return 0;
}

struct stream *layer_input_stream(struct layer_input *in)
{
	return &in->out;
}

int layer_input_finish(struct layer_input *in, struct layer_result *result, struct err *err)
{
	char hex[SHA256_HEX_LEN + 1];
	int64_t rest = stream_drain(&in->out, err);

	if (rest < 0)
		return (int)rest;
	sha256_finish(&in->sha256, hex);
	result->diff_id = digest_from_hex(hex);
	result->size = in->size;
	return 0;
}
