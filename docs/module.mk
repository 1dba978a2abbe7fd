# SPDX-License-Identifier: Apache-2.0
EXTRA_DIST += docs/pipes.md docs/state.md docs/architecture.md docs/hacking.md docs/bench.md docs/security.md docs/tools.svg
