#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What whoever takes over a program that reads hostile bytes can still do: for each policy of lib/confine exactly
# what is listed here, of all that works without one.
. "$KIST_SOURCE/tests/e2e/lib.sh"

prisoner=$KIST_BUILD/tests/e2e/prisoner
mkdir outside
echo x >outside/file

# can PROGRAM: what works, one line each; every attempt in fresh directories and a process of its own
can() {
	for attempt in $("$prisoner"); do
		rm -rf inside
		mkdir inside
		echo x >inside/file
		mknod inside/zero c 1 5
		chmod 666 inside/zero
		rm -f outside/new
		unshare --mount "$prisoner" "$1" "$T/inside" "$T/outside" "$attempt" 9</ 2>err
		case $? in
		0) echo "$attempt" ;;
		1) ;;
		*) echo "no confinement for $attempt: $(cat err)" ;;
		esac
	done | sort
}

can none >everything
for must in read-outside write-outside leaked-descriptor exec fork tcp ptrace mount setuid use-device give-away; do
	grep -qx $must everything || fail "$must does not even work unconfined: $(cat everything)"
done

# keeps PROGRAM ATTEMPT...
keeps() {
	program=$1
	shift
	printf '%s\n' "$@" | sort | comm -12 - everything >expected
	can "$program" >got
	diff expected got || fail "$program: what is expected (<), and what works (>)"
}

landlock=$("$prisoner" landlock)
[ "$landlock" -ge 6 ] || skip "what a program keeps is listed for version 6 of Landlock, this kernel has $landlock"

keeps kist-dockerfile ''
keeps kist-build-probe ''
keeps kist-archive ''
keeps 'kist-layer unpack' read-inside write-inside give-away make-device
keeps 'kist-layer unpack --whiteouts overlay' read-inside write-inside give-away make-device
keeps 'kist-layer pack, diff' read-inside use-device
client='read-inside read-outside climb leaked-descriptor write-inside use-device tcp unix-socket fork executable-memory'
for program in kist-login 'kist-pull -o' kist-push; do
	# shellcheck disable=SC2086
	keeps "$program" $client
done
# it starts kist-layer, which needs some of its rights
# shellcheck disable=SC2086
keeps kist-pull $client kill write-outside exec give-away make-device mount chroot unshare sethostname

# and the programs themselves, while they read: ROW PID
holds() {
	status_of() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status"; }
	check "$1: capabilities" test "$(status_of CapEff) $(status_of CapPrm)" = "$2 $2"
	check "$1: none to inherit" test "$(status_of CapInh)$(status_of CapAmb)" = 00000000000000000000000000000000
	check "$1: no_new_privs" test "$(status_of NoNewPrivs)" = 1
	check "$1: a system call filter" test "$(status_of Seccomp)" = 2
}
mkfifo in
for program in kist-dockerfile 'kist-build-probe --inflate' 'kist-build-probe' 'kist-archive --inflate --error-fd 3'; do
	$program <in >/dev/null 2>&1 3>/dev/null &
	pid=$!
	exec 3>in
	wait_for 5 grep -q '^Seccomp:.*2' /proc/$pid/status
	holds "$program" 0000000000000000
	exec 3>&-
	wait $pid
done
# load's reader of the archive, in the middle of it
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar || fail archive.py
archives() { pgrep -P "$1" -x kist-archive; }
for loader in kist-store kist; do
	$loader load <in >out 2>err &
	parent=$!
	exec 3>in
	head -c 3000 good.tar >&3
	wait_for 5 archives $parent >/dev/null
	pid=$(archives $parent)
	wait_for 5 grep -q '^Seccomp:.*2' "/proc/$pid/status"
	holds kist-archive 0000000000000000
	check 'nothing is open but the archive and pipes' test "$(find "/proc/$pid/fd" -lname 'pipe:*' | wc -l)" = 3
	check 'nor anything else but stderr' test "$(find "/proc/$pid/fd" -type l | wc -l)" = 5
	tail -c +3001 good.tar >&3
	exec 3>&-
	wait $parent || fail "$loader load"
done

mkdir -p tree/sub
head -c 3000000 /dev/urandom >tree/noise
for words in 'pack tree' 'diff tree/sub tree' 'diff --overlay tree'; do
	# shellcheck disable=SC2086
	kist-layer $words >in &
	pid=$!
	exec 3<in
	wait_for 5 grep -q '^Seccomp:.*2' /proc/$pid/status
	holds "kist-layer $words" 0000000000200006
	tar tf - <&3 >/dev/null || fail "kist-layer $words wrote no tar"
	exec 3<&-
	wait $pid || fail "kist-layer $words"
done
