# SPDX-License-Identifier: Apache-2.0
# Mounts of every kind with their options; masked and read-only paths; devices; read-only root.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sh /check
new_id
R=$T/b/rootfs
mkdir -p "$T/src/sub" "$T/ro" "$R/full/dir"
echo from-host >"$T/src/file"
echo inner >"$R/full/dir/f"
chmod 1750 "$R/full"
chown 5:6 "$R/full"
ln -s dir/f "$R/full/link"
mkfifo "$R/full/fifo"
mount -t tmpfs sub "$T/src/sub"
echo deep >"$T/src/sub/deep"
on_exit "umount '$T/src/sub'"
edit "$T/b" '
m = c["mounts"]
src = "'"$T"'/src"
def add(d, t, s, *o): m.append({"destination": d, "type": t, "source": s, "options": list(o)})
add("/a", "bind", src, "rbind", "rw")
add("/b", "bind", src, "bind", "ro", "nosuid", "nodev", "noexec")
add("/c", "bind", src, "rbind", "rro")
add("/new/file", "bind", src + "/file", "bind", "ro")
add("/relative", "bind", "rootfs/full", "bind")
add("/full", "tmpfs", "tmpfs", "tmpcopyup", "size=1m", "ro")
add("/small", "tmpfs", "tmpfs", "size=64k", "mode=700", "noatime")
c["linux"]["maskedPaths"] += ["/proc/nosuch", "/etc/group"]
c["linux"]["readonlyPaths"] += ["/tmp"]
c["linux"]["devices"] = [{"path": "/dev/sub/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 0o640, "uid": 3, "gid": 4}]
c["linux"]["resources"] = {}
c["linux"]["sysctl"] = {"net.ipv4.ip_forward": "1", "kernel.shmmni": "77"}
'
cat >"$R/check" <<'END'
fail() { echo "FAIL: $*"; exit 1; }
is() { [ "$1" = "$2" ] || fail "$1 instead of $2"; }
options() { awk -v d="$1" '$5 == d {print $6}' /proc/self/mountinfo; }
is "$(cat /a/file)" from-host
is "$(cat /a/sub/deep)" deep
echo x >/a/written || fail "a is not writable"
[ ! -e /b/sub/deep ] || fail "bind is not recursive"
echo x >/b/written 2>/dev/null && fail "b is writable"
options /b | grep -q "ro,nosuid,nodev,noexec" || fail "options of b: $(options /b)"
echo x >/c/sub/deep 2>/dev/null && fail "rro does not reach the mount below"
is "$(cat /new/file)" from-host
echo x >/new/file 2>/dev/null && fail "file is writable"
is "$(cat /relative/dir/f)" inner
is "$(cat /full/dir/f)" inner
is "$(readlink /full/link)" dir/f
[ -p /full/fifo ] || fail "the fifo was not copied"
is "$(stat -c %a:%u:%g /full)" 1750:5:6
touch /full/x 2>/dev/null && fail "full is writable"
is "$(stat -c %a /small)" 700
options /small | grep -q noatime || fail "options of small: $(options /small)"
dd if=/dev/zero of=/small/big bs=1k count=100 2>/dev/null && fail "size has no effect"
# masked: empty and not writable
[ ! -s /etc/group ] && is "$(cat /etc/group)" "" || fail "group is not masked"
is "$(cat /proc/keys)" ""
is "$(ls /sys/firmware)" ""
touch /sys/firmware/x 2>/dev/null && fail "a masked directory is writable"
echo 1 >/proc/sys/kernel/hostname 2>/dev/null && fail "/proc/sys is writable"
touch /tmp/x 2>/dev/null && fail "/tmp is writable"
touch /etc/x || fail "the root is not writable"
# devices
echo x >/dev/null || fail null
is "$(head -c 4 /dev/zero | od -An -tx1 | tr -d ' ')" 00000000
is "$(stat -c %a:%u:%g:%t:%T /dev/sub/fuse)" 640:3:4:a:e5
is "$(readlink /dev/ptmx)" pts/ptmx
is "$(readlink /dev/fd)" /proc/self/fd
is "$(cat /proc/sys/net/ipv4/ip_forward)" 1
is "$(cat /proc/sys/kernel/shmmni)" 77
# nothing of the host is left in sight
grep -q " / /.*oldroot" /proc/self/mountinfo && fail "the host's root is mounted"
awk '{print $5}' /proc/self/mountinfo | grep -q "^/home\|kist-test" && fail "host mounts are in sight"
is "$(cat /sys/class/net/lo/flags)" 0x9
echo checked
END
status 0 runtime run -b "$T/b" "$ID"
says checked
no_leftovers
[ -e "$T/src/written" ] || fail "the bind is not the host's directory"

edit "$T/b" 'c["root"]["readonly"] = True; c["process"]["args"] = ["sh", "-c", "touch /x; touch /a/x && echo root is read-only"]'
status 0 runtime run -b "$T/b" "$ID"
says "root is read-only"
complains "Read-only file system"

# what cannot be done is an error that names it
bad() {
	cp "$T/b/config.json" "$T/saved"
	edit "$T/b" "$2"
	runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "accepted: $2"
	complains "$1"
	cp "$T/saved" "$T/b/config.json"
	no_leftovers
}
bad "mount of '/x': cannot clone the mount of '/no/such'" 'm = c["mounts"].append({"destination": "/x", "type": "bind", "source": "/no/such", "options": ["bind"]})'
bad "cannot use file system type 'nosuchfs'" 'c["mounts"].append({"destination": "/x", "type": "nosuchfs", "source": "x"})'
bad "refuses 'nosuchoption=1'" 'c["mounts"].append({"destination": "/x", "type": "tmpfs", "source": "x", "options": ["nosuchoption=1"]})'
bad "sysctl 'kernel.panic' belongs to the whole system" 'c["linux"]["sysctl"] = {"kernel.panic": "1"}'
bad "sysctl 'net.ipv4.ip_forward' belongs to the network namespace, which is the host's" 'c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "network"]'
bad "no mount namespace" 'c["linux"]["namespaces"] = [{"type": "pid"}]'
bad "linux.intelRdt is not supported" 'c["linux"]["intelRdt"] = {"closID": "x"}'
bad "root file system 'nowhere'" 'c["root"]["path"] = "nowhere"'
