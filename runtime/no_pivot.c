/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Without pivot_root(2) the host's mounts stay below the container's root, where no path leads. But
 * whoever makes a user namespace in the container may mount a procfs or sysfs of his own as soon as
 * one is seen in full anywhere in the mount namespace (mount_too_revealing() of the kernel): with
 * nothing of it masked. So the host's are unmounted; what is locked, in a user namespace, is
 * covered.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/mount_api.h"
#include "runtime/rootfs.h"

#define MOUNTINFO_MAX (64u << 20)

struct mounted {
	uint64_t id, parent;
	char *path;
	bool revealing; /* procfs or sysfs */
};

struct mounted_list {
	struct mounted *items;
	size_t count;
};

static void mounted_list_release(struct mounted_list *l)
{
	free(l->items);
}

/* "\040" is a blank: proc_pid_mountinfo(5). */
static void unescape(char *text)
{
	char *out = text;

	for (const char *p = text; *p; out++) {
		unsigned code;

		if (*p == '\\' && sscanf(p + 1, "%3o", &code) == 1 && strlen(p) >= 4) {
			*out = (char)code;
			p += 4;
		} else {
			*out = *p++;
		}
	}
	*out = '\0';
}

/* "36 35 98:0 /root /mount/point options optional... - type source options" */
static bool parse_line(char *line, struct mounted *m)
{
	char *type = strstr(line, " - ");
	int start = 0, end = 0;

	if (!type ||
		sscanf(line, "%" SCNu64 " %" SCNu64 " %*s %*s %n%*s%n", &m->id, &m->parent, &start,
			&end) != 2 ||
		!end)
		return false;
	type += 3;
	m->revealing = strncmp(type, "proc ", 5) == 0 || strncmp(type, "sysfs ", 6) == 0;
	line[end] = '\0';
	m->path = line + start;
	unescape(m->path);
	return true;
}

static int read_mounts(struct buf *text, struct mounted_list *out, struct err *err)
{
	own_fd int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	char *rest = NULL;

	if (fd < 0)
		return err_errno(err, "cannot open /proc/self/mountinfo (--no-pivot needs it)");
	if (io_read_fd(fd, MOUNTINFO_MAX, "mountinfo", text, err) < 0)
		return -err->code;
	for (char *line = strtok_r((char *)buf_str(text), "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		out->items = xreallocarray(out->items, out->count + 1, sizeof(*out->items));
		if (parse_line(line, &out->items[out->count]))
			out->count++;
	}
	return 0;
}

static uint64_t mount_id(int fd)
{
	struct statx st = {0};

	return statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &st) == 0 ? st.stx_mnt_id : 0;
}

static const struct mounted *find(const struct mounted_list *l, uint64_t id)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->items[i].id == id)
			return &l->items[i];
	return NULL;
}

/* Is the mount root, or does it lie below it? */
static bool lies_below(const struct mounted_list *l, const struct mounted *m, uint64_t root)
{
	/* the kernel's tree has no circle; a text that was read in pieces while it changed might */
	for (size_t steps = 0; m && steps <= l->count; steps++) {
		if (m->id == root)
			return true;
		m = find(l, m->parent);
	}
	return false;
}

static int hide(const struct mounted *m, struct err *err)
{
	const struct mount_options o = {
		.set = MOUNT_ATTR_RDONLY, .data = {"nr_inodes=1"}, .ndata = 1};
	own_fd int place = open(m->path, O_PATH | O_NOFOLLOW | O_CLOEXEC), mnt = -1;

	/* covered by another mount already, which nobody in a user namespace below can take away */
	if (place < 0 || mount_id(place) != m->id)
		return 0;
	own_fd_release(&place);
	if (umount2(m->path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		return 0;
	place = open(m->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	mnt = mount_new("tmpfs", "tmpfs", &o, 0, err);
	if (mnt < 0)
		return -err->code;
	return mount_attach(mnt, place, m->path, err);
}

int rootfs_hide_host(struct rootfs *r, struct err *err)
{
	__attribute__((cleanup(mounted_list_release))) struct mounted_list mounts = {0};
	own_buf struct buf text = {0};
	uint64_t root = mount_id(r->fd);

	if (read_mounts(&text, &mounts, err) < 0)
		return -err->code;
	/* what was mounted last is on top */
	for (size_t i = mounts.count; i-- > 0;)
		if (mounts.items[i].revealing && !lies_below(&mounts, &mounts.items[i], root) &&
			hide(&mounts.items[i], err) < 0)
			return err_wrap(err, "the host's '%s'", mounts.items[i].path);
	return 0;
}
