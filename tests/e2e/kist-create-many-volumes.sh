# SPDX-License-Identifier: Apache-2.0
# An image or a request with thousands of volumes: little memory, a named limit, and nothing left of a
# create that fails.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
. "$KIST_SOURCE/tests/e2e/api.sh"

need jq
need_api
! is_sanitized "$KIST_BUILD/bin/kist-api" || skip 'memory of a sanitized build means nothing'
load_busybox
# body COUNT FILTER: a request with so many anonymous volumes, in "body"
body() {
	jq -n --argjson n "$1" "{Image: \"busybox\", Cmd: [\"true\"], HostConfig: {NetworkMode: \"none\"},
		Volumes: ([range(\$n) | {key: \"/v\\(.)\", value: {}}] | from_entries)} | $2" >body
}
volumes() { find "$KIST_ROOT/volumes" -mindepth 1 -maxdepth 1 | wc -l; }
# NAME: the request in "body", and its $PEAK
post() {
	{
		printf 'POST /containers/create?name=%s HTTP/1.0\r\nHost: kist\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' \
			"$1" "$(wc -c <body)"
		cat body
	} >posted
	peak_kb sh -c 'kist-api <posted >answer'
	grep -q '^HTTP/1.. 201' answer
}
body 4096 .
post many || fail '4096 volumes'
[ "$PEAK" -le 65536 ] || fail "4096 volumes took $PEAK KiB"
[ "$(volumes)" = 4096 ] || fail "$(volumes) volumes"
status 0 kist rm -v many
[ "$(volumes)" = 0 ] || fail "rm -v left $(volumes) volumes"
# more is refused before anything is made
body 16000 .
post '' && fail '16000 volumes were taken'
grep -q 'Volumes has 16000 entries, kist takes at most 4096' answer || fail "not named: $(cat answer)"
[ "$PEAK" -le 65536 ] || fail "the refusal took $PEAK KiB"
# a later step fails: the user is looked up when the volumes are there
body 50 '.User = "nobody-knows"'
status 1 post_create '' body
complains 'unable to find user nobody-knows'
[ "$(volumes)" = 0 ] || fail "a create that failed left $(volumes) volumes"
nothing_left
