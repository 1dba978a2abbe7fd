# SPDX-License-Identifier: Apache-2.0
# gcc's static analyzer understands the cleanup attribute; clang's does not.
cd "${KIST_SOURCE:-.}" || exit 99
command -v gcc >/dev/null || { echo "SKIP: gcc is not installed"; exit 77; }
find lib spec store runtime netsetup puller builder engine -name "*.c" -print0 |
	xargs -0 -P2 -n1 gcc -std=gnu11 -D_GNU_SOURCE -I. -I"${KIST_BUILD:-.}" -DKIST_VERSION='""' \
		-DKIST_BINDIR='""' -DKIST_LIBEXECDIR='""' -O1 -fanalyzer -Werror -c -o /dev/null
