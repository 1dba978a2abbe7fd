# SPDX-License-Identifier: Apache-2.0
# runtime: kist-runtime, the OCI runtime; kist-monitor describes itself in monitor.mk.
include runtime/monitor/monitor.mk

bin_PROGRAMS += bin/kist-runtime
bin_kist_runtime_SOURCES = \
	runtime/apparmor.c runtime/apparmor.h \
	runtime/apparmor_default.c \
	runtime/capabilities.c runtime/capabilities.h \
	runtime/cgroup.c runtime/cgroup.h \
	runtime/cgroup_devices_bpf.c \
	runtime/cgroup_fs.c runtime/cgroup_private.h \
	runtime/cgroup_members.c \
	runtime/cgroup_mount.c \
	runtime/cgroup_v1.c \
	runtime/cgroup_v2.c \
	runtime/cmd_create.c \
	runtime/cmd_delete.c \
	runtime/cmd_events.c \
	runtime/cmd_exec.c \
	runtime/cmd_features.c \
	runtime/cmd_kill.c \
	runtime/cmd_list.c \
	runtime/cmd_pause.c \
	runtime/cmd_ps.c \
	runtime/cmd_run.c \
	runtime/cmd_spec.c \
	runtime/cmd_start.c \
	runtime/cmd_state.c \
	runtime/cmd_update.c \
	runtime/command_lookup.c runtime/command_lookup.h \
	runtime/console.c runtime/console.h \
	runtime/instance.c runtime/instance.h \
	runtime/copy_up.c \
	runtime/create.c runtime/create.h \
	runtime/devices.c \
	runtime/exec.c runtime/exec.h \
	runtime/executable.c runtime/executable.h \
	runtime/foreground.c runtime/foreground.h \
	runtime/home.c runtime/home.h \
	runtime/hooks.c runtime/hooks.h \
	runtime/idmap.c runtime/idmap.h \
	runtime/init.c runtime/init.h \
	runtime/main.c \
	runtime/mount_api.c runtime/mount_api.h \
	runtime/mount_options.c runtime/mount_options.h \
	runtime/mapped.c \
	runtime/mounts.c \
	runtime/namespaces.c runtime/namespaces.h \
	runtime/no_pivot.c \
	runtime/opener.c runtime/opener.h \
	runtime/process.c runtime/process.h \
	runtime/protect.c \
	runtime/protect_self.c \
	runtime/rootfs.c runtime/rootfs.h \
	runtime/runtime.c runtime/runtime.h \
	runtime/runtime_log.c runtime/runtime_log.h \
	runtime/scheduling.c runtime/scheduling.h \
	runtime/seccomp.c runtime/seccomp.h \
	runtime/seccomp_cache.c \
	runtime/seccomp_compile.c \
	runtime/seccomp_predict.c \
	runtime/signals.c runtime/signals.h \
	runtime/stats.c runtime/stats.h \
	runtime/stdio.c runtime/stdio.h \
	runtime/supported.c runtime/supported.h \
	runtime/sync.c runtime/sync.h \
	runtime/sysctl.c \
	runtime/threshold.c runtime/threshold.h
bin_kist_runtime_LDADD = $(SPEC_LIBS) lib/liblib.a $(RUNTIME_LIBS) -lm

if STATIC_RUNTIME
bin_kist_runtime_LDFLAGS = $(AM_LDFLAGS) -static
endif
