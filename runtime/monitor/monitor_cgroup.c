/* SPDX-License-Identifier: Apache-2.0 */
/* Where a detached monitor stands among the control groups. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/monitor/monitor.h"

#define MOUNT  "/sys/fs/cgroup"
#define PARENT MOUNT "/kist" /* as the containers' */
#define OURS   PARENT "/monitors"

/* systemd rules here, and with version 2 of control groups alone */
static bool may_be_in_service(void)
{
	struct statfs fs;

	return access("/run/systemd/system", F_OK) == 0 && statfs(MOUNT, &fs) == 0 &&
		fs.f_type == CGROUP2_SUPER_MAGIC;
}

static int make(const char *dir)
{
	return mkdir(dir, 0755) < 0 && errno != EEXIST ? -1 : 0;
}

int monitor_leave_service(struct err *err)
{
	own_fd int procs = -1;

	if (geteuid() != 0 || !may_be_in_service())
		return 0;
	if (make(PARENT) < 0 || make(OURS) < 0)
		return err_errno(err, "cannot make cgroup '" OURS "'");
	procs = open(OURS "/cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (procs < 0 || write(procs, "0", 1) < 0)
		return err_errno(err, "cannot move to cgroup '" OURS "'");
	return 0;
}
