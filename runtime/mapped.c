/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts with mapped owners: also made by who opens what the container cannot (opener.h). */
#include "lib/own.h"
#include "runtime/mount_api.h"
#include "runtime/mount_options.h"
#include "runtime/rootfs.h"

bool mount_is_mapped(const struct mount_config *m, const struct mount_options *o)
{
	return o->idmap || m->uid_mappings.count;
}

int rootfs_clone_mapped(const struct rootfs *r, size_t i, int source, struct err *err)
{
	const struct mount_config *m = &r->config->mounts.items[i];
	struct mount_options o;
	own_fd int mnt = -1;

	if (mount_options_parse(&m->options, &o, err) < 0)
		return -err->code;
	if (!mount_is_mapped(m, &o))
		return 0;
	mnt = mount_clone(source, "", o.recursive, err);
	if (mnt < 0 || mount_idmap(mnt, o.idmap_recursive, r->prepared[i], err) < 0)
		return -err->code;
	return give_fd(mnt);
}
