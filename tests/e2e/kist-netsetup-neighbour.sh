# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# N01: a neighbour on the same network reaches what is published for it, and nothing else; a
# container does not reach the host's loopback.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
need python3 ss

neighbour lan 192.0.2.1/24 192.0.2.2/24
PORTS='.ports = [{"host_ip":"127.0.0.1","host_port":8080,"container_port":80},
	{"host_ip":"192.0.2.1","host_port":8081,"container_port":80}]'
check "setup" up 1 "$PORTS"
serve "$T/netns/1" tcp 80 web
serve $HOST tcp 9999 secret 127.0.0.1
is "$(ask $HOST tcp 127.0.0.1 8080)" "web 10.88.0.1"
is "$(ask "$T/lan" tcp 192.0.2.1 8081)" "web 192.0.2.2"

# the neighbour sends 127.0.0.1 to the host, by the host's MAC
nsenter --net="$T/lan" sh -c '
	ip addr del 127.0.0.1/8 dev lo
	ip route add 127.0.0.1/32 via 192.0.2.1 dev eth0 src 192.0.2.2
	sysctl -qw net.ipv4.conf.all.route_localnet=1 net.ipv4.conf.eth0.route_localnet=1' ||
	skip "no route for 127.0.0.1 can be made"
nsenter --net="$T/lan" ip route flush table local 127.0.0.0/8 2>/dev/null
for port in 8080 9999; do
	! ask "$T/lan" tcp 127.0.0.1 $port 1 >/dev/null || fail "a neighbour reaches 127.0.0.1:$port"
done

# the neighbour routes the container's address through the host
nsenter --net="$T/lan" ip route add 10.88.0.0/16 via 192.0.2.1
! ask "$T/lan" tcp "$(address 1)" 80 1 >/dev/null || fail "a neighbour reaches the container"
! ask "$T/lan" tcp 10.88.0.1 8080 1 >/dev/null || fail "a neighbour reaches the port by the bridge's address"
! nsenter --net="$T/lan" busybox ping -c 1 -W 1 "$(address 1)" >/dev/null ||
	fail "a neighbour pings the container"

# a container sends 127.0.0.1 to the bridge, which routes loopback addresses
is "$(cat /proc/sys/net/ipv4/conf/kist0/route_localnet)" 1
is "$(cat /proc/sys/net/ipv4/conf/all/route_localnet)" 0
in_ 1 sh -c 'sysctl -qw net.ipv4.conf.all.route_localnet=1 net.ipv4.conf.eth0.route_localnet=1
	ip addr del 127.0.0.1/8 dev lo
	ip route add 127.0.0.1/32 via 10.88.0.1 dev eth0 src '"$(address 1)"
in_ 1 ip route flush table local 127.0.0.0/8 2>/dev/null
for port in 8080 9999; do
	! ask "$T/netns/1" tcp 127.0.0.1 $port 1 >/dev/null ||
		fail "a container reaches the host's 127.0.0.1:$port"
done
# such packets did come, and were dropped: the chain raw counts nothing, but conntrack knows none
check "teardown" down 1 "$PORTS"
nothing_left
