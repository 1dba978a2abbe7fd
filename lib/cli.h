/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lines: one table per program drives parsing, --help, the man page and completion.
 * GNU and docker conventions: "--name value", "--name=value", "-n value", "-nvalue", "-it", "--".
 */
#ifndef KIST_LIB_CLI_H
#define KIST_LIB_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

enum cli_kind {
	CLI_FLAG,    /* bool; "--x", "--x=true", "--x=false" */
	CLI_STRING,  /* const char *, points into argv; NULL when not given */
	CLI_STRINGS, /* struct strv; may be given several times */
	CLI_INT,     /* int64_t */
	CLI_SIZE,    /* int64_t bytes; "64m", "1.5g", b k m g t p in powers of 1024 */
	CLI_FD,      /* int, an open descriptor, made O_CLOEXEC; 0 means "not given" */
	CLI_VALUE,   /* parse() stores what it likes */
};

enum cli_flags {
	CLI_HIDDEN = 1, /* parsed, not shown */
	CLI_PASS = 2,   /* of a command: its words are another program's, options and --help, too */
};

struct cli_option {
	const char *name; /* without "--"; NULL when there is only a letter */
	char letter;      /* 0: none */
	enum cli_kind kind;
	size_t offset;    /* of the field in the options struct */
	const char *arg;  /* the value's name in help, "FILE"; NULL for flags */
	const char *help; /* one line, lower case, no full stop */
	unsigned flags;
	/* CLI_VALUE: read one occurrence into the field. Returns 0, or sets *err to the reason. */
	int (*parse)(const char *value, void *field, struct err *err);
};

/*
 * Rows of an option table, one macro for each kind; members of struct cli_option may follow
 * (".flags = CLI_HIDDEN"). The member's type is checked against the kind.
 *
 *	OPT_FLAG(struct run_options, detach, "detach", 'd', "in the background"),
 *	OPT_STRING(struct run_options, name, "name", 0, "NAME", "of the container"),
 *	OPT_VALUE(struct run_options, memory, "memory", 'm', "SIZE", "at most", parse_memory),
 */
