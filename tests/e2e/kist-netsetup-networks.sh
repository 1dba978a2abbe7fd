# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# create, rm, ls, inspect; networks of their own; two roots on one machine never meet.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
need python3 ss

mkdir -p "$KIST_ROOT"
status 0 kist-netsetup ls
is "$(jq -r .name "$T/out")" default
status 0 kist-netsetup create back --subnet 10.77.0.0/24 --gateway 10.77.0.254 --mtu 1400
is "$(jq -r '"\(.name) \(.bridge) \(.subnet) \(.gateway) \(.mtu)"' "$T/out")" "back kist1 10.77.0.0/24 10.77.0.254 1400"
status 4 kist-netsetup create back
complains "network back is there already"
status 0 kist-netsetup create front
is "$(jq -r '"\(.bridge) \(.subnet)"' "$T/out")" "kist2 10.88.0.0/16"
for bad in 10.1.0.0/33 10.1.0.1/16 10.1.0.0 ::/64 10.1.0.0/31; do
	status 1 kist-netsetup create bad --subnet "$bad"
	complains "invalid subnet"
done
status 1 kist-netsetup create bad --subnet 10.1.0.0/16 --gateway 10.2.0.1
complains "invalid gateway"
status 1 kist-netsetup create bad --bridge averyveryverylongname
complains "invalid bridge name"
status 5 kist-netsetup create host
status 5 kist-netsetup rm none
status 3 kist-netsetup rm nosuch
complains "network nosuch not found"
status 5 kist-netsetup rm default

check "default" up 1
check "back" up 2 '.network = "back"'
is "$(address 2)" 10.77.0.1
is "$(in_ 2 cat /sys/class/net/eth0/mtu)" 1400
# "front" has the subnet that "default" would have taken, so that took the next
is "$(jq -r '.endpoints[0].gateway' "$T/result-1")" 10.89.0.1
check "front" up 3 '.network = "front"'
status 0 kist-netsetup inspect back
is "$(jq -r '.endpoints["10.77.0.1"]' "$T/out")" "$(id 2)"

# one network does not reach into another, except through published ports
serve "$T/netns/2" tcp 80 back
! ask "$T/netns/1" tcp 10.77.0.1 80 0.5 >/dev/null || fail "networks are not isolated"
! in_ 3 busybox ping -c 1 -W 1 10.77.0.1 >/dev/null || fail "networks are not isolated"

# another root
check "another root" env KIST_ROOT="$T/root2" KIST_RUN="$T/run2" sh -c \
	'jq -n "{container_id: \"x\", endpoints: [{network: \"default\"}]}" | kist-netsetup setup "$T/netns/x" >"$T/result-x"'
is "$(jq -r '.endpoints[0].bridge + " " + .endpoints[0].gateway' "$T/result-x")" "kist3 10.90.0.1"
jq -n '{container_id: "x"}' | kist-netsetup --root "$T/root2" --run "$T/run2" teardown "$T/netns/x" ||
	fail "teardown in another root"

# an interface or a route that is somebody else's
ip link add mine type bridge
ip addr add 10.55.0.1/16 dev mine
ip link set mine up
status 0 kist-netsetup create clash --subnet 10.56.0.0/16 --bridge mine
config 4 '.network = "clash"' >"$T/config"
status 4 kist-netsetup setup "$T/netns/4" <"$T/config"
complains "there is an interface 'mine' that is not its own"
status 0 kist-netsetup create clash2 --subnet 10.55.1.0/24
config 4 '.network = "clash2"' >"$T/config"
status 4 kist-netsetup setup "$T/netns/4" <"$T/config"
complains "a route of this host leads into its subnet"
check "mine is untouched" ip link show mine
ip link del mine

# rules that somebody flushed come back with the next container
nft flush ruleset
check "another one" up 5
check "the rules are back" nft list table ip kist0
# a host whose own filter drops is told about
nft add table ip filter
nft 'add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }'
for n in 1 5; do check "teardown" down $n; done
mkdir -p "$T/files-6"
config 6 >"$T/config"
status 0 kist-netsetup setup "$T/netns/6" <"$T/config"
complains "packet filter drops what its chain filter/FORWARD does not know"
nft delete table ip filter

check "teardown" down 6
check "teardown" down 2 '.network = "back"'
check "teardown" down 3 '.network = "front"'
for n in back front clash clash2; do status 0 kist-netsetup rm $n; done
status 0 kist-netsetup ls
is "$(wc -l <"$T/out")" 1
nothing_left
