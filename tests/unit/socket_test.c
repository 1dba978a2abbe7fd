/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "tests/unit/unit.h"

static void meets(int dirfd, const char *name)
{
	own_fd int listener = -1, client = -1, server = -1;
	struct stat st;
	struct err err;
	char c = 0;

	listener = socket_listen(dirfd, name, SOCK_SEQPACKET, 0600, &err);
	UNIT_OK(listener, &err);
	CU_ASSERT(fstatat(dirfd, name, &st, 0) == 0 && st.st_mode == (S_IFSOCK | 0600));
	client = socket_connect(dirfd, name, SOCK_SEQPACKET, &err);
	UNIT_OK(client, &err);
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	CU_ASSERT(send(client, "x", 1, 0) == 1 && recv(server, &c, 1, 0) == 1 && c == 'x');
	CU_ASSERT_EQUAL(socket_listen(dirfd, name, SOCK_SEQPACKET, 0600, &err), -EADDRINUSE);
	CU_ASSERT_EQUAL(unlinkat(dirfd, name, 0), 0);
	CU_ASSERT_EQUAL(socket_connect(dirfd, name, SOCK_SEQPACKET, &err), -ENOENT);
}

static void deep_directories(void)
{
	char top[] = "/tmp/kist-socket-XXXXXX", deep[201];
	own_mem char *path = NULL, *name = NULL;
	struct err err;
	own_fd int dir = -1;

	memset(deep, 'd', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	CU_ASSERT_FATAL(mkdtemp(top) != NULL);
	path = xasprintf("%s/%s", top, deep);
	dir = path_make_dirs(path, 0700, &err);
	CU_ASSERT_FATAL(dir >= 0);
	meets(dir, "short");
	name = xasprintf("%s/sock", path);
	meets(AT_FDCWD, name);
	CU_ASSERT_EQUAL(socket_listen(dir, deep, SOCK_STREAM, 0600, &err), -ENAMETOOLONG);
	CU_ASSERT(rmdir(path) == 0 && rmdir(top) == 0);
}

UNIT_TESTS(socket) = {
	{"sockets in deep directories are bound and found", deep_directories},
};
UNIT_COUNT(socket)
