/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/api/router.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/api/streams.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/schema.h"

static const struct route routes[] = {
	{"GET", "/_ping", api_ping, false},
	{"HEAD", "/_ping", api_ping, false},
	{"GET", "/version", api_version, false},
	{"GET", "/info", api_info, false},
	{"GET", "/system/df", api_usage, false},
	{"GET", "/images/json", api_images, false},
	{"GET", "/images/get", api_images_save, true},
	{"POST", "/images/prune", api_images_prune, false},
	{"POST", "/images/create", api_image_pull, true},
	{"GET", "/images/{name}/json", api_image_inspect, false},
	{"GET", "/images/{name}/get", api_image_save, true},
	{"POST", "/images/{name}/tag", api_image_tag, false},
	{"DELETE", "/images/{name}", api_image_remove, false},
	{"GET", "/containers/json", api_containers, false},
	{"POST", "/containers/create", api_container_create, false},
	{"POST", "/containers/prune", api_containers_prune, false},
	{"GET", "/containers/{name}/top", api_container_top, false},
	{"GET", "/containers/{name}/json", api_container_inspect, false},
	{"POST", "/containers/{name}/start", api_container_start, false},
	{"POST", "/containers/{name}/stop", api_container_stop, false},
	{"POST", "/containers/{name}/restart", api_container_restart, false},
	{"POST", "/containers/{name}/kill", api_container_kill, false},
	{"POST", "/containers/{name}/pause", api_container_pause, false},
	{"POST", "/containers/{name}/unpause", api_container_unpause, false},
	{"POST", "/containers/{name}/rename", api_container_rename, false},
	{"POST", "/containers/{name}/wait", api_container_wait, true},
	{"POST", "/containers/{name}/resize", api_container_resize, false},
	{"POST", "/containers/{name}/attach", api_container_attach, true},
	{"GET", "/containers/{name}/logs", api_container_logs, true},
	{"POST", "/containers/{name}/exec", api_exec_create, false},
	{"DELETE", "/containers/{name}", api_container_remove, false},
	{"POST", "/exec/{name}/start", api_exec_start, false},
	{"POST", "/exec/{name}/resize", api_exec_resize, false},
	{"GET", "/exec/{name}/json", api_exec_inspect, false},
	{"GET", "/networks", api_networks, false},
	{"POST", "/networks/create", api_network_create, false},
	{"GET", "/networks/{name}", api_network_inspect, false},
	{"DELETE", "/networks/{name}", api_network_remove, false},
	{"GET", "/volumes", api_volumes, false},
	{"POST", "/volumes/create", api_volume_create, false},
	{"POST", "/volumes/prune", api_volumes_prune, false},
	{"GET", "/volumes/{name}", api_volume_inspect, false},
	{"DELETE", "/volumes/{name}", api_volume_remove, false},
};

/* What docker's API has and is not served, by its method and path: 501 with the sentence. */
static const struct unserved {
	const char *method, *path;
	const char *sentence;
} unserved[] = {
	{"GET", "/events", "events: kist keeps no record of what happens yet"},
	{"POST", "/auth",
		"auth: 'kist login' and 'docker login' of a client with a credential store "
		"do not need it"},
	{"POST", "/build", "build: images are built by 'kist build'"},
	{"POST", "/build/prune", "build: its cache goes by 'kist image prune'"},
	{"POST", "/session", "session: images are built by 'kist build'"},
	{"POST", "/grpc", "grpc: images are built by 'kist build'"},
	{"POST", "/commit", "commit: kist does not make images of containers yet"},
	{"POST", "/images/load", "load: archives are loaded by 'kist load'"},
	{"GET", "/images/search", "search: kist does not search registries yet"},
	{"GET", "/images/{name}/history", "history: kist does not tell it yet"},
	{"POST", "/images/{name}/push", "push: images are pushed by 'kist push'"},
	{"GET", "/distribution/{name}/json", "distribution: registries are not asked yet"},
	{"GET", "/containers/{name}/archive", "cp: files are not copied from containers yet"},
	{"HEAD", "/containers/{name}/archive", "cp: files are not copied from containers yet"},
	{"PUT", "/containers/{name}/archive", "cp: files are not copied into containers yet"},
	{"GET", "/containers/{name}/changes", "diff: changes of containers are not told yet"},
	{"GET", "/containers/{name}/export", "export: containers are not exported yet"},
	{"GET", "/containers/{name}/stats", "stats: what containers use is not told yet"},
	{"GET", "/containers/{name}/attach/ws", "attach: websockets are not spoken"},
	{"POST", "/containers/{name}/update", "update: limits of containers are not changed yet"},
	{"POST", "/networks/{name}/connect",
		"connect: a container's networks are chosen when it is made"},
	{"POST", "/networks/{name}/disconnect",
		"disconnect: a container's networks are chosen when it is made"},
	{"POST", "/networks/prune", "network prune: networks are removed by name"},
	{"PUT", "/volumes/{name}", "volume update: it is for clusters, which kist is not"},
	{"GET", "/plugins", "plugins: kist has none"},
	{"GET", "/swarm", "swarm: kist is no cluster"},
	{"POST", "/swarm/init", "swarm: kist is no cluster"},
	{"POST", "/swarm/join", "swarm: kist is no cluster"},
	{"GET", "/nodes", "nodes: kist is no cluster"},
	{"GET", "/services", "services: kist is no cluster"},
	{"GET", "/tasks", "tasks: kist is no cluster"},
	{"GET", "/secrets", "secrets: kist is no cluster"},
	{"GET", "/configs", "configs: kist is no cluster"},
};

