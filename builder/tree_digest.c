/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of a tree: of its files' content, and of the whole list. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "builder/tree.h"
#include "lib/io.h"
#include "lib/own.h"

static int digest_file(struct tree *t, struct tree_item *item, struct err *err)
{
	own_fd int fd = tree_open(t, item, err);
	int64_t n;

	if (fd < 0)
		return fd;
	n = sha256_fd(fd, item->digest);
	if (n < 0)
		return err_set(err, (int)-n, "cannot read '%s' of the %s: %s", item->source,
			t->what, strerror((int)-n));
	return 0;
}

int tree_digest(struct tree *t, struct err *err)
{
	for (size_t i = 0; i < t->count; i++) {
		struct tree_item *item = t->items[i];

		if (!S_ISREG(item->st.st_mode) || *item->digest)
			continue;
		if (item->same)
			memcpy(item->digest, item->same->digest, sizeof(item->digest));
		else if (digest_file(t, item, err) < 0)
			return -err->code;
	}
	return 0;
}

/* A field cannot be mistaken for the next one: each ends with a NUL, and none contains one. */
static void add_field(struct sha256 *sha, const char *text)
{
	sha256_update(sha, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void add_item(struct sha256 *sha, const struct tree *t, const struct tree_item *item,
	const struct tree_owner *owner, bool content)
{
	bool own_ids = t->from_image && !owner->set;
	char numbers[200];

	add_field(sha, item->path);
	snprintf(numbers, sizeof(numbers), "%o %lld %lld %lld %lld %zu",
		owner->chmod ? item->st.st_mode & S_IFMT : item->st.st_mode,
		own_ids ? (long long)item->st.st_uid : -1LL,
		own_ids ? (long long)item->st.st_gid : -1LL,
		S_ISREG(item->st.st_mode) ? (long long)item->st.st_size : 0LL,
		(long long)(S_ISCHR(item->st.st_mode) || S_ISBLK(item->st.st_mode)
				? item->st.st_rdev
				: 0),
		item->nxattrs);
	add_field(sha, numbers);
	add_field(sha, item->link);
	add_field(sha, item->same ? item->same->path : NULL);
	add_field(sha, content ? item->digest : NULL);
	for (size_t i = 0; i < item->nxattrs; i++) {
		char hex[SHA256_HEX_LEN + 1];

		sha256_hex(item->xattrs[i].value, item->xattrs[i].len, hex);
		add_field(sha, item->xattrs[i].name);
		add_field(sha, hex);
	}
}

void tree_summary(const struct tree *t, const struct tree_owner *owner, bool content,
	char hex[SHA256_HEX_LEN + 1])
{
	struct sha256 sha;

	sha256_init(&sha);
	add_field(&sha, owner->set ? owner->text : NULL);
	add_field(&sha, owner->chmod);
	for (size_t i = 0; i < t->count; i++)
		add_item(&sha, t, t->items[i], owner, content);
	sha256_finish(&sha, hex);
	sha256_release(&sha);
}
