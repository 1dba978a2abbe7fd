# SPDX-License-Identifier: Apache-2.0
# A network that has no IPv6 has none at all: no address that nobody asked for, and no container that
# makes itself the host's or its neighbours' router by an advertisement.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
need python3
[ -d /proc/sys/net/ipv6 ] || skip 'a kernel without IPv6'

check "setup" up 1
check "setup" up 2
is "$(ip -6 addr show dev kist0)" ''
is "$(in_ 1 ip -6 addr show dev eth0)" ''
is "$(in_ 1 ip -6 -o addr show dev lo | awk '{print $4}')" ::1/128

# container 1 has rights over its interface, and advertises itself as everybody's router
cat >"$T/advertise.py" <<'EOF'
import socket, struct
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
s.bind(("eth0", 0x86dd))
mac = s.getsockname()[4]
source = socket.inet_pton(socket.AF_INET6, "fe80::1234")
group = socket.inet_pton(socket.AF_INET6, "ff02::1")
prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xc0, 86400, 86400, 0) + socket.inet_pton(socket.AF_INET6, "2001:db8:bad::")
body = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) + prefix + b"\x01\x01" + mac
pseudo = source + group + struct.pack("!II", len(body), 58) + body
total = sum(struct.unpack("!%dH" % (len(pseudo) // 2), pseudo))
while total >> 16: total = (total & 0xffff) + (total >> 16)
body = body[:2] + struct.pack("!H", ~total & 0xffff) + body[4:]
packet = struct.pack("!IHBB", 0x60000000, len(body), 58, 255) + source + group + body
frame = bytes.fromhex("333300000001") + mac + b"\x86\xdd" + packet
for i in range(3): s.send(frame)
EOF

# that it is a good one shows an interface of the host that does listen
unshare -n sh -c 'ip link set lo up; echo ready; exec sleep 1000' >"$T/ready" &
router=$!
on_exit 'kill $router 2>/dev/null'
wait_for 5 grep -q ready "$T/ready"
ip link add witness type veth peer name eth0 netns $router
sysctl -qw net.ipv6.conf.witness.disable_ipv6=0 net.ipv6.conf.witness.accept_ra=2
ip link set witness up
nsenter --net=/proc/$router/ns/net ip link set eth0 up
nsenter --net=/proc/$router/ns/net python3 "$T/advertise.py"
wait_for 10 sh -c "
	nsenter --net=/proc/$router/ns/net python3 '$T/advertise.py'
	ip -6 route show default | grep -q 'dev witness'"
ip link del witness

in_ 1 python3 "$T/advertise.py"
in_ 1 python3 "$T/advertise.py"
is "$(ip -6 route show default)" ''
is "$(ip -6 route show dev kist0)" ''
is "$(in_ 2 ip -6 route show default)" ''

# a network whose making was ended after its first part is completed by the next container
check "teardown" down 1
ip link set kist0 down
ip addr flush dev kist0
check "setup" up 1
is "$(ip -4 -o addr show dev kist0 | awk '{print $4}')" 10.88.0.1/16
in_ 1 busybox ping -c 1 -W 2 "$(address 2)" >/dev/null || fail 'a network that was completed does not work'
check "teardown" down 1
check "teardown" down 2
nothing_left
