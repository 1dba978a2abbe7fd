# SPDX-License-Identifier: Apache-2.0
# Limits have their effect, the devices rules too; a limit that no controller can apply is an error.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sleep 100
new_id
edit "$T/b" '
c["linux"]["cgroupsPath"] = "/'"$ID"'"
r = c["linux"]["resources"]
r["memory"] = {"limit": 67108864, "swap": 67108864}
r["cpu"] = {"quota": 50000, "period": 100000, "shares": 512}
r["pids"] = {"limit": 20}
'
file() { for f in "/sys/fs/cgroup/$ID/$1" /sys/fs/cgroup/*/"$ID/$1"; do [ ! -e "$f" ] || cat "$f"; done; }
status 0 runtime run -d -b "$T/b" "$ID"
[ "$(file memory.limit_in_bytes)$(file memory.max)" = 67108864 ] || fail "memory limit"
[ "$(file pids.max)" = 20 ] || fail "pids limit"
[ "$(file cpu.cfs_quota_us)$(file cpu.max)" = 50000 ] || [ "$(file cpu.max)" = "50000 100000" ] || fail "cpu quota"

# devices: null yes, a disk no
status 0 runtime exec "$ID" sh -c 'mknod /tmp/disk b 7 0 && head -c 1 /tmp/disk 2>&1; echo x >/dev/null && echo null works'
says "Operation not permitted"
says "null works"

# what is over the limit fails
runtime exec "$ID" sh -c 'i=0; while [ $i -lt 40 ]; do sleep 1 & i=$((i+1)); done; true' >"$T/out" 2>&1
grep -q "fork" "$T/out" || fail "40 processes where 20 are allowed"
[ "$(file pids.current)" -le 20 ] || fail "more processes than the limit"
if runtime exec "$ID" sh -c 'head -c 200000000 /dev/zero | tail -c 200000000 >/dev/null' >"$T/out" 2>&1; then
	fail "200 MB in 64 MB"
fi

status 0 runtime update --pids-limit 33 "$ID"
[ "$(file pids.max)" = 33 ] || fail "update"
status 0 runtime delete --force "$ID"
no_leftovers

# a cgroup made inside goes, too
status 0 runtime run -d -b "$T/b" "$ID"
for d in /sys/fs/cgroup/*/"$ID"; do mkdir "$d/inner" "$d/inner/most" 2>/dev/null; done
status 0 runtime delete --force "$ID"
no_leftovers

bad() {
	cp "$T/b/config.json" "$T/saved"
	edit "$T/b" "$2"
	runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "accepted: $2"
	complains "$1"
	cp "$T/saved" "$T/b/config.json"
	no_leftovers
}
bad "must not contain '..'" 'c["linux"]["cgroupsPath"] = "/../x"'
bad "names no cgroup of its own" 'c["linux"]["cgroupsPath"] = "/"'
[ -d /sys/fs/cgroup/rdma ] || grep -qsw rdma /sys/fs/cgroup/cgroup.controllers ||
	bad "rdma limit" 'r = c["linux"]["resources"]["rdma"] = {"mlx": {"hcaHandles": 3}}'
bad "is not the name of a cgroup file" 'c["linux"]["resources"]["unified"] = {"../x": "1"}'
bad "has no such control" 'c["linux"]["resources"]["unified"] = {"no.such": "1"}'
bad "cpuset.cpus" 'c["linux"]["resources"]["cpu"] = {"cpus": "4000"}'
