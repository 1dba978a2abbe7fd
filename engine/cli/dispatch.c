/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/dispatch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/mouth.h"
#include "lib/own.h"
#include "lib/spawn.h"

/* Is word the first of a verb of two words? */
static bool is_group(const struct cli_program *p, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i < p->ncommands; i++)
		if (strncmp(p->commands[i].name, word, n) == 0 && p->commands[i].name[n] == ' ')
			return true;
	return false;
}

/* docker: the group alone is a success, a verb that it does not have is not; both on stderr. */
static int group_help(const struct cli_call *call)
{
	const struct cli_program *p = call->program;
	const char *group = call->args[0];
	size_t n = strlen(group);
	bool asked = call->nargs == 1 || strcmp(call->args[1], "--help") == 0;

	fprintf(stderr, "Usage:  kist %s COMMAND\n\nCommands:\n", group);
	for (size_t i = 0; i < p->ncommands; i++) {
		const char *name = p->commands[i].name;

		if (strncmp(name, group, n) == 0 && name[n] == ' ')
			fprintf(stderr, "  %-12s%s\n", name + n + 1, p->commands[i].help);
	}
	fprintf(stderr, "\nRun 'kist %s COMMAND --help' for more information on a command.\n",
		group);
	return asked ? 0 : 1;
}

static int execute(
	const struct cli_call *call, const char *path, const char *program, struct err *err)
{
	struct spawn sp = {.path = path, .flags = SPAWN_INHERIT};
	own_strv struct strv argv = {0};
	const struct mouth_options *o = call->global;

	strv_add(&argv, program);
	strv_add_all(&argv, (const char *const *)call->args + 1, call->nargs - 1);
	if (o->plan) {
		own_buf struct buf line = {0};

		for (size_t i = 0; i < argv.count; i++) {
			buf_adds(&line, i ? " " : "");
			buf_add_shell_word(&line, argv.items[i]);
		}
		printf("#!/bin/sh\n%s\n", buf_str(&line));
		return 0;
	}
	if ((o->root && setenv("KIST_ROOT", o->root, 1) < 0) ||
		(o->run && setenv("KIST_RUN", o->run, 1) < 0))
		return err_errno(err, "cannot set the environment");
	sp.argv = (const char *const *)argv.items;
	return spawn_become(&sp, err);
}

/* "kist help VERB" */
static int help(const struct cli_call *call)
{
	const struct cli_program *p = call->program;
	own_buf struct buf text = {0};
	size_t i = 0;

	if (call->nargs > 1) {
		while (i < p->ncommands && strcmp(p->commands[i].name, call->args[1]) != 0)
			i++;
		if (i == p->ncommands) {
			fprintf(stderr, "unknown help topic: %s\n", call->args[1]);
			return 1;
		}
	}
	cli_help(p, call->nargs > 1 ? &p->commands[i] : NULL, &text);
	fputs(buf_str(&text), stdout);
	return 0;
}

/* Run kist-WORD when there is one. Returns its status, or -ENOENT. */
static int run_program(const struct cli_call *call, const char *word, struct err *err)
{
	own_mem char *program = xasprintf("kist-%s", word);
	own_mem char *path = NULL;
	int r = program_find(program, &path, err);

	return r < 0 ? r : execute(call, path, program, err);
}

int dispatch_other(const struct cli_call *call, struct err *err)
{
	const char *word = call->args[0];
	int r = -ENOENT;

	if (strcmp(word, "help") == 0)
		return help(call);
	if (is_group(call->program, word))
		return group_help(call);
	if (!strchr(word, '/'))
		r = run_program(call, word, err);
	if (r != -ENOENT)
		return r;
	fprintf(stderr, "kist: '%s' is not a kist command.\nSee 'kist --help'\n", word);
	return 1;
}

