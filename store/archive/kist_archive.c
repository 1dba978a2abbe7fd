/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist-archive: the only code that reads an archive of images, shut in before the first byte. What
 * it may do is to say what is there, on descriptors that it was given (archive_wire.h).
 */
#include <errno.h>
#include <string.h>

#include "lib/cli.h"
#include "lib/confine.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/stream.h"
#include "store/archive/archive_scan.h"

struct options {
	int answers_fd, error_fd;
	bool inflate;
};

static const struct cli_option options[] = {
	OPT_FD(struct options, answers_fd, "answers-fd", 0, "FD", "where answers come from"),
	OPT_FLAG(
		struct options, inflate, "inflate", 0, "uncompress stdin, gzip or zstd, to stdout"),
	OPT_FD(struct options, error_fd, "error-fd", 0, "FD", "where the reason of a failure goes"),
};

static int say(const void *data, size_t len, struct err *err)
{
	int r = io_write_full(1, data, len);

	return r < 0 ? err_set(err, -r, "cannot hand the archive on: %s", strerror(-r)) : 0;
}

static int hear(const struct options *o, void *data, size_t len, struct err *err)
{
	ssize_t n = io_read_full(o->answers_fd, data, len);

	if (n < 0 || (size_t)n != len)
		return err_set(err, n < 0 ? (int)-n : EPIPE, "nobody answers");
	return 0;
}

static int request(
	enum archive_request_kind kind, const struct digest *digest, uint64_t size, struct err *err)
{
	struct archive_request q = {.kind = kind, .size = size};

	if (digest)
		q.digest = *digest;
	return say(&q, sizeof(q), err);
}

static int answer(const struct options *o, struct archive_answer *a, struct err *err)
{
	char why[ERR_MSG_MAX] = "";

	if (hear(o, a, sizeof(*a), err) < 0)
		return -err->code;
	if (a->code == 0)
		return 0;
	if (a->size >= sizeof(why) || hear(o, why, (size_t)a->size, err) < 0)
		return err_set(err, E_CHILD, "an answer that is not understood");
	return err_set(err, (int)a->code, "%s", why);
}

static int begin_blob(void *arg, const struct digest *expect, uint64_t size, struct err *err)
{
	(void)arg;
	return request(ARCHIVE_BLOB, expect, size, err);
}

static int add_data(void *arg, const void *data, size_t len, struct err *err)
{
	(void)arg;
	return say(data, len, err);
}

static int end_blob(void *arg, struct digest *digest, struct err *err)
{
	struct archive_answer a;

	if (answer(arg, &a, err) < 0)
		return -err->code;
	*digest = a.digest;
	return 0;
}

static int read_document(void *arg, const struct digest *digest, struct buf *out, struct err *err)
{
	struct archive_answer a;

	if (request(ARCHIVE_DOCUMENT, digest, 0, err) < 0 || answer(arg, &a, err) < 0)
		return -err->code;
	if (a.size > JSON_DOCUMENT_MAX)
		return err_set(
			err, E_LIMIT, "a document of %llu bytes", (unsigned long long)a.size);
	buf_reserve(out, (size_t)a.size);
	if (hear(arg, out->data + out->len, (size_t)a.size, err) < 0)
		return -err->code;
	out->len += (size_t)a.size;
	out->data[out->len] = '\0';
	return 0;
}

static int hand_on_image(void *arg, const struct archive_claim *claim, struct err *err)
{
	own_buf struct buf text = {0};
	struct archive_answer a;

	if (archive_claim_pack(claim, &text, err) < 0 ||
		request(ARCHIVE_IMAGE, &claim->manifest, text.len, err) < 0 ||
		say(text.data, text.len, err) < 0)
		return -err->code;
	return answer(arg, &a, err);
}

static int scan_stdin(const struct options *o, struct err *err)
{
	const struct archive_taker taker = {
		.begin = begin_blob,
		.data = add_data,
		.end = end_blob,
		.document = read_document,
		.image = hand_on_image,
		.arg = (void *)o,
		.pipe = 1,
	};
	own_arena struct arena a = {0};
	own(archive_scan_release) struct archive_scan scan = {.taker = &taker, .arena = &a};
	int r = confine_enter(CONFINE_ARCHIVE, NULL, err);

	if (r == 0)
		r = archive_scan_read(&scan, 0, err);
	if (r == 0)
		r = archive_scan_images(&scan, err);
	return r == 0 ? request(ARCHIVE_END, NULL, 0, err) : r;
}

static int inflate_stdin(struct err *err)
{
	own_stream struct stream *in = stream_inflate(stream_from_fd(0), NULL);
	const void *block;
	ssize_t n;
	int r = confine_enter(CONFINE_ARCHIVE, NULL, err);

	while (r == 0 && (n = stream_next(in, &block, err)) != 0)
		r = n < 0 ? (int)n : say(block, (size_t)n, err);
	return r;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct options *o = call->options;

	if (!o->error_fd || !o->answers_fd == !o->inflate)
		return err_set(err, E_USAGE, "give --error-fd, and --answers-fd or --inflate");
	if ((o->inflate ? inflate_stdin(err) : scan_stdin(o, err)) == 0)
		return 0;
	/* who started us tells it: once is enough */
	return io_write_full(o->error_fd, err, sizeof(*err)) == 0 ? err_status(err) : -err->code;
}

static const struct cli_command command = {
	.synopsis = "--error-fd FD (--answers-fd FD < archive | --inflate < layer)",
	.help = "read an archive of images for kist-store load, or uncompress a layer for save",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct options),
	.run = run,
};

int main(int argc, char **argv)
{
	static const struct cli_program program = {
		.name = "kist-archive",
		.help = "read an archive of images for kist-store load, or uncompress a layer for save",
		.commands = &command,
		.ncommands = 1,
		.details =
			"kist-store load and save start it, and load speaks with it as docs/pipes.md says. Before it "
			"reads the first byte it gives up every capability and all system calls but "
			"reading and writing what is open, memory and exit.",
	};

	return cli_main(&program, argc, argv);
}
