# SPDX-License-Identifier: Apache-2.0
# engine: docker's vocabulary; the command kist.
noinst_LIBRARIES += engine/libengine.a

engine_libengine_a_SOURCES = \
	engine/filter.c engine/filter.h \
	engine/format.c engine/format.h \
	engine/json_log.c engine/json_log.h \
	engine/mount_flag.c engine/mount_flag.h \
	engine/names.c engine/names.h \
	engine/plan.c engine/plan_print.c engine/plan.h \
	engine/publish.c engine/publish.h \
	engine/signals.c engine/signals.h \
	engine/table.c engine/table.h \
	engine/template_constant.c engine/template_eval.c engine/template_functions.c \
	engine/template_parse.c engine/template_printf.c \
	engine/template.h engine/template_ast.h \
	engine/units.c engine/units.h

bin_PROGRAMS += bin/kist
bin_kist_SOURCES = \
	engine/cmd.h \
	engine/cmd_container.c engine/cmd_exec.c engine/cmd_hidden.c engine/cmd_image.c \
	engine/cmd_images.c engine/cmd_inspect.c engine/cmd_logs.c engine/cmd_network.c engine/cmd_network_edit.c \
	engine/cmd_pass.c engine/cmd_ps.c engine/cmd_rm.c engine/cmd_run.c engine/cmd_start.c \
	engine/cmd_stop.c engine/cmd_system.c engine/cmd_volume.c \
	engine/creation.c engine/creation_image.c engine/creation_options.c engine/creation_volumes.c engine/creation.h \
	engine/disk_usage.c engine/disk_usage.h \
	engine/dispatch.c engine/dispatch.h \
	engine/docker.c engine/docker.h \
	engine/each.c engine/each.h \
	engine/engine.c engine/engine.h \
	engine/foreground.c engine/foreground.h \
	engine/hello_image.c engine/hello.h \
	engine/inspect_container.c engine/inspect_image.c engine/inspect.h \
	engine/main.c \
	engine/network.c engine/network.h \
	engine/ports.c engine/ports.h \
	engine/prune.c engine/prune.h \
	engine/run_flags.c engine/run_options.c engine/run_resources.c \
	engine/run_options.h engine/run_options_parts.h \
	engine/seccomp_profile.c engine/seccomp_profile.h \
	engine/start.c engine/start.h \
	engine/state.c engine/state.h \
	engine/stop.c engine/stop.h
bin_kist_LDADD = engine/libengine.a $(STORE_LIBS)

# The embedded image hello-world: a program without libc, so that no flag of the packager's matters;
# with one where hello.c does not know the system calls.
HELLO_CFLAGS = -std=gnu11 -Os -static -fno-stack-protector -fno-pie -no-pie \
	-fno-asynchronous-unwind-tables -fno-sanitize=all
HELLO_LINK = -Wl,--build-id=none -Wl,-z,noseparate-code -Wl,-z,noexecstack -s

engine/hello/hello: $(srcdir)/engine/hello/hello.c
	$(AM_V_GEN)$(MKDIR_P) engine/hello; case $(host_cpu) in \
	x86_64 | aarch64 | riscv64) free='-nostdlib -ffreestanding' ;; *) free= ;; esac; \
	$(CC) $(HELLO_CFLAGS) $$free -o $@ $(srcdir)/engine/hello/hello.c $(HELLO_LINK)

engine/hello/image.tar: engine/hello/hello $(srcdir)/engine/hello/image.sh
	$(AM_V_GEN)$(SHELL) $(srcdir)/engine/hello/image.sh $(host_cpu) engine/hello/hello $@ engine/hello/image.h

engine/hello/image.h: engine/hello/image.tar
	@:

engine/hello_image.$(OBJEXT): engine/hello/image.tar
BUILT_SOURCES += engine/hello/image.h
CLEANFILES += engine/hello/hello engine/hello/image.tar engine/hello/image.h
EXTRA_DIST += engine/hello/hello.c engine/hello/image.sh
