#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kist-pull puts an image into the store: every file as in the source, progress as documented, nothing twice.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need jq skopeo
small_layout
start_registry
skopeo copy -q --dest-tls-verify=false "oci:$LAYOUT:v1" "docker://$REGISTRY/team/app:1" || fail 'skopeo'

status 0 kist-pull "$REGISTRY/team/app:1"
cp out lines
check 'each line is JSON' jq -e . lines >/dev/null
check 'the first tells the reference' \
	test "$(head -n 1 lines | jq -r .reference)" = "$REGISTRY/team/app:1"
check 'the layer is told done' \
	test "$(jq -r "select(.digest == \"$LAYER\" and .status == \"done\") | .status" lines)" = "done"
check 'only the last line has no status' \
	test "$(jq -c 'select(has("status") | not)' lines)" = "$(tail -n 1 lines)"
check 'it is the descriptor' test "$(tail -n 1 lines | jq -r .digest)" = "$MANIFEST"

diff_id=$(kist-store inspect "$REGISTRY/team/app:1" | jq -r '.config.rootfs.diff_ids[0]')
fs=$KIST_ROOT/layers/${diff_id#sha256:}/fs
check 'the files are those of the layer' cmp "$fs/noise" small/noise
check 'links, too' test "$(readlink "$fs/link")" = etc/hello
for blob in "$KIST_ROOT"/images/blobs/sha256/*; do
	check 'a blob has its digest' test "$(sha256sum <"$blob" | cut -c1-64)" = "$(basename "$blob")"
done
left=$(find "$KIST_ROOT/images/blobs/sha256" "$KIST_ROOT/layers" -maxdepth 1 -name '.*')
[ -z "$left" ] || fail "left: $left"

# a second time nothing is transferred
status 0 kist-pull "$REGISTRY/team/app:1"
says '"status":"exists"'
grep -q downloading out && fail 'the second pull transferred something'

# the layer is made again from its blob, without the network
rm -rf "$KIST_ROOT/layers/${diff_id#sha256:}"
status 0 kist-pull "$REGISTRY/team/app:1"
grep -q downloading out && fail 'a blob that is there was transferred'
check 'the layer is back' cmp "$fs/noise" small/noise

# words
status 0 kist-pull --progress plain "$REGISTRY/team/app:1"
says "$REGISTRY/team/app:1: resolving"
says "$(printf %.12s "${LAYER#sha256:}"): is there"
says "$REGISTRY/team/app:1: up to date, $MANIFEST"
status 0 kist-pull --root other --progress plain "$REGISTRY/team/app:1"
says "$(printf %.12s "${LAYER#sha256:}"): done"
says "$REGISTRY/team/app:1: pulled, $MANIFEST"
status 0 kist-pull -q --progress plain "$REGISTRY/team/app:1"
check 'quiet is one line' test "$(cat out)" = "$REGISTRY/team/app:1"
status 0 kist-pull --progress none "$REGISTRY/team/app:1"
check 'none is nothing' test ! -s out

# by digest: no tag moves
status 0 kist-pull --root digest "$REGISTRY/team/app@$MANIFEST"
status 0 kist-store --root digest inspect "$REGISTRY/team/app@$MANIFEST"

# what cannot be had
status 3 kist-pull "$REGISTRY/team/app:nope"
complains "cannot pull '$REGISTRY/team/app:nope': manifest unknown"
# the lines at a descriptor of their own, with the failure
status 3 kist-pull --progress-fd 5 "$REGISTRY/team/app:nope" 5>lines
check 'nothing else is said' test ! -s out -a ! -s err
check 'the failure is a line' \
	test "$(tail -n 1 lines | jq -r '[.status, .code, .error[:16]] | join(" ")')" = 'failed 1030 manifest unknown'
status 0 kist-pull --progress-fd 5 "$REGISTRY/team/app:1" 5>lines
check 'the end tells the image' test "$(jq -r 'select(.status == "pulled") | .digest' lines)" = "$MANIFEST"
check 'stdout has none of it' test ! -s out
status 0 kist-pull --progress-fd 5 -o - "$REGISTRY/team/app:1" 5>lines
check 'an archive is alone' test ! -s lines
status 3 kist-pull "$REGISTRY/team/app@sha256:$(printf %064d 0)"
status 1 kist-pull 127.0.0.1:1/app
complains 'Connection refused'
status 1 kist-pull 'team/App'
complains 'invalid reference format'
status 1 kist-pull "$REGISTRY/team/app@sha256:../../x"
complains 'invalid reference format'
status 2 kist-pull --no-such-flag x
status 2 kist-pull
status 2 kist-pull --all-platforms "$REGISTRY/team/app:1"
status 3 kist-pull --platform linux/s390x "$REGISTRY/team/app:1"
complains 'wanted linux/s390x, actual: linux/'
status 1 sh -c "kist-pull --root other2 $REGISTRY/team/app:1 >/dev/full"
complains 'standard output'

at_most 16384 kist-pull --root measured -q "$REGISTRY/team/app:1"
