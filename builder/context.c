/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/context.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "builder/dockerfile/dockerfile.h"
#include "builder/inflater.h"
#include "builder/probe.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/layer/layer_worker.h"

void context_release(struct context *c)
{
	own_fd_release(&c->root);
	dockerignore_release(&c->ignore);
	buf_release(&c->dockerfile);
}

static bool is_remote(const char *where)
{
	static const char *const prefixes[] = {
		"http://", "https://", "git://", "ssh://", "git@", "github.com/"};

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (strncmp(where, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/* The bytes that were looked at, then the rest of stdin, to who unpacks or inflates them. */
static int feed(int to, const struct buf *head, struct err *err)
{
	int r = io_write_full(to, buf_str(head), head->len);

	if (r < 0)
		return err_set(err, -r, "cannot pass on the context");
	return io_copy(0, to, err) < 0 ? -err->code : 0;
}

/* Give the worker the context, through an inflater where it is bzip2 or xz. */
static int feed_worker(struct layer_worker *worker, const struct buf *head,
	struct inflater *inflater, struct err *err)
{
	int r;

	if (!inflater)
		return feed(worker->in, head, err);
	r = feed(inflater->in, head, err);
	/* what it says of bytes that are no such stream explains why they could not be passed on */
	return inflater_finish(inflater, err) < 0 ? -err->code : r;
}

static int unpack_stdin(struct context *c, const struct buf *head, bool foreign,
	struct workspace *w, struct err *err)
{
	const struct layer_unpack options = {.whiteouts = LAYER_WHITEOUTS_APPLY};
	struct inflater inflater = {.in = -1, .out = -1};
	struct layer_worker worker;
	struct layer_result result;
	struct err feed_err = {0};
	int r, fed;

	c->root = workspace_make(w, "context", 0755, NULL, err);
	if (c->root < 0 || (foreign && inflater_start(-1, &inflater, err) < 0))
		return -err->code;
	r = layer_unpack_start(c->root, inflater.out, &options, &worker, err);
	if (r < 0) {
		if (foreign)
			inflater_finish(&inflater, &feed_err);
		return r;
	}
	/* the worker has its own copy: only it must keep the inflater from ending */
	own_fd_release(&inflater.out);
	inflater.out = -1;
	fed = feed_worker(&worker, head, foreign ? &inflater : NULL, &feed_err);
	/* a broken pipe means that the worker ended; it knows why */
	r = layer_unpack_finish(&worker, &result, err);
	if (fed < 0 && feed_err.code != EPIPE)
		r = err_set(err, feed_err.code, "cannot read the context: %s", feed_err.msg);
	else if (r < 0)
		r = err_wrap(err, "cannot unpack the context from standard input");
	layer_worker_release(&worker);
	return r;
}

/* "-": a tar, or a Dockerfile without any context. */
static int open_stdin(struct context *c, const char *file, struct workspace *w, struct err *err)
{
	own_buf struct buf head = {0};
	ssize_t n;
	int kind;

	if (file && strcmp(file, "-") == 0)
		return err_set(err, E_USAGE,
			"invalid argument: can't use stdin for both build context and dockerfile");
	buf_reserve(&head, PROBE_SIZE);
	n = io_read_full(0, head.data, PROBE_SIZE);
	if (n < 0)
		return err_set(err, (int)-n, "cannot read standard input: %s", strerror((int)-n));
	head.len = (size_t)n;
	head.data[n] = '\0';
	kind = probe(head.data, head.len, err);
	if (kind < 0)
		return kind;
	if (kind == PROBE_TAR || kind == PROBE_FOREIGN)
		return unpack_stdin(c, &head, kind == PROBE_FOREIGN, w, err);
	if (file)
		return err_set(
			err, E_SYNTAX, "standard input is no tar: --file needs one as context");
	c->root = workspace_make(w, "context", 0755, NULL, err);
	if (c->root < 0)
		return c->root;
	c->has_dockerfile = true;
	buf_add(&c->dockerfile, head.data, head.len);
	return io_read_fd(
		0, DOCKERFILE_MAX, "the Dockerfile on standard input", &c->dockerfile, err);
}

static int read_from_context(
	struct context *c, const char *name, struct buf *out, size_t max, struct err *err)
{
	own_fd int fd = path_open(c->root, name, O_RDONLY | O_NONBLOCK, 0, PATH_BENEATH, err);

	if (fd == -EXDEV)
		return err_set(err, E_DENIED, "'%s' is a link that leads out of the context", name);
	return fd < 0 ? fd : io_read_fd(fd, max, name, out, err);
}

/* --file names a file of the caller's; in a context from stdin one in the context. */
static int read_named_dockerfile(
	struct context *c, const char *file, bool from_stdin, struct err *err)
{
	c->dockerfile_name = file;
	if (strcmp(file, "-") == 0)
		return io_read_fd(
			0, DOCKERFILE_MAX, "the Dockerfile on standard input", &c->dockerfile, err);
	if (from_stdin)
		return read_from_context(c, file, &c->dockerfile, DOCKERFILE_MAX, err);
	return io_read_file(AT_FDCWD, file, DOCKERFILE_MAX, &c->dockerfile, err);
}

static int read_dockerfile(struct context *c, const char *file, bool from_stdin, struct err *err)
{
	int r;

	if (c->has_dockerfile)
		return 0;
	if (file) {
		r = read_named_dockerfile(c, file, from_stdin, err);
	} else {
		r = read_from_context(c, "Dockerfile", &c->dockerfile, DOCKERFILE_MAX, err);
		if (r == -ENOENT) {
			c->dockerfile_name = "dockerfile";
			r = read_from_context(c, "dockerfile", &c->dockerfile, DOCKERFILE_MAX, err);
			if (r == -ENOENT)
				c->dockerfile_name = "Dockerfile";
		}
	}
	if (r == -ENOENT)
		return err_set(err, E_NOT_FOUND,
			"failed to read dockerfile: open %s: no such file or directory",
			c->dockerfile_name);
	return r < 0 ? err_wrap(err, "failed to read dockerfile") : 0;
}

/* NAME.dockerignore beside the Dockerfile counts before .dockerignore. */
static int read_ignore(struct context *c, bool beside, struct err *err)
{
	own_buf struct buf text = {0};
	own_mem char *own_name = xasprintf("%s.dockerignore", c->dockerfile_name);
	int r = -ENOENT;

	if (beside)
		r = io_read_file(AT_FDCWD, own_name, DOCKERIGNORE_MAX, &text, err);
	else if (strcmp(c->dockerfile_name, "-") != 0)
		r = read_from_context(c, own_name, &text, DOCKERIGNORE_MAX, err);
	if (r == -ENOENT)
		r = read_from_context(c, ".dockerignore", &text, DOCKERIGNORE_MAX, err);
	if (r == -ENOENT)
		return 0;
	if (r < 0 || dockerignore_parse(buf_str(&text), text.len, &c->ignore, err) < 0)
		return err_wrap(err, "cannot read .dockerignore");
	return 0;
}

int context_open(struct context *c, const char *where, const char *file, struct workspace *w,
	struct err *err)
{
	bool from_stdin = strcmp(where, "-") == 0;
	bool beside = file && !from_stdin && strcmp(file, "-") != 0;

	*c = (struct context)CONTEXT_INIT;
	c->dockerfile_name = "Dockerfile";
	if (is_remote(where))
		return err_set(err, E_UNSUPPORTED,
			"the context '%s' is remote, which is not fetched yet (give a directory, or a tar "
			"on standard input)",
			where);
	if (from_stdin) {
		if (open_stdin(c, file, w, err) < 0)
			return -err->code;
	} else {
		c->root = open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (c->root < 0)
			return errno == ENOENT
				? err_set(err, E_NOT_FOUND,
					  "unable to prepare context: path \"%s\" not found", where)
				: err_errno(err, "unable to prepare context: cannot open '%s'",
					  where);
	}
	if (read_dockerfile(c, file, from_stdin, err) < 0)
		return -err->code;
	return read_ignore(c, beside, err);
}
