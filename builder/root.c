/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "builder/build.h"
#include "lib/own.h"
#include "store/overlay.h"
#include "store/snapshot.h"

int root_open(struct root *r, struct stage *s, bool writable, struct err *err)
{
	struct strings layers = stage_diff_ids(s);

	*r = (struct root)ROOT_INIT;
	r->work = &s->build->work;
	r->dir = workspace_make(r->work, "root", 0700, &r->path, err);
	if (r->dir < 0 || snapshot_prepare(s->build->store, r->dir, &layers, err) < 0)
		return -err->code;
	r->mount = snapshot_mount(s->build->store, r->dir, writable ? 0 : SNAPSHOT_READ_ONLY, err);
	return r->mount < 0 ? err_wrap(err, "cannot mount a stage's root file system") : 0;
}

static int open_below(int dir, const char *name, struct err *err)
{
	int fd = mkdirat(dir, name, 0755) < 0
		? -1
		: openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? err_errno(err, "cannot make '%s' for a mount of the context", name) : fd;
}

int root_open_directory(
	struct root *r, struct workspace *w, int directory, bool writable, struct err *err)
{
	own(overlay_release) struct overlay o = {.upper = -1, .work = -1};
	char path[40];
	int fd = fcntl(directory, F_DUPFD_CLOEXEC, 0);

	*r = (struct root)ROOT_INIT;
	if (fd < 0)
		return err_errno(err, "cannot duplicate a descriptor");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	overlay_add_lower(&o, path, fd);
	r->work = w;
	r->dir = workspace_make(w, "context", 0700, &r->path, err);
	if (r->dir < 0)
		return r->dir;
	/* overlayfs wants two lower directories where there is no upper one */
	fd = open_below(r->dir, "lower", err);
	if (fd < 0)
		return fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	overlay_add_lower(&o, path, fd);
	if (writable) {
		o.upper = open_below(r->dir, "upper", err);
		o.work = o.upper < 0 ? o.upper : open_below(r->dir, "work", err);
		if (o.work < 0)
			return o.work;
	}
	r->mount = overlay_mount(&o, err);
	return r->mount < 0 ? r->mount : 0;
}

int root_attach(struct root *r, struct err *err)
{
	own_mem char *target = xasprintf("%s/rootfs", r->path);

	if (mkdirat(r->dir, "rootfs", 0755) < 0)
		return err_errno(err, "cannot make '%s'", target);
	if (snapshot_attach(r->mount, target, err) < 0)
		return -err->code;
	r->target = give(target);
	return 0;
}

int root_unmount(struct root *r, struct err *err)
{
	own_mem char *target = give(r->target);

	own_fd_release(&r->mount);
	r->mount = -1;
	if (target && umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		return err_errno(err, "cannot unmount '%s'", target);
	return 0;
}

void root_close(struct root *r)
{
	struct err ignored; /* the workspace is removed at the end of the build once more */

	root_unmount(r, &ignored);
	own_fd_release(&r->dir);
	if (r->path)
		workspace_remove(r->work, r->path, &ignored);
	free(r->path);
	*r = (struct root)ROOT_INIT;
}
