/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist-store's verbs as functions on words (docs/pipes.md has them all). The program kist-store is
 * store_tool_main(); whoever has the store linked runs the same words with store_tool() in this
 * process instead. One table, one function for each verb: what a script of kist-store commands does
 * and what the same words do here is the same, with these differences, which no result depends on:
 *
 * - The words of one plan share a session. "kist-store create" leaves the container open and locked
 *   in it; "mount", "rm", "record" and the others that name it go on with that (store/session.h),
 *   while a script finds and locks it anew in each step. An image is read once.
 * - "kist-store mount ID DIR -- COMMAND" gives COMMAND to session->command, which may start it as a
 *   child with tool_mount_enter() as its setup, or call COMMAND's own function on the root that is
 *   mounted at place->mount and attached nowhere. DIR is then what the mount's path would be.
 * - What a script writes to the next program's stdin comes from io->in; what it prints goes to
 *   io->out. Nothing is written anywhere else, but for io->notice.
 */
#ifndef KIST_STORE_TOOL_H
#define KIST_STORE_TOOL_H

#include <stdbool.h>

#include "store/session.h"

struct tool_io {
	int in, out; /* descriptors in place of stdin and stdout; borrowed */
	int notice;  /* where sentences for people go (2); 0: nowhere */
};

/* Where a COMMAND is to run: see session->command. */
struct tool_mount {
	int mount;       /* the container's root, attached nowhere */
	const char *dir; /* where it is to be attached */
	bool attached;   /* set by session->command: a child has attached it, it is used up */
};

/*
 * Run one command, "kist-store", "create", ... (NULL-terminated, borrowed), in the session. Nothing
 * is printed on failure. Returns the exit status (0; 1 from fsck; a COMMAND's own), or a negative
 * code with *err set; err_status() of it is what the program would exit with.
 */
int store_tool(struct store_session *s, const struct tool_io *io, const char *const argv[],
	struct err *err);

/*
 * In a child that starts COMMAND (spawn.setup of lib/spawn.h, arg is the struct tool_mount): enter
 * a mount namespace of its own and attach the root on place->dir there. Returns 0.
 */
int tool_mount_enter(void *place, struct err *err);

/* All of kist-store's main(). Returns the exit status. */
int store_tool_main(int argc, char **argv);

#endif
