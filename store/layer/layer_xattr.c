/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_xattr.h"

#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

#include "lib/own.h"

bool layer_xattr_kept(const char *name)
{
	if (strcmp(name, "security.capability") == 0 ||
		strcmp(name, "system.posix_acl_access") == 0 ||
		strcmp(name, "system.posix_acl_default") == 0)
		return true;
	return strncmp(name, "user.", 5) == 0 && strncmp(name, "user.overlay.", 13) != 0;
}

void layer_xattrs_release(struct layer_xattrs *x)
{
	buf_release(&x->names);
	buf_release(&x->values);
}

static int read_value(
	struct layer_xattrs *x, int fd, const char *path, const char *name, struct err *err)
{
	ssize_t n = fgetxattr(fd, name, NULL, 0);

	if (n < 0)
		return err_errno(err, "cannot read attribute '%s' of '%s'", name, path);
	if (x->count == TAR_XATTRS_MAX || x->values.len + (size_t)n > TAR_PAX_MAX)
		return err_set(err, E_LIMIT, "'%s' has too many extended attributes", path);
	buf_reserve(&x->values, (size_t)n);
	n = fgetxattr(fd, name, x->values.data + x->values.len, (size_t)n);
	if (n < 0)
		return err_errno(err, "cannot read attribute '%s' of '%s'", name, path);
	/* the buffer may still move: the offset becomes a pointer at the end */
	x->items[x->count++] = (struct tar_xattr){name, (void *)x->values.len, (size_t)n};
	x->values.len += (size_t)n;
	return 0;
}

static const struct tar_xattr *find(const struct layer_xattrs *x, const char *name)
{
	for (size_t i = 0; i < x->count; i++)
		if (strcmp(x->items[i].name, name) == 0)
			return &x->items[i];
	return NULL;
}

bool layer_xattrs_equal(const struct layer_xattrs *a, const struct layer_xattrs *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct tar_xattr *x = &a->items[i];
		const struct tar_xattr *y = find(b, x->name);

		if (!y || x->len != y->len || memcmp(x->value, y->value, x->len) != 0)
			return false;
	}
	return true;
}

/* trusted.overlay.* as the host's root mounts it, user.overlay.* with the mount option userxattr.
 */
static void note_overlay(struct layer_xattrs *x, int fd, const char *name)
{
	const char *what = NULL;
	char value[2];

	if (strncmp(name, "trusted.overlay.", 16) == 0)
		what = name + 16;
	else if (strncmp(name, "user.overlay.", 13) == 0)
		what = name + 13;
	if (!what)
		return;
	if (strcmp(what, "opaque") == 0)
		x->opaque = fgetxattr(fd, name, value, sizeof(value)) == 1 && *value == 'y';
	else if (strcmp(what, "redirect") == 0 || strcmp(what, "metacopy") == 0)
		x->incomplete = true;
}

int layer_xattrs_read(struct layer_xattrs *x, int fd, const char *path, struct err *err)
{
	char few[256]; /* most files have none: one system call, no memory */
	ssize_t n = flistxattr(fd, few, sizeof(few));

	x->count = 0;
	x->opaque = x->incomplete = false;
	if (n == 0 || (n < 0 && errno == ENOTSUP))
		return 0;
	if (n < 0 && errno == ERANGE)
		n = flistxattr(fd, NULL, 0);
	if (n < 0)
		return err_errno(err, "cannot list the attributes of '%s'", path);
	buf_reset(&x->names);
	buf_reset(&x->values);
	buf_reserve(&x->names, (size_t)n);
	n = flistxattr(fd, x->names.data, (size_t)n);
	if (n < 0)
		return err_errno(err, "cannot list the attributes of '%s'", path);
	for (const char *name = x->names.data; name < x->names.data + n; name += strlen(name) + 1) {
		note_overlay(x, fd, name);
		if (layer_xattr_kept(name) && read_value(x, fd, path, name, err) < 0)
			return -err->code;
	}
	for (size_t i = 0; i < x->count; i++)
		x->items[i].value = x->values.data + (size_t)x->items[i].value;
	return 0;
}
