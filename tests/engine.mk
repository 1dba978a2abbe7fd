# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/engine
tests_unit_engine_SOURCES = $(UNIT_SOURCES) \
	tests/unit/filter_test.c \
	tests/unit/format_test.c \
	tests/unit/json_log_test.c \
	tests/unit/mount_wish_test.c \
	tests/unit/plan_test.c \
	tests/unit/publish_test.c \
	tests/unit/run_flags_test.c tests/unit/run_words.c tests/unit/run_words.h \
	tests/unit/template_test.c \
	tests/unit/translate_test.c \
	tests/unit/units_test.c
tests_unit_engine_LDADD = engine/libcli.a engine/libengine.a $(STORE_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += tests/fuzz/template
tests_fuzz_template_SOURCES = tests/fuzz/fuzz_template.c $(FUZZ_MAIN)
tests_fuzz_template_LDADD = engine/libcli.a engine/libengine.a $(STORE_LIBS)
tests_fuzz_template_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += \
	tests/e2e/kist-concurrent.sh \
	tests/e2e/kist-damaged.sh \
	tests/e2e/kist-detach-keys.sh \
	tests/e2e/kist-detached.sh \
	tests/e2e/kist-images.sh \
	tests/e2e/kist-inspect.sh \
	tests/e2e/kist-monitor-killed.sh \
	tests/e2e/kist-network.sh \
	tests/e2e/kist-plan.sh \
	tests/e2e/kist-plan-verbs.sh \
	tests/e2e/kist-reads-fail.sh \
	tests/e2e/kist-run-exit-status.sh \
	tests/e2e/kist-run-hello-world.sh \
	tests/e2e/kist-run-options.sh \
	tests/e2e/kist-run-stdin.sh \
	tests/e2e/kist-run-terminal.sh \
	tests/e2e/kist-run-volumes.sh
EXTRA_DIST += tests/e2e/engine.sh tests/data/create

if HAVE_MICROHTTPD
E2E += \
	tests/e2e/kist-api-docker.sh \
	tests/e2e/kist-api-kistd.sh \
	tests/e2e/kist-api-requests.sh \
	tests/e2e/kist-create-many-volumes.sh \
	tests/e2e/kist-create-posted.sh
endif
EXTRA_DIST += tests/e2e/api.sh tests/e2e/on_terminal.py tests/e2e/terminal.py
