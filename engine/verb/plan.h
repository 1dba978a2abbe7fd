/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a verb does, as a list of steps. One list, two readers: plan_execute() does the steps,
 * plan_print() writes them as a POSIX shell script of the small tools. A step is a program with its
 * arguments and streams; where the program's library is linked into kist, that program's own
 * function is called with the same words, which saves the start of the program.
 */
#ifndef KIST_ENGINE_PLAN_H
#define KIST_ENGINE_PLAN_H

#include <stdbool.h>
#include <sys/types.h>

#include "engine/docker/sentences.h"
#include "engine/verb/sink.h"
#include "lib/buf.h"
#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"
#include "store/tool.h"

enum step_kind {
	STEP_PROGRAM,
	STEP_FILE,      /* argv[0] is the file, input its content */
	STEP_DIRECTORY, /* argv[0] is made, with its parents */
	STEP_REMOVE,    /* argv[0], a file of ours, goes; missing is no error */
	STEP_SAY,    /* argv[0] is a line of the verb's answer: RESULT_LINE, and echo in a script */
	STEP_NOTICE, /* argv[0] is a sentence for a person: notice, and echo to stderr */
	STEP_FAIL,   /* argv[0] is why it cannot go on */
	STEP_REST,   /* argv are our own words: the rest of the plan can only be made when the steps
		      * before are done, and then is, as by kist --plan */
};

enum step_flags {
	STEP_QUIET = 1, /* stdout goes to /dev/null */
	STEP_LAST = 2,  /* its exit status is the plan's */
	/* It is done once descriptor 3 said {"pid":N}, and goes on in the background; with
	 * STEP_LAST it ends as the container does. Another line is its failure (spec/ready_line.h).
	 */
	STEP_READY = 4,
	STEP_MAY_FAIL = 8,    /* its failure does not matter */
	STEP_TO_STDERR = 16,  /* stdout goes to stderr */
	STEP_EXEC = 32,       /* the last step: it takes our place */
	STEP_SILENT = 64,     /* stdin, stdout and stderr are /dev/null */
	STEP_EXCLUSIVE = 256, /* (of a file) E_EXISTS when anything has the name */
	STEP_DOCKER =
		512, /* STEP_LAST, with docker's statuses: 125 for a wrong flag, 1 for all else */
	STEP_STATUS = 1024, /* the script fails with its status */
	STEP_ANSWER = 128,  /* what it prints, line by line, is the verb's answer: as STEP_SAY */
	/* What it says on stderr is why it failed: the error's message, and nothing where its
	 * failure does not matter. */
	STEP_TELLS = 4096,
	/* (with STEP_READY and STEP_LAST) our terminal is raw meanwhile: each key is the program's
	 */
	STEP_TERMINAL = 8192,
};

#define PLAN_PROGRESS_FD 3

/* A list of steps that grows at its end. */
struct step_list {
	struct step *first, *last;
};

struct step {
	enum step_kind kind;
	unsigned flags;
	const char *comment; /* above it in the script; NULL: none */
	struct strings argv;
	const char *input;       /* text for stdin, or a file's content; NULL: none */
	int input_fd;            /* (of a program) where it reads the text; 0: stdin */
	const char *input_file;  /* stdin from there */
	const char *output_file; /* stdout goes there */
	const char *error_file;  /* stderr is appended to it */
	/*
	 * ABOUT_PULL, ABOUT_PUSH: it is kist-pull or kist-push, whose lines of progress, at the
	 * descriptor PLAN_PROGRESS_FD, are for the sink; in a script "kist tell" says them. A
	 * failure that they tell is the step's.
	 */
	enum subject_kind tell;
	/* Its failure is about this: docker's sentence for the code takes the message's place. */
	enum subject_kind about;
	const char *object;
	unsigned closed; /* (with STEP_READY and STEP_LAST) bit N: descriptor N is /dev/null */
	mode_t mode;
	struct step *into;          /* the step that reads our stdout */
	struct step_list otherwise; /* done when this step fails, in its place */
	struct step *undo;          /* done when this step fails, and then ... */
	struct step *previous_undo; /* (of an undo step) ... the one before it */
	struct step *next;
};

