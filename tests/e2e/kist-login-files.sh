#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kist-login and kist-logout change an auth file, and nothing that is none; what goes wrong leaves no lock.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

small_layout
serve reg
nothing_beside() {
	check 'no lock is left' test "$(find . -maxdepth 1 -name '.*lock' -o -maxdepth 1 -name '.tmp-*')" = ''
}
for text in '[[]]' '[]' 'null' '7' '{"auths":[1]}' '{"auths":' ''; do
	printf '%s' "$text" >auth.json
	cp auth.json before
	status 1 kist-logout --authfile auth.json "$SERVER"
	complains "cannot change '$T/auth.json'"
	echo secret | status 1 kist-login --authfile auth.json -u me --password-stdin "$SERVER"
	check 'the file is as it was' cmp auth.json before
	nothing_beside
done

# a link stays one
printf '{"psFormat":"x"}' >real.json
ln -sf real.json link.json
echo secret | status 0 kist-login --authfile link.json -u me --password-stdin "$SERVER"
check 'the link stays' test -L link.json
check 'the rest stays' test "$(jq -r .psFormat real.json)" = x
check 'the registry is there' test "$(jq -r ".auths[\"$SERVER\"].auth | @base64d" real.json)" = me:secret
status 0 kist-logout --authfile link.json "$SERVER"
check 'the registry is gone' test "$(jq '.auths | length' real.json)" = 0
status 1 kist-logout --authfile /dev/null "$SERVER"
check 'a device stays one' test -c /dev/null
nothing_beside

# passwords on the command line are warned of
status 0 kist-login --authfile real.json -u me -p secret "$SERVER"
complains 'Use --password-stdin'
status 0 kist-pull -q --creds me:secret -o layout.tar "$SERVER/app:v1"
complains 'use --username and --password-stdin'