/* ---- errors ---- */

/* docker's status for an error's code */
static unsigned status_of(const struct err *err)
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

/* Answer with {"message":"..."} (1.24 and newer). */
static void answer_error(struct request *rq, unsigned status, const char *message)
{
	struct json *answer = json_new_object(&rq->arena);

	json_set_string(&rq->arena, answer, "message", message);
	answer_json(rq, status, answer);
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
static bool name_fits(const char *pattern, const char *name)
{
	return !name || !strchr(name, '/') || strncmp(pattern, "/images/", 8) == 0 ||
		strncmp(pattern, "/distribution/", 14) == 0;
}

static const struct unserved *find_unserved(struct request *rq, const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(unserved); i++) {
		const char *name = NULL;

		if (strcmp(unserved[i].method, rq->method) == 0 &&
			path_fits(unserved[i].path, path, &name, &rq->arena) &&
			name_fits(unserved[i].path, name))
			return &unserved[i];
	}
	return NULL;
}

static const struct route *find_route(struct call *call, const char *path, bool *other_method)
{
	const struct request *rq = call->request;

	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		const char *name = NULL;

		if (!path_fits(routes[i].path, path, &name, &call->request->arena) ||
			!name_fits(routes[i].path, name))
			continue;
		*other_method = true;
		if (strcmp(routes[i].method, rq->method) != 0)
			continue;
		call->name = name;
		return &routes[i];
	}
	return NULL;
}

/* ---- what a verb tells ---- */

static void on_event(struct sink *sink, const struct event *event)
{
	struct call *call = (struct call *)sink;

	(void)event;
	call->events++;
}

static int on_result(struct sink *sink, const struct result *result, struct err *err)
{
	struct call *call = (struct call *)sink;
	struct json *row;

	(void)err;
	if (result->kind == RESULT_DOCUMENT) {
		call->document = json_copy(&call->request->arena, result->document);
	} else if (call->row) {
		row = call->row(call, result);
		if (row)
			json_append(call->rows, row);
	}
	return 0;
}

static int on_output(
	struct sink *sink, enum sink_stream stream, const void *bytes, size_t len, struct err *err)
{
	const struct call *call = (struct call *)sink;

	if (stream == SINK_STDERR ? call->skip_stderr : call->skip_stdout)
		return 0;
	return stream_write(call->stream_fd, call->multiplexed, stream, bytes, len, err);
}

/*
 * Programs that verbs start read nothing, and what they print is nobody's; what they complain of is
 * the message of an error.
 */
static int open_engine(struct call *call, const struct api *api, struct err *err)
{
	const struct engine_options options = {
		.root = api->root, .run = api->run, .streams = call->streams};

	call->errors = memfd_create("kist-errors", MFD_CLOEXEC);
	if (call->errors < 0)
		return err_errno(err, "cannot make a file in memory");
	call->streams[0] = STDIN_FILENO;
	call->streams[1] = STDOUT_FILENO;
	call->streams[2] = call->errors;
	return engine_open(&call->engine, &options, err);
}

static int serve(struct call *call, const struct api *api, struct err *err)
{
	struct request *rq = call->request;
	const char *path = rq->path;
	bool other_method = false;
	const struct route *route;
	const struct unserved *known;
	int minor = read_version(&path, err);

	if (minor < 0)
		return minor;
	call->minor = minor;
	route = find_route(call, path, &other_method);
	known = route ? NULL : find_unserved(rq, path);
	if (known)
		return err_set(err, E_UNSUPPORTED, "%s", known->sentence);
	if (!route) {
		answer_error(rq, other_method ? 405 : 404,
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
	struct call call = {.sink = {.event = on_event, .result = on_result, .output = on_output},
		.request = rq,
		.errors = -1,
		.stream_fd = -1};
	struct err err = {0};
	int r;

	answer_header(rq, "Api-Version", API_VERSION);
	answer_header(rq, "Docker-Experimental", "false");
	answer_header(rq, "Ostype", "linux");
	answer_header(rq, "Server", "kist/" KIST_VERSION " (linux)");
	call.rows = json_new_array(&rq->arena);
	r = serve(&call, arg, &err);
	if (r != 0 && !answered(rq)) {
		api_program_failed(&call, r > 0 ? r : 0, &err);
		answer_error(rq, status_of(&err), err.msg);
	}
	engine_release(&call.engine);
	own_fd_release(&call.errors);
}
