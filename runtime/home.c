/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/home.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"

#define PASSWD_MAX (4 << 20) /* bytes that are looked at */

/* name:password:uid:gid:gecos:home:shell. NULL: another user's, or no such line. */
static const char *home_of_line(char *line, uint32_t uid)
{
	char *fields[7] = {line}, *end;
	unsigned long id;
	size_t n = 1;

	for (char *p = line; n < ARRAY_LEN(fields) && (p = strchr(p, ':')); n++) {
		*p++ = '\0';
		fields[n] = p;
	}
	if (n < 6 || *fields[2] < '0' || *fields[2] > '9')
		return NULL;
	id = strtoul(fields[2], &end, 10);
	return *end || id != uid || fields[5][0] != '/' ? NULL : fields[5];
}

const char *home_search(struct home_search *s, const char *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *home;

		if (data[i] != '\n') {
			/* of one that is too long nothing is believed */
			if (s->length < sizeof(s->line))
				s->line[s->length++] = data[i];
			continue;
		}
		if (s->length < sizeof(s->line)) {
			s->line[s->length] = '\0';
			home = home_of_line(s->line, s->uid);
			if (home)
				return home;
		}
		s->length = 0;
	}
	return NULL;
}

/* It is the container's: it may be a FIFO, or endless. */
static int open_passwd(void)
{
	struct err ignored;
	own_fd int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;
	struct stat st;

	if (root < 0)
		return -1;
	fd = path_open(
		root, "etc/passwd", O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, PATH_IN_ROOT, &ignored);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -1;
	return give_fd(fd);
}

void home_find(uint32_t uid, char entry[HOME_MAX])
{
	own_fd int fd = open_passwd();
	struct home_search search = {.uid = uid};
	const char *home = NULL;
	char data[1024];
	size_t all = 0;
	ssize_t n;

	while (!home && fd >= 0 && all < PASSWD_MAX && (n = read(fd, data, sizeof(data))) > 0) {
		home = home_search(&search, data, (size_t)n);
		all += (size_t)n;
	}
	if (!home)
		home = home_search(&search, "\n", 1);
	if (!home || snprintf(entry, HOME_MAX, "HOME=%s", home) >= HOME_MAX)
		snprintf(entry, HOME_MAX, "HOME=/");
}
