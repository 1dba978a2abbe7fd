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

# more layers than can be mounted: not fetched at all
mkdir -p deep/blobs/sha256
python3 - deep 501 <<'END' || fail 'a deep image'
import hashlib, json, sys
top, count = sys.argv[1], int(sys.argv[2])
def put(data, kind):
    digest = hashlib.sha256(data).hexdigest()
    open(f"{top}/blobs/sha256/{digest}", "wb").write(data)
    return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(data)}
layers = [put(b"\0" * 1024 * (n + 2), "layer.v1.tar") for n in range(count)]
config = put(json.dumps({"os": "linux", "architecture": "amd64", "rootfs": {
    "type": "layers", "diff_ids": [layer["digest"] for layer in layers]}}).encode(), "config.v1+json")
manifest = put(json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                           "config": config, "layers": layers}).encode(), "manifest.v1+json")
manifest["annotations"] = {"org.opencontainers.image.ref.name": "v1"}
json.dump({"schemaVersion": 2, "manifests": [manifest]}, open(f"{top}/index.json", "w"))
open(f"{top}/oci-layout", "w").write('{"imageLayoutVersion":"1.0.0"}')
END
LAYOUT=$T/deep
serve deep
status 1 kist-pull -q "$SERVER/app:v1"
complains 'the image has 501 layers, and overlayfs takes at most 500'
nothing_left
tar -C deep -cf deep.tar .
status 1 kist-store load -i deep.tar
complains 'the image has 501 layers, and overlayfs takes at most 500'
