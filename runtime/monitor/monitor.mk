# SPDX-License-Identifier: Apache-2.0
# kist-monitor, kist-attach and kist-relay: small, and static where the runtime is.
pkglibexec_PROGRAMS += bin/kist-monitor bin/kist-attach bin/kist-relay

bin_kist_monitor_SOURCES = \
	runtime/monitor/children.c runtime/monitor/children.h \
	runtime/monitor/clients.c runtime/monitor/clients.h \
	runtime/monitor/deadlines.c runtime/monitor/deadlines.h \
	runtime/monitor/input.c runtime/monitor/input.h \
	runtime/console.c runtime/console.h \
	runtime/monitor/monitor.c runtime/monitor/monitor.h \
	runtime/monitor/monitor_cgroup.c \
	runtime/monitor/monitor_error.c \
	runtime/monitor/monitor_exit.c \
	runtime/monitor/monitor_leave.c \
	runtime/monitor/monitor_log.c runtime/monitor/monitor_log.h \
	runtime/monitor/monitor_main.c \
	runtime/monitor/monitor_protect.c \
	runtime/monitor/monitor_start.c \
	runtime/monitor/stream.c runtime/monitor/stream.h
bin_kist_monitor_LDADD = $(SPEC_LIBS) lib/liblib.a $(RUNTIME_LIBS) -lm

bin_kist_attach_SOURCES = \
	runtime/monitor/attach_main.c \
	runtime/console.c runtime/console.h
bin_kist_attach_LDADD = $(SPEC_LIBS) lib/liblib.a $(RUNTIME_LIBS) -lm

bin_kist_relay_SOURCES = \
	runtime/console.c runtime/console.h \
	runtime/monitor/relay_main.c
bin_kist_relay_LDADD = lib/liblib.a $(RUNTIME_LIBS) -lm

if STATIC_RUNTIME
bin_kist_relay_LDFLAGS = $(AM_LDFLAGS) -static
bin_kist_attach_LDFLAGS = $(AM_LDFLAGS) -static
bin_kist_monitor_LDFLAGS = $(AM_LDFLAGS) -static
endif
