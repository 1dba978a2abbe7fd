# SPDX-License-Identifier: Apache-2.0
# gc takes what nothing needs and no more; fsck finds what is wrong, and --repair removes it.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
for n in 1 2 3; do
	python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar $n || fail archive.py
	kist-store load <good.tar >/dev/null || fail 'load'
	kist-store tag good:1 "image:$n" || fail 'tag'
done
blobs=$KIST_ROOT/images/blobs/sha256
status 0 kist-store gc
[ "$(jq -c . "$T/out")" = '{"blobs":0,"layers":0,"temporaries":0,"bytes":0}' ] || fail 'gc removed what is needed'

# image:3 shares two layers with image:2
status 0 kist-store untag good:1
status 0 kist-store untag image:3
before=$(cat "$blobs"/* | wc -c)
cp -r "$KIST_ROOT" copy
status 0 kist-store --root copy gc
gone=$((before - $(cat copy/images/blobs/sha256/* | wc -c)))
status 0 kist-store gc
[ "$(jq -c '[.blobs,.layers]' "$T/out")" = '[3,1]' ] || fail "gc: $(cat "$T/out")"
# a layer is a tar of some entries, and so at least its blocks and its end
[ "$(jq .bytes "$T/out")" -gt $((gone + 1024)) ] || fail "gc does not count the layer: $(cat "$T/out"), blobs had $gone"
status 0 kist-store fsck

# what dead processes left; an interrupted download stays unless it is asked for
touch "$blobs/.tmp-0123" "$blobs/.part-$(printf '%064d' 0)"
mkdir -p "$KIST_ROOT/layers/.tmp-x/fs/a" "$KIST_ROOT/containers/.tmp-y"
ln -s "$(printf '%064d' 9)" "$KIST_ROOT/names/ghost"
status 0 kist-store gc
[ "$(jq .temporaries "$T/out")" = 4 ] || fail "gc: $(cat "$T/out")"
[ -e "$blobs/.part-$(printf '%064d' 0)" ] || fail 'gc removed an interrupted download'
status 0 kist-store gc --parts
[ ! -e "$blobs/.part-$(printf '%064d' 0)" ] || fail 'gc --parts kept it'
# what somebody works on stays
mkdir "$KIST_ROOT/layers/.tmp-z"
sh -c 'exec 9<"$1"; flock 9; exec sleep 60' - "$KIST_ROOT/layers/.tmp-z" &
holder=$!
wait_for 5 sh -c "! flock -n '$KIST_ROOT/layers/.tmp-z' true"
status 0 kist-store gc
[ -d "$KIST_ROOT/layers/.tmp-z" ] || fail 'gc removed what is locked'
kill $holder
wait $holder 2>/dev/null
status 0 kist-store gc
[ ! -d "$KIST_ROOT/layers/.tmp-z" ] || fail 'gc kept it'

# while somebody adds: nothing goes, and one that must not wait says nothing
touch "$KIST_ROOT/lease.lock"
sh -c 'exec 9<"$1"; flock -s 9; exec sleep 60' - "$KIST_ROOT/lease.lock" &
holder=$!
wait_for 5 sh -c "! flock -n '$KIST_ROOT/lease.lock' true"
status 0 kist-store gc
complains 'nothing was removed'
status 0 kist-store gc --no-wait
[ ! -s "$T/err" ] || fail "gc --no-wait: $(cat "$T/err")"
[ "$(jq .blobs "$T/out")" = 0 ] || fail 'gc removed something while another adds'
kill $holder
wait $holder 2>/dev/null

# one bit
layer=$(kist-store inspect image:1 | jq -r '.manifest.layers[0].digest' | cut -c8-)
printf x | dd of="$blobs/$layer" bs=1 seek=20 conv=notrunc 2>/dev/null
status 1 kist-store fsck
says "blob sha256:$layer is corrupt"
[ -e "$blobs/$layer" ] || fail 'fsck alone removes'
status 0 kist-store fsck --repair
[ ! -e "$blobs/$layer" ] || fail 'fsck --repair kept a corrupt blob'
says "image 'docker.io/library/image:1' cannot be used"
status 0 kist-store fsck
status 0 kist-store ls
[ ! -s "$T/out" ] || fail 'images without their layer are still listed'
status 0 kist-store gc

# a manifest that is gone stops gc, which cannot know what it needed
kist-store load <good.tar >/dev/null || fail 'load'
manifest=$(kist-store inspect good:1 | jq -r .descriptor.digest | cut -c8-)
rm "$blobs/$manifest"
count=$(find "$blobs" -type f | wc -l)
status 1 kist-store gc
complains 'is damaged'
[ "$(find "$blobs" -type f | wc -l)" = "$count" ] || fail 'gc went on'
status 0 kist-store fsck --repair
status 0 kist-store gc
[ -z "$(find "$blobs" "$KIST_ROOT/layers" -mindepth 1)" ] || fail 'gc left something'
