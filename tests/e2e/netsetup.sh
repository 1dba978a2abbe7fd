# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Read by the tests of kist-netsetup, after lib.sh. The test's own namespace stands for the host.
#
#   id N                a container id (64 digits) of the number N
#   config N [JQ]       its wish; JQ changes it (".dns = [...]"). ".network" and ".ports" are short for those of its
#                       only endpoint; what JQ puts into ".endpoints" counts instead
#   up N [JQ] / down N [JQ]     setup and teardown; the result is in $T/result-N
#   in_ N COMMAND...    run inside the container's network namespace
#   address N [PLACE]   its address on its first network, or another one
#   serve N PORT TEXT   answer connections inside container N (0: on the host) with TEXT
#   ask ADDRESS PORT    what is answered on the host; "in_ N ask..." does not work: use "ask_from N"
#   neighbour NAME HOST-ADDRESS/BITS ADDRESS/BITS      a namespace $T/NAME on a veth pair with the host
#   nothing_left        no interface, table, lease, port, endpoint
need ip nft jq nsenter busybox

id() { printf '%064x' "$1"; }
config() {
	jq -n --arg id "$(id "$1")" --arg name "c$1" --arg files "$T/files-$1" \
		'{container_id: $id, name: $name, hostname: $name, network: "default", files: $files} | '"${2:-.}"' |
		if has("endpoints") then . else .endpoints = [{network, ports} | with_entries(select(.value != null))] end |
		del(.network, .ports)'
}
up() {
	mkdir -p "$T/files-$1"
	config "$1" "${2:-.}" | kist-netsetup setup "$T/netns/$1" >"$T/result-$1"
}
down() { config "$1" "${2:-.}" | kist-netsetup teardown "$T/netns/$1"; }
in_() {
	ns=$1
	shift
	nsenter --net="$T/netns/$ns" "$@"
}
address() { jq -r ".endpoints[${2:-0}].addresses[0]" "$T/result-$1" | cut -d/ -f1; }
is() { [ "$1" = "$2" ] || fail "got '$1', expected '$2'"; }

cat >"$T/serve.py" <<'END'
import socket, sys
kind = socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM
s = socket.socket(socket.AF_INET, kind)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((sys.argv[4] if len(sys.argv) > 4 else "0.0.0.0", int(sys.argv[2])))
if kind == socket.SOCK_STREAM:
    s.listen(16)
while True:
    if kind == socket.SOCK_STREAM:
        c, peer = s.accept()
        c.sendall((sys.argv[3] + " " + peer[0]).encode())
        c.close()
    else:
        data, peer = s.recvfrom(100)
        s.sendto((sys.argv[3] + " " + peer[0]).encode(), peer)
END
cat >"$T/ask.py" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM)
s.settimeout(float(sys.argv[4]) if len(sys.argv) > 4 else 3)
try:
    s.connect((sys.argv[2], int(sys.argv[3])))
    if sys.argv[1] == "udp":
        s.send(b"?")
    print(s.recv(200).decode())
except OSError as e:
    print("no answer:", e)
    sys.exit(1)
END
serve() { # NETNS-FILE PROTOCOL PORT TEXT [ADDRESS]
	ns=$1
	shift
	nsenter --net="$ns" python3 "$T/serve.py" "$@" &
	on_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
	wait_for 5 sh -c 'nsenter --net="$1" ss -Hln "sport = :$2" | grep -q .' - "$ns" "$2"
}
ask() { # NETNS-FILE PROTOCOL ADDRESS PORT
	ns=$1
	shift
	nsenter --net="$ns" python3 "$T/ask.py" "$@"
}
HOST=/proc/self/ns/net

neighbour() {
	: >"$T/$1"
	unshare --net="$T/$1" ip link set lo up
	on_exit "umount '$T/$1'; ip link del '$1' 2>/dev/null"
	ip link add "$1" type veth peer name eth0 netns "$T/$1"
	ip addr add "$2" dev "$1"
	ip link set "$1" up
	nsenter --net="$T/$1" ip addr add "$3" dev eth0
	nsenter --net="$T/$1" ip link set eth0 up
}

nothing_left() {
	left=$(
		ip -o link show | grep -E 'kist|veth[0-9a-f]{11}'
		nft list tables
		find "$KIST_RUN/endpoints" "$KIST_RUN/ports" "$KIST_RUN/networks" -type f ! -name lock
		find "$KIST_RUN/ports" -mindepth 1 -type d
		[ ! -d "$T/netns" ] || find "$T/netns" -mindepth 1
	)
	[ -z "$left" ] || fail "left: $left"
}
