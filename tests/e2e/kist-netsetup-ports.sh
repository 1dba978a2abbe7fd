# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Published ports: who has one keeps it, 0 finds a free one, dead owners lose theirs.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
need python3 ss

port() { printf '.ports = [{"host_ip":"%s","host_port":%s,"container_port":80,"protocol":"%s"}]' "$1" "$2" "${3:-tcp}"; }
taken() { # ADDRESS PORT [PROTOCOL]
	mkdir -p "$T/files-9"
	config 9 "$(port "$@")" >"$T/config"
	status 4 kist-netsetup setup "$T/netns/9" <"$T/config"
	complains "cannot publish"
	[ ! -e "$T/netns/9" ] || fail "the network namespace of a refused container is left"
}

# by another container: the same address, or one of them on every address
check "setup" up 1 "$(port 127.0.0.1 8080)"
taken 127.0.0.1 8080
taken 0.0.0.0 8080
taken "" 8080
check "another address" up 2 "$(port 127.0.0.2 8080)"
check "another protocol" up 3 "$(port 127.0.0.1 8080 udp)"
check "another number" up 4 "$(port 0.0.0.0 8081)"
taken 127.0.0.1 8081
down 1 "$(port 127.0.0.1 8080)"
check "given back" up 1 "$(port 127.0.0.1 8080)"

# by a process of the host
serve $HOST tcp 9000 host 127.0.0.1
serve $HOST udp 9001 host
taken 127.0.0.1 9000
taken "" 9000
taken 127.0.0.1 9001 udp
config 9 "$(port 203.0.113.7 80)" >"$T/config"
status 1 kist-netsetup setup "$T/netns/9" <"$T/config"
complains "203.0.113.7:80/tcp: this host does not have the address"
# twice in one configuration
config 9 '.ports = [{"host_port":8090,"container_port":1},{"host_port":8090,"container_port":2}]' >"$T/config"
status 4 kist-netsetup setup "$T/netns/9" <"$T/config"
[ ! -e "$KIST_RUN/ports/tcp-8090" ] || fail "a refused container's port is taken"

# free ones, and teardown with the configuration that says 0
check "free ports" up 5 '.ports = [{"host_port":0,"container_port":80},{"host_ip":"127.0.0.1","host_port":0,"container_port":80,"protocol":"udp"}]'
a=$(jq '.endpoints[0].ports[0].host_port' "$T/result-5")
[ "$a" -ge 49000 ] || fail "no free port: $a"
serve "$T/netns/5" tcp 80 five
is "$(ask $HOST tcp 127.0.0.1 "$a")" "five 10.88.0.1"
check "teardown" down 5 '.ports = [{"host_port":0,"container_port":80},{"host_ip":"127.0.0.1","host_port":0,"container_port":80,"protocol":"udp"}]'
[ ! -e "$KIST_RUN/ports/tcp-$a" ] || fail "a free port is not given back"

# hundreds at once
many='.ports = [range(1500) | {host_port: (20000 + .), container_port: (1 + .)}]'
check "1500 ports" up 6 "$many"
is "$(nft list map ip kist0 ports_any | grep -o 'tcp \. ' | wc -l)" 1501
check "teardown" down 6 "$many"
is "$(nft list map ip kist0 ports_any | grep -o 'tcp \. ' | wc -l)" 1

# a container that died without teardown (its namespace is gone): its port and address are free
umount "$T/netns/1" && rm "$T/netns/1"
wait_for 5 sh -c '! ip -o link show "$1" 2>/dev/null' - "$(jq -r '.endpoints[0].link' "$T/result-1")"
check "a dead one's port" up 7 "$(port 127.0.0.1 8080)"
serve "$T/netns/7" tcp 80 seven
is "$(ask $HOST tcp 127.0.0.1 8080)" "seven 10.88.0.1"
for n in 1 2 3 4 7; do check "teardown" down $n; done
nothing_left
