# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Whatever system call fails: a message, a status, and nothing left; or success.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
need strace python3

PORTS='.ports = [{"host_ip":"127.0.0.1","host_port":8080,"container_port":80},{"host_port":0,"container_port":81}]'
config 1 "$PORTS" >"$T/config"
mkdir -p "$T/files-1" "$T/netns"
CALLS='openat open mkdirat read pread64 write renameat sendto recvfrom setns unshare mount pwrite64 ftruncate
	flock ioctl socket bind getsockname statfs getdents64'

inject() { # CALL N VERB
	traced -o "$T/trace" -e trace="$1" -e inject="$1:error=EIO:when=$2" \
		kist-netsetup "$3" "$T/netns/1" <"$T/config" >"$T/out" 2>"$T/err"
}
points=0
for call in $CALLS; do
	n=1
	while :; do
		inject "$call" $n setup
		grep -q INJECTED "$T/trace" || break
		points=$((points + 1))
		if grep -q '"netns"' "$T/out"; then
			# not everything that fails matters
			down 1 "$PORTS" || fail "teardown after setup survived $call $n"
		else
			grep -q '^kist-netsetup: ' "$T/err" || fail "no message when $call $n fails in setup"
			! grep -q 'Sanitizer' "$T/err" || fail "sanitizer, $call $n"
		fi
		nothing_left
		n=$((n + 1))
	done
	down 1 "$PORTS"
done
echo "setup: $points failures"
[ $points -gt 60 ] || fail "only $points failures"

points=0
for call in openat read sendto recvfrom umount2 unlink unlinkat flock socket getdents64; do
	n=1
	while :; do
		kist-netsetup setup "$T/netns/1" <"$T/config" >/dev/null || fail "setup, $call $n"
		inject "$call" $n teardown
		grep -q INJECTED "$T/trace" || break
		points=$((points + 1))
		down 1 "$PORTS" || fail "teardown again after $call $n failed"
		nothing_left
		n=$((n + 1))
	done
	down 1 "$PORTS"
done
echo "teardown: $points failures"
[ $points -gt 25 ] || fail "only $points failures"
