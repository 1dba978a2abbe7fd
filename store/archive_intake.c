/* SPDX-License-Identifier: Apache-2.0 */
#include "store/archive_intake.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "spec/reference.h"
#include "store/archive/archive_wire.h"
#include "store/blob.h"

/* Numbers of the descriptors in kist-archive. */
enum { ANSWERS_FD = 3, ERROR_FD = 4 };

static int misbehaved(struct err *err, const char *what)
{
	return err_set(err, E_CHILD, "'kist-archive' said what is not understood: %s", what);
}

/* Returns 1, or 0 at the end of what kist-archive says. */
static int hear(int fd, void *data, size_t len, struct err *err)
{
	ssize_t n = io_read_full(fd, data, len);

	if (n < 0)
		return err_set(err, (int)-n, "cannot hear 'kist-archive': %s", strerror((int)-n));
	return (size_t)n == len;
}

/* Returns 1. Nobody who listens any more is no failure: why is said elsewhere. */
static int answer(int fd, const struct archive_answer *a, const void *data, struct err *err)
{
	int r = io_write_full(fd, a, sizeof(*a));

	if (r == 0)
		r = io_write_full(fd, data, (size_t)a->size);
	if (r < 0 && r != -EPIPE)
		return err_set(err, -r, "cannot answer 'kist-archive': %s", strerror(-r));
	return 1;
}

/* Returns 1. */
static int answer_failure(int fd, const struct err *why, struct err *err)
{
	const struct archive_answer a = {.code = why->code, .size = strlen(why->msg)};

	return answer(fd, &a, why->msg, err);
}

/* Returns 1, or 0 when the archive ended in the middle of the blob. */
static int receive(int requests, uint64_t size, struct blob_writer *w, struct err *err)
{
	own_mem char *block = xmalloc(IO_BLOCK_SIZE);

	while (size) {
		ssize_t n = read(
			requests, block, size < IO_BLOCK_SIZE ? (size_t)size : IO_BLOCK_SIZE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "cannot hear 'kist-archive'");
		if (n == 0)
			return 0;
		if (blob_writer_write(w, block, (size_t)n, err) < 0)
			return -err->code;
		size -= (uint64_t)n;
	}
	return 1;
}

static int take_blob(struct archive_intake *in, const struct archive_request *q, int requests,
	int answers, struct err *err)
{
	own_blob_writer struct blob_writer *w = NULL;
	const struct digest *expect = q->digest.text[0] ? &q->digest : NULL;
	struct archive_answer a = {0};
	int r;

	if (++in->blobs > ARCHIVE_FILES_MAX + ARCHIVE_NAMES_MAX)
		return misbehaved(err, "more blobs than an archive has");
	if (q->size > INT64_MAX || (expect && !digest_valid(expect->text)))
		return misbehaved(err, "a blob that there cannot be");
	r = blob_writer_new(in->store, expect, BLOB_PRIVATE, &w, err);
	if (r == 0)
		r = receive(requests, q->size, w, err);
	if (r <= 0)
		return r;
	if (blob_writer_commit(give(w), (int64_t)q->size, in->batch, &a.digest, err) < 0)
		return -err->code;
	return answer(answers, &a, NULL, err);
}

static int give_document(
	struct archive_intake *in, const struct archive_request *q, int answers, struct err *err)
{
	own_buf struct buf text = {0};
	struct archive_answer a = {0};
	struct err missing;

	if (!digest_valid(q->digest.text))
		return misbehaved(err, "a document that there cannot be");
	/* what it looks for and does not find is its own matter */
	if (blob_read_in(in->store, in->batch, &q->digest, JSON_DOCUMENT_MAX, &text, &missing) < 0)
		return answer_failure(answers, &missing, err);
	a.size = text.len;
	return answer(answers, &a, text.data, err);
}

static bool lists(const struct index *index, const struct digest *manifest)
{
	for (size_t i = 0; i < index->manifests.count; i++)
		if (strcmp(index->manifests.items[i].digest, manifest->text) == 0)
			return true;
	return false;
}

/* A registry's digest of the image is the manifest's, or that of an index with it, which is here.
 */
static int check_repository(
	struct archive_intake *in, const struct archive_claim *claim, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct digest digest;
	struct index index;

	if (!claim->repo_name != !claim->repo_digest)
		return misbehaved(err, "half of a repository");
	if (!claim->repo_digest || strcmp(claim->repo_digest, claim->manifest.text) == 0)
		return 0;
	if (digest_parse(claim->repo_digest, &digest, err) < 0 ||
		blob_read_in(in->store, in->batch, &digest, JSON_DOCUMENT_MAX, &text, err) < 0 ||
		index_parse(text.data, text.len, &index, &a, err) < 0)
		return -err->code;
	return lists(&index, &claim->manifest) ? 0 : misbehaved(err, "another image's digest");
}

static int check_reference(const char *text, struct arena *a, struct err *err)
{
	struct reference ref;

	if (!text)
		return 0;
	if (reference_parse(text, &ref, a, err) < 0)
		return -err->code;
	return strcmp(reference_canonical(&ref, a), text) == 0
		? 0
		: misbehaved(err, "a name that is not canonical");
}

