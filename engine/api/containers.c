/* SPDX-License-Identifier: Apache-2.0 */
/* Containers: made, looked at, started, ended and removed. */
#include <errno.h>
#include <string.h>

#include "engine/api/router.h"
#include "engine/docker/body.h"
#include "engine/docker/texts.h"
#include "engine/verb/creation.h"
#include "engine/verb/join.h"
#include "engine/verb/subject.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/io.h"
#include "lib/own.h"
#include "spec/attach.h"

/* ---- making ---- */

/* {"Id":"...","Warnings":[...]} */
static void answer_created(struct call *call, const struct create_result *result)
{
	struct arena *a = &call->request->arena;
	struct json *d = json_new_object(a), *warnings = json_new_array(a);

	json_set_string(a, d, "Id", result->id);
	for (size_t i = 0; i < result->warnings.count; i++)
		json_append(warnings, json_new_string(a, result->warnings.items[i]));
	json_set(a, d, "Warnings", warnings);
	answer_json(call->request, 201, d);
}

int api_container_create(struct call *call, struct err *err)
{
	/* a client pulls what is missing itself, and asks again */
	struct create_request rq = {.name = request_query(call->request, "name"),
		.platform = request_query(call->request, "platform"),
		.pull = PULL_NEVER,
		.quiet = true};
	struct create_result result = {0};
	struct json *body = api_body(call, err);
	int r;

	if (!body || docker_body_decode(body, &rq.body, &call->engine.arena, err) < 0)
		return -err->code;
	if (rq.name && *rq.name == '/')
		rq.name++;
	if (rq.name && !*rq.name)
		rq.name = NULL;
	if (rq.platform && !*rq.platform)
		rq.platform = NULL;
	if (!rq.body.config.image || !*rq.body.config.image)
		return err_set(err, EINVAL, "Image: the body names none");
	r = verb_create(&call->engine, &rq, &result, &call->sink, err);
	if (r == 0)
		answer_created(call, &result);
	return r;
}

/* ---- looking ---- */

static struct json *ports_row(const struct container_summary *c, struct arena *a)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; c->running && i < c->ports.count; i++) {
		const struct port *p = &c->ports.items[i];

		for (uint32_t k = 0; k < port_count(p); k++) {
			struct json *row = json_append(list, json_new_object(a));

			json_set_string(
				a, row, "IP", p->host_ip && *p->host_ip ? p->host_ip : "0.0.0.0");
			json_set_int(a, row, "PrivatePort", p->container_port + k);
			json_set_int(a, row, "PublicPort", p->host_port + k);
			json_set_string(a, row, "Type", p->protocol ? p->protocol : "tcp");
		}
	}
	return list;
}

static int64_t unix_time(const char *text)
{
	int64_t seconds = 0;
	long nanoseconds;

	return text && io_time_parse(text, &seconds, &nanoseconds) == 0 ? seconds : 0;
}

static struct json *mounts_row(const struct docker_container *d, struct arena *a)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < d->mounts.count; i++) {
		struct json *m = schema_encode(&docker_mount_schema, &d->mounts.items[i], a);

		json_remove(m, "Anonymous");
		json_append(list, m);
	}
	return list;
}

struct json *api_container_row(struct call *call, const struct result *result)
{
	struct arena *a = &call->request->arena;
	const struct container_summary *c = result->container;
	const char *image = c->record->image;
	struct json *row = json_new_object(a), *networks = json_new_object(a), *labels;

