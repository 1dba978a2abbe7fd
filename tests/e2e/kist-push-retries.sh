# SPDX-License-Identifier: Apache-2.0
# Uploads to a server that is busy for a moment: begun again from the store, and from a stream where nothing was given away.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

small_layout
serve source
status 0 kist-pull -q "$SERVER/app:v1"
source=$SERVER
# the target begins empty
mkdir -p empty/blobs/sha256
echo '{"imageLayoutVersion":"1.0.0"}' >empty/oci-layout
for kind in post put blobs; do
	for code in 429 503; do
		rm -rf target
		cp -r empty target
		echo '{"schemaVersion":2,"manifests":[]}' >target/index.json
		LAYOUT=$T/target
		serve "target-$kind-$code" busy=$code busy_for=$kind busy_times=2 retry_after=1
		status 0 kist-store tag "$source/app:v1" "$SERVER/copy:1"
		status 0 kist-push "$SERVER/copy:1"
		check "a $code for $kind" test "$(asked "$LOG" "\"status\": $code")" = 2
		check 'the layer is there' test -s "target/blobs/sha256/${LAYER#sha256:}"
		check 'the manifest is there' test -s "target/blobs/sha256/${MANIFEST#sha256:}"
	done
done
serve dead busy=502 busy_for=put
status 0 kist-store tag "$source/app:v1" "$SERVER/other:1"
rm -f "target/blobs/sha256/"*
status 1 kist-push "$SERVER/other:1"
complains 'HTTP status 502'
check 'not for ever' test "$(asked "$LOG" '"status": 502')" -le 15
