# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# For kist-*.sh, after lib.sh: the busybox image in the store, and what is to be left when all is over.
#
#   load_busybox         the image "busybox" is in the store
#   run ARG...           kist run --net none ARG...
#   nothing_left         no container, nothing in RUN, no cgroup of ours

load_busybox() {
	busybox_layout
	tar -C "$LAYOUT" -cf - . | kist load >/dev/null || fail 'kist load'
	kist inspect busybox >/dev/null || fail 'no image busybox'
}

run() { kist run --net none "$@"; }

nothing_left() {
	status 0 kist ps -aq
	[ ! -s "$T/out" ] || fail 'containers are left'
	for dir in "$KIST_ROOT"/containers/* "$KIST_ROOT"/containers/.tmp-* "$KIST_RUN"/containers/* \
		"$KIST_RUN"/netns/*; do
		[ ! -e "$dir" ] || fail "left: $dir"
	done
}
