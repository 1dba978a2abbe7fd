/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer_xattr.h"

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

int layer_xattrs_read(struct layer_xattrs *x, int fd, const char *path, struct err *err)
{
	char few[256]; /* most files have none: one system call, no memory */
	ssize_t n = flistxattr(fd, few, sizeof(few));

	x->count = 0;
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
	for (const char *name = x->names.data; name < x->names.data + n; name += strlen(name) + 1)
		if (layer_xattr_kept(name) && read_value(x, fd, path, name, err) < 0)
			return -err->code;
	for (size_t i = 0; i < x->count; i++)
		x->items[i].value = x->values.data + (size_t)x->items[i].value;
	return 0;
}
