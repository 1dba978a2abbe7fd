# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Containers reach each other, the world through masquerading, and are reached on published ports.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
need python3 ss

neighbour world 192.0.2.1/24 192.0.2.2/24
PORTS='.ports = [
	{"host_ip":"127.0.0.1","host_port":8080,"container_port":80},
	{"host_port":8081,"container_port":80,"protocol":"tcp"},
	{"host_ip":"0.0.0.0","host_port":5353,"container_port":53,"protocol":"udp"},
	{"host_ip":"192.0.2.1","host_port":8082,"container_port":80}]'
check "setup" up 1 "$PORTS"
check "setup of a second one" up 2
is "$(jq -r '.endpoints[0].interface' "$T/result-1")" eth0
is "$(jq -r '.endpoints[0].gateway' "$T/result-1")" 10.88.0.1
is "$(jq -r '.endpoints[0].ports | length' "$T/result-1")" 4
[ "$(address 1)" != "$(address 2)" ] || fail "the same address twice"
check "the MAC is as told" sh -c 'nsenter --net="$1" ip link show eth0 | grep -q "$2"' - \
	"$T/netns/1" "$(jq -r '.endpoints[0].mac' "$T/result-1")"

# each other, the host, themselves
check "ping between containers" in_ 2 busybox ping -c 1 -W 2 "$(address 1)" >/dev/null
check "ping to the host" in_ 1 busybox ping -c 1 -W 2 10.88.0.1 >/dev/null
check "loopback inside" in_ 1 busybox ping -c 1 -W 2 127.0.0.1 >/dev/null
serve "$T/netns/1" tcp 80 web
serve "$T/netns/1" udp 53 dns
is "$(ask "$T/netns/2" tcp "$(address 1)" 80)" "web $(address 2)"
is "$(ask $HOST tcp "$(address 1)" 80)" "web 10.88.0.1"

# published: from the host by 127.0.0.1 and by its own address
is "$(ask $HOST tcp 127.0.0.1 8080)" "web 10.88.0.1"
is "$(ask $HOST tcp 127.0.0.1 8081)" "web 10.88.0.1"
is "$(ask $HOST udp 127.0.0.1 5353)" "dns 10.88.0.1"
is "$(ask $HOST tcp 192.0.2.1 8081)" "web 192.0.2.1"
is "$(ask $HOST tcp 192.0.2.1 8082)" "web 192.0.2.1"
! ask $HOST tcp 127.0.0.1 8082 >/dev/null || fail "published on another address than asked"
# from another container, and from itself through the host (hairpin)
is "$(ask "$T/netns/2" tcp 10.88.0.1 8081)" "web 10.88.0.1"
is "$(ask "$T/netns/1" tcp 10.88.0.1 8081)" "web 10.88.0.1"
is "$(ask "$T/netns/2" tcp 192.0.2.1 8082)" "web 10.88.0.1"
is "$(ask "$T/netns/2" udp 10.88.0.1 5353)" "dns 10.88.0.1"
# from outside
is "$(ask "$T/world" tcp 192.0.2.1 8081)" "web 192.0.2.2"
is "$(ask "$T/world" udp 192.0.2.1 5353)" "dns 192.0.2.2"

# out: the world has no route back, so the source must be the host's
serve "$T/world" tcp 7 world
is "$(ask "$T/netns/2" tcp 192.0.2.2 7)" "world 192.0.2.1"

# the rules go with what they are for
check "teardown" down 1 "$PORTS"
! ask $HOST tcp 127.0.0.1 8080 0.5 >/dev/null || fail "a withdrawn port answers"
is "$(nft list map ip kist0 ports | grep -c elements)" 0
is "$(nft list map ip kist0 ports_any | grep -c elements)" 0
is "$(ask "$T/netns/2" tcp 192.0.2.2 7)" "world 192.0.2.1"
check "teardown of the last" down 2
nothing_left
check "teardown again" down 2
check "teardown of what never was" down 99
nothing_left
