# SPDX-License-Identifier: Apache-2.0
# A root file system, a working directory and mounts that try to reach the host (R01 R02 R03 R05 R09).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

victim() { (cd "$T/victim" && find . | sort | xargs ls -ld --time-style=full-iso && cat file); }
mkdir "$T/victim"
echo untouched >"$T/victim/file"
victim >"$T/before"
unchanged() { victim >"$T/after"; cmp -s "$T/before" "$T/after" || fail "$1: the victim has changed"; }

make_bundle "$T/b" sh -c 'ls /dev; echo ran'
cp "$T/b/config.json" "$T/config.json"
new_id
fresh() { rm -rf --one-file-system "$T/b/rootfs"; busybox_root "$T/b/rootfs"; cp "$T/config.json" "$T/b/config.json"; }

# R01: /dev is a link to the host
for target in "$T/victim" "../../../../../../../..$T/victim"; do
	fresh
	rmdir "$T/b/rootfs/dev"
	ln -s "$target" "$T/b/rootfs/dev"
	runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err"
	unchanged R01b
	edit "$T/b" 'c["mounts"] = [m for m in c["mounts"] if not m["destination"].startswith("/dev")]'
	runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err"
	unchanged R01a
	no_leftovers
done

# R02: /proc and /sys are links
for d in proc sys; do
	fresh
	rmdir "$T/b/rootfs/$d"
	ln -s "$T/victim" "$T/b/rootfs/$d"
	runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "R02: /$d as a link was accepted"
	complains "'/$d' is a symbolic link"
	unchanged R02
	no_leftovers
done

# R03: /dev/null of the image is a link to a file of procfs
fresh
ln -s /proc/sys/kernel/hostname "$T/b/rootfs/dev/null"
edit "$T/b" 'c["mounts"] = [m for m in c["mounts"] if not m["destination"].startswith("/dev")]; c["process"]["args"] = ["sh", "-c", "cat /proc/keys; echo hacked >/proc/timer_list; echo end"]'
before=$(cat /proc/sys/kernel/hostname)
if runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err"; then
	[ "$(cat "$T/out")" = end ] || fail "R03: a masked file says something"
else
	complains "/dev/null"
fi
[ "$(cat /proc/sys/kernel/hostname)" = "$before" ] || fail "R03: the host's name has changed"
no_leftovers

# R05: the working directory is a descriptor that the caller or we hold
fresh
for n in 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	for path in "/proc/self/fd/$n" "/proc/self/fd/$n/../../.."; do
		edit "$T/b" 'c["process"].update(args=["sh", "-c", "ls; ls /proc/self/fd/9/ 2>&1"], cwd="'"$path"'")'
		if kist-runtime --root "$STATE" run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" 9</; then
			grep -q "^victim$\|^usr$\|^home$" "$T/out" && fail "R05: the host is seen through $path"
		fi
	done
done
edit "$T/b" 'c["process"].update(args=["sleep", "100"], cwd="/")'
status 0 runtime run -d -b "$T/b" "$ID"
for n in 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	if kist-runtime --root "$STATE" exec --cwd "/proc/self/fd/$n" "$ID" ls >"$T/out" 2>"$T/err" 9</; then
		grep -q "^usr$\|^home$" "$T/out" && fail "R05: exec sees the host through $n"
	fi
done
kist-runtime --root "$STATE" exec "$ID" sh -c 'ls -l /proc/self/fd' >"$T/out" 2>&1 9</
grep -q " 9 -> " "$T/out" && fail "R05: descriptor 9 was inherited"
kist-runtime --root "$STATE" exec --preserve-fds 1 "$ID" sh -c 'cat <&3' >"$T/out" 2>&1 3<"$T/victim/file"
says untouched
status 0 runtime delete --force "$ID"
no_leftovers

# R09: nothing is mounted over procfs, also not through a link
bad() {
	fresh
	[ -z "${2:-}" ] || ln -s "$2" "$T/b/rootfs/link"
	edit "$T/b" 'c["mounts"].append({"destination": "'"$1"'", "type": "tmpfs", "source": "tmpfs"})'
	runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "R09: tmpfs over $1"
	complains "procfs"
	edit "$T/b" 'c["mounts"][-1] = {"destination": "'"$1"'", "type": "bind", "source": "'"$T"'/victim", "options": ["bind"]}'
	runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "R09: bind over $1"
	complains "procfs"
	no_leftovers
}
for d in /proc /proc/self /proc/self/attr /proc/sys /proc/1 /proc/../proc/sys //proc/; do bad "$d"; done
bad /link /proc/sys
bad /link/kernel /proc/sys
fresh
edit "$T/b" 'c["mounts"].append({"destination": "/proc/uptime", "type": "bind", "source": "'"$T"'/victim/file", "options": ["bind"]}); c["process"]["args"] = ["cat", "/proc/uptime"]'
status 0 runtime run -b "$T/b" "$ID"
says untouched

# a mount through a link stays in the root
fresh
ln -s / "$T/b/rootfs/up"
ln -s "../../../../../../..$T/victim" "$T/b/rootfs/out"
edit "$T/b" 'c["mounts"] += [{"destination": d, "type": "tmpfs", "source": "tmpfs"} for d in ("/up/made", "/out/made", "/a/../../../../b")]'
runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err"
unchanged "mount through links"
[ -d "$T/b/rootfs/made" ] || fail "the link was not resolved inside the root"
no_leftovers
