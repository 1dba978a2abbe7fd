/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The profile of kist's containers, beside masked paths, capabilities and seccomp: it holds also
 * for a container that was given back what those take away, but for a privileged one. Nothing is
 * mounted; the kernel's settings in /proc and /sys are not written, but those of the container's
 * own namespaces; nobody outside is traced, and only unconfined processes send signals in.
 */
#include "runtime/apparmor.h"
#include "spec/apparmor.h"

#define PROFILE "profile " APPARMOR_DEFAULT " "

const char apparmor_default_profile[] = PROFILE
	"flags=(attach_disconnected, mediate_deleted) {\n"
	"  # what is not denied below\n"
	"  file,\n"
	"  capability,\n"
	"  network,\n"
	"  umount,\n"
	"\n"
	"  signal (receive) peer=unconfined,\n"
	"  signal (send, receive) peer=" APPARMOR_DEFAULT ",\n"
	"  ptrace (trace, read, tracedby, readby) peer=" APPARMOR_DEFAULT ",\n"
	"\n"
	"  deny mount,\n"
	"\n"
	"  # procfs: only what belongs to a process (a number) is written\n"
	"  deny /proc/* w,\n"
	"  deny /proc/[^0-9s]*/** w,\n"
	"  deny /proc/s[^y]*/** w,\n"
	"  deny /proc/sy[^s]*/** w,\n"
	"  deny /proc/sys[^/]*/** w,\n"
	"  # and of the settings those of System V shared memory, which are a namespace's\n"
	"  deny /proc/sys/[^k]** w,\n"
	"  deny /proc/sys/k[^e]** w,\n"
	"  deny /proc/sys/kernel/[^s]** w,\n"
	"  deny /proc/sys/kernel/s[^h]** w,\n"
	"  deny /proc/sys/kernel/sh[^m]** w,\n"
	"  deny /proc/{sysrq-trigger,kcore,kmem,mem} rwklx,\n"
	"\n"
	"  # sysfs: cgroups alone\n"
	"  deny /sys/[^f]** wklx,\n"
	"  deny /sys/f[^s]** wklx,\n"
	"  deny /sys/fs/[^c]** wklx,\n"
	"  deny /sys/fs/c[^g]** wklx,\n"
	"  deny /sys/fs/cg[^r]** wklx,\n"
	"  deny /sys/firmware/** rwklx,\n"
	"  deny /sys/kernel/security/** rwklx,\n"
	"  deny /sys/devices/virtual/powercap/** rwklx,\n"
	"\n"
	"  profile " APPARMOR_DEFAULT_MARK " {\n"
	"  }\n"
	"}\n";
