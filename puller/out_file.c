/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/out_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

int out_file_open(struct out_file *f, const char *name, struct err *err)
{
	own_mem char *dir = xstrdup(name);
	struct stat st;

	*f = (struct out_file){.fd = 1};
	if (strcmp(name, "-") == 0)
		return 0;
	f->opened = true;
	if (stat(name, &st) == 0 && !S_ISREG(st.st_mode)) {
		f->fd = open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return f->fd < 0 ? err_errno(err, "cannot write '%s'", name) : 0;
	}
	/* without a name: whatever ends us, nothing is left */
	f->fd = open(dirname(dir), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	f->name = name;
	if (f->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		f->name = NULL;
		f->fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	}
	return f->fd < 0 ? err_errno(err, "cannot write '%s'", name) : 0;
}

char *out_file_directory(const struct out_file *f)
{
	own_mem char *text = f->name ? xstrdup(f->name) : NULL;

	return text ? xstrdup(dirname(text)) : NULL;
}

/* linkat() does not replace: link under a name beside it, then rename. */
static int link_over(const struct out_file *f, const char *from)
{
	char random[17];
	own_mem char *temp = NULL;

	if (linkat(AT_FDCWD, from, AT_FDCWD, f->name, AT_SYMLINK_FOLLOW) == 0)
		return 0;
	if (errno != EEXIST)
		return -1;
	io_random_hex(random, 8);
	temp = xasprintf("%s.%s", f->name, random);
	if (linkat(AT_FDCWD, from, AT_FDCWD, temp, AT_SYMLINK_FOLLOW) < 0)
		return -1;
	if (rename(temp, f->name) == 0)
		return 0;
	unlink(temp);
	return -1;
}

int out_file_publish(struct out_file *f, struct err *err)
{
	char from[40];

	if (!f->name)
		return 0;
	snprintf(from, sizeof(from), "/proc/self/fd/%d", f->fd);
	return link_over(f, from) < 0 ? err_errno(err, "cannot write '%s'", f->name) : 0;
}

void out_file_abort(struct out_file *f)
{
	if (f->opened)
		own_fd_release(&f->fd);
	f->opened = false;
}
