# SPDX-License-Identifier: Apache-2.0
# engine: docker's vocabulary; the command kist.
noinst_LIBRARIES += engine/libengine.a

engine_libengine_a_SOURCES = \
	engine/docker/body.c engine/docker/body.h \
	engine/docker/docker.c engine/docker/docker.h \
	engine/docker/filter.c engine/docker/filter.h \
	engine/docker/json_log.c engine/docker/json_log.h \
	engine/docker/mount_wish.c engine/docker/mount_wish.h \
	engine/docker/names.c engine/docker/names.h \
	engine/docker/publish.c engine/docker/publish.h \
	engine/docker/seccomp_profile.c engine/docker/seccomp_profile.h \
	engine/docker/sentences.c engine/docker/sentences.h \
	engine/docker/signals.c engine/docker/signals.h \
	engine/docker/template.h \
	engine/docker/template_ast.h \
	engine/docker/template_constant.c \
	engine/docker/template_eval.c \
	engine/docker/template_functions.c \
	engine/docker/template_parse.c \
	engine/docker/template_printf.c \
	engine/docker/texts.c engine/docker/texts.h \
	engine/docker/unique.c engine/docker/unique.h \
	engine/docker/units.c engine/docker/units.h \
	engine/verb/attach.c \
	engine/verb/container_prune.c \
	engine/verb/create.c \
	engine/verb/creation.c engine/verb/creation.h \
	engine/verb/creation_image.c \
	engine/verb/creation_volumes.c \
	engine/verb/ending.c engine/verb/ending.h \
	engine/verb/engine.c engine/verb/engine.h \
	engine/verb/engine_open.c \
	engine/verb/exec.c \
	engine/verb/exited.c \
	engine/verb/hello.h \
	engine/verb/hello_image.c \
	engine/verb/host_limits.c engine/verb/host_limits.h \
	engine/verb/image_prune.c \
	engine/verb/images.c \
	engine/verb/info.c \
	engine/verb/inspect.c engine/verb/inspect.h \
	engine/verb/inspect_container.c \
	engine/verb/inspect_image.c \
	engine/verb/inspect_network.c \
	engine/verb/inspect_volume.c \
	engine/verb/join.c engine/verb/join.h \
	engine/verb/kill.c \
	engine/verb/limits.c engine/verb/limits.h \
	engine/verb/load.c \
	engine/verb/logs.c \
	engine/verb/network.c engine/verb/network.h \
	engine/verb/network_create.c \
	engine/verb/network_ls.c \
	engine/verb/network_rm.c \
	engine/verb/pass.c \
	engine/verb/pause.c \
	engine/verb/plan.c engine/verb/plan.h \
	engine/verb/plan_print.c \
	engine/verb/port.c \
	engine/verb/ports.c engine/verb/ports.h \
	engine/verb/prune.c engine/verb/prune.h \
	engine/verb/ps.c \
	engine/verb/pull.c \
	engine/verb/removal.c engine/verb/removal.h \
	engine/verb/rename.c \
	engine/verb/restart.c \
	engine/verb/rm.c \
	engine/verb/rmi.c \
	engine/verb/run.c \
	engine/verb/save.c \
	engine/verb/sink.c engine/verb/sink.h \
	engine/verb/start.c \
	engine/verb/starting.c engine/verb/starting.h \
	engine/verb/state.c engine/verb/state.h \
	engine/verb/stop.c \
	engine/verb/subject.c engine/verb/subject.h \
	engine/verb/summary.h \
	engine/verb/system_df.c \
	engine/verb/tag.c \
	engine/verb/tool.c engine/verb/tool.h \
	engine/verb/top.c \
	engine/verb/translate.c engine/verb/translate.h \
	engine/verb/translate_devices.c \
	engine/verb/translate_mounts.c \
	engine/verb/translate_network.c \
	engine/verb/translate_options.c \
	engine/verb/translate_parts.h \
	engine/verb/unpause.c \
	engine/verb/users.c engine/verb/users.h \
	engine/verb/verb.h \
	engine/verb/version.c \
	engine/verb/volume_create.c \
	engine/verb/volume_ls.c \
	engine/verb/volume_prune.c \
	engine/verb/volume_rm.c \
	engine/verb/wait.c

# what the command line does with words alone; apart for the unit tests
noinst_LIBRARIES += engine/libcli.a
engine_libcli_a_SOURCES = \
	engine/cli/env_flag.c engine/cli/env_flag.h \
	engine/cli/keys_flag.c engine/cli/keys_flag.h \
	engine/cli/format.c engine/cli/format.h \
	engine/cli/run/body.c \
	engine/cli/run/flags.c engine/cli/run/flags.h \
	engine/cli/run/mounts.c \
	engine/cli/run/network.c \
	engine/cli/run/options.h \
	engine/cli/run/resources.c \
	engine/cli/run/words.c \
	engine/cli/table.c engine/cli/table.h

