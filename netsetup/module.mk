# SPDX-License-Identifier: Apache-2.0
# netsetup: kist-netsetup, the networks of containers. Static where the runtime is: it starts once
# per container, and loading libraries costs more than its work in the kernel.
noinst_LIBRARIES += netsetup/libnetsetup.a
bin_PROGRAMS += bin/kist-netsetup

netsetup_libnetsetup_a_SOURCES = \
	netsetup/config.c netsetup/config.h \
	netsetup/driver/bridge.c \
	netsetup/driver/bridge_rules.c netsetup/driver/bridge_rules.h \
	netsetup/driver/driver.c netsetup/driver/driver.h \
	netsetup/endpoint.c netsetup/endpoint.h \
	netsetup/files.c netsetup/files.h \
	netsetup/host.c netsetup/host.h \
	netsetup/ip.c netsetup/ip.h \
	netsetup/lease.c \
	netsetup/link.c netsetup/link.h \
	netsetup/listeners.c netsetup/listeners.h \
	netsetup/netlink.c netsetup/netlink.h \
	netsetup/netns.c netsetup/netns.h \
	netsetup/network.c netsetup/network.h \
	netsetup/nft.c netsetup/nft.h \
	netsetup/pool.c netsetup/pool.h \
	netsetup/ports.c netsetup/ports.h \
	netsetup/setup.c netsetup/setup.h \
	netsetup/state.c netsetup/state.h \
	netsetup/sweep.c \
	netsetup/teardown.c netsetup/teardown.h

bin_kist_netsetup_SOURCES = \
	netsetup/cmd.c netsetup/cmd.h \
	netsetup/cmd_attach.c \
	netsetup/cmd_create.c \
	netsetup/cmd_detach.c \
	netsetup/cmd_inspect.c \
	netsetup/cmd_ls.c \
	netsetup/cmd_rm.c \
	netsetup/cmd_setup.c \
	netsetup/cmd_teardown.c \
	netsetup/main.c
bin_kist_netsetup_LDADD = netsetup/libnetsetup.a spec/libspec.a lib/liblib.a $(RUNTIME_LIBS) -lm
if STATIC_RUNTIME
bin_kist_netsetup_LDFLAGS = $(AM_LDFLAGS) -static
endif
