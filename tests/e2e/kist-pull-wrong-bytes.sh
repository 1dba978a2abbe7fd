#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What does not match its descriptor is refused, and nothing of it is kept (P04, P05, P08, P15).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

small_layout
refused() {
	status 1 kist-pull -q --timeout 5 "$SERVER/app:v1"
	complains "$1"
	nothing_left
	# and out of the stream: the reader must not take it for complete
	pipe "kist-pull -o - --timeout 5 $SERVER/app:v1" 'cat >streamed.tar'
	[ "$PIPE" = "1 0" ] || fail "kist-pull -o: $PIPE"
	check 'the archive has no end' python3 - <<'END'
import sys
data = open("streamed.tar", "rb").read()
sys.exit(data.endswith(bytes(1024)) and len(data) > 1024)
END
	status 1 kist-pull -o file.tar --timeout 5 "$SERVER/app:v1"
	[ ! -e file.tar ] || fail 'a file was left'
}

serve flip flip=1
refused 'other bytes than its digest says'
serve longer longer=3
refused 'and the manifest says'
serve much longer=3000000
refused 'and the manifest says'
serve shorter shorter=3
refused 'and the manifest says'
serve endless endless=1
refused 'the server sends more than'
wait_for 10 grep -q CLOSED "$LOG"
size=$(stat -c %s "$LAYOUT/blobs/sha256/${LAYER#sha256:}")
python3 - "$LOG" "$size" <<'END' || fail 'it took more than it should'
import json, sys
for line in open(sys.argv[1]):
    entry = json.loads(line)
    # what is on its way in socket buffers is the kernel's, not kist-pull's
    if entry["method"] == "CLOSED" and entry["sent"] > int(sys.argv[2]) + (8 << 20):
        sys.exit(1)
END
serve digest digest=sha256:0000000000000000000000000000000000000000000000000000000000000000
refused 'the registry says the manifest has'

# manifests that are none
manifest() {
	printf '%s' "$1" >"$T/manifest"
	serve "manifest$(date +%N)" manifest="$T/manifest"
}
head -c 5000000 /dev/zero | tr '\0' ' ' >"$T/big"
serve big manifest="$T/big"
refused '4194304'
manifest '{"schemaVersion":2,"layers":[],"manifests":[],"config":{}}'
refused 'manifest'
manifest "$(printf '{"a":%.0s' $(seq 100))"
refused 'manifest'
for digest in 'sha256:../../x' "sha256:$(printf %064d 0 | tr 0 A)" 'sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709' ''; do
	manifest "$(printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":2},"layers":[]}' "$digest")"
	refused 'digest'
	check 'no blob was asked for' test "$(asked "$LOG" /blobs/)" = 0
done
{
	printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:'
	head -c 1000000 /dev/zero | tr '\0' a
	printf '","size":2},"layers":[]}'
} >"$T/manifest"
serve longdigest manifest="$T/manifest"
refused 'digest'
check 'no blob was asked for' test "$(asked "$LOG" /blobs/)" = 0
check 'the message is a message' test "$(wc -c <"$T/err")" -le 1000

# the registry's own words are printed so that a terminal does not obey them
serve rude error='\x1b]0;pwned\x07 \x9b31m no' code=404
status 3 kist-pull -q "$SERVER/app:v1"
complains '\x1b]0;pwned\x07'
check 'no escape sequence' sh -c "! grep -q '$(printf '\033')' '$T/err'"
for tag in '\u001b]0;pwned\u0007' '../../../etc' 'v1\n' "$(head -c 300 /dev/zero | tr '\0' t)" ''; do
	serve "tags$(date +%N)" tags="{\"name\":\"x\",\"tags\":[\"$tag\"]}"
	status 3 kist-pull -q -a "$SERVER/app"
	check 'no escape sequence' sh -c "! grep -q '$(printf '\033')' '$T/err'"
	check 'a tag that is none is asked for nothing' test "$(asked "$LOG" /manifests/)" = 0
	nothing_left
done