bin_PROGRAMS += bin/kist
bin_kist_SOURCES = \
	engine/cli/cmd.h \
	engine/cli/cmd_attach.c \
	engine/cli/cmd_build.c \
	engine/cli/cmd_container_prune.c \
	engine/cli/cmd_create.c \
	engine/cli/cmd_exec.c \
	engine/cli/cmd_hidden.c \
	engine/cli/cmd_image_prune.c \
	engine/cli/cmd_images.c \
	engine/cli/cmd_info.c \
	engine/cli/cmd_inspect.c \
	engine/cli/cmd_kill.c \
	engine/cli/cmd_load.c \
	engine/cli/cmd_login.c \
	engine/cli/cmd_logout.c \
	engine/cli/cmd_logs.c \
	engine/cli/cmd_network_create.c \
	engine/cli/cmd_network_ls.c \
	engine/cli/cmd_network_rm.c \
	engine/cli/cmd_pause.c \
	engine/cli/cmd_port.c \
	engine/cli/cmd_ps.c \
	engine/cli/cmd_pull.c \
	engine/cli/cmd_push.c \
	engine/cli/cmd_rename.c \
	engine/cli/cmd_restart.c \
	engine/cli/cmd_rm.c \
	engine/cli/cmd_rmi.c \
	engine/cli/cmd_run.c \
	engine/cli/cmd_save.c \
	engine/cli/cmd_start.c \
	engine/cli/cmd_stop.c \
	engine/cli/cmd_system_df.c \
	engine/cli/cmd_tag.c \
	engine/cli/cmd_top.c \
	engine/cli/cmd_unpause.c \
	engine/cli/cmd_version.c \
	engine/cli/cmd_volume_create.c \
	engine/cli/cmd_volume_ls.c \
	engine/cli/cmd_volume_prune.c \
	engine/cli/cmd_volume_rm.c \
	engine/cli/cmd_wait.c \
	engine/cli/dispatch.c engine/cli/dispatch.h \
	engine/cli/foreground.c engine/cli/foreground.h \
	engine/cli/listing.c engine/cli/listing.h \
	engine/cli/main.c \
	engine/cli/mouth.c engine/cli/mouth.h \
	engine/cli/progress_view.c engine/cli/progress_view.h \
	engine/cli/pass.c engine/cli/pass.h \
	engine/cli/prune.c engine/cli/prune.h \
	engine/cli/run/request.c engine/cli/run/request.h \
	engine/cli/stay.c engine/cli/stay.h
# Two of them are started for each container, and the dynamic linker is more than half of what such a
# start costs. Nothing in it compresses or inflates: that is for kist-layer and kist-archive.
if STATIC_RUNTIME
bin_kist_LDFLAGS = $(AM_LDFLAGS) -static
bin_kist_LDADD = engine/libcli.a engine/libengine.a store/libstore.a store/libscan.a store/liblayer.a $(SPEC_LIBS) \
	lib/libstream.a lib/liblib.a $(SHA256_LIBS) $(RUNTIME_LIBS)
else
bin_kist_LDADD = engine/libcli.a engine/libengine.a $(STORE_LIBS)
endif

# what the API does with requests; apart for the fuzz target, which has requests without connections
noinst_LIBRARIES += engine/libapi.a
engine_libapi_a_SOURCES = \
	engine/api/attach.c \
	engine/api/call.c engine/api/call.h \
	engine/api/containers.c \
	engine/api/exec.c \
	engine/api/images.c \
	engine/api/logs.c \
	engine/api/networks.c \
	engine/api/prune.c \
	engine/api/router.c engine/api/router.h \
	engine/api/streams.c engine/api/streams.h \
	engine/api/system.c \
	engine/api/volumes.c
engine_libapi_a_CFLAGS = $(AM_CFLAGS) -pthread

EXTRA_DIST += engine/api/kistd.socket engine/api/kistd.service.in
# The second mouth: docker's Engine API, where libmicrohttpd is there.
if HAVE_MICROHTTPD
bin_PROGRAMS += bin/kistd
bin_kistd_SOURCES = engine/api/kistd.c
bin_kistd_LDADD = lib/liblib.a $(YAJL_LIBS) -lm
pkglibexec_PROGRAMS += bin/kist-api
bin_kist_api_SOURCES = engine/api/http.c engine/api/http.h engine/api/kist_api.c
bin_kist_api_CFLAGS = $(AM_CFLAGS) $(MICROHTTPD_CFLAGS) -pthread
bin_kist_api_LDADD = engine/libapi.a engine/libengine.a $(STORE_LIBS) $(MICROHTTPD_LIBS) -lpthread

systemdunitdir = $(prefix)/lib/systemd/system
systemdunit_DATA = engine/api/kistd.socket engine/api/kistd.service
CLEANFILES += engine/api/kistd.service
engine/api/kistd.service: $(srcdir)/engine/api/kistd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) engine/api; sed 's,[@]bindir[@],$(bindir),' $(srcdir)/engine/api/kistd.service.in >$@
endif

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

engine/verb/hello_image.$(OBJEXT): engine/hello/image.tar
BUILT_SOURCES += engine/hello/image.h
CLEANFILES += engine/hello/hello engine/hello/image.tar engine/hello/image.h
EXTRA_DIST += engine/hello/hello.c engine/hello/image.sh