static bool is_verb(const struct cli_call *call, const char *verb)
{
	const char *name = call->command ? call->command->name : "";
	const char *space = strrchr(name, ' ');

	return strcmp(space ? space + 1 : name, verb) == 0;
}

static int run_status(const struct err *err)
{
	if (err->code == E_COMMAND_NOT_FOUND)
		return 127;
	return err->code == E_COMMAND_NOT_EXECUTABLE ? 126 : 125;
}

int dispatch_report(const struct cli_call *call, const struct err *err)
{
	bool run = is_verb(call, "run"), exec = is_verb(call, "exec");

	if (*err->msg)
		fprintf(stderr, "kist: %s%s\n", err->msg, run && err->code == E_USAGE ? "." : "");
	if ((run || is_verb(call, "create")) &&
		(err->code == E_USAGE || err->code == E_UNSUPPORTED))
		fprintf(stderr, "See 'kist %s --help'.\n", call->command->name);
	if (run)
		return run_status(err);
	if ((exec || is_verb(call, "exec-failed")) && run_status(err) != 125)
		return run_status(err);
	/* a template that does not parse: docker's one other status */
	return is_verb(call, "inspect") && err->code == E_SYNTAX ? 64 : 1;
}

/* docker's sentences, and its statuses: 125, but 1 for a wrong number of words, 0 for none at all.
 */
static void count_sentence(const struct cli_call *call, struct buf *out)
{
	const struct cli_command *c = call->command;
	int min = c->min_args, max = c->max_args, limit = (int)call->nargs < min ? min : max;
	const char *bound = max == min   ? "exactly"
		: (int)call->nargs < min ? "at least"
					 : "at most";

	if (max == 0)
		buf_addf(out, "\"kist %s\" accepts no arguments.", c->name);
	else
		buf_addf(out, "\"kist %s\" requires %s %d argument%s.", c->name, bound, limit,
			limit == 1 ? "" : "s");
}

static void option_sentence(const struct cli_misuse *m, struct buf *out)
{
	const struct cli_option *o = m->option;

	if (m->kind == CLI_BAD_VALUE && o->letter && o->name)
		buf_addf(out, "invalid argument \"%.100s\" for \"-%c, --%s\" flag: %s", m->value,
			o->letter, o->name, m->why);
	else if (m->kind == CLI_BAD_VALUE)
		buf_addf(out, "invalid argument \"%.100s\" for \"--%s\" flag: %s", m->value,
			o->name ? o->name : (char[]){o->letter, '\0'}, m->why);
	else if (m->kind == CLI_MISSING_VALUE && m->letter)
		buf_addf(out, "flag needs an argument: '%c' in -%s", m->letter, m->word);
	else if (m->kind == CLI_MISSING_VALUE)
		buf_addf(out, "flag needs an argument: --%.*s", m->word_len, m->word);
	else if (m->letter)
		buf_addf(out, "unknown shorthand flag: '%c' in -%s", m->letter, m->word);
	else
		buf_addf(out, "unknown flag: --%.*s", m->word_len, m->word);
}

int dispatch_misuse(const struct cli_call *call, const struct cli_misuse *what)
{
	const struct cli_command *c = call->command;
	own_buf struct buf text = {0};
	struct err shown;

	if (what->kind == CLI_NO_COMMAND) {
		cli_help(call->program, NULL, &text);
		fputs(buf_str(&text), stderr);
		return 0;
	}
	if (what->kind == CLI_WRONG_COUNT)
		count_sentence(call, &text);
	else
		option_sentence(what, &text);
	err_set(&shown, E_USAGE, "%s", buf_str(&text)); /* escapes what comes from outside */
	fprintf(stderr, "%s\nSee 'kist%s%s --help'.\n", shown.msg, c ? " " : "", c ? c->name : "");
	if (what->kind != CLI_WRONG_COUNT)
		return 125;
	fprintf(stderr, "\nUsage:  kist %s %s\n\n%s.\n", c->name, c->synopsis, c->help);
	return 1;
}
