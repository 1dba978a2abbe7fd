/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

struct options {
	bool flag, interactive, tty;
	const char *text;
	struct strv list;
	int64_t number, size, even;
	int fd;
};

struct global {
	const char *root;
};

/* What the command saw, as one line. */
static char seen[300];

static int see(const struct cli_call *call, struct err *err)
{
	const struct options *o = call->options;
	const struct global *g = call->global;
	own_buf struct buf line = {0};

	buf_addf(&line, "%s%s%s%s", o->flag ? "flag " : "", o->interactive ? "i " : "",
		o->tty ? "t " : "", o->text ? o->text : "-");
	for (size_t i = 0; i < o->list.count; i++)
		buf_addf(&line, " [%s]", o->list.items[i]);
	buf_addf(&line, " %lld %lld %lld %d", (long long)o->number, (long long)o->size,
		(long long)o->even, o->fd);
	if (g && g->root)
		buf_addf(&line, " root=%s", g->root);
	for (size_t i = 0; i < call->nargs; i++)
		buf_addf(&line, " (%s)", call->args[i]);
	snprintf(seen, sizeof(seen), "%s", buf_str(&line));
	if (call->nargs && strcmp(call->args[0], "fail") == 0)
		return err_set(err, E_NOT_FOUND, "no such thing");
	return call->nargs && strcmp(call->args[0], "seven") == 0 ? 7 : 0;
}

static int parse_even(const char *value, void *field, struct err *err)
{
	int64_t n = atoi(value);

	if (n % 2)
		return err_set(err, E_USAGE, "odd");
	memcpy(field, &n, sizeof(n));
	return 0;
}

static const struct cli_option options[] = {
	OPT_FLAG(struct options, flag, "flag", 'f', "a flag"),
	OPT_FLAG(struct options, interactive, "interactive", 'i', "i"),
	OPT_FLAG(struct options, tty, "tty", 't', "t"),
	OPT_STRING(struct options, text, "text", 'x', "T", "text"),
	OPT_LIST(struct options, list, "list", 'l', "L", "list"),
	OPT_INT(struct options, number, "number", 0, "N", "number"),
	OPT_SIZE(struct options, size, "size", 0, "S", "size"),
	OPT_FD(struct options, fd, "fd", 0, "FD", "descriptor"),
	OPT_VALUE(struct options, even, "even", 0, "N", "even", parse_even),
	OPT_FLAG(struct options, flag, "secret", 0, "hidden", .flags = CLI_HIDDEN),
};

#define COMMAND(name_, ...)                                                                        \
	{                                                                                          \
		.name = (name_), .synopsis = "[OPTIONS]", .help = "Do it", .options = options,     \
		.noptions = ARRAY_LEN(options), .options_size = sizeof(struct options),            \
		.run = see, __VA_ARGS__                                                            \
	}

static const struct cli_command commands[] = {
	COMMAND("any", .max_args = -1),
	COMMAND("first", .max_args = -1, .options_first = true),
	COMMAND("two words", .min_args = 1, .max_args = 1),
};

static const struct cli_option globals[] = {
	OPT_STRING(struct global, root, "root", 0, "DIR", "root"),
};

static const struct cli_program program = {
	.name = "prog",
	.help = "A program",
	.options = globals,
	.noptions = ARRAY_LEN(globals),
	.options_size = sizeof(struct global),
	.commands = commands,
	.ncommands = ARRAY_LEN(commands),
};

/* Run with the line's words; what goes to stderr and stdout is dropped. */
static int run_program(const struct cli_program *which, const char *line)
{
	own_mem char *copy = xasprintf("prog %s", line);
	own_fd int out = dup(1), err = dup(2), null = open("/dev/null", O_WRONLY);
	char *argv[20];
	int argc = 0, status;

	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(stdout);
	dup2(null, 1);
	dup2(null, 2);
	snprintf(seen, sizeof(seen), "nothing");
	status = cli_main(which, argc, argv);
	fflush(stdout);
	dup2(out, 1);
	dup2(err, 2);
	return status;
}

