# SPDX-License-Identifier: Apache-2.0
# R06: a container that executes /proc/self/exe never gets a descriptor that can write kist-runtime.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"
need sha256sum

make_bundle "$T/b" sleep 100
new_id
program=$(command -v kist-runtime)
before=$(sha256sum <"$program")

# the script's interpreter is the runtime itself
printf '#!/proc/self/exe\n' >"$T/b/rootfs/bin/evil"
chmod +x "$T/b/rootfs/bin/evil"
cat >"$T/b/rootfs/bin/attack" <<'END'
#!/bin/sh
# hold every other process's executable, and try to write it while it lives and when it is gone
while :; do
	for p in /proc/[0-9]*; do
		[ "$p" = /proc/$$ ] && continue
		( exec 5<"$p/exe" && for i in 1 2 3 4 5 6 7 8; do
			( : >>/proc/self/fd/5 ) 2>/tmp/why && echo "WROTE $(readlink "$p/exe")" >>/tmp/wrote; done ) 2>/dev/null
	done
done
END
chmod +x "$T/b/rootfs/bin/attack"
edit "$T/b" 'c["process"]["args"] = ["attack"]'
runtime run -d -b "$T/b" "$ID" >"$T/out" 2>"$T/err" </dev/null || fail "start"
for _ in $(seq 34); do
	runtime exec "$ID" /proc/self/exe --version >/dev/null 2>&1
	runtime exec "$ID" evil >/dev/null 2>&1
	runtime exec "$ID" true >/dev/null 2>&1
done
runtime delete --force "$ID"
[ "$(sha256sum <"$program")" = "$before" ] || fail "R06: the runtime was changed"
if [ -e "$T/b/rootfs/tmp/wrote" ]; then
	grep -v busybox "$T/b/rootfs/tmp/wrote" && fail "R06: a descriptor for writing was had"
fi
# and as the first process
edit "$T/b" 'c["process"]["args"] = ["/proc/self/exe", "--version"]'
runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" </dev/null
edit "$T/b" 'c["process"]["args"] = ["sh", "-c", "exec /bin/evil"]'
runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" </dev/null
[ "$(sha256sum <"$program")" = "$before" ] || fail "R06: the runtime was changed"
no_leftovers
