# SPDX-License-Identifier: Apache-2.0
# New namespaces, joined ones, a user namespace with mappings, a time namespace with offsets.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sh -c 'for n in /proc/self/ns/*; do echo "$(basename $n) $(readlink $n)"; done'
new_id
ours() { readlink "/proc/self/ns/$1"; }
theirs() { awk -v n="$1" '$1 == n {print $2}' "$T/out"; }

status 0 runtime run -b "$T/b" "$ID"
for n in pid net ipc uts mnt cgroup; do
	[ "$(theirs $n)" != "$(ours $n)" ] || fail "$n is the host's"
done
[ "$(theirs user)" = "$(ours user)" ] || fail "a user namespace that was not asked for"

# joined by path, and left alone
touch "$T/net" "$T/uts"
unshare --net="$T/net" --uts="$T/uts" true
on_exit "umount '$T/net' '$T/uts'"
joined=$(nsenter --net="$T/net" readlink /proc/self/ns/net)
edit "$T/b" '
for n in c["linux"]["namespaces"]:
    if n["type"] == "network": n["path"] = "'"$T"'/net"
    if n["type"] == "uts": n["path"] = "'"$T"'/uts"
c["hostname"] = ""
'
status 0 runtime run -b "$T/b" "$ID"
[ "$(theirs net)" = "$joined" ] || fail "the network namespace was not joined: $(theirs net), not $joined"

# joining the pid namespace of another container
make_bundle "$T/other" sleep 100
status 0 runtime run -d -b "$T/other" "$ID-other"
on_exit "kist-runtime --root '$STATE' delete --force '$ID-other'"
pid=$(runtime state "$ID-other" | awk -F'[:, ]+' '/"pid"/ {print $3}')
edit "$T/b" '
for n in c["linux"]["namespaces"]:
    if n["type"] == "pid": n["path"] = "/proc/'"$pid"'/ns/pid"
c["process"]["args"] = ["ps"]
'
status 0 runtime run -b "$T/b" "$ID"
says "sleep 100"
status 0 runtime run -d -b "$T/b" "$ID"
status 0 runtime delete --force "$ID"
no_leftovers
runtime delete --force "$ID-other"

edit "$T/b" '
for n in c["linux"]["namespaces"]:
    if n["type"] == "pid": n["path"] = "/etc/passwd"
'
runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "a file as a namespace"
complains "'/etc/passwd' is no pid namespace"

# a user namespace: root inside is nobody outside
rm -rf --one-file-system "$T/b"
make_bundle "$T/b" sh -c 'id -u; cat /proc/self/uid_map; stat -c %u /bin; echo x >/dev/null && echo null; touch /tmp/mine; cat /proc/sys/kernel/hostname; ls /dev'
chmod 755 "$T"
edit "$T/b" '
c["hostname"] = "mapped"
c["linux"]["sysctl"] = {}
c["linux"]["namespaces"].append({"type": "user"})
c["linux"]["uidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 65536}]
c["linux"]["gidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 65536}]
c["process"]["rlimits"] = [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 100}]
'
status 0 runtime run -b "$T/b" "$ID"
says "100000"
says null
says mapped
[ "$(stat -c %u "$T/b/rootfs/tmp/mine")" = 100000 ] || fail "the file belongs to $(stat -c %u "$T/b/rootfs/tmp/mine")"
edit "$T/b" 'c["process"]["args"] = ["sleep", "100"]'
status 0 runtime run -d -b "$T/b" "$ID"
status 0 runtime exec "$ID" id -u
says 0
pid=$(runtime state "$ID" | awk -F'[:, ]+' '/"pid"/ {print $3}')
[ "$(stat -c %u "/proc/$pid")" = 100000 ] || fail "the process is not the mapped user's"
status 0 runtime delete --force "$ID"

# a bind mount with mapped owners
mkdir "$T/shared" "$T/b/rootfs/shared"
echo x >"$T/shared/f"
chown 0:0 "$T/shared/f"
edit "$T/b" '
c["process"]["args"] = ["stat", "-c", "owner %u", "/shared/f"]
c["mounts"].append({"destination": "/shared", "type": "bind", "source": "'"$T"'/shared", "options": ["bind", "idmap"]})
'
status 0 runtime run -b "$T/b" "$ID"
says "owner 0"

# time
rm -rf --one-file-system "$T/b"
make_bundle "$T/b" cat /proc/uptime
edit "$T/b" '
c["linux"]["namespaces"].append({"type": "time"})
c["linux"]["timeOffsets"] = {"boottime": {"secs": 1000000}}
'
status 0 runtime run -b "$T/b" "$ID"
[ "$(cut -d. -f1 "$T/out")" -gt 1000000 ] || fail "uptime is $(cat "$T/out")"
[ "$(cut -d. -f1 /proc/uptime)" -lt 1000000 ] || fail "the test's own time has changed"
no_leftovers
