/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.seccomp as a BPF program. Compiling it with libseccomp takes longer than all the rest of
 * a start, so the result is kept in a file and the next start with the same policy only reads it.
 */
#ifndef KIST_RUNTIME_SECCOMP_H
#define KIST_RUNTIME_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "spec/seccomp_config.h"

struct sock_filter;

struct seccomp_filter {
	void *map; /* the whole cache file, or the program alone */
	size_t map_size;
	const struct sock_filter *program;
	unsigned short count; /* of instructions */
	unsigned flags;       /* SECCOMP_FILTER_FLAG_* */
	bool notify;          /* some rule asks the listener */
};

void filter_release(struct seccomp_filter *f); /* seccomp_cache.c */

#define own_filter __attribute__((cleanup(filter_release)))

/*
 * The filter for a policy, from the cache beneath cachedir (which is made in rootdir when it is
 * missing) or compiled and put there. A cache that cannot be used or written is no error. Returns
 * 0.
 */
int seccomp_prepare(struct seccomp_filter *f, int rootdir, const struct seccomp_config *config,
	struct err *err);

/* Load it into this process. Returns 0. */
int filter_load(const struct seccomp_filter *f, struct err *err);

/*
 * Whether it would let us make this call, with these first arguments and 0 for the others
 * (seccomp_predict.c).
 */
bool filter_lets(const struct seccomp_filter *f, int call, uint64_t arg0, uint64_t arg1);

/* Compile with libseccomp and write the program to fd, from its position on (seccomp_compile.c). */
int seccomp_compile(const struct seccomp_config *config, int fd, struct err *err);

/* Everything that decides about the program, as text: the key of the cache (seccomp_cache.c). */
void seccomp_key(const struct seccomp_config *config, struct buf *key);

/* Look up and store; a miss is -ENOENT. */
int seccomp_cache_read(struct seccomp_filter *f, int rootdir, const struct buf *key);
int seccomp_cache_write(
	int rootdir, const struct buf *key, const struct seccomp_filter *f, struct err *err);

#define SECCOMP_CACHE_DIR "@seccomp" /* no container's id can be this */

#endif
