/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/own.h"

static const char *const names[] = {"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID",
	"KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE",
	"NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO",
	"SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE",
	"AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
	"BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE"};

int capability_parse(const char *name)
{
	if (strncasecmp(name, "CAP_", 4) == 0)
		name += 4;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp(name, names[i]) == 0)
			return (int)i;
	return -1;
}

const char *capability_name(int number)
{
	return number >= 0 && (size_t)number < ARRAY_LEN(names) ? names[number] : NULL;
}

static void ignore(struct buf *ignored, const char *set, const char *name)
{
	buf_addf(ignored, "%s%s %.40s", ignored->len ? ", " : "", set, name);
}

/* What is asked for, of what may be had. */
static uint64_t parse_set(
	const struct strings *set, const char *what, uint64_t within, struct buf *ignored)
{
	uint64_t out = 0;

	for (size_t i = 0; i < set->count; i++) {
		int n = capability_parse(set->items[i]);

		if (n >= 0 && (within & (uint64_t)1 << n))
			out |= (uint64_t)1 << n;
		else
			ignore(ignored, what, set->items[i]);
	}
	return out;
}

void capabilities_parse(const struct capability_sets *sets, uint64_t available,
	struct capabilities *out, struct buf *ignored)
{
	memset(out, 0, sizeof(*out));
	if (!sets)
		return;
	out->bounding = parse_set(&sets->bounding, "bounding", available, ignored);
	out->permitted = parse_set(&sets->permitted, "permitted", available, ignored);
	/* capabilities(7): only what is permitted can be effective, ... */
	out->effective = parse_set(&sets->effective, "effective", out->permitted, ignored);
	/* inherited what is bounding, and ambient what is both permitted and inherited */
	out->inheritable = parse_set(&sets->inheritable, "inheritable", out->bounding, ignored);
	out->ambient = parse_set(
		&sets->ambient, "ambient", out->permitted & out->inheritable, ignored);
}

uint64_t capabilities_own(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		return CAPABILITIES_ALL;
	return data[0].permitted | (uint64_t)data[1].permitted << 32;
}

int capabilities_bound(const struct capabilities *c, struct err *err)
{
	/* the kernel may know more than we do: those are dropped, too, up to its last */
	for (unsigned n = 0; n < 64; n++) {
		if (c->bounding & (uint64_t)1 << n)
			continue;
		if (prctl(PR_CAPBSET_DROP, n, 0, 0, 0) == 0)
			continue;
		if (errno == EINVAL)
			return 0; /* past the last one */
		return err_errno(err, "cannot drop capability %u from the bounding set", n);
	}
	return 0;
}

static int set(uint64_t effective, uint64_t permitted, uint64_t inheritable, struct err *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		data[i].effective = (__u32)(effective >> (32 * i));
		data[i].permitted = (__u32)(permitted >> (32 * i));
		data[i].inheritable = (__u32)(inheritable >> (32 * i));
	}
	if (syscall(SYS_capset, &header, data) < 0)
		return err_errno(err, "cannot set the process's capabilities");
	return 0;
}

static int set_ambient(uint64_t ambient, struct err *err)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return err_errno(err, "cannot clear the ambient capabilities");
	for (unsigned n = 0; n < ARRAY_LEN(names); n++)
		if ((ambient & (uint64_t)1 << n) &&
			prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, n, 0, 0) < 0)
			return err_errno(err,
				"cannot set ambient capability CAP_%s (is it permitted and inheritable?)",
				names[n]);
	return 0;
}

int capabilities_switch(
	const struct capabilities *c, uint32_t uid, uint32_t gid, uint64_t extra, struct err *err)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return err_errno(err, "cannot keep capabilities over the change of user");
	/* raw: glibc's would look for other threads */
	if (syscall(SYS_setresgid, gid, gid, gid) < 0)
		return err_errno(err, "cannot become group %u", gid);
	if (syscall(SYS_setresuid, uid, uid, uid) < 0)
		return err_errno(err, "cannot become user %u", uid);
	if (set(c->effective | extra, c->permitted | extra, c->inheritable, err) < 0)
		return -err->code;
	return set_ambient(c->ambient, err);
}

int capabilities_finish(const struct capabilities *c, struct err *err)
{
	return set(c->effective, c->permitted, c->inheritable, err);
}

int capabilities_keep(uint64_t rights, struct err *err)
{
	return set(rights, rights, 0, err);
}
