/* SPDX-License-Identifier: Apache-2.0 */
/* kist inspect, and inspect of each kind */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct inspect_options {
	const char *format, *type;
	bool size;
};

/* The documents that the verb tells. */
struct gathering {
	struct mouth mouth;
	struct json *documents;
};

static void gathering_release(struct gathering *g)
{
	mouth_release(&g->mouth);
}

static int gather(struct sink *sink, const struct result *result, struct err *err)
{
	struct gathering *g = (struct gathering *)sink;

	(void)err;
	json_append(g->documents, json_copy(&g->mouth.engine.arena, result->document));
	return 0;
}

static int print(const struct inspect_options *o, const struct json *documents, struct err *err)
{
	own_buf struct buf out = {0};
	int r = 0;

	if (o->format) {
		r = format_documents(o->format, documents, &out, err);
	} else {
		json_write(documents, JSON_PRETTY, &out);
		buf_addc(&out, '\n');
	}
	format_print(&out);
	return r;
}

static int inspect(const struct cli_call *call, const char *type, struct err *err)
{
	const struct inspect_options *o = call->options;
	own(gathering_release) struct gathering g = {0};
	int status = 0;

	if (mouth_open_looking(&g.mouth, call, err) < 0)
		return -err->code;
	g.mouth.sink.result = gather;
	g.documents = json_new_array(&g.mouth.engine.arena);
	for (size_t i = 0; i < call->nargs; i++) {
		const struct inspect_request rq = {call->args[i], type, o->size};

		if (verb_inspect(&g.mouth.engine, &rq, &g.mouth.sink, err) == 0)
			continue;
		if (err->code == EINVAL)
			return -err->code;
		mouth_complain(&g.mouth, err, &status);
	}
	return print(o, g.documents, err) < 0 ? -err->code : status;
}

static int run_any(const struct cli_call *call, struct err *err)
{
	return inspect(call, ((const struct inspect_options *)call->options)->type, err);
}

/* "image inspect": the first word is the type */
static int run_typed(const struct cli_call *call, struct err *err)
{
	char type[16];

	snprintf(type, sizeof(type), "%.*s", (int)strcspn(call->command->name, " "),
		call->command->name);
	return inspect(call, type, err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct inspect_options, format, "format", 'f', "TEMPLATE",
		"a Go template for each object, or json"),
	OPT_FLAG(struct inspect_options, size, "size", 's', "with the sizes of containers on disk"),
	OPT_STRING(struct inspect_options, type, "type", 0, "TYPE",
		"container, image, network or volume"),
};

#define INSPECT(name_, noptions_, what, run_)                                                      \
	{                                                                                          \
		.name = (name_), .synopsis = "[OPTIONS] NAME [NAME...]",                           \
		.help = "Print everything about " what " as JSON", .options = options,             \
		.noptions = (noptions_), .options_size = sizeof(struct inspect_options),           \
		.min_args = 1, .max_args = -1, .run = (run_)                                       \
	}

const struct cli_command cmd_inspect = INSPECT("inspect", ARRAY_LEN(options), "objects", run_any);
const struct cli_command cmd_container_inspect = INSPECT(
	"container inspect", 2, "containers", run_typed);
const struct cli_command cmd_image_inspect = INSPECT("image inspect", 1, "images", run_typed);
const struct cli_command cmd_network_inspect = INSPECT("network inspect", 1, "networks", run_typed);
const struct cli_command cmd_volume_inspect = INSPECT("volume inspect", 1, "volumes", run_typed);
