/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/api/router.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/schema.h"

static const struct route routes[] = {
	{"GET", "/_ping", api_ping, false},
	{"HEAD", "/_ping", api_ping, false},
	{"GET", "/version", api_version, false},
};

/* ---- errors ---- */

unsigned api_status(const struct err *err)
{
	switch (err->code) {
	case E_USAGE:
	case E_SYNTAX:
	case E_LIMIT:
	case EINVAL:
	case EPROTO:
	case ENAMETOOLONG:
	case E_COMMAND_NOT_FOUND:
	case E_COMMAND_NOT_EXECUTABLE:
		return 400;
	case E_DENIED:
		return 403;
	case E_NOT_FOUND:
	case E_MANIFEST_UNKNOWN:
	case E_NAME_UNKNOWN:
	case E_BLOB_UNKNOWN:
		return 404;
	case E_EXISTS:
	case E_IN_USE:
	case E_NOT_RUNNING:
		return 409;
	case E_UNSUPPORTED:
		return 501;
	default:
		return 500;
	}
}

void api_error(struct request *rq, unsigned status, const char *message)
{
	struct json *answer = json_new_object(&rq->arena);

	json_set_string(&rq->arena, answer, "message", message);
	answer_json(rq, status, answer);
}

/* ---- what a request says ---- */

const struct json *api_body(struct call *call, struct err *err)
{
	struct request *rq = call->request;
	const struct json *body;

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

/*
 * "/v1.41/containers/json" without its version. Returns the minor version (the newest without one),
 * or EINVAL in docker's words.
 */
static int read_version(const char **path, struct err *err)
{
	unsigned major, minor;
	int n = 0;

	if (strncmp(*path, "/v", 2) != 0 || sscanf(*path, "/v%3u.%3u%n", &major, &minor, &n) != 2 ||
		(*path)[n] != '/')
		return API_MINOR;
	if (major > 1 || (major == 1 && minor > API_MINOR))
		return err_set(err, EINVAL,
			"client version %u.%u is too new. Maximum supported API version is %s",
			major, minor, API_VERSION);
	if (major < 1 || minor < API_MINOR_LEAST)
		return err_set(err, EINVAL,
			"client version %u.%u is too old. Minimum supported API version is 1.%d, please "
			"upgrade your client to a newer version",
			major, minor, API_MINOR_LEAST);
	*path += n;
	return (int)minor;
}

/* Does the path fit the pattern? *name gets what stands for its "{name}", in the arena. */
static bool path_fits(const char *pattern, const char *path, const char **name, struct arena *a)
{
	const char *hole = strstr(pattern, "{name}"), *tail = hole ? hole + 6 : NULL;
	size_t front = hole ? (size_t)(hole - pattern) : 0, len = strlen(path);

	if (!hole)
		return strcmp(pattern, path) == 0;
	if (len <= front + strlen(tail) || strncmp(pattern, path, front) != 0 ||
		strcmp(path + len - strlen(tail), tail) != 0)
		return false;
	*name = arena_strndup(a, path + front, len - front - strlen(tail));
	return true;
}

/* Only the names of images have slashes. */
static bool name_fits(const struct route *route, const char *name)
{
	return !name || !strchr(name, '/') || strncmp(route->path, "/images/", 8) == 0;
}

static const struct route *find_route(struct call *call, const char *path, bool *other_method)
{
	const struct request *rq = call->request;

	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		const char *name = NULL;

		if (!path_fits(routes[i].path, path, &name, &call->request->arena) ||
			!name_fits(&routes[i], name))
			continue;
		*other_method = true;
		if (strcmp(routes[i].method, rq->method) != 0)
			continue;
		call->name = name;
		return &routes[i];
	}
	return NULL;
}

/* Programs that verbs start read nothing and write to nobody: answers are not theirs. */
static int open_engine(struct call *call, const struct api *api, struct err *err)
{
	static const int nowhere[3] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
	const struct engine_options options = {
		.root = api->root, .run = api->run, .streams = nowhere};

	return engine_open(&call->engine, &options, err);
}

static int serve(struct call *call, const struct api *api, struct err *err)
{
	struct request *rq = call->request;
	const char *path = rq->path;
	bool other_method = false;
	const struct route *route;
	int minor = read_version(&path, err);

	if (minor < 0)
		return minor;
	call->minor = minor;
	route = find_route(call, path, &other_method);
	if (!route) {
		api_error(rq, other_method ? 405 : 404,
			other_method ? "method not allowed" : "page not found");
		return 0;
	}
	if (open_engine(call, api, err) < 0)
		return -err->code;
	if (route->abandonable)
		request_abandonable(rq);
	return route->handler(call, err);
}

void api_serve(struct request *rq, void *arg)
{
	struct call call = {.request = rq, .stream_fd = -1};
	struct err err;
	int r;

	answer_header(rq, "Api-Version", API_VERSION);
	answer_header(rq, "Docker-Experimental", "false");
	answer_header(rq, "Ostype", "linux");
	answer_header(rq, "Server", "kist/" KIST_VERSION " (linux)");
	r = serve(&call, arg, &err);
	if (r < 0 && !answered(rq))
		api_error(rq, api_status(&err), *err.msg ? err.msg : "a program failed");
	engine_release(&call.engine);
}
