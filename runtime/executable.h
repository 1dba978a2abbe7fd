/* SPDX-License-Identifier: Apache-2.0 */
/* What the first bytes of an executable say it needs: a script's interpreter, an ELF's loader. */
#ifndef KIST_RUNTIME_EXECUTABLE_H
#define KIST_RUNTIME_EXECUTABLE_H

#include <limits.h>
#include <stddef.h>

#define EXECUTABLE_HEAD 4096 /* bytes of the file that executable_parse() wants to see */

enum executable_kind {
	EXECUTABLE_OTHER,  /* the kernel decides (binfmt_misc, or "exec format error") */
	EXECUTABLE_SCRIPT, /* "#!" */
	EXECUTABLE_ELF,
};

struct executable {
	enum executable_kind kind;
	char interpreter[256]; /* of "#!" or PT_INTERP; empty when there is none to see */
};

/* Reads untrusted bytes: whatever they are, the result is one of the kinds. */
void executable_parse(const unsigned char *head, size_t len, struct executable *out);

#endif
