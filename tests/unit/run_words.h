/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of "kist run", up to the body of docker's create call. */
#ifndef KIST_TESTS_RUN_WORDS_H
#define KIST_TESTS_RUN_WORDS_H

#include "engine/docker/docker.h"
#include "lib/cli.h"

/*
 * Parse "run" and words, which one space separates ('~' stands for a space inside of one), and call
 * use() with the body while it lives. Returns what use() returns, or the parser's error.
 */
int run_words(const char *words, int (*use)(const struct docker_body *, void *arg, struct err *),
	void *arg, struct err *err);

/* The whole body as docker's client would post it, in the arena. */
struct json *run_words_json(const struct docker_body *body, struct arena *a);

/* The program that has run as its command. */
extern const struct cli_program run_words_program;

#endif
