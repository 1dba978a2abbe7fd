/* SPDX-License-Identifier: Apache-2.0 */
/* _ping, version and info */
#include <string.h>
#include <sys/utsname.h>

#include "engine/api/router.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "spec/image.h"

int api_ping(struct call *call, struct err *err)
{
	struct request *rq = call->request;

	(void)err;
	answer_header(rq, "Cache-Control", "no-cache, no-store, must-revalidate");
	answer_header(rq, "Pragma", "no-cache");
	answer_header(rq, "Swarm", "inactive");
	answer_text(rq, 200, "text/plain; charset=utf-8", "OK", 2);
	return 0;
}

static struct json *component(struct arena *a, const char *name)
{
	struct json *c = json_new_object(a);

	json_set_string(a, c, "Name", name);
	json_set_string(a, c, "Version", KIST_VERSION);
	return c;
}

int api_version(struct call *call, struct err *err)
{
	static const char *const parts[] = {"Engine", "kist-runtime", "kist-monitor"};
	struct arena *a = &call->request->arena;
	struct json *d = json_new_object(a), *components = json_new_array(a), *details;
	struct utsname u;

	if (uname(&u) < 0)
		return err_errno(err, "cannot ask the kernel for its version");
	json_set_string(a, json_set(a, d, "Platform", json_new_object(a)), "Name", "kist");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		json_append(components, component(a, parts[i]));
	json_set(a, d, "Components", components);
	json_set_string(a, d, "Version", KIST_VERSION);
	details = json_set(a, components->first, "Details", json_new_object(a));
	/* 1.35 and newer read the component's details, older ones the document itself */
	for (struct json *at = d; at; at = at == d ? details : NULL) {
		json_set_string(a, at, "ApiVersion", API_VERSION);
		json_set_string(a, at, "MinAPIVersion", API_VERSION_LEAST);
		json_set_string(a, at, "GitCommit", "");
		json_set_string(a, at, "GoVersion", "");
		json_set_string(a, at, "Os", "linux");
		json_set_string(a, at, "Arch", strchr(platform_host(), '/') + 1);
		json_set_string(a, at, "KernelVersion", u.release);
	}
	answer_json(call->request, 200, d);
	return 0;
}

int api_info(struct call *call, struct err *err)
{
	int r = verb_info(&call->engine, &call->sink, err);

	if (r == 0)
		answer_json(call->request, 200, call->document);
	return r;
}
