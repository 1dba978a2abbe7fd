/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/own.h"

uint64_t proc_stat_start_time(const char *text)
{
	const char *end = strrchr(text, ')'); /* the name before it may contain anything */
	unsigned long long start;
	char state;

	if (!end ||
		sscanf(end + 1,
			" %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d"
			" %*d %*d %*d %*d %llu",
			&state, &start) != 2)
		return 0;
	return state == 'Z' || state == 'X' ? 0 : start;
}

uint64_t process_start_time(pid_t pid)
{
	char path[40], text[1024];
	own_fd int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	return proc_stat_start_time(text);
}
