# SPDX-License-Identifier: Apache-2.0
# load accepts every archive that is right: any order, "./" in front, indexes, docker's format.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
for kind in good reversed dotted unknown several docker repeated; do
	python3 "$KIST_SOURCE/tests/e2e/archive.py" $kind $kind.tar 3 || fail archive.py
	status 0 kist-store load <$kind.tar
	says "\"reference\":\"docker.io/library/$kind:1\""
	container=$(printf '%064d' 1)
	status 0 kist-store create "$container" $kind:1
	mkdir -p mnt
	status 0 kist-store mount "$container" mnt -- sh -c 'cd mnt/d && echo * && stat -c "%a %u" .'
	case $kind in
	repeated) says 'f0 f1 f2' ;;
	*) says 'f1 f2' ;;
	esac
	says '711 77' # from the first layer, though the last one implies the directory only
	status 0 kist-store rm "$container"
done
status 0 kist-store inspect docker:2
# one image under many names and in three manifests is unpacked once
[ "$(find "$KIST_ROOT/layers" -mindepth 1 -maxdepth 1 | wc -l)" = 3 ] || fail 'layers are not shared'
# what belongs to no image was not kept
status 0 kist-store gc
[ "$(jq '.blobs + .temporaries + .layers' "$T/out")" = 0 ] || fail 'load kept what no image needs'
