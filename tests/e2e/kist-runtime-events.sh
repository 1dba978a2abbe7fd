# SPDX-License-Identifier: Apache-2.0
# events: statistics once and at an interval, OOM kills, and the end with the container.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sleep 100
new_id
edit "$T/b" '
c["linux"]["cgroupsPath"] = "/'"$ID"'"
r = c["linux"]["resources"]
r["pids"] = {"limit": 20}
r["memory"] = {"limit": 33554432}'
status 3 runtime events --stats "$ID"
status 0 runtime run -d -b "$T/b" "$ID"
status 0 runtime exec "$ID" sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done'
status 0 runtime events --stats "$ID"
python3 - "$T/out" "$ID" <<-'END' || fail "statistics: $(cat "$T/out")"
	import json, sys
	lines = open(sys.argv[1]).read().splitlines()
	assert len(lines) == 1
	e = json.loads(lines[0])
	assert e["type"] == "stats" and e["id"] == sys.argv[2], e
	d = e["data"]
	assert d["pids"] == {"current": 1, "limit": 20}, d["pids"]
	assert 100000 < d["cpu"]["usage"]["total"] < 10**11, d["cpu"]
	assert set(d["cpu"]["throttling"]) == {"periods", "throttledPeriods", "throttledTime"}
	m = d["memory"]
	assert m["usage"]["limit"] == 33554432 and 0 < m["usage"]["usage"] < 33554432, m["usage"]
	assert m["swap"]["usage"] >= m["usage"]["usage"] and m["raw"], m
	assert all(set(b) == {"major", "minor", "op", "value"} for b in d["blkio"]["ioServiceBytesRecursive"]), d["blkio"]
END
for bad in 5 0s x 1y -1s; do
	status 2 runtime events --interval=$bad "$ID"
done

kist-runtime --root "$STATE" events --interval 200ms "$ID" >"$T/events" 2>"$T/err" &
events=$!
count() { [ "$(grep -c "\"type\":\"$1\"" "$T/events")" -ge "$2" ]; }
wait_for 10 count stats 3
count oom 1 && fail "an OOM kill of nothing"
runtime exec "$ID" sh -c 'head -c 100000000 /dev/zero | tail -c 90000000 >/dev/null' >"$T/out" 2>&1 && fail "100 MB in 32"
wait_for 10 count oom 1
runtime exec "$ID" sh -c 'head -c 100000000 /dev/zero | tail -c 90000000 >/dev/null' >"$T/out" 2>&1
wait_for 10 count oom 2
count oom 10 && fail "more events than kills: $(grep -c oom "$T/events")"
python3 -c 'import json, sys; [json.loads(l) for l in sys.stdin]' <"$T/events" || fail "no JSON lines"
status 0 runtime kill "$ID" KILL
wait $events || fail "the end of the container is an error: $(cat "$T/err")"
status 1 runtime events "$ID"
complains "container not running"
status 0 runtime delete "$ID"
no_leftovers
