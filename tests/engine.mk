# SPDX-License-Identifier: Apache-2.0
UNIT_TESTS += tests/unit/engine
tests_unit_engine_SOURCES = $(UNIT_SOURCES) \
	tests/unit/filter_test.c \
	tests/unit/format_test.c \
	tests/unit/host_limits_test.c \
	tests/unit/json_log_test.c \
	tests/unit/mount_wish_test.c \
	tests/unit/plan_test.c \
	tests/unit/publish_test.c \
	tests/unit/run_flags_test.c tests/unit/run_words.c tests/unit/run_words.h \
	tests/unit/template_test.c \
	tests/unit/translate_test.c \
	tests/unit/units_test.c
tests_unit_engine_LDADD = engine/libcli.a engine/libengine.a $(STORE_LIBS) $(UNIT_LIBS)

check_PROGRAMS += tests/growth/creation
tests_growth_creation_SOURCES = tests/growth/creation.c tests/unit/run_words.c tests/unit/run_words.h
tests_growth_creation_LDADD = engine/libcli.a engine/libengine.a $(STORE_LIBS)
TESTS += tests/growth/creation.sh
EXTRA_DIST += tests/growth/creation.sh

FUZZ_TARGETS += tests/fuzz/template
tests_fuzz_template_SOURCES = tests/fuzz/fuzz_template.c $(FUZZ_MAIN)
tests_fuzz_template_LDADD = engine/libcli.a engine/libengine.a $(STORE_LIBS)
tests_fuzz_template_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

FUZZ_TARGETS += \
	tests/fuzz/create_body \
	tests/fuzz/creation \
	tests/fuzz/filter \
	tests/fuzz/env_file \
	tests/fuzz/template_data \
	tests/fuzz/seccomp_profile \
	tests/fuzz/docker_words \
	tests/fuzz/log_tail \
	tests/fuzz/tool_lines \
	tests/fuzz/api_request
tests_fuzz_create_body_SOURCES = tests/fuzz/fuzz_create_body.c $(FUZZ_MAIN)
tests_fuzz_create_body_LDADD = engine/libengine.a $(STORE_LIBS)
tests_fuzz_create_body_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_creation_SOURCES = tests/fuzz/fuzz_creation.c $(FUZZ_MAIN)
tests_fuzz_creation_LDADD = engine/libengine.a $(STORE_LIBS)
tests_fuzz_creation_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_filter_SOURCES = tests/fuzz/fuzz_filter.c $(FUZZ_MAIN)
tests_fuzz_filter_LDADD = engine/libengine.a $(STORE_LIBS)
tests_fuzz_filter_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_env_file_SOURCES = tests/fuzz/fuzz_env_file.c $(FUZZ_MAIN)
tests_fuzz_env_file_LDADD = engine/libcli.a engine/libengine.a $(STORE_LIBS)
tests_fuzz_env_file_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_template_data_SOURCES = tests/fuzz/fuzz_template_data.c $(FUZZ_MAIN)
tests_fuzz_template_data_LDADD = engine/libengine.a $(STORE_LIBS)
tests_fuzz_template_data_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_seccomp_profile_SOURCES = tests/fuzz/fuzz_seccomp_profile.c $(FUZZ_MAIN)
tests_fuzz_seccomp_profile_LDADD = engine/libengine.a $(STORE_LIBS) $(SECCOMP_LIBS)
tests_fuzz_seccomp_profile_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_docker_words_SOURCES = tests/fuzz/fuzz_docker_words.c $(FUZZ_MAIN)
tests_fuzz_docker_words_LDADD = engine/libengine.a $(STORE_LIBS)
tests_fuzz_docker_words_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_log_tail_SOURCES = tests/fuzz/fuzz_log_tail.c $(FUZZ_MAIN)
tests_fuzz_log_tail_LDADD = engine/libengine.a $(STORE_LIBS)
tests_fuzz_log_tail_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_tool_lines_SOURCES = tests/fuzz/fuzz_tool_lines.c $(FUZZ_MAIN)
tests_fuzz_tool_lines_LDADD = engine/libengine.a $(STORE_LIBS)
tests_fuzz_tool_lines_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_api_request_SOURCES = tests/fuzz/fuzz_api_request.c $(FUZZ_MAIN)
tests_fuzz_api_request_LDADD = engine/libapi.a engine/libengine.a $(STORE_LIBS) -lpthread
tests_fuzz_api_request_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += \
	tests/e2e/kist-concurrent.sh \
	tests/e2e/kist-create-killed.sh \
	tests/e2e/kist-damaged.sh \
	tests/e2e/kist-detach-keys.sh \
	tests/e2e/kist-detached.sh \
	tests/e2e/kist-images.sh \
	tests/e2e/kist-inspect.sh \
	tests/e2e/kist-logs-order.sh \
	tests/e2e/kist-many-ports.sh \
	tests/e2e/kist-monitor-killed.sh \
	tests/e2e/kist-network.sh \
	tests/e2e/kist-permissions.sh \
	tests/e2e/kist-plan.sh \
	tests/e2e/kist-plan-verbs.sh \
	tests/e2e/kist-pull-words.sh \
	tests/e2e/kist-reads-fail.sh \
	tests/e2e/kist-run-exit-status.sh \
	tests/e2e/kist-run-hello-world.sh \
	tests/e2e/kist-run-options.sh \
	tests/e2e/kist-run-privileges.sh \
	tests/e2e/kist-run-stdin.sh \
	tests/e2e/kist-run-terminal.sh \
	tests/e2e/kist-run-users.sh \
	tests/e2e/kist-run-volumes.sh \
	tests/e2e/kist-verb-races.sh
EXTRA_DIST += tests/e2e/engine.sh tests/data/create

if HAVE_MICROHTTPD
E2E += \
	tests/e2e/kist-api-docker.sh \
	tests/e2e/kist-api-hostile.sh \
	tests/e2e/kist-api-kistd.sh \
	tests/e2e/kist-api-requests.sh \
	tests/e2e/kist-create-many-volumes.sh \
	tests/e2e/kist-create-posted.sh
endif
EXTRA_DIST += tests/e2e/api.sh tests/e2e/on_terminal.py tests/e2e/terminal.py
