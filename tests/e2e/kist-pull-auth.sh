#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Credentials: Basic and tokens, from every place they can be in, and never to anybody but the registry (P10).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

small_layout
basic='Basic YWxpY2U6c2VjcmV0'
auth_file() { printf '{"auths":{"%s":{"auth":"YWxpY2U6c2VjcmV0"}}}' "$1"; }
pull() { rm -rf "$KIST_ROOT" && kist-pull -q "$@"; }

# Basic
serve basic auth=basic
status 5 pull "$SERVER/app:v1"
complains 'unauthorized: authentication required'
complains "kist-login $SERVER"
mkdir -p "$HOME/.docker" "$T/config" "$T/xdg/containers"
auth_file "$SERVER" >"$HOME/.docker/config.json"
status 0 pull "$SERVER/app:v1"
mv "$HOME/.docker/config.json" config/config.json
status 0 env DOCKER_CONFIG="$T/config" kist-pull -q --root a "$SERVER/app:v1"
cp config/config.json xdg/containers/auth.json
status 0 env XDG_RUNTIME_DIR="$T/xdg" kist-pull -q --root b "$SERVER/app:v1"
status 0 env REGISTRY_AUTH_FILE="$T/config/config.json" kist-pull -q --root c "$SERVER/app:v1"
status 0 kist-pull -q --root d --authfile config/config.json "$SERVER/app:v1"
status 0 sh -c "echo secret | kist-pull -q --root e -u alice --password-stdin $SERVER/app:v1"
status 0 kist-pull -q --root f --creds alice:secret "$SERVER/app:v1"
status 5 kist-pull -q --root g --creds alice:wrong "$SERVER/app:v1"
status 3 kist-pull -q --authfile nosuch.json "$SERVER/app:v1"
complains nosuch.json
echo '{"auths":{"'"$SERVER"'":{"auth":"%%%"}}}' >bad.json
status 1 kist-pull -q --authfile bad.json "$SERVER/app:v1"
complains 'not base64'
echo '{"credsStore":"desktop"}' >helper.json
status 5 kist-pull -q --root h --authfile helper.json "$SERVER/app:v1"
complains "credential helper 'desktop'"
status 2 kist-pull --username alice "$SERVER/app:v1"

# tokens: anonymous, then of a user; one that ran out is fetched again
serve token auth=token
status 0 pull "$SERVER/app:v1"
check 'one token is enough' test "$(asked "$LOG" '/token?')" = 1
check 'it names the scope' grep -q 'scope=repository%3Aapp%3Apull' "$LOG"
check 'and the service' grep -q 'service=test%20registry' "$LOG"
serve user auth=token deny_anonymous=1
status 5 pull "$SERVER/app:v1"
complains 'incorrect username or password'
auth_file "$SERVER" >auth.json
status 0 pull --authfile auth.json "$SERVER/app:v1"
check 'only the token server sees the password' \
	test "$(grep -F "$basic" "$LOG" | grep -cv /token)" = 0
printf '{"auths":{"%s":{"identitytoken":"lasting"}}}' "$SERVER" >auth.json
status 0 pull --authfile auth.json "$SERVER/app:v1"
check 'an identity token is exchanged' grep -q '"method": "POST", "path": "/token"' "$LOG"
printf '{"auths":{"%s":{"identitytoken":"gone"}}}' "$SERVER" >auth.json
status 5 pull --authfile auth.json "$SERVER/app:v1"
complains 'no such refresh token'
serve short auth=token uses=1
status 0 pull "$SERVER/app:v1"
check 'tokens are renewed' test "$(asked "$LOG" '/token?')" -ge 3

# a realm elsewhere does not get the credentials, unless it is allowed
serve thief host=127.0.0.2 auth=token
thief=$SERVER thief_log=$LOG
serve lured auth=token realm="http://$thief/token"
auth_file "$SERVER" >auth.json
kist-pull -q --root lured --authfile auth.json "$SERVER/app:v1" >/dev/null 2>err
check 'the realm was asked' test "$(asked "$thief_log" /token)" -ge 1
check 'without the credentials' test "$(asked "$thief_log" "$basic")" = 0
serve denied host=127.0.0.2 auth=token deny_anonymous=1
thief=$SERVER thief_log=$LOG
serve lured2 auth=token realm="http://$thief/token"
auth_file "$SERVER" >auth.json
status 5 kist-pull -q --root lured --authfile auth.json "$SERVER/app:v1"
complains "--auth-host $thief"
check 'still without' test "$(asked "$thief_log" "$basic")" = 0
kist-pull -q --root lured --authfile auth.json --auth-host "$thief" "$SERVER/app:v1" >/dev/null 2>&1
check 'allowed by name' test "$(asked "$thief_log" "$basic")" -ge 1

# a redirect to another host, or another port, takes no credentials along
for host in 127.0.0.2 127.0.0.1; do
	serve "cdn$host" "host=$host"
	cdn=$SERVER cdn_log=$LOG
	for kind in basic token; do
		serve "origin$host$kind" auth=$kind redirect="http://$cdn"
		auth_file "$SERVER" >auth.json
		status 0 pull --authfile auth.json "$SERVER/app:v1"
		check 'the blob came from there' test "$(asked "$cdn_log" "$LAYER")" -ge 1
		check 'which saw no credentials' test "$(grep -c '"authorization": ""' "$cdn_log")" = "$(wc -l <"$cdn_log")"
		check 'the origin did' test "$(asked "$LOG" '"authorization": "B')" -ge 2
	done
done

# the addresses that a descriptor names are nobody's to ask
serve elsewhere host=127.0.0.2
elsewhere=$SERVER elsewhere_log=$LOG
python3 - "$LAYOUT/blobs/sha256/${MANIFEST#sha256:}" "http://$elsewhere/layer" >foreign.json <<'END'
import json, sys
m = json.load(open(sys.argv[1]))
for layer in m["layers"]:
    layer["urls"] = [sys.argv[2]]
    layer["mediaType"] = layer["mediaType"].replace(".layer.", ".layer.nondistributable.")
print(json.dumps(m))
END
serve foreign manifest=foreign.json
kist-pull -q --root foreign "$SERVER/app:v1" >/dev/null 2>err
check 'an address in a descriptor is not asked' test ! -s "$elsewhere_log"
check 'the registry was' test "$(asked "$LOG" /manifests/)" -ge 1

# not in circles, and not to where plain HTTP may not be spoken
serve circle redirect_loop=1
status 1 pull "$SERVER/app:v1"
complains 'redirects'
nothing_left
serve away redirect=http://192.0.2.1
status 1 pull "$SERVER/app:v1"
complains 'not an https address'
nothing_left
