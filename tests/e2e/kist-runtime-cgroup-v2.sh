# SPDX-License-Identifier: Apache-2.0
# Version 2 alone (where the machine has both, as this test's own mounts show it): birth in the cgroup,
# device program, freezer, kill; a limit without its controller is an error.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"
grep -qw cgroup2 /proc/filesystems || skip "the kernel has no cgroup2"

if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
	mount -t cgroup2 none /sys/fs/cgroup || skip "cgroup2 cannot be mounted"
	on_exit "umount /sys/fs/cgroup"
	# what a container's limits enable at the machine's root is taken back
	enabled=$(cat /sys/fs/cgroup/cgroup.subtree_control)
	for c in $(cat /sys/fs/cgroup/cgroup.controllers); do
		case " $enabled " in
		*" $c "*) ;;
		*) on_exit "echo -$c >/sys/fs/cgroup/cgroup.subtree_control" ;;
		esac
	done
fi

make_bundle "$T/b" sh -c 'echo $$ >/dev/null && echo null works; mknod /tmp/d b 7 0; head -c 1 /tmp/d; grep "^0::" /proc/self/cgroup; cat /sys/fs/cgroup/cgroup.procs'
new_id
edit "$T/b" 'c["linux"]["cgroupsPath"] = "/'"$ID"'"; c["linux"]["resources"].pop("pids", None)'
status 0 runtime run -b "$T/b" "$ID"
says "null works"
matches "the container's own root" '^0::/$' '^1$'
complains "Operation not permitted"
no_leftovers

edit "$T/b" 'c["process"]["args"] = ["sleep", "100"]'
status 0 runtime run -d -b "$T/b" "$ID"
pid=$(runtime state "$ID" | awk -F'[:, ]+' '/"pid"/ {print $3}')
[ "$(cat "/sys/fs/cgroup/$ID/cgroup.procs")" = "$pid" ] || fail "the process is not in its cgroup"
status 0 runtime exec -d "$ID" sleep 50
[ "$(wc -l <"/sys/fs/cgroup/$ID/cgroup.procs")" = 2 ] || fail "exec is not in the cgroup"
status 0 runtime events --stats "$ID"
python3 -c 'import json, sys; d = json.load(open(sys.argv[1]))["data"]; assert d["cpu"]["usage"]["total"] > 0 and set(d) > {"memory", "pids"}, d' "$T/out" || fail "statistics"
status 0 runtime pause "$ID"
status 0 runtime state "$ID"
says '"status": "paused"'
status 0 runtime resume "$ID"
# a container that divides its cgroup may have processes in the parts alone
mkdir "/sys/fs/cgroup/$ID/inner"
for p in $(cat "/sys/fs/cgroup/$ID/cgroup.procs"); do echo "$p" >"/sys/fs/cgroup/$ID/inner/cgroup.procs"; done
for c in $(cat "/sys/fs/cgroup/$ID/cgroup.controllers"); do echo "+$c" >"/sys/fs/cgroup/$ID/cgroup.subtree_control"; done
if [ -n "$(cat "/sys/fs/cgroup/$ID/cgroup.subtree_control")" ]; then
	status 0 runtime exec -d "$ID" sleep 60
	[ "$(wc -l <"/sys/fs/cgroup/$ID/inner/cgroup.procs")" = 3 ] || fail "exec is not where the first process is"
fi
status 0 runtime delete --force "$ID"
no_leftovers

for c in memory cpu io pids; do
	grep -qw $c /sys/fs/cgroup/cgroup.controllers && continue
	edit "$T/b" 'c["linux"]["resources"]["memory"] = {"swappiness": 3}'
	runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "swappiness in version 2"
	complains "memory.swappiness cannot be set"
	edit "$T/b" 'c["linux"]["resources"].pop("memory"); c["linux"]["resources"].update({"memory": {"memory": {"limit": 10000000}}, "cpu": {"cpu": {"shares": 3}}, "io": {"blockIO": {"weight": 100}}, "pids": {"pids": {"limit": 3}}}["'$c'"])'
	runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "a $c limit without its controller"
	complains "its controller is missing"
	no_leftovers
	break
done
