# SPDX-License-Identifier: Apache-2.0
# Volumes are made, listed, filled from a container's root while they are empty, and removed.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
status 0 kist-store volume create --label a=b --label empty= data
says data
status 0 kist-store volume inspect data
[ "$(jq -c '[.name, .path, .labels, .anonymous]' "$T/out")" = "[\"data\",\"$KIST_ROOT/volumes/data/_data\",{\"a\":\"b\",\"empty\":\"\"},false]" ] ||
	fail 'inspect'
# one that is there stays as it is
touch "$KIST_ROOT/volumes/data/_data/kept"
status 0 kist-store volume create --label other=1 data
[ -e "$KIST_ROOT/volumes/data/_data/kept" ] || fail 'create emptied a volume'
[ "$(kist-store volume inspect data | jq -c .labels)" = '{"a":"b","empty":""}' ] || fail 'create changed labels'
anonymous=$(kist-store volume create) || fail 'create'
[ "${#anonymous}" = 64 ] || fail "name: $anonymous"
[ "$(kist-store volume inspect "$anonymous" | jq .anonymous)" = true ] || fail 'it is not anonymous'
status 2 kist-store volume create a/b
status 2 kist-store volume create ''
status 3 kist-store volume inspect none
status 3 kist-store volume inspect ..
status 3 kist-store volume rm none
status 0 kist-store volume rm --force none
status 0 kist-store volume rm "$anonymous"
status 0 kist-store volume create another
[ "$(kist-store volume ls | jq -r .name | tr '\n' ' ')" = 'another data ' ] || fail 'ls'

# from a container: owner and mode of the directory, too
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar 3 || fail archive.py
kist-store load <good.tar >/dev/null || fail 'load'
c=$(printf '%064d' 1)
kist-store create "$c" good:1 >/dev/null || fail 'create'
mkdir mnt
kist-store mount "$c" mnt -- sh -c 'mkdir mnt/d/sub; echo x >mnt/d/sub/y; ln -s /d mnt/link; ln -s ../../../etc mnt/out; touch mnt/file' || fail 'mount'
status 0 kist-store volume populate another "$c" /link
[ "$(cd "$KIST_ROOT/volumes/another/_data" && find . | sort | tr '\n' ' ')" = '. ./f1 ./f2 ./sub ./sub/y ' ] ||
	fail "$(ls -A "$KIST_ROOT/volumes/another/_data")"
[ "$(stat -c '%a %u' "$KIST_ROOT/volumes/another/_data")" = '711 77' ] || fail 'owner and mode'
[ "$(ls -A "$KIST_ROOT/volumes/another")" = "$(printf '_data\nvolume.json')" ] || fail 'the copy left something beside it'
# only what is empty
status 0 kist-store volume populate data "$c" /d
[ "$(ls -A "$KIST_ROOT/volumes/data/_data")" = kept ] || fail 'a volume with content was filled'
# nothing to copy; a link does not lead out of the container
for path in /nothing /file /out; do
	status 0 kist-store volume create "v${path#/}"
	status 0 kist-store volume populate "v${path#/}" "$c" $path
	[ -z "$(ls -A "$KIST_ROOT/volumes/v${path#/}/_data")" ] || fail "$path gave something"
done
# a copy that fails leaves it empty, and the next one fills it
kist-store mount "$c" mnt -- mkdir mnt/bad mnt/bad/first mnt/bad/.wh.name || fail 'mount'
status 0 kist-store volume create failed
status 1 kist-store volume populate failed "$c" /bad
complains "volume 'failed'"
[ -z "$(ls -A "$KIST_ROOT/volumes/failed/_data")" ] || fail 'half a copy'
status 0 kist-store volume populate failed "$c" /d
[ -e "$KIST_ROOT/volumes/failed/_data/sub/y" ] || fail 'not filled after a failure'
# what a killed copy left is no obstacle
mkdir "$KIST_ROOT/volumes/vnothing/.tmp-fill"
touch "$KIST_ROOT/volumes/vnothing/.tmp-fill/half"
status 0 kist-store volume populate vnothing "$c" /d
[ ! -e "$KIST_ROOT/volumes/vnothing/_data/half" ] || fail 'half a copy of a killed one'
status 3 kist-store volume populate none "$c" /d
status 3 kist-store volume populate data nobody /d
status 0 kist-store rm "$c"
status 0 kist-store volume rm data
[ ! -e "$KIST_ROOT/volumes/data" ] || fail 'rm'
