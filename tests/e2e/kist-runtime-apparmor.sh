# SPDX-License-Identifier: Apache-2.0
# process.apparmorProfile: applied to the container's program and to exec's, or refused; never ignored.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

profile() { edit "$T/b" "c['process']['apparmorProfile'] = '$1'"; }

make_bundle "$T/b" sh -c 'echo ran; cat /proc/self/attr/current; echo x >/tmp/forbidden'
new_id
profile unconfined
status 0 runtime run -b "$T/b" "$ID"
says ran
profile 'a\nb'
status 1 runtime run -b "$T/b" "$ID"
complains 'is no name of a profile'
no_leftovers

if [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" != Y ]; then
	profile kist-test
	status 1 runtime run -b "$T/b" "$ID"
	complains "AppArmor profile 'kist-test' is asked for, but AppArmor is not enabled on this host"
	[ ! -s "$T/out" ] || fail 'it was started'
	no_leftovers
	edit "$T/b" 'c["process"].update(args=["sleep", "100"], apparmorProfile="")'
	status 0 runtime run -d -b "$T/b" "$ID"
	status 1 runtime exec --apparmor kist-test "$ID" echo ran
	complains 'AppArmor is not enabled'
	status 0 runtime exec --apparmor unconfined "$ID" echo ran
	grep -q kist-default "$T/b/config.json" && fail 'a default profile on a host without AppArmor'
	exit 0
fi

need apparmor_parser
NAME=kist-test-$$
cat >"$T/profile" <<END
profile $NAME flags=(attach_disconnected,mediate_deleted) {
	file,
	capability,
	network,
	signal,
	deny /tmp/forbidden w,
}
END
profile "$NAME"
status 1 runtime run -b "$T/b" "$ID"
complains "AppArmor profile '$NAME' is not loaded"
[ ! -s "$T/out" ] || fail 'it was started'
no_leftovers

check 'the profile is loaded' apparmor_parser -r "$T/profile"
on_exit "apparmor_parser -R '$T/profile'"
rm "$T/b/rootfs/tmp/forbidden"
for nnp in True False; do
	edit "$T/b" "c['process']['noNewPrivileges'] = $nnp"
	status 1 runtime run -b "$T/b" "$ID"
	says "$NAME (enforce)"
	complains 'Permission denied'
	[ ! -e "$T/b/rootfs/tmp/forbidden" ] || fail 'the profile forbids nothing'
done

# hooks are the host's programs, or run before the program: none runs under its profile
edit "$T/b" 'c["hooks"] = {k: [{"path": "/bin/sh", "args": ["sh", "-c", "cat /proc/self/attr/current >>%s/" + k]}]
	for k in ("createRuntime", "createContainer")}' 
sed -i "s|%s/|$T/|g" "$T/b/config.json"
edit "$T/b" 'c["hooks"]["startContainer"] = [{"path": "/bin/sh", "args": ["sh", "-c", "cat /proc/self/attr/current >/tmp/hook"]}]'
status 1 runtime run -b "$T/b" "$ID"
says "$NAME (enforce)"
for f in createRuntime createContainer b/rootfs/tmp/hook; do
	check "$f was run unconfined" grep -qx unconfined "$T/$f"
done

# exec: the container's profile, another, none; also with a user namespace and without a /proc
edit "$T/b" 'c["process"]["args"] = ["sleep", "100"]; del c["hooks"]'
status 0 runtime run -d -b "$T/b" "$ID"
status 1 runtime exec "$ID" sh -c 'cat /proc/self/attr/current; echo x >/tmp/forbidden'
says "$NAME (enforce)"
status 0 runtime exec --apparmor unconfined "$ID" cat /proc/self/attr/current
says unconfined
status 1 runtime exec --apparmor kist-none "$ID" echo ran
complains "AppArmor profile 'kist-none' is not loaded"
status 0 runtime delete --force "$ID"
edit "$T/b" '
c["linux"]["namespaces"].append({"type": "user"})
ids = [{"containerID": 0, "hostID": 0, "size": 65536}]
c["linux"].pop("sysctl", None) # names groups that are not mapped
c["linux"].update(uidMappings=ids, gidMappings=ids)'
status 0 runtime run -d -b "$T/b" "$ID"
status 0 runtime exec "$ID" cat /proc/self/attr/current
says "$NAME (enforce)"
status 0 runtime delete --force "$ID"
edit "$T/b" '
del c["linux"]["uidMappings"], c["linux"]["gidMappings"]
c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "user"]
c["linux"].update(maskedPaths=[], readonlyPaths=[])
c["mounts"] = [m for m in c["mounts"] if m["destination"] != "/proc"]'
status 0 runtime run --pid-file "$T/pid" -d -b "$T/b" "$ID"
check 'without /proc' grep -qx "$NAME (enforce)" "/proc/$(cat "$T/pid")/attr/current"
status 0 runtime delete --force "$ID"
no_leftovers

