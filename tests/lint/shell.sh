# SPDX-License-Identifier: Apache-2.0
# Every shell script passes shellcheck.
command -v shellcheck >/dev/null || { echo "SKIP: shellcheck is not installed"; exit 77; }
cd "${KIST_SOURCE:-.}" || exit 99
# SC1091: lib.sh is found at run time; SC2154: its variables; SC2034: what only lib.sh reads
find bootstrap .ci/run tests -type f \( -name '*.sh' -o -name bootstrap -o -name run -o -name summary -o -name analyze -o -name debian-root \) \
	-exec shellcheck -s sh -e SC1091,SC2154,SC2034,SC2317,SC2013,SC2011,SC3045,SC2016 {} +
