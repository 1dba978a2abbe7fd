# SPDX-License-Identifier: Apache-2.0
# U07: what kist-layer unpack can still do once it reads a layer.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need mkfifo
mkdir "$T/d"
echo x >"$T/file"
tar -C "$T" -cf "$T/layer.tar" file

# hold the worker in the middle of its input, with a descriptor of ours leaked to it
mkfifo "$T/in"
kist-layer unpack --whiteouts=apply "$T/d" <"$T/in" >"$T/out" 2>"$T/err" 9</ &
worker=$!
exec 8>"$T/in"
head -c 1536 "$T/layer.tar" >&8
wait_for 5 test -e "$T/d/file"
status_of() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$worker/status"; }
# CHOWN, DAC_OVERRIDE, FOWNER, FSETID, MKNOD, SETFCAP
check 'only the needed capabilities' test "$(status_of CapEff)" = 000000008800001b
check 'no others permitted' test "$(status_of CapPrm)" = 000000008800001b
check 'none to inherit' test "$(status_of CapInh)$(status_of CapAmb)" = 00000000000000000000000000000000
check 'no_new_privs' test "$(status_of NoNewPrivs)" = 1
check 'a system call filter' test "$(status_of Seccomp)" = 2
for thread in /proc/"$worker"/task/*; do
	check 'in every thread' grep -q '^Seccomp:.*2' "$thread/status"
	check 'capabilities of every thread' grep -q '^CapEff:.*000000008800001b' "$thread/status"
done
check 'one mount is all there is' test "$(wc -l <"/proc/$worker/mountinfo")" = 1
check 'without devices, programs and set-id' grep -q 'nosuid,nodev,noexec' "/proc/$worker/mountinfo"
for ns in mnt net ipc uts; do
	check "own $ns namespace" test "$(readlink /proc/self/ns/$ns)" != "$(readlink "/proc/$worker/ns/$ns")"
done
check 'the leaked descriptor is closed' test ! -e "/proc/$worker/fd/9"
tail -c +1537 "$T/layer.tar" >&8
exec 8>&-
wait "$worker" || fail 'unpacking failed'
check 'the result came' grep -q '"entries":1' "$T/out"

# without root, an attacker who has taken the worker over (with root: confined-programs.sh)
setpriv --reuid 65534 --regid 65534 --clear-groups true 2>/dev/null || exit 0
mkdir "$T/prison"
echo x >"$T/prison/file"
chmod 755 "$T"
chown 65534 "$T/prison" "$T/prison/file"
cp "$KIST_BUILD/tests/e2e/prisoner" "$T/prisoner"
for attempt in $("$T/prisoner"); do
	setpriv --reuid 65534 --regid 65534 --clear-groups "$T/prisoner" 'kist-layer unpack' "$T/prison" "$T" "$attempt" 9</ \
		2>"$T/err" && echo "$attempt"
	[ ! -s "$T/err" ] || fail 'no confinement without root'
done >"$T/out"
check 'nothing got out without root' test "$(cat "$T/out")" = 'read-inside
write-inside'
