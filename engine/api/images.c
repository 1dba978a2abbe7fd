/* SPDX-License-Identifier: Apache-2.0 */
/* Images: listed, looked at, pulled. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/api/router.h"
#include "engine/docker/sentences.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/base64.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/size.h"
#include "spec/reference.h"

/* ---- listed ---- */

static int64_t unix_time(const char *text)
{
	int64_t seconds = 0;
	long nanoseconds;

	return text && io_time_parse(text, &seconds, &nanoseconds) == 0 ? seconds : 0;
}

/* docker has one object for each image, with all of its names; the verb tells one for each name. */
static struct json *find_row(struct call *call, const char *id)
{
	json_each (row, call->rows)
		if (strcmp(json_get_string(row, "Id"), id) == 0)
			return row;
	return NULL;
}

static void add_names(struct arena *a, struct json *row, const struct image_summary *image)
{
	const char *digest = image->entry->repo_digest;

	if (strcmp(image->tag, "<none>") != 0)
		json_append(json_get(row, "RepoTags"),
			json_new_string(a, arena_printf(a, "%s:%s", image->name, image->tag)));
	if (digest && strcmp(image->name, "<none>") != 0)
		json_append(json_get(row, "RepoDigests"),
			json_new_string(a, arena_printf(a, "%s@%s", image->name, digest)));
}

struct json *api_image_row(struct call *call, const struct result *result)
{
	struct arena *a = &call->request->arena;
	const struct image_summary *image = result->image;
	const struct image_entry *entry = image->entry;
	struct json *row = find_row(call, entry->id.text);

	if (row) {
		add_names(a, row, image);
		return NULL;
	}
	row = json_new_object(a);
	json_set_string(a, row, "Id", entry->id.text);
	json_set_string(a, row, "ParentId", "");
	json_set(a, row, "RepoTags", json_new_array(a));
	json_set(a, row, "RepoDigests", json_new_array(a));
	json_set_int(a, row, "Created", unix_time(entry->created));
	json_set_int(a, row, "Size", image_entry_bytes(entry));
	json_set_int(a, row, "SharedSize", -1);
	if (call->minor < 44)
		json_set_int(a, row, "VirtualSize", image_entry_bytes(entry));
	json_set(a, row, "Labels", json_new_object(a));
	json_set_int(a, row, "Containers", -1);
	add_names(a, row, image);
	return row;
}

int api_images(struct call *call, struct err *err)
{
	own_strv struct strv filters = {0};
	struct images_request rq = {.repository = request_query(call->request, "filter")};
	int r;

	if (rq.repository && !*rq.repository)
		rq.repository = NULL;
	if (api_filters(call, &filters, err) < 0)
		return -err->code;
	rq.filter = filters; /* borrowed */
	call->row = api_image_row;
	r = verb_images(&call->engine, &rq, &call->sink, err);
	if (r == 0)
		answer_json(call->request, 200, call->rows);
	return r;
}

/* ---- looked at ---- */

int api_image_inspect(struct call *call, struct err *err)
{
	const struct inspect_request rq = {.name = call->name, .type = "image"};
	int r = verb_inspect(&call->engine, &rq, &call->sink, err);

	if (r == 0)
		answer_json(call->request, 200, call->document);
	return r;
}

/* ---- named, removed ---- */

int api_image_tag(struct call *call, struct err *err)
{
	const char *repository = request_query(call->request, "repo");
	const char *tag = request_query(call->request, "tag");
	struct tag_request rq = {.image = call->name};
	int r;

	if (!repository || !*repository)
		return err_set(err, EINVAL, "repo: the new name is missing");
	rq.name = tag && *tag ? arena_printf(&call->request->arena, "%s:%s", repository, tag)
			      : repository;
	r = verb_tag(&call->engine, &rq, &call->sink, err);
	if (r == 0)
		answer_text(call->request, 201, NULL, "", 0);
	return r;
}

/* "Untagged: NAME", "Deleted: ID" */
static struct json *removed_row(struct call *call, const struct result *result)
{
	struct arena *a = &call->request->arena;
	const char *colon = strstr(result->line, ": ");
	struct json *row = colon ? json_new_object(a) : NULL;

	if (row)
		json_set_string(a, row,
			arena_strndup(a, result->line, (size_t)(colon - result->line)), colon + 2);
	return row;
}

