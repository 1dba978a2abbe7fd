/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a COPY copies: the entries below its sources as a list, each with the place it will have.
 * A tree is listed in one walk; its files' content is digested either alone (to ask the cache) or
 * while it is copied, so that no byte is read twice before its layer is packed.
 */
#ifndef KIST_BUILDER_TREE_H
#define KIST_BUILDER_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "builder/dockerignore.h"
#include "lib/mem.h"
#include "lib/sha256.h"

#define TREE_DEPTH_MAX 1000 /* directories in each other */

struct tree_xattr {
	const char *name;
	const void *value;
	size_t len;
};

struct tree_item {
	const char *path;   /* below the destination directory; "" for the directory itself */
	const char *source; /* below the source's root, without any symbolic link in it */
	const char *link;   /* target of a symbolic link */
	const char *data;   /* content that comes from no file: a heredoc; NULL otherwise */
	const struct tree_item *same; /* an earlier item that is a hard link to the same file */
	struct tree_item *chained;    /* in struct tree's linked[] */
	struct stat st;               /* of the source */
	struct tree_xattr *xattrs;
	size_t nxattrs;
	bool named;                      /* a source itself, not found in a directory */
	bool archive;                    /* ADD unpacks it: copy_tree() passes over it */
	bool foreign;                    /* ... and it is bzip2 or xz */
	char digest[SHA256_HEX_LEN + 1]; /* of a regular file's content, once it is known */
};

struct tree {
	struct arena *arena;
	int root;                      /* borrowed: all sources are opened beneath it */
	const char *what;              /* "build context", for messages */
	bool from_image;               /* owners, devices and capabilities count */
	bool skip_devices;             /* of a context: they are passed over, not refused */
	struct dockerignore *ignore;   /* of the context; NULL: none */
	struct dockerignore *excludes; /* --exclude, relative to each source; NULL: none */
	struct tree_item **items;      /* a directory before its content */
	size_t count;
	struct tree_item **linked; /* files with several links, chained by inode */
	size_t nbuckets, nlinked;
};

/*
 * Add the sources that a path or pattern names. A directory's content goes to the destination
 * itself, a file to its own name. The path is confined to the root; a link that it leads through is
 * followed inside the root. *matches (may be NULL) is increased. Returns 0; E_NOT_FOUND
 * `"/x": not found`, also when nothing of it is let in.
 */
int tree_add(struct tree *t, const char *pattern, size_t *matches, struct err *err);

/* Add a file of the given content, a heredoc; time NULL: now. data is borrowed. */
void tree_add_data(struct tree *t, const char *name, const char *data, const struct timespec *time);

/* Read all files and fill in their digests. Returns 0. */
int tree_digest(struct tree *t, struct err *err);

/* One regular file of the tree, opened for reading; the caller closes it. */
int tree_open(const struct tree *t, const struct tree_item *item, struct err *err);

/* How owners and modes come out; part of the digests, because it is part of the layer. */
struct tree_owner {
	bool set;         /* --chown; else root, or from an image the source's */
	const char *text; /* of --chown: what was written stands in the digest */
	uint32_t uid, gid;
	const char *chmod; /* of --chmod; NULL: the source's mode */
};

/*
 * The digest of the whole list: names, types, modes, owners, links, and with content the files'
 * digests, without it their sizes. Times do not count.
 */
void tree_summary(const struct tree *t, const struct tree_owner *owner, bool content,
	char hex[SHA256_HEX_LEN + 1]);

#endif
