/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"

/* One run over a list of words: the options of one table, into one struct. */
struct parse {
	const struct cli_option *options;
	size_t noptions;
	void *into;
	char **args; /* what is left; next is the one to look at */
	size_t next;
	bool program; /* the words in front of the command */
	bool help, version;
	const char *generate;
	struct cli_misuse wrong; /* when parsing fails */
	struct err why;          /* what wrong.why points at */
};

int cli_parse_size(const char *text, int64_t *bytes)
{
	static const char units[] = "bkmgtp";
	double n, scale = 1;
	const char *unit;
	char *end;

	if (!strchr("0123456789.", *text) || !*text)
		return -EINVAL;
	n = strtod(text, &end);
	if (*end) {
		unit = strchr(units, *end | 0x20);
		if (!unit)
			return -EINVAL;
		scale = exp2(10.0 * (double)(unit - units));
		end++;
		if (unit != units && (*end == 'i' || *end == 'I'))
			end++;
		if (unit != units && (*end == 'b' || *end == 'B'))
			end++;
		if (*end)
			return -EINVAL;
	}
	n *= scale;
	if (!(n < 9223372036854775807.0))
		return -ERANGE;
	*bytes = (int64_t)n;
	return 0;
}

static int parse_bool(const char *value, bool *field, struct err *err)
{
	static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
	static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};

	for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
		if (strcmp(value, yes[i]) == 0 || strcmp(value, no[i]) == 0) {
			*field = strcmp(value, yes[i]) == 0;
			return 0;
		}
	}
	return err_set(err, E_USAGE, "expected true or false");
}

static int parse_int(const char *value, int64_t *field, struct err *err)
{
	char *end;

	errno = 0;
	*field = strtoll(value, &end, 10);
	if (!*value || *end)
		return err_set(err, E_USAGE, "expected a whole number");
	return errno ? err_set(err, E_USAGE, "number out of range") : 0;
}

static int parse_fd(const char *value, int *field, struct err *err)
{
	int64_t fd;
	int r = parse_int(value, &fd, err);

	if (r < 0)
		return r;
	if (fd < 0 || fd > 1 << 20 || fcntl((int)fd, F_GETFD) < 0)
		return err_set(err, E_USAGE, "descriptor %s is not open", value);
	if (fd > 2)
		fcntl((int)fd, F_SETFD, FD_CLOEXEC);
	*field = (int)fd;
	return 0;
}

static int store(const struct cli_option *o, const char *value, void *field, struct err *err)
{
	switch (o->kind) {
	case CLI_FLAG:
		return parse_bool(value, field, err);
	case CLI_STRING:
		memcpy(field, &value, sizeof(value));
		return 0;
	case CLI_STRINGS:
		strv_add(field, value);
		return 0;
	case CLI_INT:
		return parse_int(value, field, err);
	case CLI_SIZE:
		if (cli_parse_size(value, field) < 0)
			return err_set(err, E_USAGE, "invalid size: '%s'", value);
		return 0;
	case CLI_FD:
		return parse_fd(value, field, err);
	case CLI_VALUE:
		return o->parse(value, field, err);
	}
	return err_set(err, EINVAL, "unknown kind of option");
}

static int misused(struct parse *p, const struct cli_misuse *what)
{
	p->wrong = *what;
	return -E_USAGE;
}

static int store_named(struct parse *p, const struct cli_option *o, const char *value)
{
	int r = store(o, value, (char *)p->into + o->offset, &p->why);

	if (r >= 0)
		return 0;
	return misused(p,
		&(struct cli_misuse){
			.kind = CLI_BAD_VALUE, .option = o, .value = value, .why = p->why.msg});
}

static const struct cli_option *find_long(const struct parse *p, const char *name, size_t len)
{
	for (size_t i = 0; i < p->noptions; i++) {
		const char *n = p->options[i].name;

		if (n && strncmp(n, name, len) == 0 && n[len] == '\0')
			return &p->options[i];
	}
	return NULL;
}

