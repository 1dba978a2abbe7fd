/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/confine_calls.h"
#include "lib/own.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

/* For other owners, unreadable directories, other people's modes, set-id bits, devices, file caps.
 */
#define CAPS_UNPACK                                                                                \
	(CAP(CHOWN) | CAP(DAC_OVERRIDE) | CAP(FOWNER) | CAP(FSETID) | CAP(MKNOD) | CAP(SETFCAP))
/* What kist-layer needs at its start: namespaces, pivot_root or chroot, dropping the rest. */
#define CAPS_START_LAYER (CAPS_UNPACK | CAP(SYS_ADMIN) | CAP(SYS_CHROOT) | CAP(SETPCAP))

#define CALLS_CLIENT (CONFINE_CALLS_NO_KERNEL | CONFINE_CALLS_NO_MOUNTS)

const struct confine_policy confine_policies[CONFINE_PROGRAMS] = {
	[CONFINE_DOCKERFILE] = {"kist-dockerfile", 0, CONFINE_FILES_BENEATH, CONFINE_CALLS_STREAM,
		false},
	[CONFINE_BUILD_PROBE] = {"kist-build-probe", 0, CONFINE_FILES_BENEATH, CONFINE_CALLS_STREAM,
		false},
	[CONFINE_ARCHIVE] = {"kist-archive", 0, CONFINE_FILES_BENEATH,
		CONFINE_CALLS_STREAM | CONFINE_CALLS_SPLICE, false},
	[CONFINE_LAYER_UNPACK] = {"kist-layer unpack", CAPS_UNPACK, CONFINE_FILES_BENEATH,
		CONFINE_CALLS_STREAM | CONFINE_CALLS_FILES | CONFINE_CALLS_THREADS, false},
	/* SYS_ADMIN sets trusted.overlay.*; the list leaves nothing else that it is good for */
	[CONFINE_LAYER_UNPACK_OVERLAY] = {"kist-layer unpack --whiteouts overlay",
		CAPS_UNPACK | CAP(SYS_ADMIN), CONFINE_FILES_BENEATH,
		CONFINE_CALLS_STREAM | CONFINE_CALLS_FILES | CONFINE_CALLS_THREADS, false},
	/* SYS_ADMIN reads trusted.overlay.* */
	[CONFINE_LAYER_READ] = {"kist-layer pack, diff",
		CAP(DAC_READ_SEARCH) | CAP(DAC_OVERRIDE) | CAP(SYS_ADMIN),
		CONFINE_FILES_READ_BENEATH, CONFINE_CALLS_STREAM | CONFINE_CALLS_READ, false},
	/* DAC_OVERRIDE: the user's auth file under sudo */
	[CONFINE_LOGIN] = {"kist-login", CAP(DAC_OVERRIDE), CONFINE_FILES_WRITE_BENEATH,
		CALLS_CLIENT, false},
	[CONFINE_PULL_STREAM] = {"kist-pull -o", CAP(DAC_OVERRIDE), CONFINE_FILES_WRITE_BENEATH,
		CALLS_CLIENT, false},
	[CONFINE_PULL_STORE] = {"kist-pull", CAPS_START_LAYER, CONFINE_FILES_ANY,
		CONFINE_CALLS_NO_KERNEL, true},
	[CONFINE_PUSH] = {"kist-push", CAP(DAC_OVERRIDE), CONFINE_FILES_WRITE_BENEATH, CALLS_CLIENT,
		false},
};

/* Not yet in every system's headers: <linux/landlock.h> up to ABI 6 (Linux 6.12). */
struct landlock_rules {
	uint64_t fs, net, scoped;
};

struct landlock_beneath {
	uint64_t access;
	int32_t fd;
} __attribute__((packed));

#define LANDLOCK_VERSION 1
#define LANDLOCK_BENEATH 1

#define FS_EXECUTE     (UINT64_C(1) << 0)
#define FS_WRITE_FILE  (UINT64_C(1) << 1)
#define FS_READ_FILE   (UINT64_C(1) << 2)
#define FS_READ_DIR    (UINT64_C(1) << 3)
#define FS_IOCTL_DEV   (UINT64_C(1) << 15)
#define FS_READ        (FS_READ_FILE | FS_READ_DIR)
#define NET_ALL        3 /* bind and connect of TCP, from ABI 4 */
#define SCOPE_ABSTRACT 1 /* abstract sockets outside, from ABI 6 */
#define SCOPE_SIGNAL   2 /* signals to processes outside */

