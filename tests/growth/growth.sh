# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Read by the tests of growth: . "$KIST_SOURCE/tests/growth/growth.sh"
#
#   grows PROGRAM CASE N    PROGRAM CASE 2*N takes at most 2.5 times the instructions of PROGRAM CASE N,
#                           what PROGRAM CASE 0 takes put aside. Says so when it does not, and sets
#                           $grown, the exit status of the test, to 1.
# shellcheck disable=SC2034

command -v valgrind >/dev/null || {
	echo "SKIP: valgrind is not installed"
	exit 77
}
growth_dir=$(mktemp -d "${TMPDIR:-/tmp}/kist-growth-XXXXXX") || exit 99
trap 'rm -rf "$growth_dir"' EXIT
cd "$growth_dir" || exit 99
grown=0

instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" >out 2>err || return 1
	sed -n 's/.*Collected : \([0-9]*\).*/\1/p' err
	find . -mindepth 1 -maxdepth 1 -type d -exec rm -rf {} +
}

grows() {
	! grep -q __asan_init "$1" || {
		echo "SKIP: valgrind cannot run a sanitized program"
		exit 77
	}
	if ! base=$(instructions "$1" "$2" 0) || ! once=$(instructions "$1" "$2" "$3") ||
		! twice=$(instructions "$1" "$2" $(($3 * 2))); then
		echo "FAIL: $2 could not be counted:"
		cat err
		grown=1
		return
	fi
	once=$((once - base)) twice=$((twice - base))
	# an input that costs as good as nothing says nothing
	if [ $once -lt 200000 ] || [ $((twice * 2)) -gt $((once * 5)) ]; then
		echo "FAIL: $2: $once instructions for $3, $twice for twice as many"
		grown=1
	else
		echo "$2: $once, $twice"
	fi
}