#define OPT_FLAG(type, member, name_, letter_, help_, ...)                                         \
	OPT_ROW(CLI_FLAG, bool, type, member, name_, letter_, NULL, help_, ##__VA_ARGS__)
#define OPT_STRING(type, member, name_, letter_, arg_, help_, ...)                                 \
	OPT_ROW(CLI_STRING, const char *, type, member, name_, letter_, arg_, help_, ##__VA_ARGS__)
#define OPT_LIST(type, member, name_, letter_, arg_, help_, ...)                                   \
	OPT_ROW(CLI_STRINGS, struct strv, type, member, name_, letter_, arg_, help_, ##__VA_ARGS__)
#define OPT_INT(type, member, name_, letter_, arg_, help_, ...)                                    \
	OPT_ROW(CLI_INT, int64_t, type, member, name_, letter_, arg_, help_, ##__VA_ARGS__)
#define OPT_SIZE(type, member, name_, letter_, arg_, help_, ...)                                   \
	OPT_ROW(CLI_SIZE, int64_t, type, member, name_, letter_, arg_, help_, ##__VA_ARGS__)
#define OPT_FD(type, member, name_, letter_, arg_, help_, ...)                                     \
	OPT_ROW(CLI_FD, int, type, member, name_, letter_, arg_, help_, ##__VA_ARGS__)
#define OPT_VALUE(type, member, name_, letter_, arg_, help_, parse_, ...)                          \
	OPT_ROW(CLI_VALUE, __typeof__(((type *)0)->member), type, member, name_, letter_, arg_,    \
		help_, .parse = (parse_), ##__VA_ARGS__)

#define OPT_ROW(kind_, wanted, type, member, name_, letter_, arg_, help_, ...)                     \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .kind = (kind_),                             \
		.offset = offsetof(type, member) + OPT_TYPE_CHECK(wanted, type, member),           \
		.arg = (arg_), .help = (help_), ##__VA_ARGS__                                      \
	}
/* 0; does not compile when the member has another type than its kind of option fills in */
#define OPT_TYPE_CHECK(wanted, type, member)                                                       \
	(0 *                                                                                       \
		sizeof(char[__builtin_types_compatible_p(wanted, __typeof__(((type *)0)->member))  \
				? 1                                                                \
				: -1]))

struct cli_call;

/* What can be wrong with a command line. */
enum cli_misuse_kind {
	CLI_UNKNOWN_OPTION,  /* word or letter */
	CLI_MISSING_VALUE,   /* of word or letter */
	CLI_BAD_VALUE,       /* of option: value, because of why */
	CLI_WRONG_COUNT,     /* call->nargs are not what call->command takes */
	CLI_UNKNOWN_COMMAND, /* word */
	CLI_NO_COMMAND,      /* nothing at all; help, if it is to be printed, is the caller's */
};

struct cli_misuse {
	enum cli_misuse_kind kind;
	const char *word; /* the long option's name or the command; or the word that letter is in */
	int word_len;
	char letter; /* 0: a long option */
	const struct cli_option *option;
	const char *value, *why;
};

struct cli_command {
	const char *name; /* "run", or two words: "container ls"; NULL in a program without any */
	const char *synopsis; /* what follows the name: "[OPTIONS] IMAGE [COMMAND] [ARG...]" */
	const char *help;     /* one sentence without full stop */
	const struct cli_option *options;
	size_t noptions;
	size_t options_size;    /* of the struct that holds them; zeroed before parsing */
	int min_args, max_args; /* max_args -1: any number */
	bool options_first;     /* what follows the first argument is not ours: "run IMAGE ls -l" */
	unsigned flags;
	/* Returns the exit status, or a negative code with *err set. */
	int (*run)(const struct cli_call *call, struct err *err);
	const char *details; /* paragraphs for the man page, plain text; NULL: none */
};

struct cli_program {
	const char *name;
	const char *help;
	const struct cli_option *options; /* before the command's name */
	size_t noptions;
	size_t options_size;
	const struct cli_command *commands;
	size_t ncommands;
	/*
	 * What is wrong with the command line, in this program's own words and with a status of its
	 * own: prints to stderr and returns the exit status. NULL: "prog: ..." and 2.
	 */
	int (*misuse)(const struct cli_call *call, const struct cli_misuse *what);
	const char *exit_status; /* more of it for the man page, roff; NULL: the usual ones are all
				  */
	/* Words without a command of that name; NULL: an error. Returns like cli_command.run. */
	int (*other)(const struct cli_call *call, struct err *err);
	/* Print an error instead of "prog: msg"; returns the exit status. NULL: err_report(). */
	int (*report)(const struct cli_call *call, const struct err *err);
	const char *details;
	void *context; /* what run() finds again as call->program->context; the table's own is NULL
			*/
};

struct cli_call {
	const struct cli_program *program;
	const struct cli_command *command; /* NULL in other() */
	void *global;                      /* the program's options struct */
	void *options;                     /* the command's */
	char **args;                       /* NULL-terminated; borrowed from argv */
	size_t nargs;
};

/*
 * All of main(): io_start(), parse, answer --help and --version, run the command, report its
 * error. Returns the exit status.
 */
int cli_main(const struct cli_program *program, int argc, char **argv);

/*
 * Parse the words behind the program's name and run the command, as cli_main() does, but in a
 * process that goes on: nothing is printed, --help and --version are no options. words is
 * NULL-terminated. Returns the exit status, or a negative code with *err set.
 */
int cli_run(const struct cli_program *program, const char *const words[], struct err *err);

/* "64m" and the like as bytes: docker's and runc's rule. 0, or -EINVAL / -ERANGE. */
int cli_parse_size(const char *text, int64_t *bytes);

/* Texts from the tables; see cli_help.c. command NULL: the program's own page. */
void cli_help(const struct cli_program *p, const struct cli_command *command, struct buf *out);
void cli_man(const struct cli_program *p, struct buf *out);
void cli_bash_completion(const struct cli_program *p, struct buf *out);

#endif
