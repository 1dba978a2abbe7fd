# SPDX-License-Identifier: Apache-2.0
# docs/security.md says which test proves what: each that it names is there and is run, each case is one row, and the
# cases that a test speaks of are in the table with it.
cd "${KIST_SOURCE:-.}" || exit 99
bad=0
table=$(sed -n '/^| case |/,/^$/p' docs/security.md)
[ -n "$table" ] || { echo "docs/security.md has no table of cases"; exit 1; }

# the last column: names of tests/e2e, or paths
for test in $(echo "$table" | tail -n +3 | sed 's/ *|$//; s/.*| *//; s/,//g'); do
	case $test in
	*/*) file=$test ;;
	*) file=tests/e2e/$test.sh ;;
	esac
	[ -f "$file" ] || { echo "docs/security.md names $test, which is not there"; bad=1; }
	grep -qF "$file" tests/*.mk || { echo "docs/security.md names $test, which is not run"; bad=1; }
done
twice=$(echo "$table" | grep -oE '^\| [A-Z][0-9]{2} ' | sort | uniq -d)
[ -z "$twice" ] || { echo "docs/security.md has twice: $twice"; bad=1; }
# what a test says in its first lines
for file in tests/e2e/*.sh; do
	name=$(basename "$file" .sh)
	for case in $(sed -n '2,5s/^#//p' "$file" | grep -oE '\b[RPUNM][0-9]{2}\b'); do
		echo "$table" | grep "^| $case " | grep -qE "[ |]$name( |,|\$)" || {
			echo "$file speaks of $case, the table in docs/security.md does not name it there"
			bad=1
		}
	done
done
exit $bad
