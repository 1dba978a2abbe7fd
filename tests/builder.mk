# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/builder
tests_unit_builder_SOURCES = $(UNIT_SOURCES) \
	tests/unit/build_words_test.c \
	tests/unit/dockerfile_check_test.c \
	tests/unit/dockerfile_tables_test.c \
	tests/unit/dockerfile_test.c \
	tests/unit/dockerignore_test.c \
	tests/unit/substitute_test.c
tests_unit_builder_LDADD = $(BUILDER_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += tests/fuzz/dockerfile tests/fuzz/dockerignore tests/fuzz/substitute tests/fuzz/run_mount
tests_fuzz_run_mount_SOURCES = tests/fuzz/fuzz_run_mount.c $(FUZZ_MAIN)
tests_fuzz_run_mount_LDADD = builder/libbuilder.a builder/libdockerfile.a $(LIB_LIBS)
tests_fuzz_run_mount_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_dockerfile_SOURCES = tests/fuzz/fuzz_dockerfile.c $(FUZZ_MAIN)
tests_fuzz_dockerfile_LDADD = $(DOCKERFILE_LIBS)
tests_fuzz_dockerfile_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_dockerignore_SOURCES = tests/fuzz/fuzz_dockerignore.c $(FUZZ_MAIN)
tests_fuzz_dockerignore_LDADD = builder/libbuilder.a $(LIB_LIBS)
tests_fuzz_dockerignore_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_substitute_SOURCES = tests/fuzz/fuzz_substitute.c $(FUZZ_MAIN)
tests_fuzz_substitute_LDADD = $(DOCKERFILE_LIBS)
tests_fuzz_substitute_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

check_PROGRAMS += tests/growth/builder
tests_growth_builder_SOURCES = tests/growth/builder.c
tests_growth_builder_LDADD = $(BUILDER_LIBS)
TESTS += tests/growth/builder.sh
EXTRA_DIST += tests/growth/builder.sh tests/growth/growth.sh

EXTRA_DIST += tests/e2e/build.sh
FUZZ_TARGETS += \
	tests/fuzz/dockerfile_json \
	tests/fuzz/glob \
	tests/fuzz/probe
tests_fuzz_dockerfile_json_SOURCES = tests/fuzz/fuzz_dockerfile_json.c $(FUZZ_MAIN)
tests_fuzz_dockerfile_json_LDADD = $(DOCKERFILE_LIBS)
tests_fuzz_dockerfile_json_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_glob_SOURCES = tests/fuzz/fuzz_glob.c $(FUZZ_MAIN)
tests_fuzz_glob_LDADD = builder/libbuilder.a $(LIB_LIBS)
tests_fuzz_glob_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_probe_SOURCES = tests/fuzz/fuzz_probe.c builder/foreign.c $(FUZZ_MAIN)
tests_fuzz_probe_LDADD = $(STREAM_LIBS) $(ARCHIVE_LIBS)
tests_fuzz_probe_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += \
	tests/e2e/kist-build-arguments.sh \
	tests/e2e/kist-build-callers-objects.sh \
	tests/e2e/kist-build-compressed.sh \
	tests/e2e/kist-build-as-buildah.sh \
	tests/e2e/kist-build-as-docker.sh \
	tests/e2e/kist-build-context-objects.sh \
	tests/e2e/kist-build-context-on-stdin.sh \
	tests/e2e/kist-build-copy.sh \
	tests/e2e/kist-build-debian.sh \
	tests/e2e/kist-build-disk-full.sh \
	tests/e2e/kist-build-failures.sh \
	tests/e2e/kist-build-hostile-context.sh \
	tests/e2e/kist-build-hostile-mounts.sh \
	tests/e2e/kist-build-killed.sh \
	tests/e2e/kist-build-limits.sh \
	tests/e2e/kist-build-mounts.sh \
	tests/e2e/kist-build-network.sh \
	tests/e2e/kist-build-stages.sh \
	tests/e2e/kist-dockerfile-lines.sh
