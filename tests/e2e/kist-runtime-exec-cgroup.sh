# SPDX-License-Identifier: Apache-2.0
# exec into a cgroup below the container's; and --pidfd-socket of run, create and exec.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sleep 100
new_id
edit "$T/b" 'c["linux"]["cgroupsPath"] = "/'"$ID"'"; c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "cgroup"]'
cat >"$T/receive" <<-'END'
	import array, os, select, signal, socket, sys
	s = socket.socket(socket.AF_UNIX)
	s.bind(sys.argv[1])
	s.listen(1)
	c = s.accept()[0]
	data, anc, _, _ = c.recvmsg(100, socket.CMSG_SPACE(4))
	fd = array.array("i", anc[0][2])[0]
	print([l.split()[1] for l in open(f"/proc/self/fdinfo/{fd}") if l.startswith("Pid:")][0], flush=True)
	if sys.argv[2:]:
	    signal.pidfd_send_signal(fd, signal.SIGKILL)
	    select.select([fd], [], [], 5)
END
# $1: more words for the receiver, or none; then the runtime's command
receiving() {
	rm -f "$T/sock" "$T/pid"
	# shellcheck disable=SC2086 # nothing, or one word
	python3 "$T/receive" "$T/sock" $1 >"$T/received" &
	receiver=$!
	shift
	wait_for 5 [ -S "$T/sock" ]
	status 0 runtime "$@"
	wait $receiver || fail "the receiver failed"
	[ "$(cat "$T/received")" = "$(cat "$T/pid")" ] || fail "a pidfd of $(cat "$T/received"), not of $(cat "$T/pid")"
}

receiving "" run -d --pidfd-socket "$T/sock" --pid-file "$T/pid" -b "$T/b" "$ID"
receiving "" exec -d --pidfd-socket "$T/sock" --pid-file "$T/pid" "$ID" sleep 50
status 0 runtime delete --force "$ID"
receiving kill create --pidfd-socket "$T/sock" --pid-file "$T/pid" -b "$T/b" "$ID"
status 0 runtime state "$ID"
says '"status": "stopped"'
status 0 runtime delete "$ID"
runtime run --pidfd-socket "$T/none" -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "a socket that is not there"
complains "pidfd socket"
no_leftovers

# cgroups below
status 0 runtime run -d -b "$T/b" "$ID"
made=
for d in /sys/fs/cgroup/"$ID" /sys/fs/cgroup/*/"$ID"; do
	[ -d "$d" ] || continue
	mkdir "$d/sub" "$d/sub/more"
	for s in "$d/sub" "$d/sub/more"; do
		[ ! -e "$s/cpuset.sched_load_balance" ] || for f in cpuset.cpus cpuset.mems; do cat "$d/$f" >"$s/$f"; done
	done
	made="$made $d"
done
cgroups() { status 0 runtime exec "$@" "$ID" cat /proc/self/cgroup; }
cgroups
grep -q "/sub" "$T/out" && fail "below without being asked"
cgroups --cgroup sub
[ "$(grep -c "/$ID/sub\$" "$T/out")" = "$(echo "$made" | wc -w)" ] || fail "not in every one: $(cat "$T/out")"
cgroups --cgroup /sub/more/
grep -q "/$ID/sub/more\$" "$T/out" || fail "$(cat "$T/out")"
if [ -d /sys/fs/cgroup/pids ]; then
	cgroups --cgroup pids,freezer:sub --cgroup cpu:sub/more
	for c in pids freezer; do grep -q ":$c:/$ID/sub\$" "$T/out" || fail "$c: $(cat "$T/out")"; done
	[ "$(grep -c "/sub" "$T/out")" = 3 ] || fail "more than asked for: $(cat "$T/out")"
fi
for bad in ../x .. sub/../../x; do
	status 2 runtime exec --cgroup $bad "$ID" true
	complains "is not below the container's cgroup"
done
runtime exec --cgroup none "$ID" true >"$T/out" 2>"$T/err" && fail "a cgroup that is not there"
complains "No such file or directory"
status 0 runtime delete --force "$ID"
no_leftovers
