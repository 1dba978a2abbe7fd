# SPDX-License-Identifier: Apache-2.0
# An archive that is wrong anywhere is refused, with the reason, and leaves the store as it was.
. "$KIST_SOURCE/tests/e2e/lib.sh"

python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar || fail archive.py
kist-store load <good.tar >/dev/null || fail 'load'
state() { (cd "$KIST_ROOT" && find . -type f -printf '%p %s %T@\n' | grep -v '\.lock ' | sort); }
before=$(state)

refused() {
	status "${3:-1}" kist-store load <"$1.tar"
	complains "$2"
	[ ! -s "$T/out" ] || fail "$1: something was printed"
	[ "$(state)" = "$before" ] || fail "$1: the store has changed"
}

while read -r kind message; do
	python3 "$KIST_SOURCE/tests/e2e/archive.py" "$kind" "$kind.tar" 4 || fail archive.py
	refused "$kind" "$message"
done <<'END'
corrupt has other bytes than its digest says
no-layer is not in the archive
no-config is not in the archive
no-index neither an OCI layout (index.json) nor a docker archive (manifest.json)
large-index is larger than 16777216 bytes
version version '2.0.0' is not supported
name invalid reference format
blob-name is not the name of a blob
diff-id cannot unpack the image
size bytes instead of
long bytes instead of
outside lies outside of the archive
absolute lies outside of the archive
device is neither a file nor a directory
link is a link, which no OCI layout has
END
python3 "$KIST_SOURCE/tests/e2e/archive.py" foreign foreign.tar || fail archive.py
refused foreign linux/s390x 3

# a hole counts: what stands for much more than it is long is not written out
mkdir -p sparse/blobs/sha256
cp -r "$KIST_ROOT/images/oci-layout" sparse/oci-layout
echo '{"schemaVersion":2,"manifests":[]}' >sparse/index.json
truncate -s 1T "sparse/blobs/sha256/$(printf '%064d' 0)"
for format in gnu posix; do
	tar -C sparse --format $format -cSf sparse.tar oci-layout index.json blobs || fail tar
	[ "$(stat -c %s sparse.tar)" -lt 20000 ] || fail 'the archive is not sparse'
	refused sparse 'more than 64 MiB of holes in sparse files'
	echo "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"x\",\"digest\":\"sha256:$(printf '%064d' 0)\",\"size\":1000}]}" >sparse/index.json
	tar -C sparse --format $format -cSf sparse.tar oci-layout index.json blobs || fail tar
	refused sparse 'has 1099511627776 bytes in the archive, and its descriptor says 1000'
	echo '{"schemaVersion":2,"manifests":[]}' >sparse/index.json
done
truncate -s 20M sparse/index.json
tar -C sparse -cSf sparse.tar oci-layout index.json || fail tar
refused sparse 'is larger than 16777216 bytes'

size=$(stat -c %s good.tar)
python3 "$KIST_SOURCE/tests/e2e/archive.py" half whole.tar 6 || fail archive.py
for part in 1 511 600 5000 $((size / 2)); do
	head -c $part whole.tar >half.tar
	refused half ''
done
head -c 100000 /dev/urandom >random.tar
refused random ''
: >empty.tar
refused empty 'neither an OCI layout'
status 3 kist-store load -i "$T/nosuch.tar"
complains nosuch.tar
