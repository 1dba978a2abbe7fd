# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Many ports: a row costs what one port costs, and twice as many ports at most two and a half times as much.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
need strace valgrind python3 ss
! is_sanitized "$KIST_BUILD/bin/kist-netsetup" || skip 'valgrind cannot run a sanitized program'

calls() { # WISH: how many system calls setup makes
	config 1 "$1" >"$T/config"
	traced -c -o "$T/calls" kist-netsetup setup "$T/netns/1" <"$T/config" >"$T/result-1" || fail "setup: $1"
	down 1
	awk '$NF == "total" {print $3 + 0 == 0 ? $4 : $4}' "$T/calls"
}
instructions() { # WISH
	config 1 "$1" >"$T/config"
	valgrind --tool=callgrind --callgrind-out-file=/dev/null kist-netsetup setup "$T/netns/1" <"$T/config" \
		>"$T/result-1" 2>"$T/valgrind" || fail "setup: $(cat "$T/valgrind")"
	down 1
	sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$T/valgrind"
}
mkdir -p "$T/files-1"
row() { printf '.ports = [{host_port: %d, container_port: %d, count: %d}]' "$1" "$2" "$3"; }
each() { printf '.ports = [range(%d) | {host_port: (20000 + .), container_port: (1 + .)}]' "$1"; }

# all ports there are, as one element
one=$(calls "$(row 80 80 1)")
all=$(calls "$(row 1 1 65535)")
echo "system calls: $one for one port, $all for 65535"
[ "$all" -lt $((one + 40)) ] || fail "65535 ports cost $all system calls, one costs $one"
base=$(instructions "$(row 80 80 1)")
grows() { # WHAT N 2N
	once=$(($2 - base)) twice=$(($3 - base))
	echo "$1: $once, $twice"
	[ $((twice * 2)) -le $((once * 5)) ] || fail "$1: $once instructions, and $twice for twice as many"
}
grows 'a row with other numbers inside' "$(instructions "$(row 20000 10000 20000)")" \
	"$(instructions "$(row 20000 10000 40000)")"
grows 'ports one by one' "$(instructions "$(each 500)")" "$(instructions "$(each 1000)")"

# rows are published and given back like single ports
check 'a row' up 1 "$(row 8000 8000 100)"
serve "$T/netns/1" tcp 8042 row
is "$(ask $HOST tcp 127.0.0.1 8042)" "row 10.88.0.1"
is "$(jq -c '.endpoints[0].ports[0] | [.host_port, .container_port, .count]' "$T/result-1")" '[8000,8000,100]'
refused() { # JQ
	mkdir -p "$T/files-9"
	config 9 ".ports = [$1]" >"$T/config"
	status 4 kist-netsetup setup "$T/netns/9" <"$T/config"
	complains 'port is already allocated'
}
refused '{host_port: 8099, container_port: 80}'
refused '{host_ip: "127.0.0.1", host_port: 8000, container_port: 80}'
refused '{host_port: 7990, container_port: 1, count: 11}'
refused '{host_port: 7990, container_port: 7990, count: 500}'
check 'its neighbours' up 2 '.ports = [{host_port: 8100, container_port: 80}, {host_port: 7999, container_port: 80},
	{host_port: 8000, container_port: 8000, count: 100, protocol: "udp"}]'
refused '{host_port: 7000, container_port: 1, count: 1000}'
down 1
check 'given back' up 1 "$(row 8000 9000 100)"
serve "$T/netns/1" tcp 9042 renumbered
is "$(ask $HOST tcp 127.0.0.1 8042)" "renumbered 10.88.0.1"
refused '{host_port: 8042, container_port: 80}'
down 2
# what a process of the host listens on, on any address and by IPv6, is not free
serve $HOST tcp 8205 host
config 3 "$(row 8200 8200 10)" >"$T/config"
mkdir -p "$T/files-3"
status 4 kist-netsetup setup "$T/netns/3" <"$T/config"
complains 'cannot publish 0.0.0.0:8205/tcp: port is already allocated, by a process of this host'
config 3 '.ports = [{host_ip: "127.0.0.1", host_port: 8200, container_port: 8200, count: 10}]' >"$T/config"
status 4 kist-netsetup setup "$T/netns/3" <"$T/config"
python3 -c 'import socket,time
s=socket.socket(socket.AF_INET6); s.bind(("::", 8305)); s.listen(); time.sleep(100)' &
on_exit "kill $! 2>/dev/null"
wait_for 5 sh -c 'ss -Hln "sport = :8305" | grep -q .'
config 3 "$(row 8300 8300 10)" >"$T/config"
status 4 kist-netsetup setup "$T/netns/3" <"$T/config"
complains '0.0.0.0:8305/tcp'
# a row of free ones
check 'free ones' up 4 "$(row 0 80 50)"
is "$(jq -c '.endpoints[0].ports[0] | [.host_port >= 49000, .container_port, .count]' "$T/result-4")" '[true,80,50]'
down 4
down 1
nothing_left

# by the command line, down to docker's words
load_busybox
status 0 kist run -d --name all -p 1-8000:1-8000 busybox httpd -f -p 4242
status 0 kist port all 4242
is "$(cat "$T/out")" 0.0.0.0:4242
wait_for 5 sh -c 'busybox wget -qO- http://127.0.0.1:4242/ 2>&1 | grep -q 404'
status 0 kist rm -f all
