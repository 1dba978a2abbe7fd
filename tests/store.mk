# SPDX-License-Identifier: Apache-2.0
E2E += \
	tests/e2e/kist-store-containers.sh \
	tests/e2e/kist-store-full-disk.sh \
	tests/e2e/kist-store-gc-fsck.sh \
	tests/e2e/kist-store-killed-load.sh \
	tests/e2e/kist-store-load-any-order.sh \
	tests/e2e/kist-store-load-refuses.sh \
	tests/e2e/kist-store-load-save.sh \
	tests/e2e/kist-store-mount.sh \
	tests/e2e/kist-store-podman-reads-archives.sh \
	tests/e2e/kist-store-put-get.sh \
	tests/e2e/kist-store-tags.sh

EXTRA_DIST += tests/e2e/archive.py