static int take_image(struct archive_intake *in, const struct archive_request *q, int requests,
	int answers, struct err *err)
{
	const struct archive_answer a = {0};
	struct archive_claim claim = {.manifest = q->digest};
	struct image_tagging tag;
	char *text;
	int r;

	if (++in->images > ARCHIVE_NAMES_MAX || q->size > ARCHIVE_TEXT_MAX ||
		!digest_valid(q->digest.text))
		return misbehaved(err, "an image that there cannot be");
	text = arena_alloc(in->arena, (size_t)q->size + 1);
	r = hear(requests, text, (size_t)q->size, err);
	if (r <= 0)
		return r;
	if (archive_claim_unpack(text, (size_t)q->size, &claim, err) < 0 ||
		check_reference(claim.reference, in->arena, err) < 0 ||
		check_repository(in, &claim, err) < 0)
		return -err->code;
	if (!claim.media_type || !media_type_is_manifest(claim.media_type))
		return misbehaved(err, "an image without a manifest");
	tag = (struct image_tagging){.reference = claim.reference,
		.manifest = claim.manifest,
		.media_type = claim.media_type,
		.repo_name = claim.repo_name,
		.repo_digest = claim.repo_digest};
	if (in->image(in->arg, &tag, err) < 0)
		return -err->code;
	return answer(answers, &a, NULL, err);
}

/* Returns 1, or 0 when kist-archive has ended in the middle of it. */
static int serve_one(struct archive_intake *in, struct archive_request *q, int requests,
	int answers, struct err *err)
{
	q->digest.text[DIGEST_LEN] = '\0';
	switch (q->kind) {
	case ARCHIVE_BLOB:
		return take_blob(in, q, requests, answers, err);
	case ARCHIVE_DOCUMENT:
		return give_document(in, q, answers, err);
	case ARCHIVE_IMAGE:
		return take_image(in, q, requests, answers, err);
	default:
		return misbehaved(err, "no request");
	}
}

int archive_intake_serve(struct archive_intake *in, int requests, int answers, struct err *err)
{
	struct archive_request q;
	struct err ignored;
	int r;

	while ((r = hear(requests, &q, sizeof(q), err)) == 1) {
		if (q.kind == ARCHIVE_END)
			return 0;
		r = serve_one(in, &q, requests, answers, err);
		if (r <= 0)
			break;
	}
	if (r < 0)
		(void)answer_failure(answers, err, &ignored); /* our own is told */
	return r < 0 ? r : err_set(err, E_CHILD, "'kist-archive' has ended early");
}

/* kist-archive with our ends of its pipes. */
struct reader {
	struct child child;
	int requests, answers, error;
};

static void close_fd(int *fd)
{
	own_fd_release(fd);
	*fd = -1;
}

static void reader_release(struct reader *r)
{
	int status;

	if (r->child.pid > 0) {
		kill(r->child.pid, SIGKILL);
		child_wait(&r->child, &status, NULL);
	}
	close_fd(&r->requests);
	close_fd(&r->answers);
	close_fd(&r->error);
}

static int start(int fd, struct reader *reader, struct err *err)
{
	own_strv struct strv argv = {0};
	struct spawn sp = {.flags = SPAWN_DIE_WITH_PARENT};
	own_fd int theirs_out = -1, theirs_in = -1, theirs_error = -1;
	int ends[2];

	strv_add(&argv, "kist-archive");
	strv_addf(&argv, "--answers-fd=%d", ANSWERS_FD);
	strv_addf(&argv, "--error-fd=%d", ERROR_FD);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	reader->requests = ends[0];
	theirs_out = ends[1];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	theirs_in = ends[0];
	reader->answers = ends[1];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	reader->error = ends[0];
	theirs_error = ends[1];
	(void)fcntl(theirs_out, F_SETPIPE_SZ, 1 << 20); /* the default does, too */
	sp.argv = (const char *const *)argv.items;
	spawn_pass(&sp, fd, 0);
	spawn_pass(&sp, theirs_out, 1);
	spawn_pass(&sp, theirs_in, ANSWERS_FD);
	spawn_pass(&sp, theirs_error, ERROR_FD);
	return spawn_start(&sp, &reader->child, err);
}

/* How it went for kist-archive itself. Returns 0 when all went well. */
static int finish(struct reader *reader, struct err *err)
{
	struct err theirs = {0};
	ssize_t n;
	int status;

	close_fd(&reader->requests);
	close_fd(&reader->answers);
	n = io_read_full(reader->error, &theirs, sizeof(theirs));
	if (child_wait(&reader->child, &status, err) < 0)
		return -err->code;
	theirs.msg[sizeof(theirs.msg) - 1] = '\0';
	if (n == sizeof(theirs) && theirs.code > 0)
		return err_set(err, theirs.code, "%s", theirs.msg);
	return status ? err_set(err, E_CHILD, "'kist-archive' failed with status %d", status) : 0;
}

int archive_intake_run(struct archive_intake *in, int fd, struct err *err)
{
	own(reader_release) struct reader reader = {
		.child = {.pid = -1}, .requests = -1, .answers = -1, .error = -1};
	struct err why = {0};
	int served, r;

	if (start(fd, &reader, err) < 0)
		return -err->code;
	served = archive_intake_serve(in, reader.requests, reader.answers, err);
	r = finish(&reader, &why);
	/* it says best what it was about, also when the failure was ours */
	if (r < 0 && (served == 0 || served == -E_CHILD || served == r))
		*err = why;
	return served < 0 || r < 0 ? -err->code : 0;
}
