/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/supported.h"

#include <sched.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/apparmor.h"

static int refuse(const char *member, struct err *err)
{
	return err_set(
		err, E_UNSUPPORTED, "config.json: %s is not supported by this runtime", member);
}

/* A label without its security module would be a promise that nobody keeps. */
static int check_labels(const struct runtime_config *c, struct err *err)
{
	const struct process_config *p = c->process;

	if (p->selinux_label && *p->selinux_label)
		return refuse("process.selinuxLabel", err);
	if (c->linux_->mount_label && *c->linux_->mount_label)
		return refuse("linux.mountLabel", err);
	return apparmor_check(p->apparmor_profile, err);
}

int supported_check(const struct runtime_config *c, struct err *err)
{
	if (!c->process)
		return err_set(err, E_SYNTAX, "config.json: process is missing: nothing to start");
	if (!c->linux_)
		return err_set(err, E_SYNTAX, "config.json: linux is missing");
	if (!c->root.path || !*c->root.path)
		return err_set(err, E_SYNTAX, "config.json: root.path is missing");
	if (c->linux_->intel_rdt)
		return refuse("linux.intelRdt", err);
	if (c->linux_->memory_policy)
		return refuse("linux.memoryPolicy", err);
	if (c->linux_->net_devices.count)
		return refuse("linux.netDevices", err);
	if (c->vm)
		return refuse("vm", err);
	return check_labels(c, err);
}

static bool is_set(const char *text)
{
	return text && *text;
}

int supported_namespaces(
	const struct runtime_config *c, const struct namespaces *ns, struct err *err)
{
	const struct linux_config *l = c->linux_;
	const uint64_t users = (ns->new_flags | ns->join_flags) & CLONE_NEWUSER;
	const struct {
		const char *member, *namespace;
		bool given, owned;
	} rows[] = {
		{"hostname", "uts", is_set(c->hostname), ns->own_flags & CLONE_NEWUTS},
		{"domainname", "uts", is_set(c->domainname), ns->own_flags & CLONE_NEWUTS},
		/* offsets of one that is joined cannot be changed: somebody is in it */
		{"linux.timeOffsets", "time", l->time_offsets.count, ns->new_flags & CLONE_NEWTIME},
		/* engines write them beside the path of one that is joined, too */
		{"linux.uidMappings", "user", l->uid_mappings.count, users},
		{"linux.gidMappings", "user", l->gid_mappings.count, users},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].given && !rows[i].owned)
			return err_set(err, E_DENIED,
				"config.json: %s is set, but the container has no %s namespace of its own",
				rows[i].member, rows[i].namespace);
	return 0;
}
