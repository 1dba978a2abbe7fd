# SPDX-License-Identifier: Apache-2.0
# Every header compiles alone.
cd "${KIST_SOURCE:-.}" || exit 99
bad=0
for header in lib/*.h spec/*.h store/*.h runtime/*.h netsetup/*.h puller/*.h builder/*.h engine/*.h; do
	[ -f "$header" ] || continue
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -I. -I"${KIST_BUILD:-.}" -fsyntax-only -Wall -Wextra -x c "$header" \
		-Wno-pragma-once-outside-header || bad=1
done
exit $bad