static int run(const char *line)
{
	return run_program(&program, line);
}

static void parsed(void)
{
	static const char *const table[][2] = {
		{"any", "- 0 0 0 0"},
		{"any --flag", "flag - 0 0 0 0"},
		{"any --flag=false", "- 0 0 0 0"},
		{"any -it", "i t - 0 0 0 0"},
		{"any -i=false -t", "t - 0 0 0 0"},
		{"any --text a --text=b", "b 0 0 0 0"},
		{"any --text=", " 0 0 0 0"},
		{"any --text --flag", "--flag 0 0 0 0"},
		{"any -xa -x b", "b 0 0 0 0"},
		{"any -fxa=b", "flag a=b 0 0 0 0"},
		{"any -x=a=b", "a=b 0 0 0 0"},
		{"any -l a -lb --list c --list=d", "- [a] [b] [c] [d] 0 0 0 0"},
		{"any --number -5 --size 1.5k --even 4 --fd 1", "- -5 1536 4 1"},
		{"any a -f b", "flag - 0 0 0 0 (a) (b)"},
		{"any a -- -f --", "- 0 0 0 0 (a) (-f) (--)"},
		{"any -", "- 0 0 0 0 (-)"},
		{"first -f a -f --text b", "flag - 0 0 0 0 (a) (-f) (--text) (b)"},
		{"first a -- b", "- 0 0 0 0 (a) (--) (b)"},
		{"first -- -f", "- 0 0 0 0 (-f)"},
		{"two words -f a", "flag - 0 0 0 0 (a)"},
		{"--root /r any", "- 0 0 0 0 root=/r"},
		{"--root=/r two words x", "- 0 0 0 0 root=/r (x)"},
		{"any --secret", "flag - 0 0 0 0"},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		CU_ASSERT_EQUAL(run(table[i][0]), 0);
		UNIT_STRING(seen, table[i][1]);
	}
}

static void wrong(void)
{
	static const char *const table[] = {"", "nosuch", "two", "two nosuch", "any --nosuch",
		"any -z", "any --text", "any -x", "any --number x", "any --number 1.5",
		"any --number 99999999999999999999", "any --size 1q", "any --size -1",
		"any --even 3", "any --fd 999", "any --fd x", "any --flag=maybe", "two words",
		"two words a b", "--nosuch any", "any --fla"};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		CU_ASSERT_EQUAL(run(table[i]), 2);
		UNIT_STRING(seen, "nothing");
	}
}

/* A program with words of its own. */
static int note_misuse(const struct cli_call *call, const struct cli_misuse *what)
{
	const char *command = call->command ? call->command->name : "-";

	snprintf(seen, sizeof(seen), "%d %s %.*s %c %s %s %s", (int)what->kind, command,
		what->word_len, what->word ? what->word : "", what->letter ? what->letter : '-',
		what->option ? what->option->name : "-", what->value ? what->value : "-",
		what->why ? what->why : "-");
	return 77;
}

static void own_misuse(void)
{
	static const char *const table[][2] = {
		{"any --nosuch=5", "any nosuch - - - -"},
		{"any -fz", "any fz z - - -"},
		{"any --text", "any text - - - -"},
		{"any -x", "any x x - - -"},
		{"any --even 3", "any  - even 3 odd"},
		{"two words", "two words  - - - -"},
		{"nosuch", "- nosuch - - - -"},
		{"", "-  - - - -"},
		{"--nosuch any", "- nosuch - - - -"},
	};
	static const enum cli_misuse_kind kinds[] = {CLI_UNKNOWN_OPTION, CLI_UNKNOWN_OPTION,
		CLI_MISSING_VALUE, CLI_MISSING_VALUE, CLI_BAD_VALUE, CLI_WRONG_COUNT,
		CLI_UNKNOWN_COMMAND, CLI_NO_COMMAND, CLI_UNKNOWN_OPTION};
	struct cli_program other = program;

	other.misuse = note_misuse;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_mem char *expected = xasprintf("%d %s", (int)kinds[i], table[i][1]);

		CU_ASSERT_EQUAL(run_program(&other, table[i][0]), 77);
		UNIT_STRING(seen, expected);
	}
}

