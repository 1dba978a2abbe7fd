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
status 1 kist rm first
status 0 kist rm -f first
says first
status 0 kist rm -f "$id"
status 0 kist ps -a
[ ! -s err ] || fail 'something damaged is left'
status 0 kist rm third
nothing_left
