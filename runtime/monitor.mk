# SPDX-License-Identifier: Apache-2.0
# kist-monitor and kist-attach: small, and static where the runtime is.
pkglibexec_PROGRAMS += bin/kist-monitor bin/kist-attach

bin_kist_monitor_SOURCES = \
	runtime/attach.c runtime/attach.h \
	runtime/console.c runtime/console.h \
	runtime/monitor.c runtime/monitor.h \
	runtime/monitor_attach.c \
	runtime/monitor_cgroup.c \
	runtime/monitor_error.c \
	runtime/monitor_exit.c \
	runtime/monitor_log.c runtime/monitor_log.h \
	runtime/monitor_main.c \
	runtime/monitor_start.c \
	runtime/monitor_stream.c
bin_kist_monitor_LDADD = lib/liblib.a $(RUNTIME_LIBS) -lm

bin_kist_attach_SOURCES = \
	runtime/attach.c runtime/attach.h \
	runtime/attach_main.c \
	runtime/console.c runtime/console.h
bin_kist_attach_LDADD = lib/liblib.a $(RUNTIME_LIBS) -lm

if STATIC_RUNTIME
bin_kist_attach_LDFLAGS = $(AM_LDFLAGS) -static
bin_kist_monitor_LDFLAGS = $(AM_LDFLAGS) -static
endif
