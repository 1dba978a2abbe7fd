# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Read by the tests of kist-build, behind lib.sh.
#
#   base_image               "busybox" lies in the store
#   dockerfile               stdin becomes $T/context/Dockerfile
#   build [OPTION...]        kist-build of $T/context as "app"; its status is the result
#   in_image IMAGE COMMAND   a shell command, in the root directory of the image (on the host)
#   config IMAGE FILTER      jq over the image's config
#   cached N                 the last build said CACHED N times
# shellcheck disable=SC2034

base_image() {
	need skopeo jq
	busybox_layout
	tar -C "$LAYOUT" -cf "$T/layout.tar" .
	kist-store load -i "$T/layout.tar" >"$T/out" 2>"$T/err" || fail "load the base image"
	kist-store tag "$(jq -r .digest <"$T/out" | tail -n 1)" busybox >/dev/null 2>&1
	kist-store inspect busybox >/dev/null || fail "the base image is not there"
	mkdir -p "$T/context"
}

dockerfile() { cat >"$T/context/Dockerfile"; }

build() { kist-build -t app "$@" "$T/context" >"$T/out" 2>"$T/err"; }

in_image() {
	container=$(head -c 32 /dev/urandom | sha256sum | cut -c1-64)
	mkdir -p "$T/mnt"
	kist-store create "$container" "$1" >/dev/null || fail "no container of $1"
	(
		COMMAND=$2
		export COMMAND
		kist-store mount "$container" "$T/mnt" -- sh -c "cd $T/mnt && eval \"\$COMMAND\""
	)
	in_image_status=$?
	kist-store rm "$container" >/dev/null
	return $in_image_status
}

config() { kist-store inspect "$1" | jq -rc ".config$2"; }

cached() {
	got=$(grep -c ' CACHED$' "$T/err")
	[ "$got" = "$1" ] || fail "$got steps were CACHED, expected $1"
}
