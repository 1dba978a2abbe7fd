# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# hosts, hostname, resolv.conf; the networks host and none.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"

printf 'domain example.org\nnameserver 127.0.0.53\nnameserver 192.0.2.53\n# comment\noptions ndots:2\n' >"$T/resolv"
mount --bind "$T/resolv" /etc/resolv.conf || skip "/etc/resolv.conf cannot be covered"
umask 077
check "default" up 1 '.extra_hosts = ["db:10.0.0.2", "six=[2001:db8::1]", "gate:host-gateway"]'
is "$(cat "$T/files-1/hostname")" c1
is "$(cat "$T/files-1/resolv.conf")" "$(printf 'domain example.org\nnameserver 192.0.2.53\noptions ndots:2')"
for line in "127.0.0.1	localhost" "10.0.0.2	db" "2001:db8::1	six" "10.88.0.1	gate" "$(address 1)	c1"; do
	check "hosts" grep -qxF "$line" "$T/files-1/hosts"
done
is "$(stat -c %a "$T/files-1/hosts")" 644
is "$(jq -r .files.resolv_conf "$T/result-1")" "$T/files-1/resolv.conf"

check "overrides" up 2 '.dns = ["9.9.9.9", "2620:fe::fe"] | .dns_search = ["a.example", "b"] | .dns_options = ["timeout:1"]'
is "$(cat "$T/files-2/resolv.conf")" "$(printf 'nameserver 9.9.9.9\nnameserver 2620:fe::fe\nsearch a.example b\noptions timeout:1')"

check "host" up 3 '.network = "host"'
[ ! -e "$T/netns/3" ] || fail "a network namespace for network host"
is "$(jq -c '[.netns, .endpoints]' "$T/result-3")" '[null,[]]'
check "the host's servers" grep -qx "nameserver 127.0.0.53" "$T/files-3/resolv.conf"

check "none" up 4 '.network = "none"'
is "$(in_ 4 ip -o link show up | wc -l)" 1
check "loopback" in_ 4 busybox ping -c 1 -W 1 127.0.0.1 >/dev/null
is "$(grep -c c4 "$T/files-4/hosts")" 0

# only loopback servers: said so
echo 'nameserver 127.0.0.53' >"$T/resolv"
config 5 '.files = $files' >"$T/config"
mkdir -p "$T/files-5"
status 0 kist-netsetup setup "$T/netns/5" <"$T/config"
if [ ! -e /run/systemd/resolve/resolv.conf ]; then
	complains "names no server that a container can reach"
fi
check "host" down 3 '.network = "host"'
check "none" down 4 '.network = "none"'
for n in 1 2 5; do check "teardown" down $n; done
umount /etc/resolv.conf
nothing_left
