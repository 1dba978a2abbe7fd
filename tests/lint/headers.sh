# SPDX-License-Identifier: Apache-2.0
# Every header compiles alone.
cd "${KIST_SOURCE:-.}" || exit 99
bad=0
# shellcheck disable=SC2044
for header in $(find lib spec store runtime netsetup puller builder engine -name '*.h'); do
	[ -f "$header" ] || continue
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -I. -I"${KIST_BUILD:-.}" -fsyntax-only -Wall -Wextra -x c "$header" \
		-Wno-pragma-once-outside-header || bad=1
done
exit $bad
