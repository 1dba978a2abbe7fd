# SPDX-License-Identifier: Apache-2.0
# A process of a container with CAP_SYS_PTRACE that stops each new one sees nothing of the host (R05),
# and finds none that may do more than itself: not in exec, and not in a container that joins its pid
# namespace. A caller whose process is kept stopped can be interrupted.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

echo host >"$T/only-on-the-host"
make_bundle "$T/b" --cap-add SYS_PTRACE /catcher "$T/only-on-the-host"
cp "$KIST_BUILD/tests/e2e/catcher" "$T/b/rootfs/catcher"
CALLERS_SECRET=1
export CALLERS_SECRET
new_id
catch() {
	edit "$T/b" "c['process']['args'] = ['/catcher', '$T/only-on-the-host', '$1']"
	kist-runtime --root "$STATE" run -d -b "$T/b" "$ID" >>"$T/caught" 2>&1 || fail "run: $(cat "$T/caught")"
	wait_for 5 grep -q ready "$T/caught"
}
# COMMAND...: more than once, until one of its processes has not been too quick for the catcher
until_caught() {
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		"$@"
		[ "$i" -lt 3 ] || ! grep -q caught "$T/caught" || break
	done
}
nothing_seen() {
	# a machine on which the catcher is never quick enough shows nothing
	grep -q caught "$T/caught" || skip "$1: no process was caught"
	grep HOST "$T/caught" >"$T/out" && fail "$1: a process of the container saw the host"
	[ "${2:-}" = with-rights ] || ! grep RIGHTS "$T/caught" >"$T/out" ||
		fail "$1: a process that was caught may do more than who caught it"
	: >"$T/caught"
}

catch go
until_caught status 3 runtime exec "$ID" sh -c 'exit 3'
nothing_seen exec
for i in 1 2 3; do
	status 0 runtime exec --user 1000 --no-new-privs --cap CAP_SYS_PTRACE "$ID" true
	status 0 runtime exec -d "$ID" true
	status 0 runtime exec -t "$ID" true
	kist-runtime --root "$STATE" exec "$ID" true 7<"$T/b/config.json" 8<"$T/b" 9</ || fail "exec with descriptors"
done
nothing_seen "exec with options"
# as processor affinity wants it
echo '{"args": ["true"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 1000, "gid": 0}, "execCPUAffinity": {"final": "0"}}' >"$T/p.json"
until_caught status 0 runtime exec --process "$T/p.json" "$ID"
nothing_seen "exec --process"

# a pod: a second container in the pid namespace of the first
pid=$(runtime state "$ID" | awk -F'[:, ]+' '/"pid"/ {print $3}')
make_bundle "$T/pod" sh -c 'echo $$; exit 4'
edit "$T/pod" '
for n in c["linux"]["namespaces"]:
    if n["type"] == "pid": n["path"] = "/proc/'"$pid"'/ns/pid"
'
joins() {
	status 4 runtime run -b "$T/pod" "$ID-pod"
	[ "$(cat "$T/out")" -gt 1 ] || fail "the pid namespace was not joined"
}
until_caught joins
on_exit "kist-runtime --root '$STATE' delete --force '$ID-pod'"
status 0 runtime create -b "$T/pod" "$ID-pod"
status 0 runtime start "$ID-pod"
wait_for 5 sh -c "kist-runtime --root '$STATE' state '$ID-pod' | grep -q stopped"
status 0 runtime delete "$ID-pod"
edit "$T/pod" 'c["process"]["terminal"] = True'
status 4 runtime run -b "$T/pod" "$ID-pod"
# before Linux 6.17 it takes a process with the right to mount to mount the procfs of another namespace
rights=with-rights
[ "$(printf '6.17\n%s\n' "$(uname -r)" | sort -V | head -n 1)" != 6.17 ] || rights=
# shellcheck disable=SC2086
nothing_seen "a joined pid namespace" $rights

# a policy that forbids what is still to be called then: it is loaded later, and holds as well
cp "$T/pod/config.json" "$T/config.json"
edit "$T/pod" '
c["process"].update(terminal=False, args=["sh", "-c", "setsid true || exit 7; exit 8"])
for s in c["linux"]["seccomp"]["syscalls"]:
    s["names"] = [n for n in s["names"] if n not in ("setsid", "prctl", "accept4")]'
status 8 runtime run -b "$T/pod" "$ID-pod"
grep HOST "$T/caught" >"$T/out" && fail "a policy without setsid: a process of the container saw the host"
cp "$T/config.json" "$T/pod/config.json"
status 0 runtime delete --force "$ID"
no_leftovers

# kept stopped: INT and TERM end the wait, KILL leaves nothing behind
catch keep
for signal in INT TERM KILL; do
	: >"$T/caught"
	env --default-signal=INT kist-runtime --root "$STATE" exec "$ID" sleep 1000 >"$T/out" 2>"$T/err" &
	caller=$!
	wait_for 5 grep -q caught "$T/caught"
	kill -$signal $caller
	wait $caller
	case $signal:$? in
	INT:130 | TERM:143 | KILL:137) ;;
	*) fail "status $? after $signal" ;;
	esac
done
edit "$T/pod" 'c["process"].update(terminal=False, args=["sleep", "1000"])
for n in c["linux"]["namespaces"]:
    if n["type"] == "pid": n["path"] = "/proc/'"$(runtime state "$ID" | awk -F'[:, ]+' '/"pid"/ {print $3}')"'/ns/pid"'
: >"$T/caught"
kist-runtime --root "$STATE" run -b "$T/pod" "$ID-pod" >"$T/out" 2>"$T/err" &
caller=$!
wait_for 5 grep -q caught "$T/caught"
kill -TERM $caller
wait $caller
[ $? = 143 ] || fail "run was not interrupted"
[ ! -e "$STATE/$ID-pod" ] || fail "the record of an interrupted container is left"
# shellcheck disable=SC2086
nothing_seen "kept stopped" $rights
status 0 runtime delete --force "$ID"
no_leftovers
