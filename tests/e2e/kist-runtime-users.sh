# SPDX-License-Identifier: Apache-2.0
# User namespaces: what lies below a directory closed to others is mounted, other namespaces belong to the one that
# is made or joined, also a time namespace.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

chmod 755 "$T"
mkdir -p "$T/closed/data" "$T/closed/lib"
echo secret >"$T/closed/data/file"
make_bundle "$T/closed/b" sh -c 'cat /mnt/file /file /idmapped/file; hostname; ip link show lo | grep -c UP; id -u; cat /proc/self/uid_map; for n in /proc/self/ns/*; do echo "$(basename $n) $(readlink $n)"; done'
new_id
chown -R 100000:100000 "$T/closed/b/rootfs"
chown 4711:4711 "$T/closed"
chmod 700 "$T/closed" "$T/closed/b"
chown 100000:100000 "$T/closed/data/file"
chmod 600 "$T/closed/data/file"
edit "$T/closed/b" '
c["hostname"] = "mapped"
c["linux"]["sysctl"] = {}
c["linux"]["namespaces"].append({"type": "user"})
c["linux"]["uidMappings"] = c["linux"]["gidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 65536}]
c["mounts"] += [
    {"destination": "/mnt", "type": "bind", "source": "'"$T"'/closed/data", "options": ["rbind", "ro", "nosuid"]},
    {"destination": "/file", "type": "bind", "source": "../data/file", "options": ["bind", "rro"]},
    {"destination": "/idmapped", "type": "bind", "source": "'"$T"'/closed/data", "options": ["rbind"]},
]
c["process"]["user"] = {"uid": 0, "gid": 0}
'
B=$T/closed/b
theirs() { awk -v n="$1" '$1 == n {print $2}' "$T/out"; }
cp "$B/config.json" "$T/new.json"

status 0 runtime run -b "$B" "$ID"
[ "$(head -n 6 "$T/out" | tr '\n' ' ')" = "secret secret secret mapped 1 0 " ] || fail "in a new user namespace: $(cat "$T/out")"
no_leftovers
edit "$B" 'c["mounts"][-1]["source"] = "'"$T"'/closed/none"'
runtime run -b "$B" "$ID" >"$T/out" 2>"$T/err" && fail "a source that is not there"
complains "cannot open '$T/closed/none': No such file or directory"
no_leftovers
cp "$T/new.json" "$B/config.json"
edit "$B" 'c["root"]["path"] = "none"'
runtime run -b "$B" "$ID" >"$T/out" 2>"$T/err" && fail "a root that is not there"
complains "cannot open 'none': No such file or directory"
no_leftovers

# a pod's: made by its first container, joined by path
cp "$T/new.json" "$B/config.json"
edit "$B" 'c["process"]["args"] = ["sleep", "100"]'
status 0 runtime run -d --pid-file "$T/pid" -b "$B" "$ID-pod"
on_exit "kist-runtime --root '$STATE' delete --force '$ID-pod'"
pod=/proc/$(cat "$T/pid")/ns
cp "$T/new.json" "$B/config.json"
edit "$B" '
c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "user"]
c["linux"]["namespaces"].append({"type": "user", "path": "'"$pod"'/user"})
'
cp "$B/config.json" "$T/join.json"
status 0 runtime run -b "$B" "$ID"
[ "$(head -n 6 "$T/out" | tr '\n' ' ')" = "secret secret secret mapped 1 0 " ] || fail "in a joined user namespace: $(cat "$T/out")"
[ "$(theirs user)" = "$(readlink "$pod/user")" ] || fail "another user namespace"
for n in net ipc uts pid mnt cgroup; do
	[ "$(theirs $n)" != "$(readlink "$pod/$n")" ] || fail "the $n namespace is the pod's"
	[ "$(theirs $n)" != "$(readlink "/proc/self/ns/$n")" ] || fail "the $n namespace is the host's"
done
no_leftovers

# with the pod's other namespaces, and with its pid namespace
for pid in "" '"pid": "pid", '; do
	cp "$T/join.json" "$B/config.json"
	edit "$B" '
paths = {'"$pid"'"network": "net", "ipc": "ipc", "uts": "uts"}
for n in c["linux"]["namespaces"]:
    if n["type"] in paths: n["path"] = "'"$pod"'/" + paths[n["type"]]
'
	status 0 runtime run -b "$B" "$ID"
	for n in user net ipc uts; do
		[ "$(theirs $n)" = "$(readlink "$pod/$n")" ] || fail "the $n namespace is not the pod's"
	done
	[ -z "$pid" ] || [ "$(theirs pid)" = "$(readlink "$pod/pid")" ] || fail "the pid namespace is not the pod's"
	no_leftovers
	# and created, executed in, killed
	edit "$B" 'c["process"]["args"] = ["sleep", "100"]'
	status 0 runtime create -b "$B" "$ID"
	status 0 runtime start "$ID"
	status 0 runtime exec "$ID" cat /mnt/file
	says secret
	status 0 runtime kill "$ID" KILL
	wait_for 5 sh -c "kist-runtime --root $STATE state $ID | grep -q stopped"
	status 0 runtime delete "$ID"
	no_leftovers
done

# limits hold for the process that goes on
cp "$T/join.json" "$B/config.json"
edit "$B" 'c["process"]["args"] = ["sleep", "100"]; c["linux"]["cgroupsPath"] = "/'"$ID"'"'
status 0 runtime run -d --pid-file "$T/pid" -b "$B" "$ID"
for d in /sys/fs/cgroup/"$ID" /sys/fs/cgroup/*/"$ID"; do
	[ ! -e "$d/cgroup.procs" ] || [ "$(cat "$d/cgroup.procs")" = "$(cat "$T/pid")" ] || fail "not in $d"
done
status 0 runtime delete --force "$ID"
no_leftovers

# a time namespace with offsets belongs to them
if [ -e /proc/self/ns/time ]; then
	for users in new join; do
		cp "$T/$users.json" "$B/config.json"
		edit "$B" '
c["linux"]["namespaces"].append({"type": "time"})
c["linux"]["timeOffsets"] = {"boottime": {"secs": 1000000, "nanosecs": 0}, "monotonic": {"secs": 1000000}}
c["process"]["args"] = ["sh", "-c", "cut -d. -f1 /proc/uptime; cat /proc/self/timens_offsets"]
'
		status 0 runtime run -b "$B" "$ID"
		[ "$(head -n 1 "$T/out")" -gt 1000000 ] || fail "no offset: $(cat "$T/out")"
		no_leftovers
	done
fi

# the runtime's own user namespace by path is none
cp "$T/new.json" "$B/config.json"
edit "$B" '
c["linux"]["namespaces"][-1]["path"] = "/proc/self/ns/user"
c["linux"]["uidMappings"] = c["linux"]["gidMappings"] = []
c["mounts"] = [m for m in c["mounts"] if m["destination"] not in ("/mnt", "/file", "/idmapped")]
c["process"]["args"] = ["cat", "/proc/self/uid_map"]'
status 0 runtime run -b "$B" "$ID"
says 4294967295
no_leftovers
