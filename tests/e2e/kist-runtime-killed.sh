# SPDX-License-Identifier: Apache-2.0
# R19: kist-runtime is killed at any moment; delete --force then leaves nothing.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sleep 100
new_id
edit "$T/b" 'c["linux"]["cgroupsPath"] = "/'"$ID"'"'

# kill_at MILLISECONDS ARGUMENT...
kill_at() {
	at=$1
	shift
	kist-runtime --root "$STATE" "$@" >/dev/null 2>&1 </dev/null &
	victim=$!
	sleep "$at"
	kill -9 $victim 2>/dev/null
	wait $victim 2>/dev/null
}

clean() {
	status 0 runtime delete --force "$ID"
	no_leftovers
	# the process sees our death by the end of its socket
	wait_for 3 sh -c '! ps -e -o comm= | grep -q "kist-runtime\|^sleep.100"'
	[ -z "$(pgrep -f 'sleep 100')" ] || fail "after $1: a process is left"
}

runtime run -b "$T/b" --keep "$ID" </dev/null >/dev/null 2>&1 & # fills the seccomp cache
first=$!
wait_for 5 sh -c "kist-runtime --root $STATE state $ID | grep -q running"
runtime delete --force "$ID"
wait $first
for ms in 000 001 002 003 004 005 006 007 008 009 010 011 012 014 016 018 020 023 026 030 035 040 050; do
	kill_at 0.$ms create -b "$T/b" "$ID"
	clean "create killed after $ms ms"
	kill_at 0.$ms run -d -b "$T/b" "$ID"
	clean "run killed after $ms ms"
done
for ms in 000 001 002 003 004 006 008 010; do
	status 0 runtime create -b "$T/b" "$ID"
	kill_at 0.$ms start "$ID"
	clean "start killed after $ms ms"
	runtime run -d -b "$T/b" "$ID" </dev/null >/dev/null 2>&1 || fail run
	kill_at 0.$ms exec "$ID" sleep 100
	clean "exec killed after $ms ms"
	runtime run -d -b "$T/b" "$ID" </dev/null >/dev/null 2>&1 || fail run
	kill_at 0.$ms delete --force "$ID"
	clean "delete killed after $ms ms"
done

# with more processes on the way: in a user namespace of its own, and in one that is joined with its pid namespace
chmod 755 "$T"
chown -R 100000:100000 "$T/b/rootfs"
make_bundle "$T/pod" tail -f /dev/null
for b in pod b; do
	edit "$T/$b" '
c["linux"]["sysctl"] = {}
c["linux"]["namespaces"].append({"type": "user"})
c["linux"]["uidMappings"] = c["linux"]["gidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 65536}]'
done
chown -R 100000:100000 "$T/pod/rootfs"
status 0 runtime run -d --pid-file "$T/pid" -b "$T/pod" "$ID-pod"
on_exit "kist-runtime --root '$STATE' delete --force '$ID-pod'"
for kind in new joined; do
	[ $kind = new ] || edit "$T/b" '
for n in c["linux"]["namespaces"]:
    if n["type"] in ("user", "pid"): n["path"] = "/proc/'"$(cat "$T/pid")"'/ns/" + n["type"]'
	for ms in 000 002 004 005 006 007 008 009 010 012 014 017 020 025 030 040; do
		kill_at 0.$ms create -b "$T/b" "$ID"
		clean "create with a $kind user namespace killed after $ms ms"
	done
done
