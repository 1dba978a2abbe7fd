#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kist-push -i reads a layout in any order, verifies it, and puts no manifest when anything is missing.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need jq skopeo
small_layout
start_registry
there() { skopeo inspect --tls-verify=false "docker://$REGISTRY/$1" >/dev/null 2>&1; }
blobs() { (cd "$LAYOUT" && ls blobs/sha256/*); }
cd "$LAYOUT" || exit 99
big=blobs/sha256/${LAYER#sha256:}

# every order, with and without "./" and directories, compressed too
# shellcheck disable=SC2046 # names of blobs are single words
tar cf "$T/first.tar" oci-layout index.json "blobs/sha256/${MANIFEST#sha256:}" $(blobs | grep -v "${MANIFEST#sha256:}")
# shellcheck disable=SC2046
tar cf "$T/last.tar" $(blobs | sort -r) index.json oci-layout
tar cf "$T/dot.tar" ./blobs ./index.json ./oci-layout
tar cf "$T/pax.tar" --format=pax --pax-option=comment=x . 
gzip -k "$T/last.tar"
zstd -q -k "$T/dot.tar"
cd "$T" || exit 99
n=0
for archive in first.tar last.tar dot.tar pax.tar last.tar.gz dot.tar.zst; do
	n=$((n + 1))
	status 0 kist-push -q -i $archive "$REGISTRY/order$n:1"
	check 'the last line is the descriptor' test "$(jq -r .digest out)" = "$MANIFEST"
	status 0 skopeo copy -q --src-tls-verify=false "docker://$REGISTRY/order$n:1" "oci:$T/back$n:v1"
	status 0 sh -c "kist-push -q -i - $REGISTRY/stdin$n:1 <$archive"
done
status 0 kist-push -i first.tar "$REGISTRY/order1:1"
grep -q uploading out && fail 'blobs that are there were sent'

# an archive that ends early, at any point
size=$(stat -c %s first.tar)
for part in 1 511 512 513 3000 $((size / 2)); do
	pipe "head -c $part first.tar" "kist-push -q -i - '$REGISTRY/cut:1'"
	[ "$PIPE" = "0 1" ] || fail "$part bytes: $PIPE"
	there cut:1 && fail "a manifest was put after $part bytes"
done

# bytes that do not match, and blobs that are missing
refused() {
	status 1 kist-push -q -i bad.tar "$REGISTRY/bad$(date +%N):1"
	complains "$1"
}
cp -r "$LAYOUT" bad
tail -c +2 "$LAYOUT/$big" >"bad/$big"
tar -C bad -cf bad.tar .
refused 'other bytes than its name says'
rm "bad/$big"
tar -C bad -cf bad.tar .
status 1 kist-push -q -i bad.tar "$REGISTRY/bad:1"
complains 'neither the archive nor the registry has'
there bad:1 && fail 'a manifest without its blob was put'
# the registry may have it already
status 0 kist-push -q -i bad.tar "$REGISTRY/order1:2"
cp "$LAYOUT/$big" "bad/$big"
rm "bad/blobs/sha256/${MANIFEST#sha256:}"
tar -C bad -cf bad.tar .
status 1 kist-push -q -i bad.tar "$REGISTRY/bad:1"
complains 'lacks its manifest'
rm -r bad && cp -r "$LAYOUT" bad
rm bad/index.json
tar -C bad -cf bad.tar .
refused 'no index.json'
ln -s /etc/passwd bad/index.json
tar -C bad -cf bad.tar .
refused 'neither file nor directory'
rm bad/index.json
echo '{"schemaVersion":2,"manifests":[{}]}' >bad/index.json
tar -C bad -cf bad.tar .
refused 'index.json'
cp "$LAYOUT/index.json" bad/index.json
echo x >bad/blobs/sha256/nodigest
tar -C bad -cf bad.tar .
refused 'not named by a digest'
rm bad/blobs/sha256/nodigest
echo '{"imageLayoutVersion":"7"}' >bad/oci-layout
tar -C bad -cf bad.tar .
refused 'version 1'
head -c 100000 /dev/urandom >bad.tar
refused archive
: >bad.tar
refused archive
head -c 5000000 /dev/zero | tr '\0' ' ' >bad/index.json
echo '{"imageLayoutVersion":"1.0.0"}' >bad/oci-layout
tar -C bad -cf bad.tar index.json
refused 'larger than 4194304'
status 3 kist-push -q -i nosuch.tar "$REGISTRY/bad:1"

# of several images the one that is named so
jq -c '.manifests += [.manifests[0]]' "$LAYOUT/index.json" >two.json
rm -r bad && cp -r "$LAYOUT" bad && cp two.json bad/index.json
tar -C bad -cf bad.tar .
status 3 kist-push -q -i bad.tar "$REGISTRY/two:1"
complains 'has 2 images'
jq -c ".manifests[1].annotations[\"org.opencontainers.image.ref.name\"] = \"$REGISTRY/two:1\"" two.json >bad/index.json
tar -C bad -cf bad.tar .
status 0 kist-push -q -i bad.tar "$REGISTRY/two:1"
there two:1 || fail 'the named image was not pushed'

# a registry that takes nothing
rm "$LAYOUT/$big" && serve stuck stuck=1
started=$(date +%s)
status 1 kist-push -q --timeout 2 -i first.tar "$SERVER/app:1"
complains 'no progress for 2 seconds'
check 'soon enough' test $(($(date +%s) - started)) -le 8
# a slow writer is not the registry's fault
serve quick
pipe "head -c 3000 first.tar; sleep 4; tail -c +3001 first.tar" "kist-push -q --timeout 2 -i - '$SERVER/app:1'"
[ "$PIPE" = "0 0" ] || fail "a slow writer: $PIPE"
pipe "head -c 200000 first.tar; sleep 4; tail -c +200001 first.tar" "kist-push -q --timeout 2 -i - '$REGISTRY/slow:1'"
[ "$PIPE" = "0 0" ] || fail "a writer that stops in a blob: $PIPE"
