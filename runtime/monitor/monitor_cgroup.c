/* SPDX-License-Identifier: Apache-2.0 */
/* Where a detached monitor stands among the control groups. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/place.h"
#include "runtime/monitor/monitor.h"

#define MOUNT "/sys/fs/cgroup"

/* systemd rules here, and with version 2 of control groups alone */
static bool may_be_in_service(void)
{
	struct statfs fs;

	return access("/run/systemd/system", F_OK) == 0 && statfs(MOUNT, &fs) == 0 &&
		fs.f_type == CGROUP2_SUPER_MAGIC;
}

static int make(const char *dir, struct err *err)
{
	return mkdir(dir, 0755) < 0 && errno != EEXIST
		? err_errno(err, "cannot make cgroup '%s'", dir)
		: 0;
}

int monitor_leave_service(struct err *err)
{
	own_place struct place place = {0};
	own_mem char *parent = NULL, *ours = NULL, *file = NULL;
	own_fd int procs = -1;

	if (geteuid() != 0 || !may_be_in_service())
		return 0;
	if (place_find(NULL, NULL, &place, err) < 0)
		return -err->code;
	parent = xasprintf(MOUNT "%s", place.cgroup_parent);
	ours = xasprintf("%s/monitors", parent);
	file = xasprintf("%s/cgroup.procs", ours);
	if (make(parent, err) < 0 || make(ours, err) < 0)
		return -err->code;
	procs = open(file, O_WRONLY | O_CLOEXEC);
	if (procs < 0 || write(procs, "0", 1) < 0)
		return err_errno(err, "cannot move to cgroup '%s'", ours);
	return 0;
}
