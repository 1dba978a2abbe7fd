/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unix sockets with a name in a directory. sun_path holds 108 bytes and our directories may be
 * deeper: the address goes through the directory's descriptor.
 */
#ifndef KIST_LIB_SOCKET_H
#define KIST_LIB_SOCKET_H

#include <sys/types.h>

#include "lib/err.h"

/*
 * Make the socket dirfd/name (which must not exist) with the given mode, bind and listen. type is
 * SOCK_STREAM or SOCK_SEQPACKET, with SOCK_NONBLOCK as wanted. name may be a path with directories,
 * then dirfd may be AT_FDCWD. Returns the descriptor (O_CLOEXEC); the caller closes it, and
 * unlinks the name when it is done.
 */
int socket_listen(int dirfd, const char *name, int type, mode_t mode, struct err *err);

/* Connect to the socket dirfd/name. Returns the descriptor (O_CLOEXEC); the caller closes it. */
int socket_connect(int dirfd, const char *name, int type, struct err *err);

#endif
