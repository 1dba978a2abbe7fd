/* SPDX-License-Identifier: Apache-2.0 */
/* Ownership of locals: what a declaration owns is released when it leaves scope, unless given away.
 */
#ifndef KIST_LIB_OWN_H
#define KIST_LIB_OWN_H

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static inline void own_mem_release(void *p)
{
	free(*(void **)p);
}

static inline void own_fd_release(const int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}

static inline void own_dir_release(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static inline int give_fd_impl(int *fd)
{
	int value = *fd;

	*fd = -1;
	return value;
}

#define own_mem      __attribute__((cleanup(own_mem_release)))
#define own_fd       __attribute__((cleanup(own_fd_release)))
#define own_dir      __attribute__((cleanup(own_dir_release)))
#define own(release) __attribute__((cleanup(release)))

/* Hand a pointer out of a local that owns it. */
#define give(p)                                                                                    \
	({                                                                                         \
		__typeof__(p) given_ = (p);                                                        \
		(p) = NULL;                                                                        \
		given_;                                                                            \
	})

/* Hand a descriptor out of a local that owns it. */
#define give_fd(fd) give_fd_impl(&(fd))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
