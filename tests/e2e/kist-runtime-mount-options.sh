# SPDX-License-Identifier: Apache-2.0
# What becomes of a mount: attributes of a bind, propagation to the host, the mode of a tmpfs, places behind links, a
# read-only /dev, a path that is masked twice, mapped owners of what an earlier entry mounted, and --no-pivot.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" cat /proc/self/mountinfo
new_id
R=$T/b/rootfs
chown -R 100000:100000 "$R" # root in a user namespace makes places in it, too
cp "$T/b/config.json" "$T/plain.json"
change() {
	cp "$T/plain.json" "$T/b/config.json"
	edit "$T/b" 'p = c["process"]; l = c["linux"]; m = c["mounts"]
def add(d, t, s, *o): m.append({"destination": d, "type": t, "source": s, "options": list(o)})
'"$1"
}
options() { awk -v d="$1" '$5 == d {print $6}' "$T/out"; }
has() { case ,$(options "$1"), in *,"$2",*) ;; *) fail "$1 is not $2: $(options "$1")" ;; esac; }
lacks() { case ,$(options "$1"), in *,"$2",*) fail "$1 is $2: $(options "$1")" ;; esac; }

# a bind: the source's attributes without a word, else those that are asked for, and access times unless spoken of
mkdir -p "$T/src/sub"
mount -t tmpfs -o ro,nosuid,nodev,noexec,noatime src "$T/src"
on_exit "umount '$T/src'"
change '
add("/none", "bind", "'"$T"'/src", "rbind", "rprivate")
add("/rw", "bind", "'"$T"'/src", "rbind", "rw")
add("/exec", "bind", "'"$T"'/src", "rbind", "ro", "exec", "nosuid")
add("/atime", "bind", "'"$T"'/src", "rbind", "relatime")
'
status 0 runtime run -b "$T/b" "$ID"
for o in ro nosuid nodev noexec noatime; do has /none $o; done
for o in nosuid nodev noexec ro; do lacks /rw $o; done
has /rw noatime
for o in ro nosuid; do has /exec $o; done
for o in nodev noexec; do lacks /exec $o; done
has /atime relatime
# what is locked in a user namespace stays, unless it is what is to go
chmod 755 "$T"
users='l["namespaces"].append({"type": "user"}); l["sysctl"] = {}
l["uidMappings"] = l["gidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 65536}]
'
change "$users"'add("/ro", "bind", "'"$T"'/src", "rbind", "ro")'
status 0 runtime run -b "$T/b" "$ID"
for o in ro nosuid nodev noexec; do has /ro $o; done
change "$users"'add("/rw", "bind", "'"$T"'/src", "rbind", "rw")'
runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "a locked attribute was cleared"
complains "Operation not permitted"

# propagation: with a shared root what is mounted inside reaches the host, else not
mkdir -p "$T/shared"
mount -t tmpfs shared "$T/shared"
mount --make-shared "$T/shared"
on_exit "umount -R '$T/shared'"
mkdir "$T/shared/in" "$T/shared/own"
trial='p["args"] = ["sh", "-c", "mount -t tmpfs inner /out/in && touch /out/in/seen"]
for k in ("bounding", "effective", "permitted"): p["capabilities"][k].append("CAP_SYS_ADMIN")
del l["seccomp"]
p.pop("apparmorProfile", None)
'
reaches() {
	change "$trial$2"
	status 0 runtime run -b "$T/b" "$ID"
	if [ "$1" = yes ]; then
		[ -e "$T/shared/in/seen" ] || fail "the mount did not reach the host: $2"
		umount "$T/shared/in"
	else
		[ ! -e "$T/shared/in/seen" ] || fail "the mount reached the host: $2"
	fi
}
bind() { echo 'add("/out", "bind", "'"$T"'/shared", "rbind"'"$1"'); '; }
reaches yes "$(bind ', "rshared"')"'l["rootfsPropagation"] = "rshared"'
reaches yes "$(bind '')"'l["rootfsPropagation"] = "shared"'
reaches no "$(bind ', "rprivate"')"'l["rootfsPropagation"] = "rshared"'
reaches no "$(bind ', "rslave"')"'l["rootfsPropagation"] = "rshared"'
reaches no "$(bind '')"
reaches no "$(bind '')"'l["rootfsPropagation"] = "rslave"'
reaches no "$users$(bind ', "rshared"')"'l["rootfsPropagation"] = "rshared"; del m[[x["type"] for x in m].index("sysfs")]'
[ "$(grep -c "$T/shared" /proc/self/mountinfo)" = 1 ] || fail "mounts are left"

# a tmpfs: the mode of the directory below it, if the image has one
mkdir "$R/closed" "$R/sticky"
chmod 711 "$R/closed"
chmod 1770 "$R/sticky"
change '
add("/closed", "tmpfs", "tmpfs", "nosuid", "ro")
add("/sticky", "tmpfs", "tmpfs", "size=64k")
add("/given", "tmpfs", "tmpfs", "mode=700")
add("/new", "tmpfs", "tmpfs")
p["args"] = ["stat", "-c", "%a", "/closed", "/sticky", "/given", "/new"]'
status 0 runtime run -b "$T/b" "$ID"
[ "$(tr '\n' ' ' <"$T/out")" = "711 1770 700 1777 " ] || fail "modes: $(cat "$T/out")"
change 'add("/closed", "tmpfs", "tmpfs", "ro"); p["args"] = ["touch", "/closed/x"]'
status 1 runtime run -b "$T/b" "$ID"
complains "Read-only file system"

# places behind links that lead nowhere, directories and files, in the root and nowhere else
mkdir "$T/data"
echo data >"$T/data/file"
ln -s /made/by "$R/dangling"
ln -s ../elsewhere/file "$R/tmp/file"
ln -s /tmp/file "$R/chain"
change '
add("/dangling/dir", "bind", "'"$T"'/data", "rbind")
add("/dangling/x/file", "bind", "'"$T"'/data/file", "bind")
add("/chain", "bind", "'"$T"'/data/file", "bind")
p["args"] = ["cat", "/made/by/dir/file", "/made/by/x/file", "/elsewhere/file"]'
status 0 runtime run -b "$T/b" "$ID"
[ "$(grep -c data "$T/out")" = 3 ] || fail "behind links: $(cat "$T/out")"
if [ -e /made ] || [ -e /elsewhere ]; then fail "made on the host"; fi

# /dev read-only, and a tmpfs in which more is mounted
change '
for x in m:
    if x["destination"] == "/dev": x["options"].append("ro")
add("/closed", "tmpfs", "tmpfs", "ro")
add("/closed/inner", "tmpfs", "tmpfs")
p["args"] = ["sh", "-c", "echo x >/dev/null && [ -c /dev/pts/ptmx ] && touch /closed/inner/x && ! touch /dev/x && ! touch /closed/x"]'
status 0 runtime run -b "$T/b" "$ID"

# the same path masked twice, also by another name, is masked once
ln -s /proc/keys "$R/keys"
change 'l["maskedPaths"] = ["/proc/keys", "/sys/firmware", "/proc/keys", "/sys/firmware", "/keys"]'
status 0 runtime run -b "$T/b" "$ID"
for d in /proc/keys /sys/firmware; do
	[ ! -e $d ] || [ "$(awk -v d=$d '$5 == d' "$T/out" | wc -l)" = 1 ] || fail "$d: $(cat "$T/out")"
done

# mapped owners of what an earlier entry has mounted, by its place in the root
chown 5:5 "$T/data/file"
for ns in "" "$users"; do
	change "$ns"'
add("/first", "bind", "'"$T"'/data", "rbind")
add("/second", "bind", "'"$R"'/first", "rbind")
m[-1]["uidMappings"] = m[-1]["gidMappings"] = [{"containerID": 5, "hostID": 100007 if l.get("uidMappings") else 7, "size": 1}]
p["args"] = ["stat", "-c", "%u", "/second/file"]'
	cp "$T/b/config.json" "$T/mapped.json"
	if ! runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && grep -q "does its file system allow it" "$T/err"; then
		echo "no idmapped mounts here"
		break
	fi
	grep -qx 7 "$T/out" || fail "mapped: $(cat "$T/out" "$T/err")"
done

# --no-pivot: no procfs of the host stays in sight, of which a user namespace would get a whole one
mkdir "$T/other"
mount -t proc other "$T/other"
on_exit "umount '$T/other'"
for masked in '' 'l["maskedPaths"] = []; l["readonlyPaths"] = ["/proc/sys"]; '; do
	change "$trial$masked"'
for k in ("bounding", "effective", "permitted"): p["capabilities"][k] += ["CAP_SETFCAP"]
p["args"] = ["sh", "-c", "unshare -mrpf sh -c \"mount -t proc none /proc\" && echo bare; unshare -mr sh -c \"mount -t sysfs none /sys\" && echo bare; true"]'
	for how in "" --no-pivot; do
		# shellcheck disable=SC2086 # nothing, or one word
		status 0 runtime run $how -b "$T/b" "$ID"
		grep -q bare "$T/out" && fail "a bare procfs with '$how' and $masked"
		complains "permission denied"
	done
done
no_leftovers
