/* SPDX-License-Identifier: Apache-2.0 */
/* kist version */
#include <stdio.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "spec/image.h"

struct version_options {
	const char *format;
};

/* It needs no store, and works where none can be opened. */
struct version_mouth {
	struct sink sink;
	const char *format;
};

static int show(struct sink *sink, const struct result *result, struct err *err)
{
	const char *format = ((const struct version_mouth *)sink)->format;
	const struct json *d = result->document;

	if (format)
		return format_document(format, d, err);
	printf("Client:\n Version:           %s\n API version:       %s\n OS/Arch:           %s\n"
	       " Context:           default\n\n"
	       "Server: kist (no daemon)\n Engine:\n  Version:          %s\n"
	       "  API version:      %s\n  OS/Arch:          %s\n kist-runtime:\n  Version:          %s\n"
	       " Kernel:\n  Version:          %s\n",
		KIST_VERSION, VERB_API_VERSION, platform_host(), KIST_VERSION, VERB_API_VERSION,
		platform_host(), KIST_VERSION,
		json_get_string(json_get(d, "Server"), "KernelVersion"));
	return 0;
}

static int run_version(const struct cli_call *call, struct err *err)
{
	const struct version_options *o = call->options;
	struct version_mouth m = {{.result = show}, o->format};
	struct engine e = {0};
	int r;

	r = mouth_only_looks(call, err);
	if (r == 0)
		r = verb_version(&e, &m.sink, err);
	arena_release(&e.arena);
	return r;
}

static const struct cli_option options[] = {
	OPT_STRING(
		struct version_options, format, "format", 'f', "FORMAT", "json or a Go template"),
};

const struct cli_command cmd_version = {
	.name = "version",
	.synopsis = "[OPTIONS]",
	.help = "Print versions",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct version_options),
	.run = run_version,
};
