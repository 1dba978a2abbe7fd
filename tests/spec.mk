# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/spec
tests_unit_spec_SOURCES = $(UNIT_SOURCES) \
	tests/unit/config_make_test.c \
	tests/unit/digest_test.c \
	tests/unit/image_test.c \
	tests/unit/reference_test.c \
	tests/unit/runtime_config_test.c \
	tests/unit/user_test.c \
	tests/unit/words_test.c
tests_unit_spec_LDADD = $(SPEC_LIBS) $(LIB_LIBS) $(UNIT_LIBS)
