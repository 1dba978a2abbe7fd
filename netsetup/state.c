/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"

#define OWNER_MAX 512

int state_open(struct state *s, const char *root, const char *run, struct err *err)
{
	const struct {
		const char *name;
		int *fd;
	} dirs[] = {{"endpoints", &s->endpoints}, {"networks", &s->networks}, {"ports", &s->ports}};

	*s = (struct state)STATE_INIT;
	if (place_find(root, run, &s->place, err) < 0)
		return -err->code;
	s->root = open(s->place.root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	s->run = path_make_dirs(s->place.run, 0700, err);
	if (s->run < 0)
		return s->run;
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		*dirs[i].fd = openat(s->run, dirs[i].name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (*dirs[i].fd < 0 && errno == ENOENT) {
			if (mkdirat(s->run, dirs[i].name, 0700) < 0 && errno != EEXIST)
				return err_errno(
					err, "cannot make '%s/%s'", s->place.run, dirs[i].name);
			*dirs[i].fd = openat(
				s->run, dirs[i].name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		}
		if (*dirs[i].fd < 0)
			return err_errno(err, "cannot open '%s/%s'", s->place.run, dirs[i].name);
	}
	return 0;
}

void state_close(struct state *s)
{
	int *fds[] = {&s->root, &s->run, &s->endpoints, &s->networks, &s->ports};

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
	place_release(&s->place);
}

int state_publish(
	int dirfd, const char *temp, const char *name, const struct buf *text, struct err *err)
{
	own_fd int fd = openat(dirfd, temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return err_errno(err, "cannot write '%s'", name);
	r = io_write_full(fd, buf_str(text), text->len);
	if (r < 0)
		return err_set(err, -r, "cannot write '%s': %s", name, strerror(-r));
	if (renameat(dirfd, temp, dirfd, name) < 0)
		return err_errno(err, "cannot write '%s'", name);
	return 0;
}

int state_owner(struct arena *a, int dirfd, const char *name, const char **owner, struct err *err)
{
	own_buf struct buf text = {0};

	if (io_read_file(dirfd, name, OWNER_MAX, &text, err) < 0)
		return -err->code;
	*owner = arena_strndup(a, buf_str(&text), strcspn(buf_str(&text), "\n"));
	return 0;
}
