/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/run_words.h"

#include <string.h>

#include "engine/cli/run/flags.h"
#include "engine/cli/run/options.h"
#include "lib/own.h"

struct use {
	int (*call)(const struct docker_body *, void *arg, struct err *);
	void *arg;
};

static int call_use(const struct cli_call *call, struct err *err)
{
	const struct use *use = call->program->context;
	own_arena struct arena a = {0};
	struct docker_body body;

	if (run_body(call->options, call->args, call->nargs, &body, &a, err) < 0)
		return -err->code;
	return use->call(&body, use->arg, err);
}

static const struct cli_command row = {
	.name = "run", .run = call_use, RUN_ROW(run_flags, RUN_FLAGS)};

const struct cli_program run_words_program = {
	.name = "test", .commands = &row, .ncommands = 1, .options = NULL};

int run_words(const char *words, int (*use)(const struct docker_body *, void *arg, struct err *),
	void *arg, struct err *err)
{
	struct use what = {use, arg};
	struct cli_program program = run_words_program;
	/* at most a word for every two characters, the verb, and the end */
	own_mem const char **argv = xcalloc(strlen(words) / 2 + 4, sizeof(*argv));
	size_t n = 0;
	own_mem char *copy = xstrdup(words);
	char *save = NULL;

	argv[n++] = "run";
	program.context = &what;
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		for (char *c = w; *c; c++)
			if (*c == '~')
				*c = ' ';
		argv[n++] = w;
	}
	return cli_run(&program, argv, err);
}

struct json *run_words_json(const struct docker_body *body, struct arena *a)
{
	struct json *o = schema_encode(&docker_config_schema, &body->config, a);
	struct json *networking = json_get(
		schema_encode(&docker_body_schema, body, a), "NetworkingConfig");

	json_set(a, o, "HostConfig", schema_encode(&docker_host_config_schema, &body->host, a));
	json_set(a, o, "NetworkingConfig", networking ? networking : json_new_object(a));
	return o;
}
