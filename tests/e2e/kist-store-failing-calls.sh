# SPDX-License-Identifier: Apache-2.0
# Whichever system call fails during a load, it says so and the store is as before, or it has all of it.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need strace
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar 1 || fail archive.py
python3 "$KIST_SOURCE/tests/e2e/archive.py" other other.tar 2 || fail archive.py
kist-store load <good.tar >/dev/null || fail 'load'
cp -a "$KIST_ROOT" "$T/before"
state() { (cd "$KIST_ROOT" && find . -type f | grep -v '\.lock$' | sort && cat images/index.json); }
before=$(state)
traced -o trace -e trace=all true 2>/dev/null || skip 'strace cannot trace here'

failed=0
for call in openat read write mkdirat renameat unlinkat fsync syncfs flock fstat newfstatat ftruncate; do
	for n in 1 2 3 5 8 13 21 34 55; do
		traced -o trace -e "trace=$call" -e "inject=$call:error=EIO:when=$n" \
			kist-store load <other.tar >"$T/out" 2>"$T/err"
		got=$?
		grep -q INJECTED trace || break
		if [ $got = 0 ]; then
			# a failure that does not matter: then everything is there
			kist-store fsck >/dev/null 2>&1 || fail "$call $n: a broken store after success"
			kist-store inspect other:1 >/dev/null || fail "$call $n: success, and no image"
		elif [ $got -ge 126 ] && ! [ -s "$T/err" ]; then
			fail "$call $n: status $got without a word"
		else
			failed=$((failed + 1))
			[ -s "$T/err" ] || fail "$call $n: it failed without a word"
			kist-store fsck >/dev/null 2>&1 || fail "$call $n: a broken store after failure"
		fi
		kist-store untag other:1 2>/dev/null
		kist-store gc >/dev/null || fail "$call $n: gc"
		[ "$(state)" = "$before" ] || fail "$call $n: something is left, or gone: $(state)"
	done
done
[ $failed -gt 30 ] || fail "only $failed failures were tried"
status 0 kist-store load <other.tar
