# SPDX-License-Identifier: Apache-2.0
# Streams and tar (lib), and layers (store). libarchive is a witness for our own tar.
UNIT_TESTS += tests/unit/layer
tests_unit_layer_SOURCES = $(UNIT_SOURCES) \
	tests/unit/layer_name_test.c \
	tests/unit/layer_unpack_test.c \
	tests/unit/layer_worker_test.c \
	tests/unit/layer_write_test.c \
	tests/unit/memory_stream.c tests/unit/memory_stream.h \
	tests/unit/stream_test.c \
	tests/unit/tar_test.c
tests_unit_layer_LDADD = store/libunpack.a $(LAYER_LIBS) $(ARCHIVE_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += tests/fuzz/layer_tar tests/fuzz/inflate
tests_fuzz_layer_tar_SOURCES = tests/fuzz/fuzz_layer_tar.c tests/unit/memory_stream.c $(FUZZ_MAIN)
tests_fuzz_layer_tar_LDADD = store/libunpack.a $(LAYER_LIBS)
tests_fuzz_layer_tar_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_inflate_SOURCES = tests/fuzz/fuzz_inflate.c $(FUZZ_MAIN)
tests_fuzz_inflate_LDADD = $(STREAM_LIBS)
tests_fuzz_inflate_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

# what an attacker inside a confined program would try
check_PROGRAMS += tests/e2e/prisoner
tests_e2e_prisoner_SOURCES = tests/e2e/prisoner.c store/layer/layer_root.c store/layer/layer_root.h
tests_e2e_prisoner_LDADD = $(LIB_LIBS)

FUZZ_TARGETS += \
	tests/fuzz/layer_result
tests_fuzz_layer_result_SOURCES = tests/fuzz/fuzz_layer_result.c $(FUZZ_MAIN)
tests_fuzz_layer_result_LDADD = $(STORE_LIBS)
tests_fuzz_layer_result_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += \
	tests/e2e/kist-layer-attributes.sh \
	tests/e2e/kist-layer-bombs.sh \
	tests/e2e/kist-layer-confined.sh \
	tests/e2e/kist-layer-damaged.sh \
	tests/e2e/kist-layer-diff.sh \
	tests/e2e/kist-layer-hostile.sh \
	tests/e2e/kist-layer-memory.sh \
	tests/e2e/kist-layer-round-trip.sh
