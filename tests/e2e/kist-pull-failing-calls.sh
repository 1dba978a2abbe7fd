# SPDX-License-Identifier: Apache-2.0
# Whichever system call fails during a pull, in kist-pull or in kist-layer: it says so in one line and the store is as
# before (but for what the next pull resumes), or the image is there.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need strace skopeo
traced -o trace -e trace=all true 2>/dev/null || skip 'strace cannot trace here'
small_layout
serve one
IMAGE=$SERVER/team/app:v1
clean() {
	kist-store untag "$IMAGE" 2>/dev/null
	kist-store gc >/dev/null || fail "$*: gc"
}
state() { (cd "$KIST_ROOT" && find . -name '.part-*' -prune -o ! -name '*lock' -print | sort && cat images/index.json); }
status 0 kist-pull "$IMAGE"
clean first
before=$(state)

failed=0
# not those with which the loader begins a program, before a line of it has run
for call in mkdirat write writev fsync syncfs renameat linkat symlinkat flock faccessat2 connect poll recvfrom \
	sendto socket socketpair pipe2 memfd_create signalfd4 splice lseek clone3 wait4 unshare mount pivot_root capset \
	seccomp fchown fchmod utimensat getdents64; do
	for n in 1 2 3 5 8 13; do
		traced -f -o trace -e "trace=$call" -e "inject=$call:error=ENOSPC:when=$n" \
			kist-pull "$IMAGE" >"$T/out" 2>"$T/err" </dev/null
		got=$?
		if ! grep -q INJECTED trace; then
			clean "$call $n"
			break
		fi
		[ $got -lt 124 ] || fail "$call $n: status $got"
		if [ $got = 0 ]; then
			kist-store inspect "$IMAGE" >/dev/null || fail "$call $n: success, and no image"
			[ ! -s "$T/err" ] || fail "$call $n: success with words"
		else
			failed=$((failed + 1))
			[ "$(wc -l <"$T/err")" = 1 ] || fail "$call $n: not one line"
			grep -q '^kist-pull: ' "$T/err" || fail "$call $n: not its own words"
			# the last fsync is that of the renamed index.json's directory
			[ $call = fsync ] || ! kist-store inspect "$IMAGE" >/dev/null 2>&1 ||
				grep -q 'standard output' "$T/err" || fail "$call $n: failure, and an image"
		fi
		kist-store fsck >/dev/null 2>&1 || fail "$call $n: a broken store"
		clean "$call $n"
		[ "$(state)" = "$before" ] || fail "$call $n: something is left, or gone: $(state)"
	done
done
[ $failed -gt 30 ] || fail "only $failed failures were tried"
status 0 kist-pull "$IMAGE"
