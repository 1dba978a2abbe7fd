# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/store
tests_unit_store_SOURCES = $(UNIT_SOURCES) \
	tests/unit/store_fixture.c tests/unit/store_fixture.h \
	tests/unit/blob_test.c \
	tests/unit/container_test.c \
	tests/unit/image_table_test.c \
	tests/unit/layer_store_test.c \
	tests/unit/overlay_test.c \
	tests/unit/tool_test.c
tests_unit_store_LDADD = $(STORE_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += tests/fuzz/archive tests/fuzz/archive_requests tests/fuzz/image_table
tests_fuzz_archive_SOURCES = tests/fuzz/fuzz_archive.c $(FUZZ_MAIN)
tests_fuzz_archive_LDADD = $(SCAN_LIBS)
tests_fuzz_archive_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_archive_requests_SOURCES = tests/fuzz/fuzz_archive_requests.c $(FUZZ_MAIN)
tests_fuzz_archive_requests_LDADD = $(STORE_LIBS)
tests_fuzz_archive_requests_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_image_table_SOURCES = tests/fuzz/fuzz_image_table.c $(FUZZ_MAIN)
tests_fuzz_image_table_LDADD = $(STORE_LIBS)
tests_fuzz_image_table_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += \
	tests/e2e/kist-store-containers.sh \
	tests/e2e/kist-store-damaged.sh \
	tests/e2e/kist-store-failing-calls.sh \
	tests/e2e/kist-store-gc-read-error.sh \
	tests/e2e/kist-store-full-disk.sh \
	tests/e2e/kist-store-gc-fsck.sh \
	tests/e2e/kist-store-killed-load.sh \
	tests/e2e/kist-store-load-any-order.sh \
	tests/e2e/kist-store-load-refuses.sh \
	tests/e2e/kist-store-load-save.sh \
	tests/e2e/kist-store-many-names.sh \
	tests/e2e/kist-store-mount.sh \
	tests/e2e/kist-store-names-in-layers.sh \
	tests/e2e/kist-store-order-on-disk.sh \
	tests/e2e/kist-store-podman-reads-archives.sh \
	tests/e2e/kist-store-put-get.sh \
	tests/e2e/kist-store-records.sh \
	tests/e2e/kist-store-tags.sh \
	tests/e2e/kist-store-volumes.sh

EXTRA_DIST += tests/e2e/archive.py
