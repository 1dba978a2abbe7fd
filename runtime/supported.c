/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/supported.h"

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
