# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# After lib.sh and engine.sh: the Engine API, asked by hand or by Debian's own docker client.
#
#   need_api             skip when it was not built
#   request METHOD PATH [BODY]   of kist-api: $CODE, the body in $T/body, the headers in $T/head
#   post_create NAME FILE        container create with the body in FILE: prints the id; fails with the message on stderr
#   start_kistd          kistd serves $KIST_RUN/kist.sock, which DOCKER_HOST names; its pid is $KISTD
#   $DOCKER              the client

need_api() {
	[ -x "$KIST_BUILD/bin/kist-api" ] || skip 'built without libmicrohttpd'
}

# REQUEST LINE's first two words, and a file
send() {
	{
		printf '%s %s HTTP/1.0\r\nHost: kist\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' \
			"$1" "$2" "$(wc -c <"$3")"
		cat "$3"
	} | kist-api >"$T/answer" 2>"$T/err" || fail "kist-api: $1 $2"
	CODE=$(head -n 1 "$T/answer" | cut -d' ' -f2)
	sed '/^\r$/q' "$T/answer" >"$T/head"
	sed '1,/^\r$/d' "$T/answer" >"$T/body"
}

request() {
	printf %s "${3:-}" >"$T/sent"
	send "$1" "$2" "$T/sent"
}

post_create() {
	send POST "/containers/create${1:+?name=$1}" "$2"
	if [ "$CODE" = 201 ]; then
		jq -r .Id <"$T/body"
	else
		jq -r .message <"$T/body" >&2
		return 1
	fi
}

start_kistd() {
	need_api
	DOCKER=${KIST_DOCKER:-/usr/bin/docker}
	[ -x "$DOCKER" ] || skip 'docker.io is not installed'
	kistd &
	KISTD=$!
	on_exit 'kill $KISTD 2>/dev/null; wait $KISTD 2>/dev/null'
	DOCKER_HOST=unix://$KIST_RUN/kist.sock
	export DOCKER_HOST
	wait_for 5 test -S "$KIST_RUN/kist.sock"
}
