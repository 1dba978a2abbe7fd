# SPDX-License-Identifier: Apache-2.0
# What a newcomer types, with Alpine from a registry on loopback.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need umoci skopeo
need_shared images/alpine-minirootfs-3.20.3-x86_64.tar.gz
start_registry
mkdir rootfs
tar -C rootfs -xzf "$SHARED_FILE" || fail 'unpack the minirootfs'
umoci init --layout layout >/dev/null && umoci new --image layout:alpine >/dev/null
umoci insert --image layout:alpine rootfs / >/dev/null 2>&1 || fail 'umoci insert'
umoci config --image layout:alpine --config.cmd /bin/sh >/dev/null
skopeo copy -q --dest-tls-verify=false oci:layout:alpine "docker://$REGISTRY/alpine:3.20" || fail 'skopeo copy'
image=$REGISTRY/alpine:3.20

status 0 kist run --rm --net none "$image" cat /etc/os-release
says 'Alpine Linux'
complains "Unable to find image '$image' locally"
status 0 kist run --rm --net none "$image" cat /etc/os-release
[ ! -s err ] || fail "the second run said something: $(cat err)"
status 7 kist run --rm --net none "$image" sh -c 'exit 7'
echo hi | kist run --rm --net none -i "$image" cat >out
says hi
status 0 kist run --rm --net none -e A=1 -w /tmp -u nobody --hostname box "$image" sh -c 'echo $A $(pwd) $(id -un) $(hostname)'
says '1 /tmp nobody box'
status 0 kist run --rm --net none --entrypoint echo "$image" entry
says entry
status 1 kist run --rm --net none --read-only "$image" touch /x
complains 'Read-only file system'
mkdir shared
echo from-host >shared/f
status 0 kist run --rm --net none -v "$T/shared:/s" "$image" sh -c 'cat /s/f; echo back >/s/g'
says from-host
check 'the container wrote to the volume' test "$(cat shared/g)" = back
status 1 kist run --rm --net none -v "$T/shared:/s:ro" "$image" touch /s/h
status 0 kist run --rm --net host "$image" true
status 0 kist run -d --name sleeper --net none "$image" sh -c 'echo started; trap "exit 0" TERM; while :; do sleep 0.1; done'
wait_for 5 sh -c 'kist logs sleeper | grep -q started'
status 0 kist ps
says sleeper
status 0 kist exec sleeper echo inside
says inside
status 0 kist stop -t 5 sleeper
status 0 kist ps -a --format '{{.Names}} {{.Status}}'
says 'sleeper Exited (0)'
status 0 kist rm sleeper
status 127 kist run --rm --net none "$image" nosuch
complains nosuch
status 126 kist run --rm --net none "$image" /etc/passwd
complains /etc/passwd