/* What a ruleset of this policy governs, and what it then allows beneath the directories. */
static uint64_t landlock_rights(
	enum confine_files files, long abi, struct landlock_rules *rules, size_t *size)
{
	/* the number of rights about files that each ABI knows */
	static const int known[] = {0, 13, 14, 15, 15, 16, 16};
	uint64_t all = (UINT64_C(1) << known[abi > 6 ? 6 : abi]) - 1;
	bool writes = files == CONFINE_FILES_WRITE_BENEATH;

	/* reading is not governed there, nor are the controls of terminals */
	rules->fs = writes ? all & ~(FS_READ | FS_IOCTL_DEV) : all;
	rules->net = writes ? 0 : NET_ALL;
	/* name services may stand behind an abstract socket */
	rules->scoped = writes ? SCOPE_SIGNAL : SCOPE_SIGNAL | SCOPE_ABSTRACT;
	*size = sizeof(uint64_t) * (abi >= 6 ? 3 : abi >= 4 ? 2 : 1);
	return files == CONFINE_FILES_READ_BENEATH ? FS_READ : rules->fs & ~FS_EXECUTE;
}

static int allow_beneath(int ruleset, const char *path, uint64_t access, struct err *err)
{
	own_fd int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct landlock_beneath rule = {access, dir};

	if (dir < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_BENEATH, &rule, 0) < 0)
		return err_errno(err, "cannot confine to '%s'", path);
	return 0;
}

static int restrict_files(
	const struct confine_policy *policy, const struct strv *beneath, struct err *err)
{
	struct landlock_rules rules = {0};
	own_fd int ruleset = -1;
	uint64_t access;
	size_t size;
	long abi;

	if (policy->files == CONFINE_FILES_ANY)
		return 0;
	abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
	/* not built in or not enabled; ABI 1 forbids links and renames across directories, which
	 * unpacking needs */
	if (abi < 1 || (abi < 2 && policy->calls & CONFINE_CALLS_FILES))
		return 0;
	access = landlock_rights(policy->files, abi, &rules, &size);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (ruleset < 0)
		return err_errno(err, "cannot make a Landlock ruleset");
	for (size_t i = 0; beneath && i < beneath->count; i++)
		if (allow_beneath(ruleset, beneath->items[i], access, err) < 0)
			return -err->code;
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return err_errno(err, "cannot enter the Landlock ruleset");
	return 0;
}

/* Those of keep that we have stay; none is there to inherit. Without root there are none. */
static int drop_capabilities(uint64_t keep, struct err *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	/* bounds what a program could get; needs SETPCAP, without which there is little to get */
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		if (!(keep & UINT64_C(1) << cap) && prctl(PR_CAPBSET_DROP, cap) < 0 &&
			errno != EPERM)
			return err_errno(err, "cannot drop capabilities");
	if (syscall(SYS_capget, &header, data) < 0)
		return err_errno(err, "cannot read capabilities");
	for (int i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(keep >> (32 * i));
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
		syscall(SYS_capset, &header, data) < 0)
		return err_errno(err, "cannot drop capabilities");
	return 0;
}

int confine_rights(enum confine_program program, const struct strv *beneath, struct err *err)
{
	const struct confine_policy *policy = &confine_policies[program];

	if (!policy->starts_programs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_errno(err, "cannot give up new privileges");
	if (restrict_files(policy, beneath, err) < 0)
		return -err->code;
	return drop_capabilities(policy->capabilities, err);
}

int confine_calls(enum confine_program program, struct err *err)
{
	const struct confine_policy *policy = &confine_policies[program];
	int r = policy->calls ? confine_calls_filter(policy->calls, err) : 0;

	/* an ordinary user may set a filter only by giving up that programs it starts have rights
	 * that it has not, as newuidmap(1); it has none itself that the filter would take */
	return r == -EACCES && policy->starts_programs ? 0 : r;
}

int confine_enter(enum confine_program program, const struct strv *beneath, struct err *err)
{
	if (confine_rights(program, beneath, err) < 0)
		return -err->code;
	return confine_calls(program, err);
}
