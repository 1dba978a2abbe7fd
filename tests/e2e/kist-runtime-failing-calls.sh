# SPDX-License-Identifier: Apache-2.0
# Whichever system call fails in run, by the runtime or by the container's process: it says so and
# nothing is left, or the container has run.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"
need strace timeout
traced -o trace -e trace=all true 2>/dev/null || skip 'strace cannot trace here'

make_bundle "$T/b" cat /tmp/kept
echo ran >"$T/b/rootfs/tmp/kept"
new_id
edit "$T/b" '
c["linux"]["cgroupsPath"] = "/'"$ID"'"
c["mounts"].append({"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"]})
c["mounts"].append({"destination": "/src", "type": "bind", "source": "'"$T"'", "options": ["bind", "ro"]})
c["root"]["readonly"] = True
'
status 0 runtime run -b "$T/b" "$ID"

failed=0
for call in openat openat2 open_tree move_mount fsopen fsconfig fsmount mount_setattr mkdir mkdirat \
	mknodat symlinkat write renameat socketpair clone3 sendto recvfrom pivot_root umount2 fchdir \
	chdir prctl capset setresuid setresgid setgroups seccomp mmap sethostname close_range \
	fstat fstatfs statfs getcwd execve execveat keyctl unlinkat flock getdents64; do
	for n in 1 2 3 4 5 7 9 12 16 21 27 35 45 58; do
		traced -f -o trace -e "trace=$call" -e "inject=$call:error=EIO:when=$n" \
			kist-runtime --root "$STATE" run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" </dev/null
		got=$?
		grep -q INJECTED trace || break
		[ $got != 124 ] || fail "$call $n: it hangs"
		if [ $got = 0 ]; then
			grep -q ran "$T/out" || fail "$call $n: success, and nothing has run"
			# half of the hierarchies of cgroups are none
			[ $call != getdents64 ] || [ "$n" -gt 2 ] || fail "$call $n: nobody noticed"
		else
			! grep -q "can't open" "$T/err" || fail "$call $n: /tmp has not what it covers, and nobody noticed"
			failed=$((failed + 1))
			echo "$call $n: $got $(head -1 "$T/err")"
			[ -s "$T/err" ] || [ $call = write ] || fail "$call $n: status $got without a word"
		fi
		# only a failure of the clean-up itself may leave the record
		case $call in
		openat | unlinkat | mmap | fstat | getdents64) ;;
		*) [ ! -e "$STATE/$ID" ] || fail "$call $n: the record is left" ;;
		esac
		runtime delete --force "$ID" 2>"$T/err" || fail "$call $n: delete --force"
		no_leftovers
	done
done
echo "$failed failures"
[ $failed -gt 100 ] || fail "only $failed failures were tried"
status 0 runtime run -b "$T/b" "$ID"
says ran