static int parse_long(struct parse *p, const char *word)
{
	size_t len = strcspn(word, "=");
	const char *value = word[len] ? word + len + 1 : NULL;
	const struct cli_option *o = find_long(p, word, len);

	if (!o && strcmp(word, "help") == 0) {
		p->help = true;
		return 0;
	}
	if (!o && strcmp(word, "version") == 0) {
		p->version = true;
		return 0;
	}
	if (!o && strncmp(word, "generate=", 9) == 0) {
		p->generate = value;
		return 0;
	}
	if (!o)
		return misused(p,
			&(struct cli_misuse){
				.kind = CLI_UNKNOWN_OPTION, .word = word, .word_len = (int)len});
	if (o->kind == CLI_FLAG)
		return store_named(p, o, value ? value : "true");
	if (!value)
		value = p->args[p->next];
	else
		return store_named(p, o, value);
	if (!value)
		return misused(p,
			&(struct cli_misuse){.kind = CLI_MISSING_VALUE,
				.word = o->name,
				.word_len = (int)strlen(o->name)});
	p->next++;
	return store_named(p, o, value);
}

/* "-it", "-eA=b", "-e A=b", "-e=A=b" */
static int parse_letters(struct parse *p, const char *word)
{
	for (const char *c = word; *c; c++) {
		const struct cli_option *o = NULL;
		const char *value;

		for (size_t i = 0; i < p->noptions && !o; i++)
			if (p->options[i].letter == *c)
				o = &p->options[i];
		if (!o && *c == 'h') {
			p->help = true;
			return 0;
		}
		if (!o && *c == 'v' && p->program) {
			p->version = true;
			return 0;
		}
		if (!o)
			return misused(p,
				&(struct cli_misuse){.kind = CLI_UNKNOWN_OPTION,
					.letter = *c,
					.word = word,
					.word_len = (int)strlen(word)});
		if (o->kind == CLI_FLAG && c[1] != '=') {
			if (store_named(p, o, "true") < 0)
				return -E_USAGE;
			continue;
		}
		value = c[1] == '=' ? c + 2 : c[1] ? c + 1 : p->args[p->next];
		if (!value)
			return misused(p,
				&(struct cli_misuse){.kind = CLI_MISSING_VALUE,
					.letter = *c,
					.word = word,
					.word_len = (int)strlen(word)});
		if (!c[1])
			p->next++;
		return store_named(p, o, value);
	}
	return 0;
}

/*
 * Take options out of p->args; the other words are moved to its front. Returns how many those
 * are. With options_first everything from the first of them on is left as it is.
 */
static int parse_words(struct parse *p, bool options_first)
{
	size_t kept = 0;

	while (p->args[p->next]) {
		char *word = p->args[p->next++];
		int r = 0;

		if (strcmp(word, "--") == 0)
			break;
		if (word[0] == '-' && word[1] == '-')
			r = parse_long(p, word + 2);
		else if (word[0] == '-' && word[1])
			r = parse_letters(p, word + 1);
		else {
			p->args[kept++] = word;
			if (options_first)
				break;
		}
		if (r < 0)
			return r;
		if (p->help)
			break;
	}
	while (p->args[p->next])
		p->args[kept++] = p->args[p->next++];
	p->args[kept] = NULL;
	return (int)kept;
}

static void release_options(const struct cli_option *options, size_t n, void *values)
{
	for (size_t i = 0; values && i < n; i++)
		if (options[i].kind == CLI_STRINGS)
			strv_release((struct strv *)(void *)((char *)values + options[i].offset));
	free(values);
}

static int print(const struct buf *text)
{
	return io_write_full(1, buf_str(text), text->len) < 0 ? 1 : 0;
}

static int print_help(const struct cli_program *p, const struct cli_command *c)
{
	own_buf struct buf text = {0};

	cli_help(p, c, &text);
	return print(&text);
}

static int generate(const struct cli_program *p, const char *what)
{
	own_buf struct buf text = {0};

	if (strcmp(what, "man") == 0)
		cli_man(p, &text);
	else if (strcmp(what, "bash") == 0)
		cli_bash_completion(p, &text);
	else
		return 2;
	return print(&text);
}

/* Does the command's name, of one or two words, stand at the front of args? Returns its words. */
static size_t name_matches(const struct cli_command *c, char **args)
{
	const char *space;
	size_t n;

	if (!c->name || !args[0])
		return 0;
	space = strchr(c->name, ' ');
	if (!space)
		return strcmp(c->name, args[0]) == 0 ? 1 : 0;
	n = (size_t)(space - c->name);
	if (strlen(args[0]) != n || strncmp(c->name, args[0], n) != 0)
		return 0;
	return args[1] && strcmp(space + 1, args[1]) == 0 ? 2 : 0;
}

