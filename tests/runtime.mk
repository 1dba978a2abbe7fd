# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/runtime
tests_unit_runtime_SOURCES = $(UNIT_SOURCES) \
	runtime/apparmor_default.c \
	runtime/capabilities.c \
	runtime/cgroup.c runtime/cgroup_devices_bpf.c runtime/cgroup_fs.c runtime/cgroup_v1.c runtime/cgroup_v2.c \
	runtime/console.c \
	runtime/executable.c \
	runtime/foreground.c \
	runtime/home.c \
	runtime/mount_options.c \
	runtime/seccomp.c runtime/seccomp_cache.c runtime/seccomp_compile.c runtime/seccomp_predict.c \
	runtime/signals.c \
	runtime/sync.c \
	tests/unit/apparmor_test.c \
	tests/unit/capabilities_test.c \
	tests/unit/cgroup_test.c \
	tests/unit/executable_test.c \
	tests/unit/home_test.c \
	tests/unit/mount_options_test.c \
	tests/unit/seccomp_predict_test.c \
	tests/unit/signals_test.c \
	tests/unit/sync_test.c
tests_unit_runtime_LDADD = $(SPEC_LIBS) $(LIB_LIBS) $(UNIT_LIBS) $(RUNTIME_LIBS)

FUZZ_TARGETS += tests/fuzz/executable
tests_fuzz_executable_SOURCES = tests/fuzz/fuzz_executable.c runtime/executable.c $(FUZZ_MAIN)
tests_fuzz_executable_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_executable_LDADD = $(LIB_LIBS)

check_PROGRAMS += tests/e2e/catcher
tests_e2e_catcher_SOURCES = tests/e2e/catcher.c
tests_e2e_catcher_CFLAGS = $(INMATE_CFLAGS)
tests_e2e_catcher_LDFLAGS = -static

check_PROGRAMS += tests/e2e/old_calls
tests_e2e_old_calls_SOURCES = tests/e2e/old_calls.c
tests_e2e_old_calls_CFLAGS = $(INMATE_CFLAGS)
tests_e2e_old_calls_LDFLAGS = -static

FUZZ_TARGETS += \
	tests/fuzz/mount_options
tests_fuzz_mount_options_SOURCES = tests/fuzz/fuzz_mount_options.c runtime/mount_options.c $(FUZZ_MAIN)
tests_fuzz_mount_options_LDADD = $(LIB_LIBS)
tests_fuzz_mount_options_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

check_PROGRAMS += tests/e2e/every_call
tests_e2e_every_call_SOURCES = tests/e2e/every_call.c
tests_e2e_every_call_CFLAGS = $(INMATE_CFLAGS)
tests_e2e_every_call_LDFLAGS = -static

E2E += \
	tests/e2e/kist-runtime-apparmor.sh \
	tests/e2e/kist-runtime-caught.sh \
	tests/e2e/kist-runtime-cgroup.sh \
	tests/e2e/kist-runtime-cgroup-shared.sh \
	tests/e2e/kist-runtime-cgroup-v2.sh \
	tests/e2e/kist-runtime-events.sh \
	tests/e2e/kist-runtime-exec-cgroup.sh \
	tests/e2e/kist-runtime-exit-codes.sh \
	tests/e2e/kist-runtime-failing-calls.sh \
	tests/e2e/kist-runtime-hooks.sh \
	tests/e2e/kist-runtime-hostile-root.sh \
	tests/e2e/kist-runtime-host-null.sh \
	tests/e2e/kist-runtime-host-settings.sh \
	tests/e2e/kist-runtime-killed.sh \
	tests/e2e/kist-runtime-lifecycle.sh \
	tests/e2e/kist-runtime-log.sh \
	tests/e2e/kist-runtime-mount-options.sh \
	tests/e2e/kist-runtime-mounts.sh \
	tests/e2e/kist-runtime-namespaces.sh \
	tests/e2e/kist-runtime-old-kernel.sh \
	tests/e2e/kist-runtime-paths.sh \
	tests/e2e/kist-runtime-process.sh \
	tests/e2e/kist-runtime-program.sh \
	tests/e2e/kist-runtime-run.sh \
	tests/e2e/kist-runtime-self-exe.sh \
	tests/e2e/kist-runtime-socketcall.sh \
	tests/e2e/kist-runtime-spec.sh \
	tests/e2e/kist-runtime-terminal.sh \
	tests/e2e/kist-runtime-update.sh \
	tests/e2e/kist-runtime-users.sh
EXTRA_DIST += tests/e2e/runtime-lib.sh
