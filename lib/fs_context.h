/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel says about a file system that it refuses to make or to change. */
#ifndef KIST_LIB_FS_CONTEXT_H
#define KIST_LIB_FS_CONTEXT_H

#include <stdbool.h>

#define FS_CONTEXT_MAX 256

/*
 * The kernel explains a refusal on the descriptor of fsopen() or fspick(): lines like "e tmpfs: Bad
 * value for 'size'". text gets the next one without its mark. Returns whether there was one; errno
 * stays as it is.
 */
bool fs_context_said(int context, char text[FS_CONTEXT_MAX]);

#endif
