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
