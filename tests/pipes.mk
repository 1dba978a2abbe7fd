# SPDX-License-Identifier: Apache-2.0
# The pipelines of docs/pipes.md, each a test.
E2E += \
	tests/e2e/peers-read-our-store.sh \
	tests/e2e/pipe-config-into-runtime.sh \
	tests/e2e/pipe-diff-into-put.sh \
	tests/e2e/pipe-get-into-unpack.sh \
	tests/e2e/pipe-killed-stage.sh \
	tests/e2e/pipe-pull-into-load.sh \
	tests/e2e/pipe-pull-into-push.sh \
	tests/e2e/pipe-save-into-load.sh

# A day's work with real images.
E2E += \
	tests/e2e/day-alpine.sh \
	tests/e2e/day-debian-image.sh \
	tests/e2e/day-published-port.sh

# Other engines drive our programs.
E2E += tests/conform/dockerd-runs-kist-runtime.sh tests/conform/podman-runs-kist-runtime.sh
