# SPDX-License-Identifier: Apache-2.0
# What the program finds: its standard streams are its user's, a HOME, a working directory, all CPUs, and of the
# capabilities those that can be had.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" true
new_id
cp "$T/b/config.json" "$T/plain.json"
change() {
	cp "$T/plain.json" "$T/b/config.json"
	edit "$T/b" 'p = c["process"]; l = c["linux"]; '"$1"
}

# /dev/stdout and /dev/stderr are opened anew by a user who is not root: pipes and files
streams='p["args"] = ["sh", "-c", "echo out >/dev/stdout; echo err >>/dev/stderr; head -n 1 </dev/stdin"]; '
users='l["namespaces"].append({"type": "user"}); l["sysctl"] = {}
l["uidMappings"] = l["gidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 65536}]
'
chmod 755 "$T"
for who in 'p["user"] = {"uid": 1000, "gid": 1000}' "$users" "$users"'p["user"] = {"uid": 1000, "gid": 0}'; do
	change "$streams$who"
	echo in | runtime run -b "$T/b" "$ID" 2>&1 | cat >"$T/out"
	[ "$(tr '\n' ' ' <"$T/out")" = "out err in " ] || fail "streams: $(cat "$T/out")"
	echo in >"$T/in"
	chmod 600 "$T/in"
	status 0 runtime run -b "$T/b" "$ID" <"$T/in"
	says in
	complains err
	chown 0 "$T/in"
	change "$who"'
p["args"] = ["sleep", "100"]'
	status 0 runtime run -d -b "$T/b" "$ID" </dev/null
	echo in | runtime exec "$ID" sh -c 'echo out >/dev/stdout; echo err >>/dev/stderr; cat </dev/stdin' 2>&1 | cat >"$T/out"
	[ "$(tr '\n' ' ' <"$T/out")" = "out err in " ] || fail "streams of exec: $(cat "$T/out")"
	status 0 runtime delete --force "$ID"
done
# root's stay with who made them, and devices are the host's
change "$streams"
: >"$T/file"
chown 4711 "$T/file"
runtime run -b "$T/b" "$ID" <"$T/in" >"$T/file" 2>&1
[ "$(stat -c %u "$T/file")" = 4711 ] || fail "root was given a file that it can open anyway"
mknod "$T/zero" c 1 5
change 'p["user"] = {"uid": 1000, "gid": 0}'
status 0 runtime run -b "$T/b" "$ID" <"$T/zero"
[ "$(stat -c %u "$T/zero")" = 0 ] || fail "a device of the host was given to the container's user"

# HOME
home() {
	change 'p["args"] = ["sh", "-c", "echo HOME=$HOME; env | grep -c ^HOME="]; p["env"] = ["PATH=/bin"]; '"$1"
	status 0 runtime run -b "$T/b" "$ID"
	[ "$(tr '\n' ' ' <"$T/out")" = "HOME=$2 1 " ] || fail "HOME with $1: $(cat "$T/out")"
}
home '' /root
home 'p["user"] = {"uid": 1000, "gid": 0}' /home
home 'p["user"] = {"uid": 4711, "gid": 0}' /
home 'p["env"] += ["HOME="]' /root
home 'p["env"] += ["HOME=/first", "HOME="]' /root
home 'p["env"] += ["HOME=/there"]' /there
change 'p["args"] = ["sleep", "100"]; p["env"] = ["PATH=/bin"]'
status 0 runtime run -d -b "$T/b" "$ID"
status 0 runtime exec -u 1000 "$ID" sh -c 'echo HOME=$HOME'
says "HOME=/home"
status 0 runtime delete --force "$ID"
mv "$T/b/rootfs/etc/passwd" "$T/passwd"
home '' /
mkfifo "$T/b/rootfs/etc/passwd"
home '' /
rm "$T/b/rootfs/etc/passwd"
mv "$T/passwd" "$T/b/rootfs/etc/passwd"

# a working directory that the image lacks is made, also in a root that is read-only then
change 'p["cwd"] = "/srv/not/there"; p["args"] = ["pwd"]; c["root"]["readonly"] = True'
status 0 runtime run -b "$T/b" "$ID"
says /srv/not/there
[ "$(stat -c '%a %u' "$T/b/rootfs/srv/not/there")" = "755 0" ] || fail "the directory is $(stat -c '%a %u' "$T/b/rootfs/srv/not/there")"
ln -s /nowhere "$T/b/rootfs/srv/link"
change 'p["cwd"] = "/srv/link/x"; p["args"] = ["pwd"]'
status 0 runtime run -b "$T/b" "$ID"
[ ! -e /nowhere ] || fail "the directory was made on the host"
[ -d "$T/b/rootfs/nowhere/x" ] || fail "the link does not lead to a place in the root"
change 'p["cwd"] = "/proc/none"'
runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "a working directory in procfs"
complains "working directory '/proc/none' does not exist"
# exec makes none
change 'p["args"] = ["sleep", "100"]'
status 0 runtime run -d -b "$T/b" "$ID"
runtime exec --cwd /srv/none "$ID" true 2>"$T/err" && fail "exec in a working directory that is not there"
complains "working directory '/srv/none' does not exist"

# capabilities: what is unknown or cannot be had is ignored, with a warning
status 0 runtime exec --cap CAP_NOSUCH "$ID" true
complains "warning: process.capabilities: ignored what cannot be given: bounding CAP_NOSUCH"
status 0 runtime delete --force "$ID"
change '
k = p["capabilities"]
k["bounding"] = k["effective"] = k["permitted"] = ["CAP_CHOWN", "CAP_KILL", "CAP_TOMORROW"]
k["inheritable"] = ["CAP_CHOWN", "CAP_KILL"]
k["ambient"] = ["CAP_CHOWN", "CAP_FOWNER"]
p["user"] = {"uid": 1000, "gid": 0}
p["args"] = ["cat", "/proc/self/status"]'
status 0 runtime run -b "$T/b" "$ID"
matches "capabilities" "^CapAmb:.0000000000000001" "^CapBnd:.0000000000000021"
complains "bounding CAP_TOMORROW"
complains "ambient CAP_FOWNER"
edit "$T/b" 'c["process"]["args"] = ["sleep", "100"]'
status 0 runtime run -d -b "$T/b" "$ID"
status 0 runtime exec "$ID" cat /proc/self/status
matches "exec" "^CapAmb:.0000000000000001"
status 0 runtime exec --cap CAP_KILL --cap CAP_FOWNER "$ID" cat /proc/self/status
matches "exec --cap" "^CapAmb:.0000000000000021" "^CapInh:.0000000000000021"
status 0 runtime delete --force "$ID"

# all CPUs of the cgroup, whatever the caller is bound to
need taskset
if [ "$(nproc)" -gt 1 ]; then
	first=$(awk '/^Cpus_allowed_list/ {split($2, a, "[-,]"); print a[1]}' /proc/self/status)
	all=$(awk '/^Cpus_allowed_list/ {print $2}' /proc/self/status)
	change 'p["args"] = ["sh", "-c", "grep Cpus_allowed_list /proc/self/status; exec sleep 100"]'
	taskset -c "$first" kist-runtime --root "$STATE" run -d -b "$T/b" "$ID" >"$T/out"
	wait_for 5 grep -q . "$T/out"
	matches run "^Cpus_allowed_list:.$all\$"
	status 0 taskset -c "$first" kist-runtime --root "$STATE" exec "$ID" cat /proc/self/status
	matches exec "^Cpus_allowed_list:.$all\$"
	status 0 runtime delete --force "$ID"
fi
no_leftovers
