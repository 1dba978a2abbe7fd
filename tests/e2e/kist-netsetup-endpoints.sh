# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A container on several networks: set up together, one more, one less; whose a namespace is.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
need python3 ss

status 0 kist-netsetup create back --subnet 10.77.0.0/24
status 0 kist-netsetup create side --subnet 10.78.0.0/24

TWO='.endpoints = [{network: "default", ports: [{host_port: 8080, container_port: 80}]},
	{network: "back", interface: "back0", mac: "02:00:00:00:00:77", addresses: ["10.77.0.7"], aliases: ["db"],
	 ports: [{host_port: 8081, container_port: 81}]}]'
check "on two networks" up 1 "$TWO"
is "$(jq -r '[.endpoints[] | .network + " " + .interface] | join(", ")' "$T/result-1")" 'default eth0, back back0'
is "$(address 1 1)" 10.77.0.7
in_ 1 ip -o link show back0 | grep -q 'ether 02:00:00:00:00:77' || fail "back0: $(in_ 1 ip link show back0)"
is "$(in_ 1 ip -o -4 addr show | awk '{print $2, $4}' | tail -n +2 | tr '\n' ' ')" "eth0 $(address 1)/16 back0 10.77.0.7/24 "
# the default route is the first one's
is "$(in_ 1 ip -4 route show default | tr -s ' ')" "default via 10.88.0.1 dev eth0 "
grep -qx "$(printf '10.77.0.7\tc1 db')" "$T/files-1/hosts" || fail "hosts: $(cat "$T/files-1/hosts")"
serve "$T/netns/1" tcp 80 one
serve "$T/netns/1" tcp 81 back
is "$(ask $HOST tcp 127.0.0.1 8080)" "one 10.88.0.1"
is "$(ask $HOST tcp 127.0.0.1 8081)" "back 10.77.0.1"
check "a neighbour on the second" up 2 '.network = "back"'
is "$(ask "$T/netns/2" tcp 10.77.0.7 81)" "back $(address 2)"

# the same address, or interface, is given once
config 3 '.endpoints = [{network: "back", addresses: ["10.77.0.7"]}]' >"$T/config"
mkdir -p "$T/files-3"
status 4 kist-netsetup setup "$T/netns/3" <"$T/config"
complains 'the address 10.77.0.7 on network back is in use'
config 3 '.endpoints = [{network: "back", addresses: ["10.78.0.7"]}]' >"$T/config"
status 1 kist-netsetup setup "$T/netns/3" <"$T/config"
complains 'the address 10.78.0.7 is not one of network back'
config 3 '.endpoints = [{network: "back", driver: "macvlan"}]' >"$T/config"
status 1 kist-netsetup setup "$T/netns/3" <"$T/config"
complains 'network back is one of driver bridge, not macvlan'

# one more, while it runs
config 1 'del(.files) | .endpoints = [{network: "side", interface: "eth2", ports: [{host_port: 8082, container_port: 80}]}]' >"$T/config"
status 0 kist-netsetup attach <"$T/config"
is "$(jq -r '.endpoints | map(.network) | join(" ")' "$T/out")" side
is "$(ask $HOST tcp 127.0.0.1 8082)" "one 10.78.0.1"
is "$(in_ 1 ip -4 route show default | wc -l)" 1
status 4 kist-netsetup attach <"$T/config"
complains "is in network side"
is "$(ask $HOST tcp 127.0.0.1 8082)" "one 10.78.0.1"
status 3 sh -c 'jq -c ".container_id = \"nobody\"" "$1" | kist-netsetup attach' - "$T/config"

# one less: its link, port, address and bridge go, the others stay as they are
status 0 kist-netsetup detach <"$T/config"
status 0 kist-netsetup detach <"$T/config"
! in_ 1 ip link show eth2 2>/dev/null || fail 'eth2 is left'
! ip link show kist2 2>/dev/null || fail 'the bridge is left'
! nft list table ip kist2 2>/dev/null || fail 'the rules are left'
[ ! -e "$KIST_RUN/ports/tcp-8082" ] || fail 'the port is left'
is "$(ask $HOST tcp 127.0.0.1 8080)" "one 10.88.0.1"
config 1 '.endpoints = [{network: "default"}]' >"$T/config"
status 0 kist-netsetup detach <"$T/config"
! ip link show kist0 2>/dev/null || fail 'kist0 is left'
is "$(ask $HOST tcp 127.0.0.1 8081)" "back 10.77.0.1"
is "$(find "$KIST_RUN/endpoints/$(id 1)" -name '*.json' -exec basename {} \;)" back.json

# setup again is anew, and teardown takes all, with the id alone
check "again" up 1 "$TWO"
jq -n --arg id "$(id 1)" '{container_id: $id}' | kist-netsetup teardown "$T/netns/1" || fail 'teardown by id'
down 2
nothing_left

# a namespace that its caller made stays its caller's
: >"$T/mine"
unshare --net="$T/mine" ip link set lo up
on_exit "umount '$T/mine'"
config 4 >"$T/config"
mkdir -p "$T/files-4"
status 0 kist-netsetup setup "$T/mine" <"$T/config"
check 'an address in it' sh -c 'nsenter --net="$1" ip -4 addr show eth0 | grep -q 10.88' - "$T/mine"
status 0 kist-netsetup teardown "$T/mine" <"$T/config"
check 'it is still there' nsenter --net="$T/mine" ip link show lo
! nsenter --net="$T/mine" ip link show eth0 2>/dev/null || fail 'eth0 is left in it'
nothing_left
# by a process, too
unshare --net sleep 100 &
pid=$!
on_exit "kill $pid 2>/dev/null"
wait_for 5 sh -c '[ "$(readlink /proc/$1/ns/net)" != "$(readlink /proc/self/ns/net)" ]' - "$pid"
status 0 kist-netsetup setup "/proc/$pid/ns/net" <"$T/config"
check 'an address in it' sh -c 'nsenter -t "$1" -n ip -4 addr show eth0 | grep -q 10.88' - "$pid"
status 0 kist-netsetup teardown "/proc/$pid/ns/net" <"$T/config"
nothing_left

# the host's own is not touched
ip -o addr >"$T/before"
ip route >>"$T/before"
status 5 kist-netsetup setup /proc/self/ns/net <"$T/config"
complains "is the network namespace of this host"
{ ip -o addr && ip route; } >"$T/after"
check "the host is as before" cmp "$T/before" "$T/after"
nothing_left

for n in back side; do status 0 kist-netsetup rm $n; done
