/* SPDX-License-Identifier: Apache-2.0 */
/* kist container-create: a container from the JSON that docker's client posts. */
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/docker/body.h"
#include "engine/verb/creation.h"
#include "engine/verb/verb.h"
#include "lib/io.h"
#include "lib/own.h"

struct posted_options {
	const char *name, *platform;
};

static const struct cli_option options[] = {
	OPT_STRING(struct posted_options, name, "name", 0, "NAME", "the container's name"),
	OPT_STRING(struct posted_options, platform, "platform", 0, "OS/ARCH",
		"of an image with several platforms"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct posted_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct create_request request = {
		.name = o->name, .platform = o->platform, .pull = PULL_NEVER};
	struct create_result result;
	own_buf struct buf text = {0};
	struct json *body;

	if (io_read_fd(STDIN_FILENO, JSON_DOCUMENT_MAX, "stdin", &text, err) < 0 ||
		mouth_open(&m, call, err) < 0)
		return -err->code;
	body = json_parse(&m.engine.arena, buf_str(&text), text.len, JSON_DOCUMENT_MAX, err);
	if (!body || docker_body_decode(body, &request.body, &m.engine.arena, err) < 0)
		return err_wrap(err, "invalid JSON");
	return mouth_finish(&m, verb_create(&m.engine, &request, &result, &m.sink, err), err);
}

const struct cli_command cmd_container_create = {
	.name = "container-create",
	.synopsis = "[OPTIONS] <BODY",
	.help = "Make a container from the body of docker's create call, and print its id",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct posted_options),
	.flags = CLI_HIDDEN,
	.run = run,
};
