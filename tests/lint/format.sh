# SPDX-License-Identifier: Apache-2.0
# clang-format agrees with every C file.
command -v clang-format >/dev/null || { echo "SKIP: clang-format is not installed"; exit 77; }
cd "${KIST_SOURCE:-.}" || exit 99
files=$(find lib spec store runtime netsetup puller builder engine tests -name '*.[ch]' ! -path '*/corpus/*')
# shellcheck disable=SC2086
clang-format --dry-run --Werror $files 2>"${TMPDIR:-/tmp}/kist-format.$$"
status=$?
grep -E 'error:' "${TMPDIR:-/tmp}/kist-format.$$" | cut -d: -f1 | sort | uniq -c
rm -f "${TMPDIR:-/tmp}/kist-format.$$"
exit $status
