# SPDX-License-Identifier: Apache-2.0
# A load that is killed at any moment leaves nothing that gc does not take away.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq mkfifo
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar 3 || fail archive.py
python3 "$KIST_SOURCE/tests/e2e/archive.py" large large.tar 40 || fail archive.py
kist-store load <good.tar >/dev/null || fail 'load'
size=$(stat -c %s large.tar)
left() { (cd "$KIST_ROOT" && find . -type f | grep -v '\.lock$' | sort); }
before=$(left)
mkfifo fifo

# while it waits for more of the archive
for part in 100 $((size / 3)) $((size - 2000)); do
	kist-store load <fifo >/dev/null 2>&1 &
	loader=$!
	exec 3>fifo
	head -c "$part" large.tar >&3
	sleep 0.2
	# a gc meanwhile takes nothing away from it
	status 0 kist-store gc
	complains 'images are being added right now'
	kill -9 $loader
	wait $loader 2>/dev/null
	exec 3>&-
	status 0 kist-store gc
	[ "$(left)" = "$before" ] || fail "killed after $part bytes: something was left: $(left)"
done

# while it unpacks and publishes
for delay in 0.01 0.02 0.04 0.06 0.08 0.1 0.12 0.15 0.2 0.25 0.3; do
	kist-store load <large.tar >/dev/null 2>&1 &
	loader=$!
	sleep $delay
	kill -9 $loader 2>/dev/null
	wait $loader 2>/dev/null
	# its workers may hold the lease for a moment longer
	wait_for 10 sh -c '! kist-store gc 2>&1 | grep -q "being added"'
	status 0 kist-store fsck
	kist-store untag large:1 2>/dev/null && kist-store gc >/dev/null
	[ "$(left)" = "$before" ] || fail "killed after $delay s: something was left: $(left)"
done
status 0 kist-store load <large.tar
status 0 kist-store fsck
