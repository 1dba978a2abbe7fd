# SPDX-License-Identifier: Apache-2.0
# create, start, state, kill, delete, list, pause: the states follow each other as the specification says.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

state_is() { runtime state "$ID" | grep -q "\"status\": \"$1\""; }

make_bundle "$T/b" sh -c 'echo started; trap "exit 3" TERM; while :; do sleep 0.1; done'
edit "$T/b" 'c["annotations"] = {"org.example.key": "value"}'
new_id
status 3 runtime state "$ID"
complains "'$ID' does not exist"

runtime create -b "$T/b" --pid-file "$T/pid" "$ID" >"$T/container.out" 2>"$T/err" || fail "create"
check "created" state_is created
[ ! -s "$T/container.out" ] || fail "the program ran before start"
status 0 runtime state "$ID"
python3 - "$T/out" "$ID" "$T/b" "$(cat "$T/pid")" <<-'END' || fail "state document"
	import json, sys
	s = json.load(open(sys.argv[1]))
	assert s["ociVersion"].startswith("1."), s
	assert s["id"] == sys.argv[2] and s["bundle"] == sys.argv[3] and s["pid"] == int(sys.argv[4]), s
	assert s["annotations"] == {"org.example.key": "value"}, s
END
status 4 runtime create -b "$T/b" "$ID"
complains "exists already"
status 4 runtime delete "$ID"
complains "not stopped"

status 0 runtime start "$ID"
check "running" state_is running
wait_for 5 grep -q started "$T/container.out"
status 1 runtime start "$ID"
complains "it is running, not created"
status 0 runtime list
says "$ID"
status 0 runtime list -q
[ "$(cat "$T/out")" = "$ID" ] || fail "list -q"
status 0 runtime list -f json
check "list as JSON" python3 -c "import json; assert json.load(open('$T/out'))[0]['status'] == 'running'"

status 0 runtime pause "$ID"
check "paused" state_is paused
status 1 runtime exec "$ID" true
complains "it is paused"
status 0 runtime resume "$ID"
check "running again" state_is running
status 0 runtime ps "$ID"
says "sleep"
status 2 runtime kill "$ID" NOSUCH
complains 'unknown signal "NOSUCH"'
status 0 runtime kill "$ID" SIGTERM
wait_for 5 state_is stopped
status 1 runtime kill "$ID" 9
complains "container not running"
status 0 runtime delete "$ID"
no_leftovers

# --all reaches every process; --force ends what runs
status 0 runtime run -d -b "$T/b" "$ID"
status 0 runtime kill --all "$ID" KILL
wait_for 5 state_is stopped
status 0 runtime delete "$ID"
runtime run -d -b "$T/b" "$ID" >"$T/out" 2>"$T/err" || fail "run -d"
status 0 runtime delete --force "$ID"
no_leftovers
status 0 runtime delete --force "$ID"

# a created container can be deleted, also with force only
status 0 runtime create -b "$T/b" "$ID"
status 4 runtime delete "$ID"
status 0 runtime delete --force "$ID"
no_leftovers

# what runc has and we do not is refused by name
for c in checkpoint restore; do
	status 1 runtime $c "$ID"
	complains "'$c' is not supported"
done
status 1 runtime --systemd-cgroup run -b "$T/b" "$ID"
complains "--systemd-cgroup is not supported"
status 2 runtime create -b "$T/b" ../x
complains "no container id"
