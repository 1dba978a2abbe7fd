# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# For the tests of kist-pull and kist-push, read after lib.sh: servers that do as they are told.
#
#   small_layout               $LAYOUT with the tag v1: one layer of 300 KB of noise and a few files; $LAYER its digest,
#                              $MANIFEST the manifest's
#   serve NAME [key=value...]  registry_server.py over $LAYOUT: $SERVER is host:port, $LOG its log; ends with the test
#   asked LOG TEXT             how many lines of the log contain TEXT
#   at_most KIB COMMAND...     its largest process stays below that (not checked under sanitizers)
#   nothing_left               the store has no image, no blob, no layer and nothing half done

small_layout() {
	need umoci python3
	LAYOUT=$T/layout
	mkdir -p "$T/small/etc"
	head -c 300000 /dev/urandom >"$T/small/noise"
	echo 'hello from the layer' >"$T/small/etc/hello"
	ln -s etc/hello "$T/small/link"
	check 'a layout' umoci init --layout "$LAYOUT"
	check 'an image' umoci new --image "$LAYOUT:v1"
	check 'a layer' umoci --log error insert --image "$LAYOUT:v1" "$T/small" /
	MANIFEST=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["manifests"][0]["digest"])' \
		"$LAYOUT/index.json")
	LAYER=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["layers"][0]["digest"])' \
		"$LAYOUT/blobs/sha256/${MANIFEST#sha256:}")
}

serve() {
	server_name=$1
	shift
	server_host=127.0.0.1
	server_scheme=http
	for option; do
		case $option in
		host=*) server_host=${option#host=} ;;
		cert=*) server_scheme=https ;;
		esac
	done
	server_port=$(free_port)
	SERVER=$server_host:$server_port
	LOG=$T/$server_name.log
	python3 "$KIST_SOURCE/tests/e2e/registry_server.py" "$LAYOUT" "$server_port" "$LOG" "$@" \
		2>"$T/$server_name.err" &
	SERVER_PID=$!
	on_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
	if [ "$server_scheme" = http ]; then
		wait_for 10 curl -s "http://$SERVER/ready"
	else
		wait_for 10 curl -sk --tlsv1 --ciphers 'ALL:@SECLEVEL=0' "https://$SERVER/ready"
	fi
	: >"$LOG"
}

asked() { grep -cF -- "$2" "$1"; }

nothing_left() {
	[ ! -e "$KIST_ROOT/images/index.json" ] ||
		[ "$(kist-store ls | wc -l)" = 0 ] || fail 'an image is in the store'
	left=$(find "$KIST_ROOT/images/blobs" "$KIST_ROOT/layers" -mindepth 1 ! -name sha256 2>/dev/null)
	[ -z "$left" ] || fail "left in the store: $left"
}

at_most() {
	limit=$1
	shift
	peak_kb "$@" >"$T/out" 2>"$T/err" || fail "$*"
	! is_sanitized "$(command -v kist-pull)" || return 0
	check "at most $limit KiB ($PEAK)" test "$PEAK" -le "$limit"
}
