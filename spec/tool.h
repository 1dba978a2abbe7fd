/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist-spec's verbs as functions on words (docs/pipes.md). The program kist-spec is
 * spec_tool_main(); whoever has this library linked runs the same words with spec_tool() in its own
 * process.
 */
#ifndef KIST_SPEC_TOOL_H
#define KIST_SPEC_TOOL_H

#include "lib/err.h"
#include "lib/mem.h"

struct image_config;

struct spec_session {
	int in, out; /* descriptors in place of stdin and stdout; borrowed */
	/*
	 * How "--image REFERENCE" is read by a process that has the store open. *image is borrowed
	 * for the call of spec_tool(). NULL: kist-store is asked. Returns 0.
	 */
	int (*image)(void *arg, const char *reference, const struct image_config **image,
		struct err *err);
	void *image_arg;
	int root; /* the directory that --rootfs names, when it is open; -1: it is opened */
};

/*
 * Run one command, "kist-spec", "config", ... (NULL-terminated, borrowed). Returns the exit status,
 * or a negative code with *err set.
 */
int spec_tool(const struct spec_session *s, const char *const argv[], struct err *err);

/* All of kist-spec's main(). Returns the exit status. */
int spec_tool_main(int argc, char **argv);

#endif
