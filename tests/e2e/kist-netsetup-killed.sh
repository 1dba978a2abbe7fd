# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# N04, second half: killed at any point, of setup or teardown, the next call cleans up.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
need strace python3

PORTS='.ports = [{"host_ip":"127.0.0.1","host_port":8080,"container_port":80},{"host_port":0,"container_port":81}]'
config 1 "$PORTS" >"$T/config"
mkdir -p "$T/files-1"

# strace kills it at the entry of the Nth call of one system call, for every N up to the last
CALLS='openat mkdirat write rename renameat unlinkat sendto setns unshare mount umount2 unlink pwrite64
	flock rmdir ioctl statfs faccessat'
kill_at() { # CALL N VERB
	traced -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$2" \
		kist-netsetup "$3" "$T/netns/1" <"$T/config" >"$T/result-1" 2>/dev/null
}
kill_every() { # VERB
	points=0
	for call in $CALLS; do
		n=1
		while :; do
			[ "$1" = setup ] || kist-netsetup setup "$T/netns/1" <"$T/config" >/dev/null ||
				fail "setup before teardown is killed at $call $n"
			kill_at "$call" $n "$1" && break
			points=$((points + 1))
			if [ $((points % 4)) = 0 ]; then
				# another container comes, then the killed one is set up again
				check "another, after $1 was killed at $call $n" up 2
				check "setup again, after $1 was killed at $call $n" up 1 "$PORTS"
				is "$(jq -r '.endpoints[0].ports[0].host_port' "$T/result-1")" 8080
				check "teardown of the other" down 2
			fi
			check "teardown, after $1 was killed at $call $n" down 1 "$PORTS"
			nothing_left
			n=$((n + 1))
		done
		check "teardown" down 1 "$PORTS"
	done
	[ $points -ge "$2" ] || fail "$1 was killed only $points times"
	echo "$1: killed at $points points"
}
mkdir "$T/netns"
kill_every setup 50
kill_every teardown 30
nothing_left

# killed, and then its namespace is gone, too: somebody else's call takes what it had
for n in 1 2 3 4 5 6 7 8; do
	kill_at sendto $n setup && break
	if [ -e "$T/netns/1" ]; then umount "$T/netns/1" 2>/dev/null; rm "$T/netns/1"; fi
	wait_for 5 sh -c '! ip -o link show type veth | grep -q .'
	check "another, after $n" up 2 '.ports = [{"host_ip":"127.0.0.1","host_port":8080,"container_port":80}]'
	check "teardown of the other, after $n" down 2
	check "nobody holds the bridge, after $n" sh -c '! ip link show kist0 2>/dev/null'
done
down 1
nothing_left
