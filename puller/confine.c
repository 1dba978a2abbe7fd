/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/own.h"

/* Not yet in every system's headers: landlock.h of Linux 5.19 and 6.2. */
#define ACCESS_REFER    (1ULL << 13)
#define ACCESS_TRUNCATE (1ULL << 14)

#define ACCESS_WRITE                                                                               \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                           \
		LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |                    \
		LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |                        \
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |                      \
		LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

static int drop_capabilities(struct err *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct caps[2];

	if (syscall(SYS_capget, &header, caps) < 0)
		return err_errno(err, "cannot read capabilities");
	caps[0].permitted &= 1u << CAP_DAC_OVERRIDE;
	caps[0].effective = caps[0].permitted;
	caps[1].permitted = caps[1].effective = 0;
	caps[0].inheritable = caps[1].inheritable = 0;
	if (syscall(SYS_capset, &header, caps) < 0)
		return err_errno(err, "cannot drop capabilities");
	return 0;
}

static int allow_beneath(int ruleset, const char *path, uint64_t access, struct err *err)
{
	own_fd int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = dir};

	if (dir < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		return err_errno(err, "cannot confine to '%s'", path);
	return 0;
}

static int confine_files(const struct strv *writable, struct err *err)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	uint64_t write = ACCESS_WRITE | (abi >= 2 ? ACCESS_REFER : 0) |
		(abi >= 3 ? ACCESS_TRUNCATE : 0);
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = write | LANDLOCK_ACCESS_FS_EXECUTE};
	own_fd int ruleset = -1;

	if (abi < 1) /* not built in, or not enabled */
		return 0;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0)
		return err_errno(err, "cannot make a Landlock ruleset");
	for (size_t i = 0; i < writable->count; i++)
		if (allow_beneath(ruleset, writable->items[i], write, err) < 0)
			return -err->code;
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return err_errno(err, "cannot enter the Landlock ruleset");
	return 0;
}

int confine(const struct strv *writable, struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_errno(err, "cannot give up new privileges");
	if (confine_files(writable, err) < 0)
		return -err->code;
	return drop_capabilities(err);
}
