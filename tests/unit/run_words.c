/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/run_words.h"

#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/run/options.h"
#include "lib/own.h"

#define WORDS_MAX 128

struct use {
	int (*call)(const struct docker_body *, void *arg, struct err *);
	void *arg;
};

/* What the table of flags calls in kist is in cmd_run.c. */
int run_command(const struct cli_call *call, struct err *err)
{
	const struct use *use = call->program->context;
	own_arena struct arena a = {0};
	struct docker_body body;

	if (run_body(call->options, call->args, call->nargs, &body, &a, err) < 0)
		return -err->code;
	return use->call(&body, use->arg, err);
}

int create_command(const struct cli_call *call, struct err *err)
{
	return run_command(call, err);
}

const struct cli_program run_words_program = {
	.name = "test", .commands = &cmd_run, .ncommands = 1, .options = NULL};

int run_words(const char *words, int (*use)(const struct docker_body *, void *arg, struct err *),
	void *arg, struct err *err)
{
	struct use what = {use, arg};
	struct cli_program program = run_words_program;
	char name[] = "run", *argv[WORDS_MAX + 1] = {name};
	size_t n = 1;
	own_mem char *copy = xstrdup(words);
	char *save = NULL;

	program.context = &what;
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		for (char *c = w; *c; c++)
			if (*c == '~')
				*c = ' ';
		if (n == WORDS_MAX)
			return err_set(err, E_LIMIT, "more than %d words", WORDS_MAX);
		argv[n++] = w;
	}
	return cli_run(&program, argv, err);
}

struct json *run_words_json(const struct docker_body *body, struct arena *a)
{
	struct json *o = schema_encode(&docker_config_schema, &body->config, a);

	json_set(a, o, "HostConfig", schema_encode(&docker_host_config_schema, &body->host, a));
	json_set(a, o, "NetworkingConfig",
		schema_encode(&docker_networking_config_schema, &body->networking, a));
	return o;
}
