# SPDX-License-Identifier: Apache-2.0
# AF_ALG and AF_VSOCK cannot be reached by the 32-bit socketcall(2) either, whose arguments no filter
# sees (R14); an image of 32 bits, and a policy that says so, has that call.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

[ "$("$KIST_BUILD/tests/e2e/old_calls")" != none ] || skip "no 32-bit system calls on this processor"
make_bundle "$T/b" /old_calls
cp "$KIST_BUILD/tests/e2e/old_calls" "$T/b/rootfs/old_calls"
new_id
status 0 runtime run -b "$T/b" "$ID"
for n in 1 2 16 38 40; do
	grep -qx "socketcall $n fails with 1" "$T/out" || fail "socketcall reaches family $n"
done
for n in 1 2 16; do
	grep -qx "socket $n" "$T/out" || fail "family $n is not there for 32-bit programs"
done
for n in 38 40; do
	grep -qx "socket $n fails with 1" "$T/out" || fail "socket reaches family $n"
done
# the kept filter is the same
status 0 runtime run -b "$T/b" "$ID"
grep -qx "socketcall 40 fails with 1" "$T/out" || fail "the kept filter lets family 40 through"

# what other engines write into their policies is theirs to say
edit "$T/b" 'c["linux"]["seccomp"]["syscalls"].append({"names": ["socketcall"], "action": "SCMP_ACT_ALLOW"})'
status 0 runtime run -b "$T/b" "$ID"
grep -qx "socketcall 2" "$T/out" || fail "a policy with socketcall has none"

# kist's default policy names it for images of 32 bits alone
need jq
image() { echo "{\"architecture\":\"$1\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"sh\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}" >"$T/image.json"; }
for architecture in 386 amd64; do
	image $architecture
	kist-spec config --image-config "$T/image.json" >"$T/$architecture.json" || fail "config for $architecture"
done
named='[.linux.seccomp.syscalls[].names[] | select(. == "socketcall")] | length'
[ "$(jq "$named" "$T/386.json")" = 1 ] || fail "an image of 32 bits has no socketcall"
[ "$(jq "$named" "$T/amd64.json")" = 0 ] || fail "an image of 64 bits has socketcall"