	json_set_string(a, row, "Id", c->record->id);
	json_append(json_set(a, row, "Names", json_new_array(a)),
		json_new_string(a, arena_printf(a, "/%s", c->record->name)));
	json_set_string(a, row, "Image", image ? image : "");
	json_set_string(a, row, "ImageID", c->record->image_id ? c->record->image_id : "");
	json_set_string(a, row, "Command", texts_command(&c->docker, true, a));
	json_set_int(a, row, "Created", unix_time(c->record->created));
	json_set(a, row, "Ports", ports_row(c, a));
	if (call->sizes) {
		json_set_int(a, row, "SizeRw", c->upper);
		json_set_int(a, row, "SizeRootFs", c->upper + c->layers);
	}
	labels = json_set(a, row, "Labels", json_new_object(a));
	for (size_t i = 0; i < c->docker.config.labels.count; i++)
		json_set_string(a, labels, c->docker.config.labels.items[i].key,
			c->docker.config.labels.items[i].value);
	json_set_string(a, row, "State", container_status_name(c->state.status));
	json_set_string(a, row, "Status", container_status_text(&c->state, a));
	json_set_string(a, json_set(a, row, "HostConfig", json_new_object(a)), "NetworkMode",
		c->docker.host_config.network_mode ? c->docker.host_config.network_mode : "");
	json_set(a, networks, texts_network(&c->docker), json_new_object(a));
	json_set(a, json_set(a, row, "NetworkSettings", json_new_object(a)), "Networks", networks);
	json_set(a, row, "Mounts", mounts_row(&c->docker, a));
	return row;
}

int api_containers(struct call *call, struct err *err)
{
	own_strv struct strv filters = {0};
	struct ps_request rq = {.all = request_query_bool(call->request, "all", false),
		.size = request_query_bool(call->request, "size", false)};
	int r;

	if (api_query_int(call, "limit", 0, &rq.last, err) < 0 ||
		api_filters(call, &filters, err) < 0)
		return -err->code;
	rq.last = rq.last < 0 ? 0 : rq.last;
	call->sizes = rq.size;
	rq.filter = filters; /* borrowed */
	call->row = api_container_row;
	r = verb_ps(&call->engine, &rq, &call->sink, err);
	if (r == 0)
		answer_json(call->request, 200, call->rows);
	return r;
}

int api_container_inspect(struct call *call, struct err *err)
{
	const struct inspect_request rq = {.name = call->name,
		.type = "container",
		.size = request_query_bool(call->request, "size", false)};
	int r = verb_inspect(&call->engine, &rq, &call->sink, err);

	if (r == 0)
		answer_json(call->request, 200, call->document);
	return r;
}

int api_container_top(struct call *call, struct err *err)
{
	const char *text = request_query(call->request, "ps_args");
	struct strings words = {0};
	struct top_request rq = {.container = call->name};
	int r;

	for (size_t n; text && *(text += strspn(text, " ")); text += n) {
		n = strcspn(text, " ");
		strings_add(&call->request->arena, &words,
			arena_strndup(&call->request->arena, text, n));
	}
	rq.words = (const char *const *)words.items;
	rq.nwords = words.count;
	r = verb_top(&call->engine, &rq, &call->sink, err);
	if (r == 0)
		answer_json(call->request, 200, call->document);
	return r;
}

/* ---- starting and ending ---- */

/* 204, or 304 when it was so already: the verb told of no event. */
static int answer_change(struct call *call, int r)
{
	if (r == 0)
		answer_text(call->request, call->events ? 204 : 304, NULL, "", 0);
	return r;
}

int api_container_start(struct call *call, struct err *err)
{
	const struct start_request rq = {call->name, NULL};

	return answer_change(call, verb_start(&call->engine, &rq, &call->sink, err));
}

/* "t" (seconds) and "signal" as stop and restart have them. */
static int stop_request_of(
	struct call *call, struct stop_request *rq, int64_t *timeout, struct err *err)
{
	const char *signal = request_query(call->request, "signal");
	const char *t = request_query(call->request, "t");

	if (api_query_int(call, "t", 0, timeout, err) < 0)
		return -err->code;
	*rq = (struct stop_request){.container = call->name,
		.signal = signal && *signal ? signal : NULL,
		.timeout = t && *t ? timeout : NULL};
	return 0;
}

int api_container_stop(struct call *call, struct err *err)
{
	struct stop_request rq;
	int64_t timeout;

	if (stop_request_of(call, &rq, &timeout, err) < 0)
		return -err->code;
	return answer_change(call, verb_stop(&call->engine, &rq, &call->sink, err));
}

