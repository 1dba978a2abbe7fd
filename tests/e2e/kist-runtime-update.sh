# SPDX-License-Identifier: Apache-2.0
# update changes what is given and leaves the rest: engines write 0 for what nobody asked for.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sleep 100
new_id
edit "$T/b" '
c["linux"]["cgroupsPath"] = "/'"$ID"'"
r = c["linux"]["resources"]
r["memory"] = {"limit": 67108864, "swap": 67108864, "reservation": 33554432}
r["cpu"] = {"quota": 50000, "period": 100000, "shares": 512}
r["pids"] = {"limit": 20}
'
file() { for f in "/sys/fs/cgroup/$ID/$1" /sys/fs/cgroup/*/"$ID/$1"; do [ ! -e "$f" ] || cat "$f"; done; }
if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]; then
	memory() { file memory.max; }
	bandwidth() { file cpu.max; }
	shares() { file cpu.weight; }
	share_512=20 share_256=10
else
	memory() { file memory.limit_in_bytes; }
	bandwidth() { echo "$(file cpu.cfs_quota_us | sed 's/^-1$/max/') $(file cpu.cfs_period_us)"; }
	shares() { file cpu.shares; }
	share_512=512 share_256=256
fi
# memory, quota and period, shares, pids
are() {
	[ "$(memory) $(bandwidth) $(shares) $(file pids.max)" = "$*" ] ||
		fail "limits are $(memory) $(bandwidth) $(shares) $(file pids.max), not $*"
}
status 0 runtime run -d -b "$T/b" "$ID"
are 67108864 50000 100000 $share_512 20

# what an engine writes that was asked for one limit
whole() {
	python3 - "$1" <<-'END'
		import json, sys
		r = {"memory": dict.fromkeys(["limit", "reservation", "swap", "kernel", "kernelTCP"], 0),
		     "cpu": dict({k: 0 for k in ("shares", "quota", "period", "realtimeRuntime", "realtimePeriod")}, cpus="", mems=""),
		     "pids": {"limit": 0}, "blockIO": {"weight": 0}}
		exec(sys.argv[1])
		print(json.dumps(r))
	END
}
update() {
	whole "$1" >"$T/r.json"
	status 0 runtime update -r - "$ID" <"$T/r.json"
}
update ''
are 67108864 50000 100000 $share_512 20
update 'r["cpu"]["shares"] = 256'
are 67108864 50000 100000 $share_256 20
update 'r["pids"]["limit"] = 30'
are 67108864 50000 100000 $share_256 30
update 'r["memory"]["limit"] = r["memory"]["swap"] = 134217728'
are 134217728 50000 100000 $share_256 30
update 'r["cpu"]["quota"] = 60000'
are 134217728 60000 100000 $share_256 30
update 'r["cpu"]["period"] = 200000'
are 134217728 60000 200000 $share_256 30
update 'r["cpu"]["quota"] = -1; r["pids"]["limit"] = -1'
are 134217728 max 200000 $share_256 max
echo '{}' >"$T/r.json"
status 0 runtime update -r "$T/r.json" "$ID"
echo '{"memory": {}, "cpu": {}, "pids": {}, "blockIO": {}}' >"$T/r.json"
status 0 runtime update -r "$T/r.json" "$ID"
are 134217728 max 200000 $share_256 max
# and by options
status 0 runtime update --cpu-quota 50000 --memory 0 --pids-limit 0 "$ID"
are 134217728 50000 200000 $share_256 max
status 0 runtime update --cpu-period 100000 --pids-limit 25 --cpu-share 512 "$ID"
are 134217728 50000 100000 $share_512 25
status 0 runtime update --cpu-burst 1000 "$ID"
[ "$(file cpu.cfs_burst_us)$(file cpu.max.burst)" = 1000 ] || fail "burst"
status 0 runtime update --cpu-burst 0 "$ID"
[ "$(file cpu.cfs_burst_us)$(file cpu.max.burst)" = 0 ] || fail "no burst"
status 0 runtime update --cpu-idle 1 "$ID"
[ "$(file cpu.idle)" = 1 ] || fail "idle"
status 0 runtime update --cpu-idle 0 "$ID"
[ "$(file cpu.idle)" = 0 ] || fail "not idle"
status 2 runtime update --cpu-idle yes "$ID"
if [ -e "/sys/fs/cgroup/$ID/memory.max" ]; then
	echo '{"memory": {"limit": 4096, "checkBeforeUpdate": true}}' >"$T/r.json"
	status 1 runtime update -r "$T/r.json" "$ID"
	complains "below what is in use"
fi
check "the container lives" sh -c 'kist-runtime --root "$1" state "$2" | grep -q running' sh "$STATE" "$ID"
status 0 runtime delete --force "$ID"

# the same zeros in config.json are no limits, but no process besides the first
edit "$T/b" 'c["linux"]["resources"] = '"$(whole '')"
status 0 runtime run -d -b "$T/b" "$ID"
[ "$(file pids.max)" = 1 ] || fail "pids limit 0 is $(file pids.max)"
case $(memory) in max | 9223372036854771712) ;; *) fail "memory limit 0 is $(memory)" ;; esac
status 0 runtime delete --force "$ID"
no_leftovers
