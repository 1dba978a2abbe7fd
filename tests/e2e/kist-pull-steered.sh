# SPDX-License-Identifier: Apache-2.0
# A server that leads on and on: pages, redirects, headers and interim answers have an end, and it is named.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

small_layout
soon() { # within TIMEOUT, with status 1
	started=$(date +%s)
	status 1 timeout -k 1 "$@"
	check 'soon enough' test $(($(date +%s) - started)) -lt "$1"
}
serve same pages=same
soon 20 kist-pull -q -a "$SERVER/app"
complains 'list of tags does not end'
check 'at the second page' test "$(asked "$LOG" tags/list)" = 2
serve new pages=new
soon 60 kist-pull -q -a "$SERVER/app"
complains 'list of tags does not end'
serve loop redirect_loop=1
soon 20 kist-pull -q "$SERVER/app:v1"
complains 'more than 5 redirects'
for in in line lines; do
	serve "headers-$in" headers=3000000 headers_in=$in
	soon 20 kist-pull -q "$SERVER/app:v1"
	complains 'headers are larger than 65536 bytes'
done
serve continues continues=1
soon 20 kist-pull -q "$SERVER/app:v1"
complains 'headers are larger than 65536 bytes'
nothing_left
