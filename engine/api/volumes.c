/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes: listed, looked at, made and removed. */
#include <errno.h>
#include <string.h>

#include "engine/api/router.h"
#include "engine/verb/inspect.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct json *api_volume_row(struct call *call, const struct result *result)
{
	return inspect_volume(&call->engine, result->volume->volume);
}

static void on_notice(struct sink *sink, const char *text)
{
	struct call *call = (struct call *)sink;

	json_append(call->verb_arg, json_new_string(&call->request->arena, text));
}

int api_volumes(struct call *call, struct err *err)
{
	struct arena *a = &call->request->arena;
	struct json *d = json_new_object(a);
	own_strv struct strv filters = {0};
	struct volume_ls_request rq;
	int r;

	if (api_filters(call, &filters, err) < 0)
		return -err->code;
	rq.filter = filters; /* borrowed */
	call->row = api_volume_row;
	call->verb_arg = json_new_array(a);
	call->sink.notice = on_notice;
	r = verb_volume_ls(&call->engine, &rq, &call->sink, err);
	if (r < 0)
		return r;
	json_set(a, d, "Volumes", call->rows);
	json_set(a, d, "Warnings", call->verb_arg);
	answer_json(call->request, 200, d);
	return 0;
}

int api_volume_inspect(struct call *call, struct err *err)
{
	const struct inspect_request rq = {.name = call->name, .type = "volume"};
	int r = verb_inspect(&call->engine, &rq, &call->sink, err);

	if (r == 0)
		answer_json(call->request, 200, call->document);
	return r;
}

/* docker's body of volumes/create */
struct volume_body {
	const char *name, *driver;
	struct string_map options, labels;
	const struct json *cluster;
};

static const struct schema_field body_fields[] = {
	FIELD(struct volume_body, name, "Name", SCHEMA_STRING),
	FIELD(struct volume_body, driver, "Driver", SCHEMA_STRING),
	FIELD(struct volume_body, options, "DriverOpts", SCHEMA_STRING_MAP),
	FIELD(struct volume_body, labels, "Labels", SCHEMA_STRING_MAP),
	FIELD(struct volume_body, cluster, "ClusterVolumeSpec", SCHEMA_JSON),
};
static const struct schema body_schema = SCHEMA(struct volume_body, body_fields);

static struct strings pairs(const struct string_map *map, struct arena *a)
{
	struct strings list = {0};

	for (size_t i = 0; i < map->count; i++)
		strings_add(
			a, &list, arena_printf(a, "%s=%s", map->items[i].key, map->items[i].value));
	return list;
}

static struct json *name_row(struct call *call, const struct result *result)
{
	return json_new_string(&call->request->arena, result->line);
}

int api_volume_create(struct call *call, struct err *err)
{
	struct arena *a = &call->request->arena;
	const struct json *body = api_body(call, err);
	struct volume_create_request rq;
	struct volume_body b;
	int r;

	if (!body)
		return -err->code;
	if (schema_decode(&body_schema, body, &b, a, err) < 0)
		return err_wrap(err, "the request's body");
	if (b.cluster && b.cluster->type != JSON_NULL)
		return err_set(err, E_UNSUPPORTED, "ClusterVolumeSpec: kist is no cluster");
	rq = (struct volume_create_request){.name = b.name && *b.name ? b.name : NULL,
		.driver = b.driver && *b.driver ? b.driver : NULL,
		.labels = pairs(&b.labels, a),
		.options = pairs(&b.options, a)};
	call->row = name_row;
	r = verb_volume_create(&call->engine, &rq, &call->sink, err);
	if (r != 0 || !call->rows->first)
		return r;
	call->name = call->rows->first->text;
	r = verb_inspect(&call->engine,
		&(struct inspect_request){.name = call->name, .type = "volume"}, &call->sink, err);
	if (r == 0)
		answer_json(call->request, 201, call->document);
	return r;
}

int api_volume_remove(struct call *call, struct err *err)
{
	const struct volume_rm_request rq = {
		.name = call->name, .force = request_query_bool(call->request, "force", false)};

	return verb_volume_rm(&call->engine, &rq, &call->sink, err);
}
