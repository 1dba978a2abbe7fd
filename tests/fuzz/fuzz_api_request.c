/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request of the Engine API: "METHOD PATH", then lines of the query ("?filters={...}") and of the
 * header ("X-Registry-Auth: ..."), an empty line, and the body. The store is empty, so that all is
 * read and nothing is done. Every answer is one that docker's clients understand.
 */
#include <fcntl.h>

#include "engine/api/router.h"
#include "engine/docker/body.h"
#include "engine/verb/creation.h"
#include "engine/verb/verb.h"
#include "lib/path.h"
#include "tests/fuzz/fuzz.h"

/* What libmicrohttpd makes of the bytes of a connection. */
static struct strings values; /* "?NAME=VALUE" and "HEADER: VALUE" */
static unsigned status;       /* of the answer; 0: none yet */
static int out = -1;          /* where an answer is streamed to */

static const char *value_of(const char *mark, const char *name, const char *separator)
{
	own_mem char *front = xasprintf("%s%s%s", mark, name, separator);

	for (size_t i = 0; i < values.count; i++)
		if (strncmp(values.items[i], front, strlen(front)) == 0)
			return values.items[i] + strlen(front);
	return NULL;
}

const char *request_query(const struct request *rq, const char *name)
{
	(void)rq;
	return value_of("?", name, "=");
}

void request_query_all(struct request *rq, const char *name, struct strings *all)
{
	const char *value = request_query(rq, name);

	if (value && *value)
		strings_add(&rq->arena, all, value);
}

bool request_query_bool(const struct request *rq, const char *name, bool usual)
{
	const char *value = request_query(rq, name);

	return value ? strcmp(value, "0") != 0 : usual;
}

const char *request_header(const struct request *rq, const char *name)
{
	(void)rq;
	return value_of("", name, ": ");
}

bool answered(const struct request *rq)
{
	(void)rq;
	return status;
}

void answer_text(struct request *rq, unsigned code, const char *type, const char *text, size_t len)
{
	(void)rq;
	(void)type;
	FUZZ_CHECK(!status && code >= 200 && code < 600 && (text || !len));
	/* our own fault, not the client's */
	FUZZ_CHECK(code != 500);
	status = code;
}

void answer_json(struct request *rq, unsigned code, const struct json *document)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct err err;

	json_write(document, JSON_COMPACT, &text);
	FUZZ_CHECK(json_parse(&a, buf_str(&text), text.len, 16 * JSON_DOCUMENT_MAX, &err));
	answer_text(rq, code, "application/json", text.data, text.len);
}

int answer_stream(struct request *rq, unsigned code, const char *type, struct err *err)
{
	(void)err;
	answer_text(rq, code, type, "", 0);
	return out;
}

int answer_hijack(struct request *rq, const char *type, const char **early, size_t *early_len,
	struct err *err)
{
	*early = "";
	*early_len = 0;
	return answer_stream(rq, 101, type, err);
}

void answer_header(struct request *rq, const char *name, const char *value)
{
	(void)rq;
	(void)name;
	(void)value;
}

void request_abandonable(struct request *rq)
{
	(void)rq;
}

/* ---- verbs that would start a program, or make something ---- */

int verb_pull(struct engine *e, const struct pull_request *rq, struct sink *sink, struct err *err)
{
	own_arena struct arena a = {0};

	(void)e;
	(void)sink;
	/* an auth file like docker's, or none */
	FUZZ_CHECK(!rq->auth ||
		json_get(json_parse(&a, rq->auth, strlen(rq->auth), JSON_DOCUMENT_MAX, err),
			"auths"));
	return err_set(err, E_NOT_FOUND, "there is no registry");
}

int verb_create(struct engine *e, const struct create_request *rq, struct create_result *result,
	struct sink *sink, struct err *err)
{
	(void)sink;
	if (docker_body_check(&rq->body, err) < 0)
		return -err->code;
	result->id = arena_strdup(&e->arena, "id");
	return 0;
}

int verb_info(struct engine *e, struct sink *sink, struct err *err)
{
	(void)e;
	(void)sink;
	return err_set(err, E_UNSUPPORTED, "not here");
}

int verb_version(struct engine *e, struct sink *sink, struct err *err)
{
	return verb_info(e, sink, err);
}

/* ---- */

static char root[] = "/tmp/kist-fuzz-XXXXXX";
static char *run;

static void remove_store(void)
{
	struct err err;

	path_remove_tree(AT_FDCWD, root, &err);
	free(run);
	close(out);
}

static void make_store(void)
{
	if (run)
		return;
	if (!mkdtemp(root))
		abort();
	run = xasprintf("%s/run", root);
	out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	atexit(remove_store);
}

/* "METHOD PATH" */
static bool take_first(struct request *rq, char *line)
{
	char *space = strchr(line, ' ');

	if (!space)
		return false;
	*space = '\0';
	rq->method = line;
	rq->path = space + 1;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *gap = size ? memmem(text, size, "\n\n", 2) : NULL;
	size_t head = gap ? (size_t)(gap - text) : size;
	own_arena struct arena a = {0};
	struct request rq = {.body = "", .upgrade = size & 1};
	struct api api = {root, NULL};
	int64_t began = fuzz_clock();

	make_store();
	api.run = run;
	values = fuzz_lines(data, head, &a);
	status = 0;
	if (!values.count || !take_first(&rq, (char *)values.items[0]))
		return 0;
	if (gap) {
		rq.body_len = size - head - 2;
		rq.body = arena_strndup(&a, gap + 2, rq.body_len);
	}
	api_serve(&rq, &api);
	arena_release(&rq.arena);
	fuzz_check_cost(began, size);
	return 0;
}
