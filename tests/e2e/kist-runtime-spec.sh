# SPDX-License-Identifier: Apache-2.0
# The config.json to begin with: it runs as it stands, in a user namespace, and without being root.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

mkdir -p "$T/b"
busybox_root "$T/b/rootfs"
new_id
status 0 runtime spec -b "$T/b"
status 4 runtime spec -b "$T/b"
complains "config.json"
cp "$T/b/config.json" "$T/spec.json"
edit "$T/b" 'c["process"].update(terminal=False, args=["sh", "-c", "hostname; id -u; grep CapEff /proc/self/status; ! touch /x"])'
status 0 runtime run -b "$T/b" "$ID"
[ "$(tr '\n\t' '  ' <"$T/out")" = "kist 0 CapEff: 0000000020000420 " ] || fail "$(cat "$T/out")"
no_leftovers
# in a terminal, as it is written
cp "$T/spec.json" "$T/b/config.json"
echo 'tty; exit 7' | runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err"
[ $? = 7 ] || fail "the shell's status"
grep -q '^/dev/pts/0$' "$T/out" || fail "no terminal: $(cat "$T/out")"
# in a user namespace with fewer groups than a sysctl would name
edit "$T/b" 'c["process"].update(terminal=False, args=["cat", "/proc/self/gid_map"])
c["linux"]["namespaces"].append({"type": "user"})
c["linux"]["uidMappings"] = c["linux"]["gidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 65536}]'
chmod 755 "$T"
status 0 runtime run -b "$T/b" "$ID"
says 65536
no_leftovers
# the same as runc's, but for the name
if command -v runc >/dev/null; then
	mkdir "$T/runc"
	runc spec -b "$T/runc"
	python3 - "$T/spec.json" "$T/runc/config.json" <<-'END' || fail "not as runc's"
		import json, sys
		ours, theirs = (json.load(open(p)) for p in sys.argv[1:])
		for c in ours, theirs:
		    c["hostname"] = c["ociVersion"] = ""
		    c["process"]["capabilities"].pop("ambient", None) # runc 1.1 has them
		    c["linux"]["maskedPaths"] = sorted(set(c["linux"]["maskedPaths"]) & {"/proc/kcore", "/sys/firmware"})
		assert ours == theirs, (ours, theirs)
	END
fi

# without root
mkdir -m 777 "$T/user"
mkdir -m 755 "$T/user/b"
busybox_root "$T/user/b/rootfs"
chown -R 1000:1000 "$T/user"
as_user() { setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps=-all --bounding-set=-all "$@"; }
status 0 as_user kist-runtime --root "$T/user/state" spec --rootless -b "$T/user/b"
[ "$(stat -c %u "$T/user/b/config.json")" = 1000 ] || fail "whose config.json?"
edit "$T/user/b" 'c["process"].update(terminal=False, args=["sh", "-c", "id -u; cat /proc/self/uid_map"])'
status 0 as_user kist-runtime --root "$T/user/state" run -b "$T/user/b" "$ID"
