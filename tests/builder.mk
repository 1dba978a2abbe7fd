# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/builder
tests_unit_builder_SOURCES = $(UNIT_SOURCES) \
	tests/unit/dockerfile_check_test.c \
	tests/unit/dockerfile_tables_test.c \
	tests/unit/dockerfile_test.c \
	tests/unit/substitute_test.c
tests_unit_builder_LDADD = $(DOCKERFILE_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += tests/fuzz/dockerfile tests/fuzz/substitute
tests_fuzz_dockerfile_SOURCES = tests/fuzz/fuzz_dockerfile.c $(FUZZ_MAIN)
tests_fuzz_dockerfile_LDADD = $(DOCKERFILE_LIBS)
tests_fuzz_dockerfile_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_substitute_SOURCES = tests/fuzz/fuzz_substitute.c $(FUZZ_MAIN)
tests_fuzz_substitute_LDADD = $(DOCKERFILE_LIBS)
tests_fuzz_substitute_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E +=