int api_container_restart(struct call *call, struct err *err)
{
	struct stop_request rq;
	int64_t timeout;

	if (stop_request_of(call, &rq, &timeout, err) < 0)
		return -err->code;
	return verb_restart(&call->engine, &rq, &call->sink, err);
}

int api_container_kill(struct call *call, struct err *err)
{
	const char *signal = request_query(call->request, "signal");
	const struct kill_request rq = {call->name, signal && *signal ? signal : NULL};

	return verb_kill(&call->engine, &rq, &call->sink, err);
}

int api_container_pause(struct call *call, struct err *err)
{
	const struct container_request rq = {call->name};

	return verb_pause(&call->engine, &rq, &call->sink, err);
}

int api_container_unpause(struct call *call, struct err *err)
{
	const struct container_request rq = {call->name};

	return verb_unpause(&call->engine, &rq, &call->sink, err);
}

int api_container_rename(struct call *call, struct err *err)
{
	const char *name = request_query(call->request, "name");
	const struct rename_request rq = {call->name, name ? name : ""};

	return verb_rename(&call->engine, &rq, &call->sink, err);
}

int api_container_remove(struct call *call, struct err *err)
{
	const struct rm_request rq = {.container = call->name,
		.force = request_query_bool(call->request, "force", false),
		.volumes = request_query_bool(call->request, "v", false)};

	if (request_query_bool(call->request, "link", false))
		return err_set(err, E_UNSUPPORTED, "link: kist has no links between containers");
	return verb_rm(&call->engine, &rq, &call->sink, err);
}

/* ---- waiting ---- */

/* waited: 0, or the error because of which the status is not known */
static int answer_status(struct call *call, int out, int64_t status, int waited, struct err *err)
{
	struct arena *a = &call->request->arena;
	struct json *d = json_new_object(a);
	own_buf struct buf text = {0};
	int r;

	json_set_int(a, d, "StatusCode", waited < 0 ? -1 : status);
	if (waited < 0)
		json_set_string(
			a, json_set(a, d, "Error", json_new_object(a)), "Message", err->msg);
	json_write(d, JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	r = io_write_full(out, text.data, text.len);
	return r < 0 ? err_set(err, -r, "the client has gone") : 0;
}

/*
 * A client may ask before it starts the container, and wants to know by the first bytes of the
 * answer that it is waited for.
 */
int api_container_wait(struct call *call, struct err *err)
{
	const char *condition = request_query(call->request, "condition");
	bool removed, next, ended;
	own_subject struct subject s = {0};
	own_join struct join join = JOIN_INIT;
	int64_t status = 0;
	int out, r;

	condition = condition && *condition ? condition : "not-running";
	removed = strcmp(condition, "removed") == 0;
	next = removed || strcmp(condition, "next-exit") == 0;
	if (!next && strcmp(condition, "not-running") != 0)
		return err_set(err, EINVAL, "condition: '%s' is not known", condition);
	r = subject_find(&call->engine, call->name, 0, &s, err);
	if (r < 0)
		return r;
	if (next || subject_runs(&s)) {
		r = join_begin(&join, &call->engine, s.id, err);
		if (r < 0)
			return r;
	}
	/* nobody to join, but its monitor may come to us: it has ended */
	ended = !next && join.socket < 0;
	if (ended) {
		r = join_last_status(&call->engine, s.id, &status, err);
		if (r < 0)
			return r;
	}
	out = answer_stream(call->request, 200, "application/json", err);
	if (out < 0)
		return out;
	if (!ended)
		r = join_wait_exit(&join, &status, err);
	/* removed before it was started (again): that wakes who waits for its end, too */
	if (r == -E_NOT_FOUND)
		r = 0;
	if (r == 0 && removed)
		r = join_wait_gone(&join, err);
	return answer_status(call, out, status, r, err);
}