/* In lib's words, where nothing is printed. */
static void misuse_words(void)
{
	static const char *const table[][2] = {
		{"any --nosuch=5", "there is no option --nosuch"},
		{"any -fz", "there is no option -z"},
		{"any --text", "option --text needs a value"},
		{"any -x", "option -x needs a value"},
		{"any --even 3", "option --even: '3': odd"},
		{"two words", "0 arguments given, 1 wanted: prog two words [OPTIONS]"},
		{"two words a b", "2 arguments given, 1 wanted: prog two words [OPTIONS]"},
		{"nosuch", "prog has no command 'nosuch'"},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_mem char *copy = xstrdup(table[i][0]);
		const char *argv[20];
		int argc = 0;
		struct err err;

		for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
			argv[argc++] = word;
		argv[argc] = NULL;
		CU_ASSERT_EQUAL(cli_run(&program, argv, &err), -E_USAGE);
		UNIT_STRING(err.msg, table[i][1]);
	}
}

static void statuses(void)
{
	CU_ASSERT_EQUAL(run("any seven"), 7);
	CU_ASSERT_EQUAL(run("any fail"), 3);
	CU_ASSERT_EQUAL(run("any --help"), 0);
	UNIT_STRING(seen, "nothing");
	CU_ASSERT_EQUAL(run("--help"), 0);
	CU_ASSERT_EQUAL(run("--version"), 0);
	CU_ASSERT_EQUAL(run("--generate=man"), 0);
	CU_ASSERT_EQUAL(run("--generate=bash"), 0);
}

static void sizes(void)
{
	static const struct {
		const char *text;
		int result;
		int64_t bytes;
	} table[] = {
		{"0", 0, 0},
		{"1", 0, 1},
		{"1b", 0, 1},
		{"1k", 0, 1024},
		{"1KB", 0, 1024},
		{"1KiB", 0, 1024},
		{"64m", 0, 64 << 20},
		{"1.5g", 0, 1610612736},
		{"2t", 0, 2199023255552},
		{"", -EINVAL, 0},
		{"k", -EINVAL, 0},
		{"-1", -EINVAL, 0},
		{"1x", -EINVAL, 0},
		{"1kx", -EINVAL, 0},
		{"10000p", -ERANGE, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		int64_t bytes = 0;

		CU_ASSERT_EQUAL(cli_parse_size(table[i].text, &bytes), table[i].result);
		CU_ASSERT_EQUAL(bytes, table[i].bytes);
	}
}

static void texts(void)
{
	own_buf struct buf help = {0}, man = {0}, bash = {0};

	cli_help(&program, &commands[0], &help);
	cli_man(&program, &man);
	cli_bash_completion(&program, &bash);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&help), "--interactive"));
	CU_ASSERT_PTR_NULL(strstr(buf_str(&help), "--secret"));
	CU_ASSERT_PTR_NULL(strstr(buf_str(&man), "secret"));
	CU_ASSERT_PTR_NULL(strstr(buf_str(&bash), "--secret"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&bash), "--interactive"));
}

UNIT_TESTS(cli) = {
	{"a program may have words and statuses of its own for misuse", own_misuse},
	{"what is wrong is told in plain words", misuse_words},
	{"options are read in all of docker's forms", parsed},
	{"a wrong command line is status 2, and nothing runs", wrong},
	{"the status is the command's or its error's", statuses},
	{"sizes have binary units", sizes},
	{"help, man page and completion come from the table, without what is hidden", texts},
};
UNIT_COUNT(cli)
