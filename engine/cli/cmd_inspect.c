/* SPDX-License-Identifier: Apache-2.0 */
/* kist inspect, and inspect of each kind */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/verb/inspect.h"
#include "lib/own.h"

struct inspect_options {
	const char *format, *type;
	bool size;
};

typedef struct json *find_document(struct engine *e, const char *name, bool size, struct err *err);

static struct json *find_container(struct engine *e, const char *name, bool size, struct err *err)
{
	own_subject struct subject s = {0};

	return subject_find(e, name, 0, &s, err) < 0 ? NULL : inspect_container(e, &s, size, err);
}

static struct json *find_image(struct engine *e, const char *name, bool size, struct err *err)
{
	struct image image;

	(void)size;
	if (image_find(e->store, name, &image, &e->arena, err) < 0)
		return NULL;
	return inspect_image(e, &image, err);
}

static struct json *find_network(struct engine *e, const char *name, bool size, struct err *err)
{
	(void)size;
	return inspect_network(e, name, err);
}

static struct json *find_volume(struct engine *e, const char *name, bool size, struct err *err)
{
	struct volume volume;

	(void)size;
	if (volume_find(e->store, name, &volume, &e->arena, err) < 0)
		return NULL;
	return inspect_volume(e, &volume);
}

/* In the order in which docker looks. */
static const struct kind {
	const char *type;
	find_document *find;
} kinds[] = {{"container", find_container}, {"image", find_image}, {"network", find_network},
	{"volume", find_volume}};

/* NULL and E_NOT_FOUND in the words of the type, or of all of them. */
static struct json *find(
	struct engine *e, const char *type, const char *name, bool size, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct json *found;

		if (type && strcmp(type, kinds[i].type) != 0)
			continue;
		found = kinds[i].find(e, name, size, err);
		/* a name that cannot be an image's is not found, either */
		if (found || type ||
			(err->code != E_NOT_FOUND && err->code != E_SYNTAX && err->code != E_USAGE))
			return found;
	}
	err_set(err, E_NOT_FOUND, "No such object: %s", name);
	return NULL;
}

static int check_type(const char *type, struct err *err)
{
	for (size_t i = 0; type && i < ARRAY_LEN(kinds); i++)
		if (strcmp(type, kinds[i].type) == 0)
			return 0;
	return type ? err_set(err, EINVAL, "\"%s\" is not a valid value for --type", type) : 0;
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
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	struct json *documents;
	int status = 0;

	if (mouth_open_looking(&m, call, err) < 0 || check_type(type, err) < 0)
		return -err->code;
	documents = json_new_array(&e->arena);
	for (size_t i = 0; i < call->nargs; i++) {
		struct json *found = find(e, type, call->args[i], o->size, err);

		if (found)
			json_append(documents, found);
		else
			mouth_complain(&m, err, &status);
	}
	return print(o, documents, err) < 0 ? -err->code : status;
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
	{.name = "format",
		.letter = 'f',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct inspect_options, format),
		.arg = "TEMPLATE",
		.help = "a Go template for each object, or json"},
	{.name = "size",
		.letter = 's',
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct inspect_options, size),
		.help = "with the sizes of containers on disk"},
	{.name = "type",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct inspect_options, type),
		.arg = "TYPE",
		.help = "container, image, network or volume"},
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