/* The steps for one of the objects that a verb is given. */
struct plan_group {
	/* For the script's reader: words that begin with a value are written with its name. */
	struct string_map variables;
	struct step_list steps;
	struct plan_group *next;
};

/*
 * A program whose library is linked into this one: its own function, on the same words. Returns the
 * exit status, or a negative code with *err set.
 */
struct plan_tool {
	const char *program;
	int (*call)(void *arg, const struct tool_io *io, const char *const argv[], struct err *err);
	void *arg;
};

struct plan {
	struct arena arena;
	const char *title;             /* the command line, for the script's first line */
	int failed_status;             /* the script's status when a step fails */
	const int *streams;            /* the programs' stdin, stdout and stderr; NULL: our own */
	const struct plan_tool *tools; /* what need not be started */
	size_t ntools;
	struct plan_group *first, *group; /* group: the one that grows */
	struct step_list *into;           /* where the next step goes; NULL: the group's */
	struct step *undo;                /* what is to be undone when the next step fails */
};

void plan_release(struct plan *p);

#define own_plan __attribute__((cleanup(plan_release)))

/*
 * Begin the steps of a further object: what fails there does not keep those of other objects from
 * being done, and the script's status is 1 in the end. A plan without objects needs none.
 */
void plan_begin(struct plan *p);

/* Add a step that runs a program: NULL ends its arguments. All strings are copied. */
struct step *plan_program(struct plan *p, const char *program, ...) __attribute__((sentinel));
void step_add(struct plan *p, struct step *s, const char *arg);
void step_add2(struct plan *p, struct step *s, const char *option, const char *value);

/* When it fails, that is about the object, which is copied. */
void step_about(struct plan *p, struct step *s, enum subject_kind about, const char *object);

/* "$name" stands for value, a word or the front of a path, in the script. Both are copied. */
void plan_variable(struct plan *p, const char *name, const char *value);
bool plan_has_variables(const struct plan *p);

/* Let *s write into a further program, whose step is returned. */
struct step *plan_pipe(struct plan *p, struct step *s, const char *program, ...)
	__attribute__((sentinel));

struct step *plan_file(struct plan *p, const char *path, mode_t mode, const char *content);
struct step *plan_directory(struct plan *p, const char *path, mode_t mode);
struct step *plan_remove(struct plan *p, const char *path);

/* A step of kist-pull (ABOUT_PULL) or kist-push, whose progress is told; words follow. */
struct step *plan_progress(struct plan *p, enum subject_kind tell);

/* From here on the plan is made anew by these words; only in a plan that is not done. */
struct step *plan_rest(struct plan *p, const struct strings *words);

/* Lines that are said when the steps before them are done. Control characters are not escaped. */
struct step *plan_say(struct plan *p, const char *line);
struct step *plan_notice(struct plan *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What the verb cannot do, for the script: it says so, and fails. */
struct step *plan_fail(struct plan *p, const char *message);

/*
 * The steps that are added until plan_otherwise_end() are what is done when *s fails, and then
 * nothing has failed. They have no undo of their own. Returns what plan_otherwise_end() is given.
 */
struct step_list *plan_otherwise(struct plan *p, struct step *s);
void plan_otherwise_end(struct plan *p, struct step_list *outer);

/*
 * The step that was added last is not done: from now on it is what undoes the one before. A
 * failure of a later step does all undo steps, last first, and then fails.
 */
void plan_make_undo(struct plan *p);

/* What was done so far stays when a later step fails. */
void plan_keep(struct plan *p);

/*
 * Do the steps in order, those that were not done yet. Returns 0, the exit status of a STEP_LAST
 * step, or the error of the step that failed; its message is empty when a program failed, which has
 * told the reason itself.
 */
int plan_execute(struct plan *p, struct sink *sink, struct err *err);

/* Append the script. root and run are the trees that it works on. */
void plan_print(const struct plan *p, const char *root, const char *run, struct buf *out);

#endif
