# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/netsetup
tests_unit_netsetup_SOURCES = $(UNIT_SOURCES) \
	tests/unit/netsetup_config_test.c \
	tests/unit/netsetup_ip_test.c
tests_unit_netsetup_LDADD = netsetup/libnetsetup.a $(SPEC_LIBS) $(LIB_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += tests/fuzz/netsetup_config
tests_fuzz_netsetup_config_SOURCES = tests/fuzz/fuzz_netsetup_config.c $(FUZZ_MAIN)
tests_fuzz_netsetup_config_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_netsetup_config_LDADD = netsetup/libnetsetup.a $(SPEC_LIBS) $(LIB_LIBS)

FUZZ_TARGETS += tests/fuzz/netlink tests/fuzz/network_definition tests/fuzz/resolver_files
tests_fuzz_netlink_SOURCES = tests/fuzz/fuzz_netlink.c $(FUZZ_MAIN)
tests_fuzz_netlink_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_netlink_LDADD = netsetup/libnetsetup.a $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_network_definition_SOURCES = tests/fuzz/fuzz_network_definition.c $(FUZZ_MAIN)
tests_fuzz_network_definition_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_network_definition_LDADD = netsetup/libnetsetup.a $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_resolver_files_SOURCES = tests/fuzz/fuzz_resolver_files.c $(FUZZ_MAIN)
tests_fuzz_resolver_files_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_resolver_files_LDADD = netsetup/libnetsetup.a $(SPEC_LIBS) $(LIB_LIBS)

FUZZ_TARGETS += \
	tests/fuzz/netsetup_record
tests_fuzz_netsetup_record_SOURCES = tests/fuzz/fuzz_netsetup_record.c $(FUZZ_MAIN)
tests_fuzz_netsetup_record_LDADD = netsetup/libnetsetup.a $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_netsetup_record_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += \
	tests/e2e/kist-network-races.sh \
	tests/e2e/kist-netsetup-bad-input.sh \
	tests/e2e/kist-netsetup-connect.sh \
	tests/e2e/kist-netsetup-endpoints.sh \
	tests/e2e/kist-netsetup-failing.sh \
	tests/e2e/kist-netsetup-files.sh \
	tests/e2e/kist-netsetup-killed.sh \
	tests/e2e/kist-netsetup-many-ports.sh \
	tests/e2e/kist-netsetup-neighbour.sh \
	tests/e2e/kist-netsetup-networks.sh tests/e2e/kist-netsetup-no-ipv6.sh \
	tests/e2e/kist-netsetup-parallel.sh \
	tests/e2e/kist-netsetup-ports.sh \
	tests/e2e/kist-netsetup-reads-fail.sh \
	tests/e2e/kist-netsetup-records.sh
EXTRA_DIST += tests/e2e/netsetup.sh
