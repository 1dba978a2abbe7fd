# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Read by the tests of kist-runtime, after lib.sh:
#
#   make_bundle DIR [KIST-SPEC-CONFIG-ARGUMENT...]   a bundle with a busybox root
#   edit DIR PYTHON            change its config.json: the document is "c"
#   runtime ...                kist-runtime with this test's state directory
#   new_id                     sets $ID, an id that no other test uses (cgroups are the machine's)
#   matches WHAT REGEX...      the last "status" wrote lines that match each of them
#   no_leftovers               no record and no cgroup of $ID is left

: "${T:?}" # lib.sh came first

STATE=$T/state

runtime() { kist-runtime --root "$STATE" "$@"; }

new_id() {
	ID=test-$$-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
	on_exit "kist-runtime --root '$STATE' delete --force '$ID'"
}

make_bundle() {
	bundle=$1
	shift
	busybox_root "$bundle/rootfs"
	kist-spec config "$@" >"$bundle/config.json" || fail "kist-spec config $*"
}

edit() {
	python3 - "$1/config.json" "$2" <<-'END' || fail "edit $2"
		import json, sys
		c = json.load(open(sys.argv[1]))
		exec(sys.argv[2])
		json.dump(c, open(sys.argv[1], "w"))
	END
}

no_leftovers() {
	[ ! -e "$STATE/$ID" ] || fail "the record of $ID is left"
	for d in /sys/fs/cgroup/"$ID" /sys/fs/cgroup/*/"$ID"; do
		[ ! -e "$d" ] || fail "cgroup $d is left"
	done
}

matches() {
	what=$1
	shift
	for regex; do
		grep -q -- "$regex" "$T/out" || fail "$what: no line matches $regex"
	done
}
