# SPDX-License-Identifier: Apache-2.0
# netsetup: kist-netsetup, the networks of containers. Static where the runtime is: it starts once
# per container, and loading libraries costs more than its work in the kernel.
noinst_LIBRARIES += netsetup/libnetsetup.a
bin_PROGRAMS += bin/kist-netsetup

netsetup_libnetsetup_a_SOURCES = \
	netsetup/config.c netsetup/config.h \
	netsetup/files.c netsetup/files.h \
	netsetup/ip.c netsetup/ip.h \
	netsetup/lease.c \
	netsetup/link.c netsetup/link.h \
	netsetup/netlink.c netsetup/netlink.h \
	netsetup/netns.c netsetup/netns.h \
	netsetup/network.c netsetup/network.h \
	netsetup/nft.c netsetup/nft.h \
	netsetup/ports.c netsetup/ports.h \
	netsetup/rules.c netsetup/rules.h \
	netsetup/setup.c netsetup/setup.h \
	netsetup/state.c netsetup/state.h

bin_kist_netsetup_SOURCES = \
	netsetup/cmd.h \
	netsetup/cmd_network.c \
	netsetup/cmd_setup.c \
	netsetup/main.c
bin_kist_netsetup_LDADD = netsetup/libnetsetup.a lib/liblib.a $(RUNTIME_LIBS) -lm
if STATIC_RUNTIME
bin_kist_netsetup_LDFLAGS = $(AM_LDFLAGS) -static
endif
