# SPDX-License-Identifier: Apache-2.0
# What kist-runtime calls, as strace sees it: no path beneath the root file system is ever handed to the kernel as a
# whole, mounts go from descriptor to descriptor, and once the root is the container's nothing is executed but its
# program and nothing of the host's is opened by name.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

traced -o trace -e trace=all true 2>/dev/null || skip 'strace cannot trace here'
make_bundle "$T/b" /bin/busybox echo ran
new_id
mkdir -p "$T/src" "$T/b/rootfs/full/dir"
echo x >"$T/src/file"
ln -s full/dir "$T/b/rootfs/link"
edit "$T/b" '
m = c["mounts"]
src = "'"$T"'/src"
def add(d, t, s, *o): m.append({"destination": d, "type": t, "source": s, "options": list(o)})
add("/a/b/c", "bind", src, "rbind", "ro")
add("/link/new/file", "bind", src + "/file", "bind")
add("/full", "tmpfs", "tmpfs", "tmpcopyup")
c["linux"]["maskedPaths"] += ["/etc/group"]
c["linux"]["readonlyPaths"] += ["/tmp"]
c["linux"]["devices"] = [{"path": "/dev/sub/fuse", "type": "c", "major": 10, "minor": 229}]
c["root"]["readonly"] = True
'
FILES='%file,openat2,open_tree,move_mount,mount,fsopen,fsconfig,pivot_root,setns,execve,execveat,mkdirat,mknodat,symlinkat'
quoted=$(printf '%s' "$T/b/rootfs" | sed 's/[.]/\\./g')

judged() { # WHAT, with $T/trace
	grep -q 'openat2(\|execve(' trace || fail "$1: nothing was seen"
	! grep -E "\"$quoted/" trace || fail "$1: a path beneath the root as a whole"
	! grep -E '^[0-9]+ +mount\(' trace || fail "$1: mount(2) by a path"
	! grep 'move_mount(' trace | grep -vE 'move_mount\([0-9]+, "", [0-9]+, "", |unfinished|resumed' ||
		fail "$1: a mount that does not go by descriptors"
	! grep 'openat2(' trace | grep -v 'resolve=RESOLVE\|unfinished\|resumed' || fail "$1: openat2 without a rule"
	! grep -E '(mkdirat|mknodat)\([0-9]+, "[^"]*/' trace || fail "$1: something is made at a path of several names"
	# each process from the container's root on, until the program
	awk '
		/ pivot_root\(.*= 0/ || / setns\(.*CLONE_NEWNS.*= 0/ || / setns\(.*= 0/ {inside[$1] = 1; next}
		/ execve\("\/bin\/busybox"/ {inside[$1] = 0; programs++; next}
		!inside[$1] {next}
		/ execve/ {print; bad = 1}
		/ (open|openat)\(.*"\// && !/AT_FDCWD, "\/", / && !/"\/bin\/busybox"/ {print; bad = 1}
		/ (mkdir|mknod|symlink|link|rename|unlink|rmdir|chmod|chown|truncate|creat)(at)?\(.*"\// {print; bad = 1}
		END {exit bad || !programs}' trace || fail "$1: by name in the container's root (above)"
}
traced -f -o trace -e trace="$FILES" kist-runtime --root "$STATE" run -b "$T/b" "$ID" >out 2>err </dev/null || fail run
says ran
judged run
edit "$T/b" 'c["process"]["args"] = ["/bin/busybox", "sleep", "1000"]'
status 0 runtime run -d -b "$T/b" "$ID"
traced -f -o trace -e trace="$FILES" kist-runtime --root "$STATE" exec "$ID" /bin/busybox echo ran >out 2>err </dev/null ||
	fail exec
says ran
judged exec
status 0 runtime delete --force "$ID"
no_leftovers
