# SPDX-License-Identifier: Apache-2.0
command -v cppcheck >/dev/null || { echo "SKIP: cppcheck is not installed"; exit 77; }
cd "${KIST_SOURCE:-.}" || exit 99
dirs=
for room in lib spec store runtime netsetup puller builder engine; do
	[ -z "$(ls "$room"/*.c "$room"/*/*.c 2>/dev/null)" ] || dirs="$dirs $room"
done
# The cleanup attribute is beyond cppcheck: it sees leaks where there are none. varFuncNullUB is about
# C libraries whose NULL is a plain 0; Linux has none.
# shellcheck disable=SC2086
exec cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability -I. -D_GNU_SOURCE \
	-DKIST_VERSION='""' -DKIST_BINDIR='""' -DKIST_LIBEXECDIR='""' -D"__$(uname -m)__" \
	--suppress=memleak --suppress=resourceLeak --suppress=missingIncludeSystem \
	--suppress=unknownMacro --suppress=varFuncNullUB --inline-suppr -j2 $dirs
