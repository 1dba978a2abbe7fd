# SPDX-License-Identifier: Apache-2.0
# Hooks run in their order, with the state on stdin; a failing one before start ends the container.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sh -c 'echo program >>/log/order'
new_id
mkdir "$T/log"
cat >"$T/hook" <<'END'
#!/bin/sh
state=$(cat)
echo "$1" >>"$2/order"
echo "$state" >"$2/$1.json"
echo "$(hostname)" >"$2/$1.host"
[ -z "$FAIL" ] || exit 3
END
chmod +x "$T/hook"
edit "$T/b" '
c["hostname"] = "inside"
c["mounts"].append({"destination": "/log", "type": "bind", "source": "'"$T"'/log", "options": ["bind"]})
h = {}
for n in ["prestart", "createRuntime", "createContainer", "poststart", "poststop"]:
    h[n] = [{"path": "'"$T"'/hook", "args": ["hook", n, "'"$T"'/log"], "env": ["PATH=/bin:/usr/bin"]}]
h["startContainer"] = [{"path": "/bin/sh", "args": ["sh", "-c", "cat >/log/startContainer.json; echo startContainer >>/log/order; hostname >/log/startContainer.host"], "env": ["PATH=/bin"]}]
c["hooks"] = h
'
host=$(hostname)
status 0 runtime create -b "$T/b" "$ID"
[ "$(tr '\n' ' ' <"$T/log/order")" = "prestart createRuntime createContainer " ] || fail "create: $(cat "$T/log/order")"
status 0 runtime start "$ID"
wait_for 5 grep -q program "$T/log/order"
wait_for 5 sh -c "kist-runtime --root $STATE state $ID | grep -q stopped"
status 0 runtime delete "$ID"
sort "$T/log/order" >"$T/sorted"
[ "$(tail -1 "$T/log/order")" = poststop ] || fail "poststop is not the last"
[ "$(sed -n 4p "$T/log/order")" = startContainer ] || fail "startContainer comes before the program"
[ "$(wc -l <"$T/log/order")" = 7 ] || fail "not every hook ran: $(cat "$T/log/order")"
python3 - "$T/log" "$ID" "$host" <<-'END' || fail "the states"
	import json, sys
	log, id, host = sys.argv[1:]
	want = {"prestart": "creating", "createRuntime": "creating", "createContainer": "creating",
	        "startContainer": "created", "poststart": "running", "poststop": "stopped"}
	pids = set()
	for name, status in want.items():
	    s = json.load(open(f"{log}/{name}.json"))
	    assert s["id"] == id and s["status"] == status, (name, s)
	    if name != "poststop":
	        pids.add(s["pid"])
	    inside = name in ("createContainer", "startContainer")
	    assert open(f"{log}/{name}.host").read().strip() == ("inside" if inside else host), name
	assert len(pids) == 1, pids
END
no_leftovers

# a failing hook
edit "$T/b" 'c["hooks"]["createRuntime"][0]["env"] += ["FAIL=1"]'
status 1 runtime run -b "$T/b" "$ID"
complains "createRuntime: hook '$T/hook' failed with status 3"
no_leftovers

edit "$T/b" 'c["hooks"] = {"startContainer": [{"path": "/bin/false"}]}'
status 1 runtime run -b "$T/b" "$ID"
complains "startContainer: hook '/bin/false' failed with status 1"
no_leftovers
status 0 runtime create -b "$T/b" "$ID"
status 1 runtime start "$ID"
complains "startContainer: hook '/bin/false' failed with status 1"
status 0 runtime delete --force "$ID"
no_leftovers

# one that takes too long
edit "$T/b" 'c["hooks"] = {"createRuntime": [{"path": "/bin/sleep", "args": ["sleep", "100"], "timeout": 1}]}'
status 1 runtime run -b "$T/b" "$ID"
complains "took longer than its timeout of 1 s"
no_leftovers

# one that is not there
edit "$T/b" 'c["hooks"] = {"createContainer": [{"path": "/no/hook"}]}'
runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "a missing hook"
complains "createContainer: cannot execute '/no/hook'"
no_leftovers

