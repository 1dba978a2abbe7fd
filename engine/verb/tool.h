/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only kist's own scripts and programs call of the program kist: a plan's steps of these words
 * are done by this function, in this process.
 */
#ifndef KIST_ENGINE_TOOL_H
#define KIST_ENGINE_TOOL_H

#include "store/tool.h"

/*
 * "kist", and one of:
 *   hello-image        writes the embedded image, an OCI layout as a tar
 *   tell WHAT          says JSON lines of a small tool in docker's words: "id" (of kist-netsetup
 *                      create), "loaded" (of kist-store load), "reclaimed" (of kist-store gc)
 *   exec-failed LOG    ends with the last message of a runtime's log, which it removes
 * *reclaimed (NULL: nobody asks) gets the bytes that are told. Returns 0, or a negative code with
 * *err set.
 */
int engine_tool(
	const struct tool_io *io, const char *const argv[], int64_t *reclaimed, struct err *err);

#endif
