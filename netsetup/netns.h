/* SPDX-License-Identifier: Apache-2.0 */
/* Network namespaces that live as a bind mount on a file, as ip-netns(8) keeps them. */
#ifndef KIST_NETSETUP_NETNS_H
#define KIST_NETSETUP_NETNS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

/* Is a namespace mounted on path? */
bool netns_is_mounted(const char *path);

/* Is it the one that this process is in, under whatever path? */
bool netns_is_own(const char *path);

/* The inode number that stands for the namespace mounted on path; 0 when none is there. */
uint64_t netns_inode(const char *path);
uint64_t netns_inode_of(int fd);

/* Is a process of this host in the namespace with this inode? Looks at all of them. */
bool netns_is_inhabited(uint64_t inode);

/*
 * A new namespace, mounted on path (a file that is made; a stale one is taken over), and this
 * process in it. Returns the descriptor of the namespace it was in before, for netns_enter().
 */
int netns_create(const char *path, struct err *err);

/* Enter the namespace mounted on path. Returns as netns_create(). */
int netns_open(const char *path, struct err *err);

/* Back to where we came from. The descriptor stays the caller's. */
int netns_enter(int fd, struct err *err);

/*
 * Unmount path and remove the file. Its removal also detaches what copies of the mount other
 * mount namespaces have (Linux 3.18). What is missing, or is no namespace, is no error.
 */
int netns_remove(const char *path, struct err *err);

#endif