# a failing poststart hook ends the container, and poststop hooks come
poststop='"poststop": [{"path": "/bin/sh", "args": ["sh", "-c", "echo poststop >>'"$T"'/stopped"]}]'
edit "$T/b" 'c["hooks"] = {"poststart": [{"path": "/bin/sh", "args": ["sh", "-c", "exit 9"]}], '"$poststop"'}; c["process"]["args"] = ["sleep", "100"]'
for how in run "run -d"; do
	# shellcheck disable=SC2086 # two words
	status 1 runtime $how -b "$T/b" "$ID"
	complains "poststart: hook '/bin/sh' failed with status 9"
	no_leftovers
done
status 0 runtime create --pid-file "$T/pid" -b "$T/b" "$ID"
status 1 runtime start "$ID"
complains "poststart: hook '/bin/sh' failed with status 9"
kill -0 "$(cat "$T/pid")" 2>/dev/null && fail "the container runs on"
no_leftovers
[ "$(wc -l <"$T/stopped")" = 3 ] || fail "poststop: $(cat "$T/stopped")"
status 1 runtime run --keep -b "$T/b" "$ID"
status 0 runtime state "$ID"
says '"status": "stopped"'
status 0 runtime delete "$ID"
no_leftovers

# where they run, and what with: the bundle and the runtime's environment; startContainer as the program
look='{"path": "/bin/sh", "args": ["sh", "-c", "echo $0 $(pwd) $WHERE >>'"$T"'/log/scene", "%s"]}'
list=
for n in prestart createRuntime createContainer poststart poststop; do
	# shellcheck disable=SC2059 # it is the format
	list="$list\"$n\": [$(printf "$look" $n)], "
done
: >"$T/log/scene"
edit "$T/b" '
c["hooks"] = {'"$list"'}
c["hooks"]["startContainer"] = [{"path": "/bin/sh", "args": ["sh", "-c", "echo startContainer $(pwd) $WHERE >>/log/scene"]}]
c["process"].update(args=["true"], cwd="/tmp")
c["process"]["env"] += ["WHERE=inside"]
'
mkdir "$T/caller"
(
	cd "$T/caller" || exit 1
	WHERE=runtime status 0 runtime run -b "$T/b" "$ID"
) || exit 1
for n in prestart createRuntime createContainer poststart poststop; do
	grep -qx "$n $T/b runtime" "$T/log/scene" || fail "$n: $(cat "$T/log/scene")"
done
grep -qx "startContainer /tmp inside" "$T/log/scene" || fail "startContainer: $(cat "$T/log/scene")"
# a bundle that is gone keeps no poststop hook from running
: >"$T/log/scene"
status 0 runtime run -d -b "$T/b" "$ID"
mv "$T/b" "$T/moved"
status 0 runtime delete --force "$ID"
grep -q "^poststop " "$T/log/scene" || fail "no poststop hook"
mv "$T/moved" "$T/b"
no_leftovers

# the container's filter holds for its hooks, and need not let us make them
edit "$T/b" '
c["hooks"] = {"startContainer": [{"path": "/bin/sh", "args": ["sh", "-c", "grep Seccomp: /proc/self/status >/log/seccomp; mkdir /tmp/hook 2>>/log/seccomp; true"]}]}
c["process"].update(args=["grep", "CapEff", "/proc/self/status"], cwd="/", noNewPrivileges=False)
c["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{
    "names": ["mkdir", "mkdirat", "memfd_create", "pidfd_open", "close_range"],
    "action": "SCMP_ACT_ERRNO", "errnoRet": 97}]}
c["hooks"]["startContainer"][0]["timeout"] = 50
'
for nnp in False True; do
	edit "$T/b" 'c["process"]["noNewPrivileges"] = '$nnp
	rm -f "$T/log/seccomp"
	status 0 runtime run -b "$T/b" "$ID"
	grep -q "Seccomp:.2" "$T/log/seccomp" || fail "a hook without the filter: $(cat "$T/log/seccomp")"
	grep -q "Address family not supported" "$T/log/seccomp" || fail "the hook may make directories: $(cat "$T/log/seccomp")"
done
no_leftovers
