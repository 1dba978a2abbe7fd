# SPDX-License-Identifier: Apache-2.0
# One record that is damaged, or a newer program's, hides no other; the message says which file it is;
# gc takes nothing away that it may need.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar || fail archive.py
kist-store load <good.tar >/dev/null || fail 'load'
id() { printf "$1%063d" 0; }
for c in a b c; do
	kist-store create --name "name-$c" "$(id $c)" good:1 >/dev/null || fail 'create'
	kist-store volume create "volume-$c" >/dev/null || fail 'volume create'
	touch "$KIST_ROOT/volumes/volume-$c/_data/file"
done
record=$KIST_ROOT/containers/$(id b)/record.json
[ "$(jq .version "$record" "$KIST_ROOT/containers/$(id b)/snapshot.json" "$KIST_ROOT/volumes/volume-b/volume.json" | tr '\n' ' ')" = '1 1 1 ' ] ||
	fail 'records without a version'
good=$(cat "$record")

others() {
	status 0 kist-store containers
	[ "$(jq -r .name "$T/out" | tr '\n' ' ')" = 'name-a name-c ' ] || fail "$1: containers"
	complains "kist-store: warning: '$record' cannot be read: $2"
	status 1 kist-store record name-b
	complains "'$record' cannot be read: $2"
	status 4 kist-store create --name name-b "$(id d)" scratch
	status 0 kist-store gc
	[ -e "$record" ] || fail "$1: gc removed a container"
	[ -e "$KIST_ROOT/names/name-b" ] || [ -L "$KIST_ROOT/names/name-b" ] || fail "$1: gc removed its name"
	status 1 kist-store fsck
	says "container $(id b | cut -c1-12) cannot be mounted"
	status 1 kist-store rm name-b
	status 0 kist-store mount name-a mnt -- ls mnt/d
}
mkdir mnt
echo '{"id":"x' >"$record"
others cut 'not valid JSON'
echo "$good" | jq -c '.name = "../x"' >"$record"
others name 'name: '
echo "$good" | jq -c '.version = 2' >"$record"
others newer 'it has version 2, of a newer program than this one, which knows 1'
head -c 100 /dev/urandom >"$record"
others random ''
# what it stands on stays, also without its image
status 0 kist-store untag good:1
status 0 kist-store gc
status 0 kist-store rm name-a
status 0 kist-store rm name-c
status 0 kist-store gc
[ "$(find "$KIST_ROOT/layers" -mindepth 1 -maxdepth 1 | wc -l)" = 2 ] || fail 'gc took layers of a container that cannot be read'
echo "$good" >"$record"
status 0 kist-store mount name-b mnt -- ls mnt/d
# of a snapshot gc cannot know what it needs: nothing goes, and it says so
layers=$(cat "$KIST_ROOT/containers/$(id b)/snapshot.json")
echo '{"layers":["sha256:x"]}' >"$KIST_ROOT/containers/$(id b)/snapshot.json"
status 1 kist-store gc
complains "$KIST_ROOT/containers/$(id b)/snapshot.json' cannot be read"
[ "$(find "$KIST_ROOT/layers" -mindepth 1 -maxdepth 1 | wc -l)" = 2 ] || fail 'gc took something'
echo "$layers" >"$KIST_ROOT/containers/$(id b)/snapshot.json"

# a record that a power cut has emptied was never there
for content in '' '\0\0\0'; do
	kist-store create --name new "$(id e)" scratch >/dev/null || fail 'create'
	printf '%b' "$content" >"$KIST_ROOT/containers/$(id e)/record.json"
	status 0 kist-store containers
	[ ! -s "$T/err" ] || fail 'an empty record is told of'
	status 0 kist-store create --name new "$(id f)" scratch
	status 0 kist-store gc
	[ ! -e "$KIST_ROOT/containers/$(id e)" ] || fail 'gc kept what was never complete'
	status 0 kist-store rm new
done

# one that cannot be read goes by its ID
echo '{' >"$record"
status 1 kist-store rm "$(id b)"
status 1 kist-store rm --force name-b
status 0 kist-store rm --force "$(id b)"
[ ! -e "$KIST_ROOT/containers/$(id b)" ] || fail 'not removed'
status 0 kist-store create --name name-b "$(id d)" scratch
status 0 kist-store rm name-b

# volumes
volume=$KIST_ROOT/volumes/volume-b/volume.json
for content in '{' '{"created":1}' '{"version":2,"created":"2026-01-01T00:00:00Z"}'; do
	echo "$content" >"$volume"
	status 0 kist-store volume ls
	[ "$(jq -r .name "$T/out" | tr '\n' ' ')" = 'volume-a volume-c ' ] || fail 'volumes'
	complains "'$volume' cannot be read"
	status 1 kist-store volume inspect volume-b
	complains "'$volume' cannot be read"
	status 1 kist-store volume create volume-b
	status 0 kist-store gc
	[ -e "$KIST_ROOT/volumes/volume-b/_data/file" ] || fail 'its files are gone'
done
status 0 kist-store volume rm volume-b

# one entry of the image table
kist-store load <good.tar >/dev/null || fail 'load'
index=$KIST_ROOT/images/index.json
jq -c '.manifests = [{"mediaType":"x","digest":"sha256:none","size":1}] + .manifests + [7]' "$index" >new || fail jq
cat new >"$index"
status 0 kist-store ls
[ "$(jq -r .reference "$T/out")" = docker.io/library/good:1 ] || fail 'the others'
complains "'$index' has a damaged entry: manifests[0].digest"
complains "'$index' has a damaged entry: manifests[2]"
status 0 kist-store tag good:1 other
status 0 kist-store untag good:1
[ "$(jq -c '.manifests | map(if type == "object" then .digest != "sha256:none" else . end)' "$index")" = '[false,7,true]' ] ||
	fail 'a change of the table lost what it does not understand'
status 1 kist-store gc
complains 'fsck --repair'
status 1 kist-store fsck
status 0 kist-store fsck --repair
status 0 kist-store gc
status 0 kist-store fsck
[ "$(jq '.manifests | length' "$index")" = 1 ] || fail 'repair'
echo '{' >"$index"
status 1 kist-store ls
complains "$index"
