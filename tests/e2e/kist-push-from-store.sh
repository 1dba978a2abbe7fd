#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kist-push sends an image of the store: what is there is not sent, what is elsewhere in the registry is mounted.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need jq skopeo htpasswd
small_layout
serve source
origin=$SERVER
status 0 kist-pull -q "$origin/app:v1"
start_registry
target=$REGISTRY/team/copy:1
status 0 kist-store tag "$origin/app:v1" "$target"

status 0 kist-push "$target"
check 'each line is JSON' jq -e . out >/dev/null
says '"status":"uploading"'
check 'the last line is the descriptor' test "$(tail -n 1 out | jq -r .digest)" = "$MANIFEST"
status 0 skopeo copy -q --src-tls-verify=false "docker://$target" "oci:$T/back:v1"
check 'the layer came back' cmp "back/blobs/sha256/${LAYER#sha256:}" "$LAYOUT/blobs/sha256/${LAYER#sha256:}"

# again: nothing is sent
status 0 kist-push "$target"
grep -q uploading out && fail 'it was sent again'
says '"status":"exists"'
status 0 kist-push --progress plain "$target"
says "$REGISTRY/team/copy:1: pushing"
says ': is there'
says "$REGISTRY/team/copy:1: pushed, $MANIFEST"

# another repository of the same registry: mounted
status 0 kist-pull -q "$target"
status 0 kist-store tag "$target" "$REGISTRY/other:2"
status 0 kist-push "$REGISTRY/other:2"
grep -q uploading out && fail 'it was not mounted'
status 0 skopeo inspect --tls-verify=false "docker://$REGISTRY/other:2"

# who may not, and what is not there
status 3 kist-push "$REGISTRY/nothing:1"
complains "cannot push '$REGISTRY/nothing:1': there is no image '$REGISTRY/nothing:1'"
status 2 kist-push "$REGISTRY/team/copy@$MANIFEST"
status 0 kist-store tag "$target" 127.0.0.1:1/x:1
status 1 kist-push 127.0.0.1:1/x:1
complains 'Connection refused'

# Basic, as docker-registry does it
htpasswd -Bbc users alice secret 2>/dev/null
port=$(free_port)
cat >private.yml <<END
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $T/private}}
http: {addr: "127.0.0.1:$port"}
auth: {htpasswd: {realm: test, path: $T/users}}
END
docker-registry serve private.yml >/dev/null 2>&1 &
on_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
wait_for 10 curl -s "http://127.0.0.1:$port/v2/"
private=127.0.0.1:$port
status 0 kist-store tag "$target" "$private/app:1"
status 5 kist-push "$private/app:1"
complains 'authentication required'
echo wrong | status 5 kist-login -u alice --password-stdin "$private"
[ ! -e "$HOME/.docker/config.json" ] || fail 'wrong credentials were kept'
echo secret >password
status 0 kist-login -u alice --password-stdin "$private" <password
says 'Login Succeeded'
check 'readable by us alone' test "$(stat -c %a "$HOME/.docker/config.json")" = 600
status 0 kist-push "$private/app:1"
status 0 skopeo inspect --tls-verify=false --authfile "$HOME/.docker/config.json" "docker://$private/app:1"
status 0 kist-logout "$private"
says "Removing login credentials for $private"
status 5 kist-pull -q --root other "$private/app:1"
status 0 kist-logout "$private"
says "Not logged in to $private"
status 2 kist-login -u alice "$private" </dev/null
complains 'non TTY'
status 2 kist-login --password-stdin "$private" </dev/null
status 2 kist-login -u alice --password-stdin "$private" </dev/null
complains empty
status 2 kist-login -u alice -p x 'http:///nothing'

# other entries and settings of the file stay
printf '{"credHelpers":{"a.example":"x"},"auths":{"b.example":{"auth":"Yjpi"}},"psFormat":"table"}' >"$HOME/.docker/config.json"
status 0 kist-login -u alice --password-stdin "$private" <password
check 'the rest is as before' test "$(jq -c '[.credHelpers, .psFormat, .auths["b.example"].auth]' "$HOME/.docker/config.json")" = \
	'[{"a.example":"x"},"table","Yjpi"]'

# a login that goes through a token server; one elsewhere must not make it look checked
serve tokens auth=token
status 0 kist-login -u alice --password-stdin "$SERVER" <password
echo wrong >wrong
status 5 kist-login -u alice --password-stdin "$SERVER" <wrong
complains 'incorrect username or password'
elsewhere=$SERVER
serve lured host=127.0.0.2 auth=token realm="http://$elsewhere/token"
status 5 kist-login -u alice --password-stdin "$SERVER" <password
complains '--auth-host'

# tokens that run out, and an upload location elsewhere, which gets no credentials
serve token auth=token deny_anonymous=1 uses=5
printf '{"auths":{"%s":{"auth":"YWxpY2U6c2VjcmV0"}}}' "$SERVER" >auth.json
status 0 kist-store tag "$target" "$SERVER/new:1"
rm "$LAYOUT/blobs/sha256/${LAYER#sha256:}"
status 0 kist-push -q --authfile auth.json "$SERVER/new:1"
check 'it asks for pull and push' grep -q 'scope=repository%3Anew%3Apull%2Cpush' "$LOG"
# the image came from another repository of this server once: that is asked for, too
rm -f "$LAYOUT/blobs/sha256/${LAYER#sha256:}"
cp "$KIST_ROOT/images/blobs/sha256/${LAYER#sha256:}" "$LAYOUT/blobs/sha256/"
status 0 kist-pull -q --authfile auth.json "$SERVER/new:1"
rm "$LAYOUT/blobs/sha256/${LAYER#sha256:}"
status 0 kist-store tag "$SERVER/new:1" "$SERVER/third:1"
status 0 kist-push -q --authfile auth.json "$SERVER/third:1"
check 'a mount was tried' grep -q 'mount=sha256%3A.*&from=new' "$LOG"
check 'with a token for both' grep -q 'scope=repository%3Athird%3Apull%2Cpush&scope=repository%3Anew%3Apull' "$LOG"
check 'the layer arrived' cmp "$LAYOUT/blobs/sha256/${LAYER#sha256:}" "$KIST_ROOT/images/blobs/sha256/${LAYER#sha256:}"
serve storage host=127.0.0.2
storage=$SERVER storage_log=$LOG
serve split auth=basic location="http://$storage"
printf '{"auths":{"%s":{"auth":"YWxpY2U6c2VjcmV0"}}}' "$SERVER" >auth.json
status 0 kist-store tag "$target" "$SERVER/new:1"
rm "$LAYOUT/blobs/sha256/${LAYER#sha256:}"
kist-push -q --authfile auth.json "$SERVER/new:1" >/dev/null 2>&1
check 'the upload went there' test "$(asked "$storage_log" '"method": "PUT"')" -ge 1
check 'without credentials' test "$(grep -c '"authorization": ""' "$storage_log")" = "$(wc -l <"$storage_log")"

at_most 16384 kist-push -q "$target"
