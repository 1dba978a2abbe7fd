# SPDX-License-Identifier: Apache-2.0
# Cgroups that others made: used ones and frozen ones are refused and left alone, empty cpusets are filled; and
# what of a container's own is frozen, or outlives its first process, can be killed and deleted.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sleep 100
new_id
# of a hierarchy with this controller
of() {
	[ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ] || { echo /sys/fs/cgroup; return; }
	[ ! -d "/sys/fs/cgroup/$1" ] || echo "/sys/fs/cgroup/$1"
}
freezer=$(of freezer)
[ -n "$freezer" ] || skip "no freezer"
freeze() { if [ -e "$1/freezer.state" ]; then echo FROZEN >"$1/freezer.state"; else echo 1 >"$1/cgroup.freeze"; fi; }
thaw() { if [ -e "$1/freezer.state" ]; then echo THAWED >"$1/freezer.state"; else echo 0 >"$1/cgroup.freeze"; fi; }
frozen() { grep -qs FROZEN "$1/freezer.state" || grep -qs "frozen 1" "$1/cgroup.events"; }
procs() { cat "$freezer/$1/cgroup.procs"; }
tidy() { for d in /sys/fs/cgroup/"$ID" /sys/fs/cgroup/*/"$ID"; do [ ! -d "$d" ] || rmdir "$d"; done; }

# in use by another container: it lives on
edit "$T/b" 'c["linux"]["cgroupsPath"] = "/'"$ID"'/same"'
status 0 runtime run -d -b "$T/b" "$ID"
status 4 runtime run -d -b "$T/b" "$ID-b"
complains "has processes already"
status 0 runtime state "$ID"
says '"status": "running"'
status 0 runtime delete --force "$ID"
[ ! -e "$freezer/$ID/same" ] || fail "the cgroup is left"

# a frozen one, and one below a frozen one
freeze "$freezer/$ID"
status 4 timeout 5 kist-runtime --root "$STATE" run -b "$T/b" "$ID"
complains "is frozen, or one above it is"
[ ! -e "$freezer/$ID/same" ] || fail "the cgroup is left"
mkdir "$freezer/$ID/same"
thaw "$freezer/$ID"
freeze "$freezer/$ID/same"
status 4 timeout 5 kist-runtime --root "$STATE" create -b "$T/b" "$ID"
complains "is frozen"
check "another's cgroup stays" frozen "$freezer/$ID/same"
rmdir "$freezer/$ID/same"
tidy
no_leftovers

# a cpuset whose parent was made without CPUs
cpuset=$(of cpuset)
if [ -n "$cpuset" ] && [ -e "$cpuset/cgroup.procs" ]; then
	mkdir "$cpuset/$ID" "$cpuset/$ID/pod"
	edit "$T/b" 'c["linux"]["cgroupsPath"] = "/'"$ID"'/pod/same"; c["process"]["args"] = ["true"]'
	status 0 runtime run -b "$T/b" "$ID"
	mkdir "$cpuset/$ID/pod/same"
	status 0 runtime run -b "$T/b" "$ID"
	for d in /sys/fs/cgroup/"$ID" /sys/fs/cgroup/*/"$ID"; do [ ! -d "$d/pod" ] || rmdir "$d/pod"; done
	tidy
fi
no_leftovers

# frozen by another, as a whole and in a cgroup inside
edit "$T/b" 'c["linux"]["cgroupsPath"] = "/'"$ID"'"; c["process"]["args"] = ["sleep", "100"]'
status 0 runtime run -d -b "$T/b" "$ID"
freeze "$freezer/$ID"
wait_for 5 frozen "$freezer/$ID"
status 0 timeout 5 kist-runtime --root "$STATE" delete --force "$ID"
no_leftovers
status 0 runtime run -d -b "$T/b" "$ID"
mkdir "$freezer/$ID/inner"
status 0 runtime exec -d --pid-file "$T/pid" "$ID" sleep 100
cat "$T/pid" >"$freezer/$ID/inner/cgroup.procs"
freeze "$freezer/$ID/inner"
wait_for 5 frozen "$freezer/$ID/inner"
status 0 timeout 5 kist-runtime --root "$STATE" delete --force "$ID"
no_leftovers

# without a pid namespace KILL is for all, also when the first process is gone
edit "$T/b" '
c["process"]["args"] = ["sh", "-c", "sleep 100 & sleep 100 & exec sleep 100"]
c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "pid"]'
count() { [ "$(procs "$ID" | wc -l)" = "$1" ]; }
for first in kept gone; do
	status 0 runtime run -d --pid-file "$T/pid" -b "$T/b" "$ID"
	wait_for 5 count 3
	if [ $first = gone ]; then
		kill_hard "$(cat "$T/pid")"
		wait_for 5 count 2
	fi
	status 0 runtime kill "$ID" KILL
	check "all are dead with the first $first" count 0
	runtime kill "$ID" KILL 2>"$T/err" && fail "killed what is dead"
	complains "container not running"
	status 0 runtime delete "$ID"
	no_leftovers
done
# another signal goes to the first alone
status 0 runtime run -d --pid-file "$T/pid" -b "$T/b" "$ID"
wait_for 5 count 3
status 0 runtime kill "$ID" HUP
wait_for 5 count 2
status 0 runtime delete --force "$ID"
no_leftovers
