# SPDX-License-Identifier: Apache-2.0
# A container's name is taken once, also by many at the same time, and free again after rm.
. "$KIST_SOURCE/tests/e2e/lib.sh"

python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar || fail archive.py
kist-store load <good.tar >/dev/null || fail 'load'
id() { printf '%02x%062x' "$1" "$1"; }

status 0 kist-store create --name web "$(id 1)" good:1
status 4 kist-store create --name web "$(id 2)" good:1
complains "the name 'web' is taken by container $(id 1)"
[ ! -e "$KIST_ROOT/containers/$(id 2)" ] || fail 'a refused container was left'
status 4 kist-store create --name other "$(id 1)" good:1
status 2 kist-store create --name 'a/b' "$(id 3)" good:1
status 2 kist-store create short good:1
status 3 kist-store create "$(id 3)" nosuch
complains "there is no image 'nosuch:latest'"

# by name, ID, or a prefix that one has only
status 0 kist-store create "$(id 17)" good:1
status 3 kist-store rm nosuch
complains "there is no container 'nosuch'"
status 0 kist-store create "$(id 33)" good:1
status 3 kist-store rm ''
status 0 kist-store rm 11
status 3 kist-store rm 11
status 0 kist-store rm "$(id 33)"

# a name that a killed process left without a container is no obstacle
ln -s "$(id 99)" "$KIST_ROOT/names/ghost"
status 0 kist-store create --name ghost "$(id 4)" good:1
status 0 kist-store rm ghost
[ ! -e "$KIST_ROOT/names/ghost" ] || fail 'rm kept the name'

# twenty at once want one name: one gets it
for i in 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29; do
	kist-store create --name wanted "$(id $i)" good:1 >"out.$i" 2>"err.$i" &
done
wait
[ "$(cat out.* | wc -l)" = 1 ] || fail "$(cat out.* | wc -l) containers got one name"
[ "$(grep -l "the name 'wanted' is taken by container" err.* | wc -l)" = 19 ] || fail 'some failed for another reason'
# two directories: that one's, and web's
[ "$(find "$KIST_ROOT/containers" -mindepth 1 -maxdepth 1 | wc -l)" = 2 ] || fail "left: $(ls -A "$KIST_ROOT/containers")"

# its layers stay when its image goes
status 0 kist-store untag good:1
status 0 kist-store gc
mkdir mnt
status 0 kist-store mount web mnt -- ls mnt/d
says f1
# a running one (its monitor holds the lock) is not removed
mkdir -p "$KIST_RUN/containers/$(id 1)"
sh -c "exec 9>\"\$1\"; flock 9; exec sleep 60" - "$KIST_RUN/containers/$(id 1)/lock" &
holder=$!
wait_for 5 sh -c "! flock -n '$KIST_RUN/containers/$(id 1)/lock' true"
status 4 kist-store rm web
complains 'is running'
kill $holder
wait $holder 2>/dev/null
wait_for 5 flock -n "$KIST_RUN/containers/$(id 1)/lock" true
status 0 kist-store rm web
status 0 kist-store rm wanted
status 0 kist-store gc
[ -z "$(ls -A "$KIST_ROOT/layers")" ] || fail 'gc kept layers that nothing needs'

# unfinished: none yet, and a script's stays for an hour although nobody holds its lock
unfinished=$(printf '%064d' 77)
kist-store volume create mine >/dev/null
status 0 kist-store create --unfinished --name soon --volume mine "$unfinished" scratch
status 0 kist-store containers
! grep -q soon out || fail 'one that is unfinished is listed'
status 3 kist-store record soon
status 0 kist-store gc
status 0 kist-store rm --unfinished
status 0 kist-store record "$unfinished"
status 0 kist-store finish "$unfinished"
status 0 kist-store record soon
status 0 kist-store rm soon
status 0 kist-store volume inspect mine
status 0 kist-store create --unfinished --name soon --volume mine "$unfinished" scratch
touch -d '2 hours ago' "$KIST_ROOT/containers/$unfinished/unheld"
status 0 kist-store rm --unfinished
[ ! -e "$KIST_ROOT/containers/$unfinished" ] || fail 'what is left of an old script stays'
status 3 kist-store volume inspect mine
# the name went to somebody else meanwhile
status 0 kist-store create --unfinished --name soon "$unfinished" scratch
status 0 kist-store create --name soon "$(printf '%064d' 78)" scratch
status 4 kist-store finish "$unfinished"
complains "the name 'soon' is taken by container"
status 0 kist-store rm "$unfinished"
status 0 kist-store rm soon
status 2 kist-store rm
