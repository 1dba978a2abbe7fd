# SPDX-License-Identifier: Apache-2.0
# Whatever root of a container does with masked paths, devices and its standard streams, the host's
# /dev/null keeps its mode and owner (R03, R17); and those of the container are as asked for.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

# the "host's" null device of this test: another inode than the machine's
mknod -m 666 "$T/null" c 1 3 || skip "no device can be made here"
mount --bind "$T/null" /dev/null

make_bundle "$T/b" true
cp "$T/b/config.json" "$T/config.json"
new_id
untouched() {
	[ "$(stat -c '%a %u:%g' "$T/null")" = "666 0:0" ] ||
		fail "$1: the host's /dev/null is $(stat -c '%a %u:%g' "$T/null")"
	no_leftovers
}

cat >"$T/attack" <<'END'
for f in /proc/keys /proc/timer_list /dev/null /dev/zero /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2; do
	mount -o remount,bind,rw $f 2>/dev/null
	chmod 4000 $f
	chown 1234:5678 $f
	chmod 4001 $f
done
cat /proc/keys
# nothing of the host's mounts is left beneath or on top
grep -v ' /proc\(/\| \)\| /sys\(/\| \)\| /dev\(/\| \)' /proc/self/mountinfo | tail -n +2
exit 0
END
run_attack() {
	rm -rf --one-file-system "$T/b/rootfs"
	busybox_root "$T/b/rootfs"
	cp "$T/attack" "$T/b/rootfs/attack"
	cp "$T/config.json" "$T/b/config.json"
	edit "$T/b" 'c["process"]["args"] = ["sh", "/attack"]'
	edit "$T/b" "$2"
	status 0 runtime run -b "$T/b" "$ID" </dev/null
	[ ! -s "$T/out" ] || fail "$1: a masked file says something"
	untouched "$1, streams elsewhere"
	# and with all three streams
	kist-runtime --root "$STATE" run -b "$T/b" "$ID" </dev/null >/dev/null 2>/dev/null || fail "$1"
	untouched "$1"
}
ALL='caps = "CHOWN DAC_OVERRIDE FOWNER MKNOD SYS_ADMIN SYS_PTRACE SETUID SETGID".split()
for k in ("bounding", "effective", "permitted"): c["process"]["capabilities"][k] = ["CAP_" + n for n in caps]
c["linux"].pop("seccomp", None)
c["process"]["noNewPrivileges"] = False
'
NO_DEV='c["mounts"] = [m for m in c["mounts"] if not m["destination"].startswith("/dev")]'
USERS='c["linux"]["namespaces"].append({"type": "user"})
c["linux"].pop("sysctl", None)
for k in ("uidMappings", "gidMappings"): c["linux"][k] = [{"containerID": 0, "hostID": 0, "size": 65536}]'

run_attack "default" ''
run_attack "without a /dev of its own" "$NO_DEV"
run_attack "read-only" 'c["root"]["readonly"] = True'
run_attack "privileged" "$ALL"
run_attack "privileged, without a /dev of its own" "$ALL$NO_DEV"
run_attack "in a user namespace" "$USERS"
run_attack "in a user namespace, without a /dev of its own" "$USERS
$NO_DEV"

# create and start; exec, also where the container's /dev/null is gone or is something else
cp "$T/config.json" "$T/b/config.json"
edit "$T/b" 'c["process"]["args"] = ["sh", "-c", "chmod 600 /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2; sleep 1000"]'
kist-runtime --root "$STATE" create -b "$T/b" "$ID" </dev/null >/dev/null 2>&1 || fail create
status 0 runtime start "$ID"
attack='for i in 0 1 2; do chmod 4001 /proc/self/fd/$i; chown 1234:5678 /proc/self/fd/$i; done; exit 0'
for change in true 'rm /dev/null' 'ln -s /proc/sys/kernel/hostname /dev/null' 'rm /dev/null; mkfifo /dev/null'; do
	status 0 runtime exec "$ID" sh -c "$change"
	kist-runtime --root "$STATE" exec "$ID" sh -c "$attack" </dev/null >/dev/null 2>&1 || fail "exec after $change"
	status 0 runtime exec "$ID" sh -c 'cat; echo read; echo lost >&2' </dev/null
	says read
	complains lost
done
status 0 runtime delete --force "$ID"
untouched "create, start and exec"

# whatever the caller's umask is, devices are 0666 and nothing else is cut either
cp "$T/config.json" "$T/b/config.json"
edit "$T/b" 'c["process"]["args"] = ["sh", "-c", "stat -c \"%a %n\" /dev/null /dev/fuse /made/in; umask"]
c["linux"]["devices"] = [{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 0o660}]
c["mounts"].append({"destination": "/made/in", "type": "tmpfs", "source": "tmpfs"})'
(umask 077 && kist-runtime --root "$STATE" run -b "$T/b" "$ID") >"$T/out" 2>"$T/err" || fail "run with umask 077"
matches "modes" "^666 /dev/null$" "^660 /dev/fuse$" "^0022$"
[ "$(stat -c %a "$T/b/rootfs/made")" = 755 ] || fail "a directory for a mount was cut by the caller's umask"
untouched "umask"
