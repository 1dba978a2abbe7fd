/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/api/call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "lib/spawn.h"

int api_program_failed(struct call *call, int status, struct err *err)
{
	/* docs/pipes.md: 2 usage, 3 not found, 4 exists or in use, 5 denied */
	static const int codes[] = {E_CHILD, E_CHILD, E_USAGE, E_NOT_FOUND, E_IN_USE, E_DENIED};
	own_buf struct buf text = {0};
	const char *said;

	if (status == 0 && *err->msg)
		return -err->code;
	said = spawn_said(call->errors, &text);
	if (!said)
		return err_set(err, E_CHILD, "a program failed, and did not say why");
	return err_set(
		err, (size_t)status < ARRAY_LEN(codes) ? codes[status] : E_CHILD, "%s", said);
}

static int add_filter(struct strv *filters, const struct json *values, struct err *err)
{
	json_each (value, values) {
		if (values->type == JSON_ARRAY && value->type == JSON_STRING)
			strv_addf(filters, "%s=%s", values->key, value->text);
		else if (values->type == JSON_OBJECT && value->type == JSON_BOOL)
			strv_addf(filters, "%s=%s", values->key, value->key);
		else
			return err_set(err, EINVAL, "filters: %s: expected a list of strings",
				values->key);
	}
	return 0;
}

int api_filters(struct call *call, struct strv *filters, struct err *err)
{
	const char *text = request_query(call->request, "filters");
	const struct json *all;

	if (!text || !*text)
		return 0;
	all = json_parse(&call->request->arena, text, strlen(text), JSON_LINE_MAX, err);
	if (!all)
		return err_set(err, EINVAL, "filters: it is no JSON object");
	if (all->type != JSON_OBJECT)
		return err_set(err, EINVAL, "filters: it is no JSON object");
	json_each (values, all)
		if (add_filter(filters, values, err) < 0)
			return -err->code;
	return 0;
}

struct json *api_body(struct call *call, struct err *err)
{
	struct request *rq = call->request;
	struct json *body;

	if (!rq->body_len)
		return json_new_object(&rq->arena);
	body = json_parse(&rq->arena, rq->body, rq->body_len, HTTP_BODY_MAX, err);
	if (!body) {
		err_wrap(err, "the request's body");
		return NULL;
	}
	if (body->type == JSON_NULL)
		return json_new_object(&rq->arena);
	if (body->type != JSON_OBJECT) {
		err_set(err, EINVAL, "the request's body: expected an object");
		return NULL;
	}
	return body;
}

int api_query_int(
	struct call *call, const char *name, int64_t usual, int64_t *value, struct err *err)
{
	const char *text = request_query(call->request, name);
	char *end;

	*value = usual;
	if (!text || !*text)
		return 0;
	errno = 0;
	*value = strtoll(text, &end, 10);
	if (errno || *end)
		return err_set(err, EINVAL, "%s: '%s' is no whole number", name, text);
	return 0;
}