static const struct cli_command *find_command(
	const struct cli_program *p, char **args, size_t *words)
{
	for (size_t i = 0; i < p->ncommands; i++) {
		*words = p->commands[i].name ? name_matches(&p->commands[i], args) : 0;
		if (*words || !p->commands[i].name)
			return &p->commands[i];
	}
	return NULL;
}

static int count_text(const struct cli_call *call, struct err *err)
{
	const struct cli_command *c = call->command;
	bool few = (int)call->nargs < c->min_args;
	const char *bound = c->max_args == c->min_args ? "" : few ? "at least " : "at most ";
	int limit = few ? c->min_args : c->max_args;

	return err_set(err, E_USAGE, "%zu argument%s given, %s%d wanted: %s%s%s %s", call->nargs,
		call->nargs == 1 ? "" : "s", bound, limit, call->program->name, c->name ? " " : "",
		c->name ? c->name : "", c->synopsis);
}

/* In lib's words. Returns -E_USAGE. */
static int misuse_text(const struct cli_call *call, const struct cli_misuse *m, struct err *err)
{
	const char letter[] = {m->letter, '\0'};
	const char *dashes = m->letter ? "-" : "--";
	const char *name = m->letter ? letter : m->word;
	int len = m->letter ? 1 : m->word_len;

	switch (m->kind) {
	case CLI_UNKNOWN_OPTION:
		return err_set(err, E_USAGE, "there is no option %s%.*s", dashes, len, name);
	case CLI_MISSING_VALUE:
		return err_set(err, E_USAGE, "option %s%.*s needs a value", dashes, len, name);
	case CLI_BAD_VALUE:
		return err_set(err, E_USAGE, "option %s%s: '%.100s': %s",
			m->option->name ? "--" : "-",
			m->option->name ? m->option->name : (char[]){m->option->letter, '\0'},
			m->value, m->why);
	case CLI_WRONG_COUNT:
		return count_text(call, err);
	case CLI_UNKNOWN_COMMAND:
		return err_set(err, E_USAGE, "there is no command '%s'", m->word);
	case CLI_NO_COMMAND:
		return err_set(err, E_USAGE, "no command is given");
	}
	return err_set(err, E_USAGE, "wrong usage");
}

/* Say what is wrong: by the program's own function, or in lib's words. Returns the status. */
static int misuse(const struct cli_call *call, const struct cli_misuse *what)
{
	const struct cli_program *p = call->program;
	const char *command = call->command && call->command->name ? call->command->name : NULL;
	struct err err;

	if (p->misuse)
		return p->misuse(call, what);
	if (what->kind == CLI_NO_COMMAND) {
		own_buf struct buf text = {0};

		cli_help(p, NULL, &text);
		io_write_full(2, buf_str(&text), text.len);
		return 2;
	}
	misuse_text(call, what, &err);
	fprintf(stderr, "%s: %s\nSee '%s%s%s --help'.\n", p->name, err.msg, p->name,
		command ? " " : "", command ? command : "");
	return 2;
}

static bool count_fits(const struct cli_call *call)
{
	const struct cli_command *c = call->command;
	int have = (int)call->nargs;

	return have >= c->min_args && (c->max_args < 0 || have <= c->max_args);
}

static int report(const struct cli_call *call, const struct err *err)
{
	if (call->program->report)
		return call->program->report(call, err);
	return err_report(call->program->name, err);
}

/* Parse the words behind the command's name and run it. */
static int run_command(struct cli_call *call, char **args)
{
	const struct cli_command *c = call->command;
	struct parse p = {.options = c->options, .noptions = c->noptions, .args = args};
	struct err err = {0};
	int r;

	call->options = p.into = xcalloc(1, c->options_size);
	if (c->flags & CLI_PASS) {
		for (r = 0; args[r]; r++)
			;
	} else {
		r = parse_words(&p, c->options_first);
	}
	if (r < 0)
		return misuse(call, &p.wrong);
	if (p.help)
		return print_help(call->program, c->name ? c : NULL);
	if (p.version && !c->name)
		return printf("%s version %s\n", call->program->name, KIST_VERSION) < 0;
	if (p.generate)
		return generate(call->program, p.generate);
	call->args = args;
	call->nargs = (size_t)r;
	if (!count_fits(call))
		return misuse(call, &(struct cli_misuse){.kind = CLI_WRONG_COUNT});
	r = c->run(call, &err);
	return r < 0 ? report(call, &err) : r;
}

