/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/own.h"

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)

#define BIT(cap) (UINT64_C(1) << (cap))

/* For other owners, unreadable directories, other people's modes, set-id bits, devices, file caps.
 */
#define KEPT_CAPS                                                                                  \
	(BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_FSETID) |              \
		BIT(CAP_MKNOD) | BIT(CAP_SETFCAP))

static uint64_t effective_caps(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	if (syscall(SYS_capget, &header, data) < 0)
		return 0;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

static int drop_caps(uint64_t keep, struct err *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};
	const uint64_t have = effective_caps();

	/* the bounding set only matters for exec, which the filter forbids; EPERM without SETPCAP
	 */
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		if (!(keep & BIT(cap)) && prctl(PR_CAPBSET_DROP, cap) < 0 && errno != EPERM)
			return err_errno(err, "cannot drop capabilities");
	keep &= have;
	for (int i = 0; i < 2; i++) {
		data[i].effective = (uint32_t)(keep >> (32 * i));
		data[i].permitted = data[i].effective;
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
		syscall(SYS_capset, &header, data) < 0 ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_errno(err, "cannot drop capabilities");
	return 0;
}

/* The first user namespace maps all ids to themselves. */
static bool in_first_user_namespace(void)
{
	struct err ignored;
	own_buf struct buf map = {0};
	unsigned long inside, outside, count;

	if (io_read_file(AT_FDCWD, "/proc/self/uid_map", 4096, &map, &ignored) < 0)
		return true; /* no /proc: mknod will tell */
	return sscanf(buf_str(&map), "%lu %lu %lu", &inside, &outside, &count) == 3 &&
		inside == 0 && outside == 0 && count >= 4294967295u;
}

static int write_map(const char *path, const char *text, struct err *err)
{
	own_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : io_write_full(fd, text, strlen(text));

	if (r == 0)
		return 0;
	errno = -r;
	return err_errno(err, "cannot write '%s'", path);
}

/* Without root: we become root of a namespace in which only our own ids exist. */
static int enter_user_namespace(struct err *err)
{
	const unsigned uid = geteuid(), gid = getegid();
	char uids[32], gids[32];

	if (unshare(CLONE_NEWUSER | NAMESPACES) < 0)
		return err_errno(err,
			"cannot make a user namespace to unpack in (needed without "
			"root; is kernel.unprivileged_userns_clone on?)");
	snprintf(uids, sizeof(uids), "0 %u 1", uid);
	snprintf(gids, sizeof(gids), "0 %u 1", gid);
	if (write_map("/proc/self/setgroups", "deny", err) < 0 ||
		write_map("/proc/self/uid_map", uids, err) < 0 ||
		write_map("/proc/self/gid_map", gids, err) < 0)
		return -err->code;
	return 0;
}

/*
 * Turn the mount tree around, so that the current directory is all there is: unshare(2) moves that
 * one into the new mount namespace with us, a descriptor it does not. Fails with errno.
 */
static int pivot_into_current(void)
{
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC};
	own_fd int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	own_fd int tree = -1;

	if (old < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	tree = open_tree(AT_FDCWD, ".", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (tree < 0)
		return -1;
	/* from 5.12; without it the filter is what keeps us from using devices and programs */
	if (mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr)) < 0 &&
		errno != ENOSYS)
		return -1;
	if (move_mount(tree, "", AT_FDCWD, ".", MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return -1;
	/* both roots then lie on "/": which one "." is must be said */
	if (fchdir(tree) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || fchdir(old) < 0 ||
		umount2(".", MNT_DETACH) < 0)
		return -1;
	return chdir("/");
}

static int chroot_into_current(void)
{
	return chroot(".") < 0 || chdir("/") < 0 ? -1 : 0;
}

static int enter_root(int dir, struct layer_sandbox *s, struct err *err)
{
	const bool root = geteuid() == 0;
	const bool first = in_first_user_namespace();

	if (fchdir(dir) < 0)
		return err_errno(err, "cannot enter the directory");
	s->owners = root;
	s->devices = root && first;
	s->user_xattrs = !(root && first);
	if (!root) {
		if (enter_user_namespace(err) < 0)
			return -err->code;
		return pivot_into_current() < 0 ? err_errno(err, "cannot enter the directory") : 0;
	}
	/* EPERM: root in a container without CAP_SYS_ADMIN; EINVAL: the host's root is a ramfs */
	if (unshare(NAMESPACES) == 0 && pivot_into_current() == 0)
		return 0;
	if (errno != EPERM && errno != ENOSYS && errno != EINVAL)
		return err_errno(err, "cannot enter the directory");
	if (fchdir(dir) < 0)
		return err_errno(err, "cannot enter the directory");
	return chroot_into_current() < 0 ? err_errno(err, "cannot enter the directory") : 0;
}

static int compare_ints(const void *a, const void *b)
{
	const int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* A directory of the host that a caller left open would lead around everything else. */
static int close_others(const int *keep, int nkeep, struct err *err)
{
	unsigned from = 3;
	int sorted[16] = {0};

	for (int i = 0; i < nkeep; i++)
		sorted[i] = keep[i];
	qsort(sorted, (size_t)nkeep, sizeof(*sorted), compare_ints);
	for (int i = 0; i <= nkeep; i++) {
		unsigned next = i < nkeep ? (unsigned)sorted[i] : ~0u;

		if (next < from)
			continue;
		if (next > from && close_range(from, next - (i < nkeep), 0) < 0)
			return err_errno(err, "cannot close inherited descriptors");
		from = next + 1;
	}
	return 0;
}

/* Not yet in every system's headers: <linux/landlock.h> up to ABI 6 (Linux 6.12). */
struct landlock_rules {
	uint64_t fs, net, scoped;
};

struct landlock_beneath {
	uint64_t access;
	int32_t fd;
} __attribute__((packed));

#define LANDLOCK_FS_EXECUTE 1
#define LANDLOCK_VERSION    1
#define LANDLOCK_BENEATH    1

/* Everything about files in our root but execution; nothing about the network. */
static int restrict_with_landlock(int root, struct err *err)
{
	/* the number of rights about files that each ABI knows */
	static const int fs_rights[] = {0, 13, 14, 15, 15, 16, 16};
	struct landlock_rules rules = {0};
	struct landlock_beneath beneath = {.fd = root};
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
	own_fd int fd = -1;
	size_t size = sizeof(rules.fs);

	/* ABI 1 forbids links across directories altogether */
	if (abi < 2)
		return 0;
	if (abi > 6)
		abi = 6;
	rules.fs = (UINT64_C(1) << fs_rights[abi]) - 1;
	beneath.access = rules.fs & ~(uint64_t)LANDLOCK_FS_EXECUTE;
	if (abi >= 4) {
		rules.net = 3; /* bind and connect of TCP */
		size += sizeof(rules.net);
	}
	if (abi >= 6) {
		rules.scoped = 3; /* abstract sockets and signals */
		size += sizeof(rules.scoped);
	}
	fd = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (fd < 0 || syscall(SYS_landlock_add_rule, fd, LANDLOCK_BENEATH, &beneath, 0) < 0 ||
		syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		return err_errno(err, "cannot confine with Landlock");
	return 0;
}

int layer_sandbox_enter(int dir, const int *keep, int nkeep, bool trusted_xattrs,
	struct layer_sandbox *sandbox, struct err *err)
{
	struct layer_sandbox s = {0};
	uint64_t caps = KEPT_CAPS;

	if (enter_root(dir, &s, err) < 0 || close_others(keep, nkeep, err) < 0)
		return -err->code;
	if (trusted_xattrs && !s.user_xattrs)
		caps |= BIT(CAP_SYS_ADMIN);
	s.root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s.root < 0)
		return err_errno(err, "cannot open the directory");
	if (drop_caps(caps, err) < 0 || restrict_with_landlock(s.root, err) < 0)
		return -err->code;
	*sandbox = s;
	return 0;
}
