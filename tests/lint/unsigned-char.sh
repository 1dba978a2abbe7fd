# SPDX-License-Identifier: Apache-2.0
# char is unsigned on arm, powerpc and s390x: the unit tests and the corpora pass with it, too.
: "${KIST_SOURCE:?}" "${KIST_BUILD:?}"
dir=$KIST_BUILD/unsigned-char
mkdir -p "$dir"
cd "$dir" || exit 99
[ -f Makefile ] || "$KIST_SOURCE/configure" -q --disable-e2e \
	CFLAGS='-O1 -funsigned-char -Werror=char-subscripts -Werror=type-limits' || exit 1
make -s ARFLAGS=cr check TESTS= >/dev/null || exit 1
bad=0
for test in tests/unit/* tests/fuzz/*; do
	[ -f "$test" ] || continue
	[ -x "$test" ] || continue
	"$test" >"$dir/log" 2>&1 || {
		echo "$test with unsigned char:"
		cat "$dir/log"
		bad=1
	}
done
exit $bad
