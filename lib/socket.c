/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"

#define BACKLOG 64

/*
 * The address by which this process reaches dirfd/name. *holder keeps the directory of a name that
 * has one, until the address has been used.
 */
static int make_address(
	int dirfd, const char *name, int *holder, struct sockaddr_un *address, struct err *err)
{
	const char *slash = strrchr(name, '/');
	int n;

	if (slash || dirfd == AT_FDCWD) {
		own_mem char *dir = slash ? xstrndup(name, (size_t)(slash - name) + 1)
					  : xstrdup(".");

		dirfd = *holder = openat(dirfd, dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dirfd < 0)
			return err_errno(err, "cannot open the directory of the socket '%s'", name);
	}
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	n = snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/%s", dirfd,
		slash ? slash + 1 : name);
	if (n < 0 || (size_t)n >= sizeof(address->sun_path))
		return err_set(err, ENAMETOOLONG, "the name of the socket '%s' is too long", name);
	return 0;
}

int socket_listen(int dirfd, const char *name, int type, mode_t mode, struct err *err)
{
	own_fd int holder = -1, sock = -1;
	struct sockaddr_un address;

	if (make_address(dirfd, name, &holder, &address, err) < 0)
		return -err->code;
	sock = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	/* bind() gives the name the mode of the socket: there is no moment with another one */
	if (sock < 0 || fchmod(sock, mode) < 0 ||
		bind(sock, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(sock, BACKLOG) < 0)
		return err_errno(err, "cannot listen on the socket '%s'", name);
	return give_fd(sock);
}

int socket_connect(int dirfd, const char *name, int type, struct err *err)
{
	own_fd int holder = -1, sock = -1;
	struct sockaddr_un address;

	if (make_address(dirfd, name, &holder, &address, err) < 0)
		return -err->code;
	sock = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (sock < 0 || connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_errno(err, "cannot connect to the socket '%s'", name);
	return give_fd(sock);
}
