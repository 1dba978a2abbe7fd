# SPDX-License-Identifier: Apache-2.0
# A damaged record hides no other object, is named, and can be removed by force.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
for name in first second third; do
	run --name $name busybox true || fail "run $name"
done
for name in first second; do
	id=$(kist ps -aq --no-trunc -f name=$name)
	echo '{"version":' >"$KIST_ROOT/containers/$id/record.json"
done
status 0 kist ps -a --format '{{.Names}}'
says third
complains 'record.json'
kist volume create whole >/dev/null
kist volume create broken >/dev/null
echo '[' >"$KIST_ROOT/volumes/broken/volume.json"
status 0 kist volume ls -q
says whole
complains 'volume.json'
mkdir -p "$KIST_ROOT/networks"
echo '{' >"$KIST_ROOT/networks/torn.json"
kist network ls -q >out 2>err
[ "$(wc -l <out)" = 3 ] || fail 'the other networks are hidden'
complains 'torn.json'
# nobody knows whether a container that cannot be read has the volume
status 1 kist volume rm whole
complains 'record.json'
status 1 kist volume prune -a -f
complains 'record.json'
[ -d "$KIST_ROOT/volumes/whole" ] || fail 'a volume that may be used was pruned'
# ... or the image
for words in 'rmi busybox' 'rmi -f busybox' 'image prune -a -f'; do
	# shellcheck disable=SC2086
	status 1 kist $words
	complains 'record.json'
done
status 0 kist inspect busybox
# who only looks says so, and goes on
for words in 'system df' info; do
	# shellcheck disable=SC2086
	status 0 kist $words
	complains 'record.json'
done
# what is damaged stays, and the others go
status 1 kist container prune -f
complains 'record.json'
[ "$(find "$KIST_ROOT/containers" -mindepth 1 -maxdepth 1 | wc -l)" = 2 ] || fail 'the third was not pruned, or more than that'
status 1 kist rm first
status 0 kist rm -f first
says first
status 0 kist rm -f "$id"
status 0 kist ps -a
[ ! -s err ] || fail 'something damaged is left'
nothing_left
