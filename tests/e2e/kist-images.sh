# SPDX-License-Identifier: Apache-2.0
# images, tag, rmi, inspect, save | load.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need jq
load_busybox
status 0 kist tag busybox other/name:1
status 1 kist tag nosuch x
complains 'No such image: nosuch:latest'
status 0 kist images
head -1 out | grep -qE '^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE$' || fail 'heading'
status 0 kist images --format '{{.Repository}}:{{.Tag}}'
says busybox:latest
says other/name:1
status 0 kist images --format json other/name
[ "$(jq -r '.Tag' out)" = 1 ] || fail '--format json'
status 0 kist images -q --no-trunc busybox:latest
grep -qxE 'sha256:[0-9a-f]{64}' out || fail 'no whole id'
id=$(cat out)
status 0 kist images -q --filter reference='other/*'
[ "$(wc -l <out)" = 1 ] || fail '--filter reference'
status 0 kist inspect busybox
[ "$(jq -r '.[0].Id' out)" = "$id" ] || fail 'inspect has another id'
jq -e '.[0] | .RepoTags | index("busybox:latest")' out >/dev/null || fail 'no RepoTags'
jq -e '.[0] | .Config.Cmd == ["sh"] and .Os == "linux" and .RootFS.Type == "layers" and .Size > 0' out >/dev/null ||
	fail 'what inspect says'
status 1 kist image inspect nosuch
complains 'No such image: nosuch:latest'
[ "$(cat out)" = '[]' ] || fail 'no empty list'
kist save busybox other/name:1 | kist --root "$T/second" load >out || fail 'save | load'
says 'Loaded image: busybox:latest'
says 'Loaded image: other/name:1'
status 0 kist --root "$T/second" images -q --no-trunc busybox
says "$id"
status 0 kist --root "$T/second" run --rm --net none busybox echo moved
says moved
head -c 1000 /dev/urandom >rubbish
status 1 kist load -i rubbish
status 1 kist save nosuch
complains 'No such image: nosuch:latest'
status 0 kist create --name user --net none busybox
status 0 kist rmi other/name:1
says 'Untagged: other/name:1'
for name in $(kist images --format '{{.Repository}}:{{.Tag}}' | grep -v busybox:latest); do kist rmi "$name" >/dev/null; done
status 1 kist rmi busybox
complains 'conflict: unable to remove repository reference "busybox" (must force) - container'
check 'it is said once' test "$(grep -c conflict err)" = 1
complains 'is using its referenced image'
status 1 kist rmi nosuch
complains 'No such image: nosuch:latest'
status 0 kist rm user
status 0 kist rmi busybox
says 'Untagged: busybox:latest'
says "Deleted: $id"
status 0 kist images -q
[ ! -s out ] || fail 'an image is left'
[ -z "$(ls "$KIST_ROOT/images/blobs/sha256")" ] || fail 'blobs are left'
[ -z "$(ls "$KIST_ROOT/layers")" ] || fail 'layers are left'
nothing_left
