# SPDX-License-Identifier: Apache-2.0
# Tests of the registry client.
UNIT_TESTS += tests/unit/puller
tests_unit_puller_SOURCES = $(UNIT_SOURCES) \
	tests/unit/challenge_test.c \
	tests/unit/credentials_test.c \
	tests/unit/progress_test.c \
	tests/unit/registry_test.c
tests_unit_puller_LDADD = $(PULLER_LIBS) $(UNIT_LIBS)

FUZZ_TARGETS += tests/fuzz/challenge
tests_fuzz_challenge_SOURCES = tests/fuzz/fuzz_challenge.c $(FUZZ_MAIN)
tests_fuzz_challenge_LDADD = $(PULLER_LIBS)
tests_fuzz_challenge_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

FUZZ_TARGETS += tests/fuzz/credentials tests/fuzz/headers tests/fuzz/url
tests_fuzz_credentials_SOURCES = tests/fuzz/fuzz_credentials.c $(FUZZ_MAIN)
tests_fuzz_credentials_LDADD = $(PULLER_LIBS)
tests_fuzz_credentials_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_headers_SOURCES = tests/fuzz/fuzz_headers.c $(FUZZ_MAIN)
tests_fuzz_headers_LDADD = $(PULLER_LIBS)
tests_fuzz_headers_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_url_SOURCES = tests/fuzz/fuzz_url.c $(FUZZ_MAIN)
tests_fuzz_url_LDADD = $(PULLER_LIBS)
tests_fuzz_url_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

FUZZ_TARGETS += \
	tests/fuzz/registry_reply \
	tests/fuzz/layout
tests_fuzz_registry_reply_SOURCES = tests/fuzz/fuzz_registry_reply.c $(FUZZ_MAIN)
tests_fuzz_registry_reply_LDADD = $(PULLER_LIBS)
tests_fuzz_registry_reply_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_layout_SOURCES = tests/fuzz/fuzz_layout.c $(FUZZ_MAIN)
tests_fuzz_layout_LDADD = $(PULLER_LIBS)
tests_fuzz_layout_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

E2E += \
	tests/e2e/kist-login-files.sh \
	tests/e2e/kist-pull-auth.sh \
	tests/e2e/kist-pull-disk-full.sh \
	tests/e2e/kist-pull-failing-calls.sh \
	tests/e2e/kist-pull-hostile-images.sh \
	tests/e2e/kist-pull-into-store.sh \
	tests/e2e/kist-pull-killed.sh \
	tests/e2e/kist-pull-platform.sh \
	tests/e2e/kist-pull-power-loss.sh \
	tests/e2e/kist-pull-resume.sh \
	tests/e2e/kist-pull-retries.sh \
	tests/e2e/kist-pull-side-by-side.sh \
	tests/e2e/kist-pull-steered.sh \
	tests/e2e/kist-pull-terminal.sh \
	tests/e2e/kist-pull-tls.sh \
	tests/e2e/kist-pull-wrong-bytes.sh \
	tests/e2e/kist-push-confined.sh \
	tests/e2e/kist-push-from-store.sh \
	tests/e2e/kist-push-retries.sh \
	tests/e2e/kist-push-stream.sh
EXTRA_DIST += tests/e2e/registry.sh tests/e2e/registry_server.py
