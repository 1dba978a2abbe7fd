# SPDX-License-Identifier: Apache-2.0
# spec: OCI's and our own documents as C values. Pure: no system calls, but for user_files.c, config_host.c,
# attach.c and exit_record.c.
noinst_LIBRARIES += spec/libspec.a

spec_libspec_a_SOURCES = \
	spec/attach.c spec/attach.h spec/attach_socket.c spec/attach_socket.h \
	spec/check.c spec/check.h \
	spec/config_host.c \
	spec/container_record.c spec/container_record.h \
	spec/document_version.h \
	spec/apparmor.h \
	spec/config_make.c spec/config_make.h \
	spec/config_mounts.c \
	spec/config_options.c \
	spec/config_parts.h \
	spec/config_process.c \
	spec/config_resources.c \
	spec/digest.c spec/digest.h \
	spec/exit_record.c spec/exit_record.h \
	spec/implied.c spec/implied.h \
	spec/image.c spec/image_config.c spec/platform.c spec/image.h \
	spec/layer_result.c spec/layer_result.h \
	spec/linux_config.c spec/linux_config.h \
	spec/linux_resources.c spec/linux_resources.h \
	spec/network_definition.c spec/network_definition.h \
	spec/network_result.c spec/network_result.h \
	spec/network_wish.c spec/network_wish.h \
	spec/port.c spec/port.h \
	spec/log_line.c spec/log_line.h \
	spec/process_config.c spec/process_config.h \
	spec/progress_line.c spec/progress_line.h \
	spec/ready_line.c spec/ready_line.h \
	spec/runtime_lines.c spec/runtime_lines.h \
	spec/reference.c spec/reference.h \
	spec/runtime_config.c spec/runtime_config.h \
	spec/seccomp_config.c spec/seccomp_config.h \
	spec/seccomp_default.c \
	spec/snapshot_record.c spec/snapshot_record.h \
	spec/store_lines.c spec/store_lines.h \
	spec/user.c spec/user.h \
	spec/user_files.c spec/user_files.h \
	spec/volume_record.c spec/volume_record.h \
	spec/cmd_check.c spec/cmd_config.c spec/config_flags.c spec/config_flags.h \
	spec/kist_spec.h spec/tool.c spec/tool.h

SPEC_LIBS = spec/libspec.a

bin_PROGRAMS += bin/kist-spec
bin_kist_spec_SOURCES = spec/kist_spec.c
bin_kist_spec_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