int api_image_remove(struct call *call, struct err *err)
{
	const struct rmi_request rq = {
		.image = call->name, .force = request_query_bool(call->request, "force", false)};
	int r;

	call->row = removed_row;
	r = verb_rmi(&call->engine, &rq, &call->sink, err);
	call->row = NULL;
	if (r == 0)
		r = verb_collect(&call->engine, &call->sink, err);
	if (r == 0)
		answer_json(call->request, 200, call->rows);
	return r;
}

/* ---- saved ---- */

/* A failure after the first byte is seen by the archive's end: the client has its own digests. */
static int save(struct call *call, const struct save_request *rq, struct err *err)
{
	struct sink nobody = {0};

	for (size_t i = 0; i < rq->images.count; i++)
		if (verb_inspect(&call->engine,
			    &(struct inspect_request){.name = rq->images.items[i], .type = "image"},
			    &nobody, err) < 0)
			return -err->code;
	call->streams[1] = answer_stream(call->request, 200, "application/x-tar", err);
	if (call->streams[1] < 0)
		return call->streams[1];
	return verb_save(&call->engine, rq, &call->sink, err);
}

int api_image_save(struct call *call, struct err *err)
{
	const char *name = call->name;
	const struct save_request rq = {.images = {&name, 1}};

	return save(call, &rq, err);
}

int api_images_save(struct call *call, struct err *err)
{
	struct save_request rq = {0};

	request_query_all(call->request, "names", &rq.images);
	if (!rq.images.count)
		return err_set(err, EINVAL, "names: the images are missing");
	return save(call, &rq, err);
}

/* ---- pulled ---- */

/* kist-pull's lines of progress as docker's. */
struct pull {
	struct call *call;
	const char *name, *reference; /* of the repository, and what is pulled from it */
	bool began;
	struct err broken; /* the client has gone: code is not 0 */
};

static void say(struct pull *p, const struct json *message)
{
	struct call *call = p->call;
	own_buf struct buf text = {0};
	int r;

	if (call->stream_fd < 0)
		call->stream_fd = answer_stream(call->request, 200, "application/json", &p->broken);
	if (call->stream_fd < 0 || p->broken.code)
		return;
	json_write(message, JSON_COMPACT, &text);
	buf_adds(&text, "\r\n");
	r = io_write_full(call->stream_fd, text.data, text.len);
	if (r < 0)
		err_set(&p->broken, -r, "the client has gone");
}

static struct json *status(struct arena *a, const char *text)
{
	struct json *m = json_new_object(a);

	json_set_string(a, m, "status", text);
	return m;
}

/* "[=====>     ]  1.2MB/3.4MB" */
static const char *bar(int64_t current, int64_t total, struct arena *a)
{
	static const char full[] = "==================================================";
	char have[SIZE_TEXT_MAX], all[SIZE_TEXT_MAX];
	int done = total > 0 ? (int)(current * 50 / total) : 0;

	done = done < 0 ? 0 : done > 50 ? 50 : done;
	size_decimal(current, 4, have);
	size_decimal(total, 4, all);
	return arena_printf(a, "[%.*s%s%*s] %8s/%s", done, full, done < 50 ? ">" : "",
		done < 50 ? 49 - done : 0, "", have, all);
}

/* The manifest is there: from here on the status is 200, whatever comes. */
static void begin(struct pull *p)
{
	own_arena struct arena a = {0};
	struct json *m;

	if (p->began)
		return;
	p->began = true;
	m = status(&a, arena_printf(&a, "Pulling from %s", p->name));
	json_set_string(&a, m, "id", p->reference);
	say(p, m);
}

static void say_blob(struct pull *p, const struct progress_line *line)
{
	own_arena struct arena a = {0};
	const char *word = sentence_progress(ABOUT_PULL, line->status);
	struct json *m, *detail;

	if (!word || !line->digest || !digest_valid(line->digest))
		return;
	begin(p);
	m = status(&a, word);
	detail = json_new_object(&a);
	if (line->total) {
		json_set_int(&a, detail, "current", line->current);
		json_set_int(&a, detail, "total", line->total);
	}
	json_set(&a, m, "progressDetail", detail);
	if (line->total)
		json_set_string(&a, m, "progress", bar(line->current, line->total, &a));
	json_set_string(&a, m, "id", arena_strndup(&a, line->digest + DIGEST_PREFIX_LEN, 12));
	say(p, m);
}

static void on_progress(struct sink *sink, enum sink_stream to, enum subject_kind about,
	const struct progress_line *line)
{
	struct call *call = (struct call *)sink;
	struct pull *p = call->verb_arg;
	own_arena struct arena a = {0};

	(void)to;
	(void)about;
	if (line->status != PROGRESS_PULLED) {
		say_blob(p, line);
		return;
	}
	begin(p);
	if (line->digest)
		say(p, status(&a, arena_printf(&a, "Digest: %s", line->digest)));
	if (line->reference)
		say(p, status(&a, arena_printf(&a, "Status: %s", sentence_pulled(line, &a))));
}

