#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A RUN is on the network that containers join, on the host's or on none, and nothing of it stays, also
# after a build that was killed.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime python3 ip
base_image
ip link add host-only type bridge || skip "no bridges"
on_exit 'ip link del host-only 2>/dev/null'
dockerfile <<'EOF'
FROM busybox
RUN ip -o addr show > /default; ip route show > /route; cat /etc/hosts > /hosts; test -s /etc/resolv.conf
RUN ip -o addr show eth0 > /second
RUN --network=host ip -o link show > /host
RUN --network=none ip -o link show > /none; test ! -s /etc/resolv.conf
RUN (ip route show | grep -q ^default) && wget -qO /served http://$(ip route | sed -n 's/^default via \([^ ]*\).*/\1/p'):8123/file
EOF
mkdir "$T/served"
echo reached >"$T/served/file"
python3 -m http.server --bind 0.0.0.0 -d "$T/served" 8123 >/dev/null 2>&1 &
server=$!
on_exit 'kill $server 2>/dev/null; wait $server 2>/dev/null'
wait_for 10 sh -c 'ss -ltn | grep -q :8123'
check "the build" build
in_image app '
grep -q "eth0 .* inet 10" default && ! grep -q host-only default && grep -q "^default via" route &&
[ "$(grep -c eth0 second)" -gt 0 ] && grep -q buildkitsandbox hosts &&
grep -q host-only host && ! grep -v " lo:" none && [ "$(cat served)" = reached ]
' || fail "networks: $(in_image app 'cat default route hosts host none')"
gone() { ! ip -o link show | grep -qE 'kist0|veth' && [ -z "$(nft list tables 2>/dev/null)" ]; }
gone || fail "left behind: $(ip -o link show; nft list tables)"
check "again" build
cached 5
printf 'FROM busybox\nRUN ip -o link show > /links\n' | dockerfile
check "none for the whole build" build --network none
[ "$(in_image app 'grep -vc " lo:" links')" = 0 ] || fail "--network none"
check "host for the whole build" build --network host
in_image app 'grep -q host-only links' || fail "--network host: $(in_image app 'cat links')"
check "another mode is another step" build
in_image app 'grep -q eth0 links' || fail "the default after the others"

# one that is killed: the next build takes its network down
printf 'FROM busybox\nRUN echo be""gun; sleep 60\n' | dockerfile
for signal in KILL TERM; do
	kist-build "$T/context" >"$T/out" 2>"$T/err" &
	pid=$!
	wait_for 10 grep -q begun "$T/out"
	ip -o link show | grep -q kist0 || fail "no bridge while it runs"
	kill -$signal $pid
	wait $pid
	if [ $signal = KILL ]; then
		printf 'FROM busybox\nRUN true\n' | dockerfile
		check "the next build" build
		printf 'FROM busybox\nRUN echo be""gun; sleep 60\n' | dockerfile
	fi
	wait_for 5 gone
done

# without a network nothing is run, and what helps is said
printf 'FROM busybox\nRUN ip -o link show > /other\n' | dockerfile
rm -rf "$KIST_RUN/networks"
touch "$KIST_RUN/networks"
status 1 kist-build "$T/context"
complains 'no network for RUN:'
complains '--network=host'
rm "$KIST_RUN/networks"
check "afterwards" build
