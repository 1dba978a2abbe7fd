# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/spec
tests_unit_spec_SOURCES = $(UNIT_SOURCES) \
	tests/unit/attach_test.c \
	tests/unit/config_make_test.c \
	tests/unit/digest_test.c \
	tests/unit/exit_record_test.c \
	tests/unit/image_test.c \
	tests/unit/implied_test.c \
	tests/unit/layer_result_test.c \
	tests/unit/network_documents_test.c \
	tests/unit/log_line_test.c \
	tests/unit/progress_line_test.c \
	tests/unit/ready_line_test.c \
	tests/unit/runtime_lines_test.c \
	tests/unit/reference_test.c \
	tests/unit/runtime_config_test.c \
	tests/unit/store_lines_test.c \
	tests/unit/user_test.c
tests_unit_spec_LDADD = $(SPEC_LIBS) $(LIB_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += \
	tests/fuzz/config \
	tests/fuzz/config_options \
	tests/fuzz/digest \
	tests/fuzz/image \
	tests/fuzz/json \
	tests/fuzz/passwd \
	tests/fuzz/progress_line \
	tests/fuzz/reference
tests_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c $(FUZZ_MAIN)
tests_fuzz_config_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_config_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_config_options_SOURCES = tests/fuzz/fuzz_config_options.c $(FUZZ_MAIN)
tests_fuzz_config_options_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_config_options_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_digest_SOURCES = tests/fuzz/fuzz_digest.c $(FUZZ_MAIN)
tests_fuzz_digest_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_digest_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_image_SOURCES = tests/fuzz/fuzz_image.c $(FUZZ_MAIN)
tests_fuzz_image_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_image_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c $(FUZZ_MAIN)
tests_fuzz_json_LDADD = $(LIB_LIBS)
tests_fuzz_json_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_passwd_SOURCES = tests/fuzz/fuzz_passwd.c $(FUZZ_MAIN)
tests_fuzz_passwd_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_passwd_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_progress_line_SOURCES = tests/fuzz/fuzz_progress_line.c $(FUZZ_MAIN)
tests_fuzz_progress_line_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_progress_line_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_reference_SOURCES = tests/fuzz/fuzz_reference.c $(FUZZ_MAIN)
tests_fuzz_reference_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_reference_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

FUZZ_TARGETS += \
	tests/fuzz/process \
	tests/fuzz/store_record
tests_fuzz_process_SOURCES = tests/fuzz/fuzz_process.c $(FUZZ_MAIN)
tests_fuzz_process_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_process_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_store_record_SOURCES = tests/fuzz/fuzz_store_record.c $(FUZZ_MAIN)
tests_fuzz_store_record_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_store_record_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += \
	tests/e2e/kist-spec-check.sh \
	tests/e2e/kist-spec-config.sh \
	tests/e2e/kist-spec-every-call.sh \
	tests/e2e/kist-spec-seccomp.sh \
	tests/e2e/kist-spec-users.sh
