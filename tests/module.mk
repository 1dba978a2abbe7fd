# SPDX-License-Identifier: Apache-2.0
# tests: each room lists its own in tests/<room>.mk:
#   UNIT_TESTS  one CUnit executable per folder
#   FUZZ_TARGETS   tests/fuzz/NAME from fuzz_NAME.c, replaying tests/fuzz/corpus/NAME under "make check"
#   E2E            tests/e2e/PROGRAM-BEHAVIOUR.sh
UNIT_TESTS =
FUZZ_TARGETS =
E2E =
LINT = tests/lint/layering.sh tests/lint/links.sh tests/lint/headers.sh tests/lint/format.sh tests/lint/shell.sh

LINT += tests/lint/security.sh

# of programs that run in a container, where there is no libasan
INMATE_CFLAGS = $(AM_CFLAGS) -fno-sanitize=all

include tests/lib.mk
include tests/layer.mk
include tests/spec.mk
include tests/builder.mk
include tests/engine.mk
include tests/monitor.mk
include tests/netsetup.mk
include tests/pipes.mk
include tests/puller.mk
include tests/runtime.mk
include tests/store.mk

if HAVE_CUNIT
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif
check_PROGRAMS += $(FUZZ_TARGETS)
TESTS += $(FUZZ_TARGETS)
TESTS += $(LINT)
if ENABLE_E2E
TESTS += $(E2E)
endif

if ENABLE_FUZZ
FUZZ_MAIN =
FUZZ_LINK = -fsanitize=fuzzer
else
FUZZ_MAIN = tests/fuzz/replay.c
FUZZ_LINK =
endif

TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT = \
	KIST_SOURCE='$(abs_top_srcdir)'; export KIST_SOURCE; \
	KIST_BUILD='$(abs_top_builddir)'; export KIST_BUILD; \
	KIST_SHARED="$${KIST_SHARED:-$(abs_top_srcdir)/../shared}"; export KIST_SHARED; \
	CC='$(CC)'; export CC;

EXTRA_DIST += $(E2E) $(LINT) tests/e2e/lib.sh tests/fuzz/corpus tests/summary tests/debian-root tests/vm/run tests/vm/systemd-service.sh tests/expected-skips \
	tests/lint/analyze.sh tests/lint/cppcheck.sh tests/lint/unsigned-char.sh tests/fuzz/replay.c tests/fuzz/fuzz.h tests/fuzz/create.h tests/bench .ci/run

# The slow linters stand outside of "make check".
lint: all
	@status=0; for t in $(LINT) tests/lint/cppcheck.sh tests/lint/analyze.sh tests/lint/unsigned-char.sh; do \
		printf '  LINT     %s\n' "$$t"; \
		$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/$$t || [ $$? = 77 ] || status=1; done; exit $$status

# Sanitizers over the whole suite, then each fuzz target for a minute.
analyze:
	$(SHELL) $(srcdir)/tests/analyze '$(abs_top_srcdir)' '$(abs_top_builddir)'
EXTRA_DIST += tests/analyze

# Each fuzz target for FUZZ_SECONDS, or some: make fuzz FUZZ_SECONDS=600 FUZZ_TARGETS="json url" FUZZ_JOBS=2
if ENABLE_FUZZ
FUZZ_BUILD = $(abs_top_builddir)
else
FUZZ_BUILD = $(abs_top_builddir)/analyze/fuzz
endif
fuzz:
	$(SHELL) $(srcdir)/tests/fuzz/run '$(abs_top_srcdir)' '$(FUZZ_BUILD)'
fuzz-minimize:
	$(SHELL) $(srcdir)/tests/fuzz/run '$(abs_top_srcdir)' '$(FUZZ_BUILD)' minimize
EXTRA_DIST += tests/fuzz/run

bench: all
	KIST_BUILD='$(abs_top_builddir)' $(SHELL) $(srcdir)/tests/bench/run

.PHONY: lint analyze bench fuzz fuzz-minimize

# not by FUZZ_TARGETS, which "make fuzz FUZZ_TARGETS=..." says anew
print-fuzz-targets:
	@echo $(sort $(filter tests/fuzz/%,$(check_PROGRAMS)))
.PHONY: print-fuzz-targets

EXTRA_DIST += tests/vm/clock-jump.sh
