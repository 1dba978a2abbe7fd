/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/fs_context.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool fs_context_said(int context, char text[FS_CONTEXT_MAX])
{
	int code = errno;
	char line[FS_CONTEXT_MAX + 2];
	ssize_t n = read(context, line, sizeof(line) - 1);

	errno = code;
	if (n <= 2)
		return false;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	memcpy(text, line + 2, strlen(line + 2) + 1);
	return true;
}
