# SPDX-License-Identifier: Apache-2.0
# A kernel without a call that kist-runtime is built on: an error that says so, never a way around that is less safe,
# and nothing is left.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"
need strace
traced -o trace -e trace=all true 2>/dev/null || skip 'strace cannot trace here'

make_bundle "$T/b" echo ran
new_id
for call in openat2 clone3 close_range open_tree move_mount mount_setattr fsopen fsconfig fsmount; do
	status 1 traced -f -o trace -e "trace=$call" -e "inject=$call:error=ENOSYS" \
		kist-runtime --root "$STATE" run -b "$T/b" "$ID" </dev/null
	complains 'Function not implemented'
	[ ! -s "$T/out" ] || fail "without $call it was started"
	no_leftovers
done
status 0 runtime run -b "$T/b" "$ID"
says ran
