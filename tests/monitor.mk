# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/monitor
tests_unit_monitor_SOURCES = $(UNIT_SOURCES) \
	runtime/monitor/children.c runtime/monitor/deadlines.c \
	runtime/monitor/monitor_log.c \
	tests/unit/children_test.c \
	tests/unit/deadlines_test.c \
	tests/unit/monitor_log_test.c
tests_unit_monitor_LDADD = $(SPEC_LIBS) $(LIB_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += tests/fuzz/attach tests/fuzz/exit_record tests/fuzz/log_line
tests_fuzz_exit_record_SOURCES = tests/fuzz/fuzz_exit_record.c $(FUZZ_MAIN)
tests_fuzz_exit_record_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_exit_record_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_log_line_SOURCES = tests/fuzz/fuzz_log_line.c $(FUZZ_MAIN)
tests_fuzz_log_line_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_log_line_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_attach_SOURCES = tests/fuzz/fuzz_attach.c $(FUZZ_MAIN)
tests_fuzz_attach_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_attach_LDADD = $(SPEC_LIBS) $(LIB_LIBS)

check_PROGRAMS += tests/e2e/pass_stdout
tests_e2e_pass_stdout_SOURCES = tests/e2e/pass_stdout.c
tests_e2e_pass_stdout_CFLAGS = $(INMATE_CFLAGS)
tests_e2e_pass_stdout_LDFLAGS = -static

FUZZ_TARGETS += \
	tests/fuzz/proc_files \
	tests/fuzz/runtime_words
tests_fuzz_proc_files_SOURCES = tests/fuzz/fuzz_proc_files.c $(FUZZ_MAIN)
tests_fuzz_proc_files_LDADD = engine/libengine.a $(STORE_LIBS)
tests_fuzz_proc_files_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_runtime_words_SOURCES = tests/fuzz/fuzz_runtime_words.c $(FUZZ_MAIN)
tests_fuzz_runtime_words_LDADD = $(SPEC_LIBS) $(LIB_LIBS)
tests_fuzz_runtime_words_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += \
	tests/e2e/kist-exec-streams.sh \
	tests/e2e/kist-exit-record.sh \
	tests/e2e/kist-monitor-attach.sh \
	tests/e2e/kist-monitor-caller.sh \
	tests/e2e/kist-monitor-exit.sh \
	tests/e2e/kist-monitor-signals.sh \
	tests/e2e/kist-monitor-start-error.sh \
	tests/e2e/kist-monitor-streams.sh \
	tests/e2e/kist-monitor-terminal.sh \
	tests/e2e/kist-relay.sh \
	tests/e2e/kist-stdout-passed-on.sh
EXTRA_DIST += tests/e2e/monitor.sh
