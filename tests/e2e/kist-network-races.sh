# SPDX-License-Identifier: Apache-2.0
# Containers that come while the last one of a network goes; starts that are killed.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need jq ip nft setsid
load_busybox

# the bridge goes with the last container, and the next one comes at that moment
i=0
while [ $i -lt 150 ]; do
	i=$((i + 1))
	kist run -d --rm busybox true >/dev/null 2>err || fail "run $i: $(cat err)"
done
wait_for 20 sh -c '[ -z "$(kist ps -aq)" ]'

# what is left of a network by a killed start
left() {
	ip -o link show | grep -E 'kist|veth[0-9a-f]{11}'
	nft list tables
	find "$KIST_RUN/endpoints" "$KIST_RUN/ports" "$KIST_RUN/networks" -type f ! -name lock
	[ ! -d "$KIST_RUN/netns" ] || find "$KIST_RUN/netns" -mindepth 1
}

# killed with all of its process group at some moment of the start; then rm takes all of it away
port=$(free_port)
killed=0
for pause in 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 33 36 40 44 48 52 56 60 65 70; do
	setsid kist run -d --name early -p "127.0.0.1:$port:80" busybox sleep 100 >/dev/null 2>&1 &
	pid=$!
	sleep "0.0$(printf %02d $pause)"
	kill -s KILL -- "-$pid" 2>/dev/null && killed=$((killed + 1))
	wait "$pid" 2>/dev/null
	# the monitor may have been started: it is not of the group, and rm may come before it is ready
	wait_for 10 sh -c 'kist rm -f early >/dev/null 2>err || grep -q "No such container" err'
	wait_for 10 sh -c '[ -z "$(kist ps -aq)" ]'
	[ -z "$(left)" ] || {
		# killed before the container had its name: the next command sweeps
		kist-netsetup create sweep >/dev/null && kist-netsetup rm sweep
		[ -z "$(left)" ] || fail "after $pause ms: $(left)"
	}
done
[ $killed -gt 5 ] || fail "only $killed starts were killed"
echo "killed: $killed"

# nobody removes it: its port and its address are another one's when they are wanted
mkdir -p "$KIST_RUN/netns"
jq -nc --arg lock "$KIST_RUN/nobody" --argjson port "$port" '{container_id: "dead", held: $lock,
	endpoints: [{network: "default", ports: [{host_port: $port, container_port: 80}]}]}' >wish
sh -c 'kist-netsetup setup "$KIST_RUN/netns/dead" <wish >/dev/null; :' || fail 'setup'
status 0 kist run -d --name alive -p "$port:80" busybox sleep 100
[ ! -e "$KIST_RUN/endpoints/dead" ] || fail 'the dead one is left'
[ ! -e "$KIST_RUN/netns/dead" ] || fail 'its namespace is left'
# a living one is not swept
status 0 kist-netsetup create sweep
status 0 kist-netsetup rm sweep
status 0 kist exec alive ip -4 addr show eth0
says 'inet 10.88'
status 0 kist rm -f alive
[ -z "$(left)" ] || fail "left: $(left)"
# what was killed before it had a name is gc's
status 0 kist-store gc
nothing_left
