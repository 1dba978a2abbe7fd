# SPDX-License-Identifier: Apache-2.0
# Registry to registry without a temporary file, with the same memory at 10 MB and at 1 GB.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need openssl skopeo jq
start_registry
first=$REGISTRY
start_registry
second=$REGISTRY

# An image of one uncompressed layer with MEGABYTES of bytes that do not compress.
made_image() {
	layout=$T/made
	rm -rf "$layout" && mkdir -p "$layout/blobs/sha256" "$T/files"
	openssl enc -aes-128-ctr -K 00112233445566778899aabbccddeeff -iv 00000000000000000000000000000000 \
		-in /dev/zero 2>/dev/null | head -c "$1"000000 >"$T/files/data"
	tar -C "$T/files" -cf "$layout/layer" data
	rm "$T/files/data"
	diff_id=$(sha256sum <"$layout/layer" | cut -d' ' -f1)
	layer_size=$(stat -c %s "$layout/layer")
	mv "$layout/layer" "$layout/blobs/sha256/$diff_id"
	printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
		"$diff_id" >"$T/config.json"
	config=$(sha256sum <"$T/config.json" | cut -d' ' -f1)
	config_size=$(stat -c %s "$T/config.json")
	mv "$T/config.json" "$layout/blobs/sha256/$config"
	printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%s}]}' \
		"$config" "$config_size" "$diff_id" "$layer_size" >"$T/manifest.json"
	manifest=$(sha256sum <"$T/manifest.json" | cut -d' ' -f1)
	manifest_size=$(stat -c %s "$T/manifest.json")
	mv "$T/manifest.json" "$layout/blobs/sha256/$manifest"
	printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
	printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"made"}}]}' \
		"$manifest" "$manifest_size" >"$layout/index.json"
	tar -C "$layout" -cf - oci-layout index.json "blobs/sha256/$manifest" "blobs/sha256/$config" \
		"blobs/sha256/$diff_id" | kist-push -q -i - "$first/made:$1" >/dev/null || fail "kist-push"
	rm -rf "$layout"
}

for size in 10 1000; do
	made_image $size
	find "$T" /tmp -xdev -newer "$T/registry.yml" -type f -not -path "$T/registry*" >"$T/before"
	peak_kb sh -c "kist-pull -o - $first/made:$size 2>'$T/err1' | kist-push -i - $second/copy:$size >'$T/pushed'" ||
		fail "copy of $size MB: $(cat "$T/err1")"
	echo "peak of $size MB: $PEAK KiB"
	check 'at most 24 MB in any process' test "$PEAK" -le 24576
	eval "peak_$size=$PEAK"
	status 0 skopeo inspect --tls-verify=false --raw "docker://$second/copy:$size"
	check 'the copy is the same manifest' \
		test "$(sha256sum <"$T/out" | cut -d' ' -f1)" = "$manifest"
	digest=$(tail -n 1 "$T/pushed" | jq -r .digest)
	check 'the last line is the descriptor' test "$digest" = "sha256:$manifest"
done
check 'memory does not grow with the image' test "$peak_1000" -le $((peak_10 + 2048))
