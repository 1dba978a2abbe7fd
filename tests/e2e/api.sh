# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# For kist-api-*.sh, after lib.sh and engine.sh: Debian's own docker client against kistd.
#
#   start_kistd          kistd serves $KIST_RUN/kist.sock, which DOCKER_HOST names; its pid is $KISTD
#   $DOCKER              the client

start_kistd() {
	[ -x "$KIST_BUILD/bin/kistd" ] || skip 'built without libmicrohttpd'
	DOCKER=${KIST_DOCKER:-/usr/bin/docker}
	[ -x "$DOCKER" ] || skip 'docker.io is not installed'
	kistd &
	KISTD=$!
	on_exit 'kill $KISTD 2>/dev/null; wait $KISTD 2>/dev/null'
	DOCKER_HOST=unix://$KIST_RUN/kist.sock
	export DOCKER_HOST
	wait_for 5 test -S "$KIST_RUN/kist.sock"
}
