# SPDX-License-Identifier: Apache-2.0
# kist pull and push say what docker says, in lines, on a terminal and from the script of --plan;
# kist run pulls with docker's words on stderr.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need script
small_layout
serve plain
short=$(printf %.12s "${LAYER#sha256:}")
canonical=$SERVER/app:v1

status 0 kist pull "$SERVER/app:v1"
cat >want <<END
v1: Pulling from app
$short: Pulling fs layer
$short: Download complete
$short: Pull complete
Digest: $MANIFEST
Status: Downloaded newer image for $SERVER/app:v1
$canonical
END
check 'the lines of a pull' cmp want out
status 0 kist pull "$SERVER/app:v1"
cat >want <<END
v1: Pulling from app
$short: Already exists
Digest: $MANIFEST
Status: Image is up to date for $SERVER/app:v1
$canonical
END
check 'the lines of one that is there' cmp want out
check 'a name that leads where it led is only asked for' \
	test "$(grep -c '"GET", "path": "/v2/app/manifests' "$LOG")" = 1
status 0 kist --plan pull "$SERVER/app:v1"
cp out script
status 0 sh script
check 'the script says the same' cmp want out
status 0 kist pull -q "$SERVER/app:v1"
check 'quiet is the name' test "$(cat out)" = "$canonical"
status 0 kist pull -o - "$SERVER/app:v1"
check 'an archive is alone on stdout' tar tf out
status 0 kist pull --progress json "$SERVER/app:v1"
says '"status":"pulled"'

# what cannot be had, by the verb and by its script
refused() { # SENTENCE WORDS...
	sentence=$1
	shift
	status 1 kist "$@"
	check 'nothing is on stdout but how it began' test "$(grep -vc 'Pulling from\|refers to' out)" = 0
	check "docker's sentence: $sentence" grep -qF "kist: $sentence" err
	check 'once' test "$(wc -l <err)" = 1
	kist --plan "$@" >script || fail "--plan $*"
	cp err err.own
	status 1 sh script
	check 'the script says why, too' cmp err.own err
}
refused "manifest for $SERVER/app:nope not found: manifest unknown" pull "$SERVER/app:nope"
refused "image with reference $SERVER/app:v1 was found but does not match the specified platform: wanted linux/s390x" \
	pull --platform linux/s390x "$SERVER/app:v1"
refused "An image does not exist locally with the tag: $SERVER/nothing" push "$SERVER/nothing:1"
refused 'Get "http' pull 127.0.0.1:1/app
status 125 kist pull --nosuch-flag x
kist --plan pull --nosuch-flag x >script || fail '--plan'
status 125 sh script

status 0 kist tag "$SERVER/app:v1" "$SERVER/copy:1"
status 0 kist push "$SERVER/copy:1"
says "The push refers to repository [$SERVER/copy]"
says "$short: Layer already exists"
says "1: digest: $MANIFEST size: "
check 'a line for each layer, and none for the config' test "$(grep -c 'Layer already exists' out)" = 1
# it is known there now; removing says so
status 0 kist images --digests --format '{{.Repository}} {{.Digest}}'
says "$SERVER/copy $MANIFEST"
status 0 kist inspect -f '{{json .RepoDigests}}' "$SERVER/copy:1"
says "$SERVER/copy@$MANIFEST"
status 1 kist pull "$SERVER/copy"
says 'Using default tag: latest'

# an image is as large as its layers are, however it came
size=$(kist images --format '{{.Size}}' "$SERVER/app:v1")
kist save "$SERVER/app:v1" | kist --root loaded load >/dev/null || fail 'save and load'
check 'the same size' test "$(kist --root loaded images --format '{{.Size}}')" = "$size"

# run: on stderr, and nothing when quiet
status 127 kist run --rm --net none --pull always "$SERVER/app:v1" true
check 'the pull is not on stdout' test ! -s out
complains 'v1: Pulling from app'
complains "Status: Image is up to date for $SERVER/app:v1"
kist run -q --rm --net none --pull always "$SERVER/app:v1" true >out 2>err
grep -q 'Pulling\|Status' err && fail 'a quiet run tells its pull'
status 0 kist rmi -f "$SERVER/app:v1" "$SERVER/copy:1"
says "Untagged: $SERVER/copy:1"
says "Untagged: $SERVER/copy@$MANIFEST"
says 'Deleted: sha256:'
kist run --rm --net none "$SERVER/app:v1" true >out 2>err
complains "Unable to find image '$SERVER/app:v1' locally"
complains "Status: Downloaded newer image for $SERVER/app:v1"
status 125 kist run --rm --net none "$SERVER/app:nope" true
complains "kist: manifest for $SERVER/app:nope not found: manifest unknown"

# who may not
serve basic auth=basic
refused "pull access denied for $SERVER/app, repository does not exist or may require 'kist login': unauthorized: authentication required" \
	pull "$SERVER/app:v1"

# on a terminal a bar for each layer
serve slow pace=0.1
script -qec "stty cols 80; kist --root other pull $SERVER/app:v1" /dev/null </dev/null >out 2>&1 || fail 'on a terminal'
says 'v1: Pulling from app'
says "$short: Downloading ["
says "$short: Pull complete"
says "Status: Downloaded newer image for $SERVER/app:v1"
exit 0