/*
 * X-Registry-Auth: base64 (URL alphabet) of {"username","password","serveraddress",
 * "identitytoken"}, as a document like docker's config.json. *auth is NULL when it says nothing.
 */
static int read_auth(struct call *call, const char *registry, const char **auth, struct err *err)
{
	struct arena *a = &call->request->arena;
	const char *header = request_header(call->request, "X-Registry-Auth");
	own_buf struct buf text = {0}, pair = {0}, out = {0};
	struct json *d, *entry;
	const struct json *said;
	const char *user, *password, *token;
	char *standard;

	*auth = NULL;
	if (!header || !*header)
		return 0;
	standard = arena_strdup(a, header);
	for (char *c = standard; *c; c++)
		*c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
	if (base64_decode(standard, strlen(standard), &text) < 0)
		return err_set(err, EINVAL, "X-Registry-Auth: it is no base64");
	said = json_parse(a, buf_str(&text), text.len, JSON_LINE_MAX, err);
	if (!said || said->type != JSON_OBJECT)
		return err_set(err, EINVAL, "X-Registry-Auth: it holds no JSON object");
	user = json_get_string(said, "username");
	password = json_get_string(said, "password");
	token = json_get_string(said, "identitytoken");
	if ((!user || !*user) && (!token || !*token))
		return 0;
	entry = json_new_object(a);
	buf_addf(&pair, "%s:%s", user ? user : "", password ? password : "");
	base64_encode(pair.data, pair.len, &out);
	json_set_string(a, entry, "auth", buf_str(&out));
	if (token && *token)
		json_set_string(a, entry, "identitytoken", token);
	d = json_new_object(a);
	json_set(a, json_set(a, d, "auths", json_new_object(a)), registry, entry);
	buf_release(&out);
	out = (struct buf){0};
	json_write(d, JSON_COMPACT, &out);
	*auth = arena_strdup(a, buf_str(&out));
	return 0;
}

/* Whether it worked, as the stream's last messages. */
static int finish(struct pull *p, int r, struct err *err)
{
	own_arena struct arena a = {0};
	struct json *m;

	if (p->broken.code) {
		*err = p->broken;
		return -err->code;
	}
	if (r != 0) {
		r = api_program_failed(p->call, r > 0 ? r : 0, err);
		if (p->call->stream_fd < 0)
			return r;
		m = json_new_object(&a);
		json_set_string(&a, json_set(&a, m, "errorDetail", json_new_object(&a)), "message",
			err->msg);
		json_set_string(&a, m, "error", err->msg);
		say(p, m);
		return r;
	}
	return 0;
}

int api_image_pull(struct call *call, struct err *err)
{
	struct arena *a = &call->request->arena;
	const char *from = request_query(call->request, "fromImage");
	const char *tag = request_query(call->request, "tag");
	const char *platform = request_query(call->request, "platform");
	struct pull p = {.call = call};
	struct pull_request rq = {.platform = platform && *platform ? platform : NULL};
	struct reference ref;
	const char *slash;
	int r;

	if (request_query(call->request, "fromSrc"))
		return err_set(err, E_UNSUPPORTED, "fromSrc: kist imports no file systems yet");
	if (!from || !*from)
		return err_set(err, EINVAL, "fromImage: the image's name is missing");
	rq.reference = tag && *tag
		? arena_printf(a, "%s%s%s", from, strchr(tag, ':') ? "@" : ":", tag)
		: from;
	if (reference_parse(rq.reference, &ref, a, err) < 0)
		return err_wrap(err, "fromImage");
	slash = strrchr(from, '/');
	/* the API's rule: without a tag all of them, in the name or beside it */
	rq.all_tags = (!tag || !*tag) && !strpbrk(slash ? slash : from, ":@");
	p.name = ref.repository;
	p.reference = ref.digest.text[0] ? ref.digest.text : ref.tag ? ref.tag : "latest";
	if (read_auth(call, ref.registry, &rq.auth, err) < 0)
		return -err->code;
	call->sink.progress = on_progress;
	call->verb_arg = &p; /* cppcheck-suppress autoVariables; for the verb's time only */
	r = verb_pull(&call->engine, &rq, &call->sink, err);
	call->verb_arg = NULL;
	return finish(&p, r, err);
}