# kist's own: asked for by default, loaded at first use, and what it protects
rm -rf --one-file-system "$T/b"
printf kist-default >/sys/kernel/security/apparmor/.remove 2>/dev/null
echo '{"cap_add": ["ALL"], "seccomp_unconfined": true, "systempaths_unconfined": true}' >"$T/options"
make_bundle "$T/b" --options "$T/options" sh /probe
grep -q '"apparmorProfile": "kist-default"' "$T/b/config.json" || fail 'no default profile is asked for'
cat >"$T/b/rootfs/probe" <<'END'
cat /proc/self/attr/current
mount -t tmpfs tmpfs /tmp && echo mounted
mount -o remount,rw /sys
mount -o remount,rw /proc/sys
for f in /proc/sysrq-trigger /proc/sys/kernel/hostname /proc/sys/vm/swappiness /proc/sys/kernel/core_pattern /proc/irq/0/x \
	/sys/kernel/mm/ksm/run /sys/power/state; do
	(: >$f) 2>/dev/null && echo "opened $f"
done
ls /sys/firmware /sys/kernel/security 2>/dev/null
echo own >/tmp/file && cat /tmp/file
sleep 100 &
kill $! && echo killed
echo 100 >/proc/self/oom_score_adj && echo adjusted
END
status 0 runtime run -b "$T/b" "$ID"
says 'kist-default (enforce)'
for what in own killed adjusted; do says $what; done
grep 'mounted\|opened' "$T/out" && fail 'the default profile forbids nothing'
edit "$T/b" 'c["process"]["args"] = ["sleep", "100"]'
status 0 runtime run -d --pid-file "$T/pid" -b "$T/b" "$ID"
status 0 runtime exec "$ID" cat /proc/self/attr/current
says 'kist-default (enforce)'
status 0 runtime kill "$ID" TERM
status 0 runtime delete --force "$ID"

# another version's profile of this name is replaced, and ours is not loaded again
marks() { sed -n 's,^\(kist-default//text-[^ ]*\) .*,\1,p' /sys/kernel/security/apparmor/profiles; }
ours=$(marks)
[ "$(echo "$ours" | grep -c .)" = 1 ] || fail "not one mark: $ours"
apparmor_parser --replace <<'END' || fail "another version's profile"
profile kist-default flags=(attach_disconnected,mediate_deleted) {
	file, capability, network, mount, signal, ptrace,
	profile text-0 { }
}
END
printf %s "$ours" >/sys/kernel/security/apparmor/.remove
edit "$T/b" 'c["process"]["args"] = ["sh", "/probe"]'
for round in replaced kept; do
	traced -f -o "$T/trace" -e trace=execve kist-runtime --root "$STATE" run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" ||
		fail "run over another version's profile"
	says 'kist-default (enforce)'
	grep 'mounted\|opened' "$T/out" && fail "another version's profile is in force"
	[ "$(marks)" = "$ours" ] || fail "the marks are: $(marks)"
	case $round in
	replaced) grep -q apparmor_parser "$T/trace" || fail 'the profile was not replaced' ;;
	kept) ! grep -q apparmor_parser "$T/trace" || fail 'the profile was loaded once more' ;;
	esac
done
for none in '{"apparmor_profile": "unconfined"}' '{"privileged": true}'; do
	echo "$none" >"$T/options"
	kist-spec config --options "$T/options" true >"$T/config.json" || fail "config $none"
	grep apparmorProfile "$T/config.json" && fail "$none has a profile"
done
printf kist-default >/sys/kernel/security/apparmor/.remove
