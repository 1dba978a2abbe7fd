# SPDX-License-Identifier: Apache-2.0
# podman load takes what kist-store save writes, in both formats.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need podman jq
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar 3 || fail archive.py
kist-store load <good.tar >/dev/null || fail 'load'
id=$(kist-store ls | jq -r .id)
p() {
	podman --root "$T/p-$format" --runroot "$T/pr-$format" --storage-driver vfs --events-backend none "$@"
}
for format in oci docker-archive; do
	kist-store save --format $format good:1 >$format.tar || fail "save --format $format"
	status 0 p load -q -i $format.tar
	[ "sha256:$(p images --no-trunc -q | sed 's/^sha256://')" = "$id" ] || fail "$format: another image"
	p rmi -f "${id#sha256:}" >/dev/null 2>&1
done
