# SPDX-License-Identifier: Apache-2.0
UNIT_SOURCES = tests/unit/unit.c tests/unit/unit.h
UNIT_LIBS = $(CUNIT_LIBS)

UNIT_TESTS += tests/unit/lib
tests_unit_lib_SOURCES = $(UNIT_SOURCES) \
	tests/unit/bars_test.c \
	tests/unit/base64_test.c \
	tests/unit/cli_test.c \
	tests/unit/dir_test.c \
	tests/unit/duration_test.c \
	tests/unit/env_test.c \
	tests/unit/confine_test.c \
	tests/unit/err_test.c \
	tests/unit/io_test.c \
	tests/unit/json_test.c \
	tests/unit/key_index_test.c \
	tests/unit/output_test.c \
	tests/unit/path_test.c \
	tests/unit/place_test.c \
	tests/unit/relay_test.c \
	tests/unit/schema_test.c \
	tests/unit/size_test.c \
	tests/unit/socket_test.c \
	tests/unit/spawn_test.c \
	tests/unit/subid_test.c \
	tests/unit/utf8_test.c
tests_unit_lib_LDADD = $(LIB_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += tests/fuzz/duration tests/fuzz/subid
tests_fuzz_duration_SOURCES = tests/fuzz/fuzz_duration.c $(FUZZ_MAIN)
tests_fuzz_duration_LDADD = $(LIB_LIBS)
tests_fuzz_duration_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_subid_SOURCES = tests/fuzz/fuzz_subid.c $(FUZZ_MAIN)
tests_fuzz_subid_LDADD = $(LIB_LIBS)
tests_fuzz_subid_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += tests/e2e/kist-rootless.sh tests/e2e/kist-rootless-narrow.sh
EXTRA_DIST += tests/e2e/rootless-lib.sh
E2E += tests/e2e/confined-programs.sh tests/e2e/kist-callers-descriptors.sh tests/e2e/named-outputs.sh
