# SPDX-License-Identifier: Apache-2.0
# Tags come, move and go; none is lost when many change at once; a thousand are listed.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
for n in 1 2; do
	python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar $n || fail archive.py
	kist-store load <good.tar >/dev/null || fail 'load'
	kist-store tag good:1 "image:$n" || fail 'tag'
done
digest() { kist-store inspect "$1" | jq -r .descriptor.digest; }
one=$(digest image:1) two=$(digest image:2)
[ "$one" != "$two" ] || fail 'one image'
[ "$(digest good:1)" = "$two" ] || fail 'load did not move the tag'

# by ID, a prefix of it, and digest
id=$(kist-store ls | jq -r 'select(.reference == "docker.io/library/image:1").id')
for name in "$id" "${id#sha256:}" "$(echo "${id#sha256:}" | cut -c1-12)" "$one" "image@$one"; do
	[ "$(digest "$name")" = "$one" ] || fail "not found by $name"
done
status 3 kist-store inspect image:3
complains "there is no image 'image:3'"
status 3 kist-store inspect "other@$one"
status 1 kist-store inspect Image:1
complains 'must be lowercase'

# a tag that moves leaves an image without one, until gc after its removal
status 0 kist-store tag image:1 moving
status 0 kist-store untag image:1
kist-store tag image:2 moving || fail 'tag'
[ "$(kist-store ls | jq -r "select(.digest == \"$one\").reference")" = null ] || fail 'the image that lost its tag is gone'
kist-store tag "$id" back:1 || fail 'tag by id'
[ "$(kist-store ls | jq -r "select(.digest == \"$one\").reference")" = docker.io/library/back:1 ] ||
	fail 'an untagged entry stays beside the tagged one'
status 0 kist-store untag back:1
status 3 kist-store untag back:1
status 0 kist-store gc
[ "$(kist-store ls | grep -c "$one")" = 0 ] || fail 'untagged'

# an image with all its names by its ID, or a part of it; the digest of a repository is no ID
kist-store load <good.tar >/dev/null || fail 'load'
for name in "$(kist-store inspect good:1 | jq -r .manifest.config.digest)" "$(kist-store inspect good:1 | jq -r .manifest.config.digest | cut -c8-19)"; do
	kist-store load <good.tar >/dev/null || fail 'load'
	kist-store tag good:1 named:1 || fail 'tag'
	status 3 kist-store untag "named@$two"
	status 2 kist-store untag --keep "$name"
	status 0 kist-store untag "$name"
	[ "$(kist-store ls | grep -c "$two")" = 0 ] || fail "names of $name are left"
	status 3 kist-store untag "$name"
done
kist-store load <good.tar >/dev/null || fail 'load'
kist-store tag good:1 image:2 || fail 'tag'

# fifty at once
for i in 0 1 2 3 4; do
	for k in 0 1 2 3 4 5 6 7 8 9; do
		kist-store tag image:2 "many:$i$k" &
	done
	wait
done
[ "$(kist-store ls | grep -c /many:)" = 50 ] || fail 'tags were lost'

# a thousand
python3 - "$KIST_ROOT/images/index.json" <<'END'
import json, sys
index = json.load(open(sys.argv[1]))
entry = index["manifests"][0]
for i in range(1000):
    annotations = dict(entry["annotations"], **{"org.opencontainers.image.ref.name": "docker.io/library/k:%d" % i})
    index["manifests"].append(dict(entry, annotations=annotations))
json.dump(index, open(sys.argv[1], "w"))
END
[ "$(kist-store ls | grep -c /k:)" = 1000 ] || fail 'a thousand images'
status 0 kist-store tag k:999 last
# many go at once, all of them or none; with --force what is not there is no matter
{ seq -f 'k:%g' 0 399; echo nosuch; } >names
status 3 kist-store untag --names names
complains "there is no image 'nosuch:latest'"
[ "$(kist-store ls | grep -c /k:)" = 1000 ] || fail 'some went although one was not there'
traced -f -e trace=renameat,renameat2,rename -o writes kist-store untag --force --names - <names || fail 'untag --names'
[ "$(kist-store ls | grep -c /k:)" = 600 ] || fail 'untag --names'
[ "$(grep -c 'index.json"' writes)" = 1 ] || fail 'the table was written more than once'
status 2 kist-store untag
status 0 kist-store gc
status 0 kist-store fsck

# entries that other programs write have no annotations of ours
need skopeo
skopeo copy -q "oci:$KIST_ROOT/images:docker.io/library/last:latest" "oci:$T/copy:tag" || fail skopeo
skopeo copy -q "oci:$T/copy:tag" "oci:$KIST_ROOT/images:foreign:3" || fail 'skopeo into the store'
[ "$(digest foreign:3)" = "$two" ] || fail 'an image that skopeo put there is not found'
status 0 kist-store untag foreign:3
