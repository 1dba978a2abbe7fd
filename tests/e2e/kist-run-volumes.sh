# SPDX-License-Identifier: Apache-2.0
# Binds, named and anonymous volumes, and what an empty volume gets from the image.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
mkdir shared
echo from-host >shared/f
status 0 run --rm -v "$T/shared:/s" busybox sh -c 'cat /s/f; echo back >/s/g'
says from-host
[ "$(cat shared/g)" = back ] || fail 'nothing was written through the bind'
status 1 run --rm -v "$T/shared:/s:ro" busybox touch /s/h
complains 'Read-only file system'
status 0 run --rm -v "$T/made/by/kist:/s" busybox touch /s/x
[ -e made/by/kist/x ] || fail 'the missing host directory was not made'
status 125 run --rm --mount "type=bind,src=$T/missing,dst=/s" busybox true
complains "bind source path does not exist: $T/missing"
status 0 run --rm -v data:/etc busybox sh -c 'cat /etc/group; echo kept >/etc/kept'
says 'extra:x:2000:user'
status 0 run --rm --mount type=volume,src=data,dst=/d,readonly busybox cat /d/kept
says kept
status 1 run --rm --mount type=volume,src=data,dst=/d,readonly busybox touch /d/x
status 0 run --rm -v other:/etc:nocopy busybox ls -A /etc
[ "$(grep -cvE '^(hosts|hostname|resolv.conf)$' out)" = 0 ] || fail 'nocopy copied'
status 0 kist volume ls -q
says data
says other
status 0 run --name user -v data:/d -v /anonymous busybox true
status 1 kist volume rm data
complains 'remove data: volume is in use - ['
status 0 run --rm --volumes-from user:ro busybox cat /d/kept
says kept
[ "$(kist volume ls -q | wc -l)" = 3 ] || fail 'not three volumes'
status 0 kist rm -v user
[ "$(kist volume ls -q | wc -l)" = 2 ] || fail 'rm -v did not take the anonymous volume'
status 0 run --rm -v /anonymous busybox true
[ "$(kist volume ls -q | wc -l)" = 2 ] || fail '--rm did not take the anonymous volume'
status 0 kist volume inspect -f '{{.Mountpoint}}' data
[ -e "$(cat out)/kept" ] || fail 'the mountpoint has not the data'
status 0 kist volume rm data other
status 1 kist volume inspect data
complains 'get data: no such volume'
status 0 kist volume rm -f data
# a link of the image must not lead the copy out of it
mkdir -p evil
ln -s /tmp evil/out
umoci insert --image "$LAYOUT:busybox" evil /evil >/dev/null 2>&1 || fail 'umoci insert'
tar -C "$LAYOUT" -cf - . | kist load >/dev/null || fail 'kist load'
status 0 run --rm -v stolen:/evil/out busybox ls /evil/out
[ -z "$(ls -A "$KIST_ROOT/volumes/stolen/_data")" ] || fail "the host's files were copied into the volume"
# an anonymous volume that another container has as well stays until that goes
status 0 kist create --net none -v /v --name first busybox true
status 0 kist create --net none --volumes-from first --name second busybox true
anonymous=$(kist volume ls -q --filter dangling=false | grep -E '^[0-9a-f]{64}$')
status 0 kist rm -v first
status 0 kist volume ls -q
says "$anonymous"
status 0 kist rm -v second
status 0 kist volume ls -q
if grep -q "$anonymous" out; then fail 'an anonymous volume is left'; fi
nothing_left