static int dispatch(struct cli_call *call, char **args)
{
	const struct cli_program *program = call->program;
	struct err err = {0};
	size_t words = 0;
	int r;

	call->command = find_command(program, args, &words);
	if (call->command)
		return run_command(call, args + words);
	if (!args[0])
		return misuse(call, &(struct cli_misuse){.kind = CLI_NO_COMMAND});
	for (call->args = args, call->nargs = 0; args[call->nargs]; call->nargs++)
		;
	if (program->other) {
		r = program->other(call, &err);
		return r < 0 ? report(call, &err) : r;
	}
	return misuse(call,
		&(struct cli_misuse){.kind = CLI_UNKNOWN_COMMAND,
			.word = args[0],
			.word_len = (int)strlen(args[0])});
}

static int parse_and_dispatch(struct cli_call *call, char **argv)
{
	const struct cli_program *program = call->program;
	struct parse p = {.options = program->options,
		.noptions = program->noptions,
		.args = argv,
		.program = true};

	/* a program without commands has all its options in its one command */
	if (program->ncommands == 1 && !program->commands[0].name)
		return dispatch(call, argv);
	call->global = p.into = xcalloc(1, program->options_size);
	if (parse_words(&p, true) < 0)
		return misuse(call, &p.wrong);
	if (p.help)
		return print_help(program, NULL);
	if (p.version)
		return printf("%s version %s\n", program->name, KIST_VERSION) < 0;
	if (p.generate)
		return generate(program, p.generate);
	return dispatch(call, argv);
}

static int run_words(struct cli_call *call, char **args, struct err *err)
{
	const struct cli_program *program = call->program;
	struct parse front = {.options = program->options,
		.noptions = program->noptions,
		.args = args,
		.program = true};
	struct parse words = {0};
	size_t name = 0;
	int r;

	call->global = front.into = xcalloc(1, program->options_size);
	if (parse_words(&front, true) < 0)
		return misuse_text(call, &front.wrong, err);
	call->command = front.help || front.version ? NULL : find_command(program, args, &name);
	if (!call->command)
		return err_set(err, E_USAGE, "%s has no command '%s'", program->name,
			args[0] ? args[0] : "");
	words.options = call->command->options;
	words.noptions = call->command->noptions;
	words.args = args + name;
	call->options = words.into = xcalloc(1, call->command->options_size);
	r = parse_words(&words, call->command->options_first);
	if (r < 0)
		return misuse_text(call, &words.wrong, err);
	if (words.help || words.generate)
		return err_set(
			err, E_USAGE, "%s %s: no help here", program->name, call->command->name);
	call->args = words.args;
	call->nargs = (size_t)r;
	if (!count_fits(call))
		return count_text(call, err);
	return call->command->run(call, err);
}

int cli_run(const struct cli_program *program, const char *const words[], struct err *err)
{
	struct cli_call call = {.program = program};
	own_mem char **args = NULL;
	size_t n = 0;
	int r;

	while (words[n])
		n++;
	/* the parser moves the words, it changes none of them */
	args = xcalloc(n + 1, sizeof(*args));
	for (size_t i = 0; i < n; i++)
		args[i] = (char *)words[i];
	r = run_words(&call, args, err);
	release_options(program->options, program->noptions, call.global);
	if (call.command)
		release_options(call.command->options, call.command->noptions, call.options);
	return r;
}

int cli_main(const struct cli_program *program, int argc, char **argv)
{
	struct cli_call call = {.program = program};
	int status;

	io_start();
	log_start(program->name, LOG_LEVEL_WARN);
	status = parse_and_dispatch(&call, argc ? argv + 1 : argv);
	release_options(program->options, program->noptions, call.global);
	if (call.command)
		release_options(call.command->options, call.command->noptions, call.options);
	/* stdout that could not be written is a failure: exit 0 exactly when it is complete */
	if (fflush(stdout) != 0 && status == 0) {
		fprintf(stderr, "%s: cannot write to standard output: %s\n", program->name,
			strerror(errno));
		status = 1;
	}
	return status;
}
