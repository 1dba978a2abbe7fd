#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An index: one platform is chosen, or all of it is copied; every tag of a repository.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need jq skopeo
small_layout
start_registry

# blob FILE MEDIA-TYPE [MORE]: put it into the layout, print its descriptor
blob() {
	hex=$(sha256sum <"$1" | cut -c1-64)
	cp "$1" "$LAYOUT/blobs/sha256/$hex"
	printf '{"mediaType":"%s","digest":"sha256:%s","size":%s%s}' "$2" "$hex" "$(stat -c %s "$1")" "${3:-}"
}
entries=
for arch in amd64 arm64 s390x; do
	echo "for $arch" >which
	tar cf "$arch.tar" which
	printf '{"architecture":"%s","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
		$arch "$(sha256sum <$arch.tar | cut -c1-64)" >config
	layer=$(blob $arch.tar application/vnd.oci.image.layer.v1.tar)
	printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' \
		"$(blob config application/vnd.oci.image.config.v1+json)" "$layer" >manifest
	entries="$entries${entries:+,}$(blob manifest application/vnd.oci.image.manifest.v1+json \
		",\"platform\":{\"architecture\":\"$arch\",\"os\":\"linux\"}")"
done
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' "$entries" >index
entry=$(blob index application/vnd.oci.image.index.v1+json ',"annotations":{"org.opencontainers.image.ref.name":"multi"}')
printf '{"schemaVersion":2,"manifests":[%s]}' "$entry" >"$LAYOUT/index.json"
whole=$(printf %s "$entry" | jq -r .digest)
skopeo copy -q --all --preserve-digests --dest-tls-verify=false "oci:$LAYOUT:multi" "docker://$REGISTRY/app:multi" || fail skopeo

content() { cat "$KIST_ROOT"/layers/*/fs/which; }
for arch in arm64 s390x amd64; do
	rm -rf "$KIST_ROOT"
	status 0 kist-pull --platform linux/$arch "$REGISTRY/app:multi"
	check "the image for $arch" test "$(content)" = "for $arch"
	check 'the last line is its manifest' test "$(tail -n 1 out | jq -r .digest)" = \
		"$(jq -r --arg a $arch '.manifests[] | select(.platform.architecture == $a).digest' index)"
done
check 'the registry calls it by its index' \
	test "$(kist-store ls | jq -r .repo_digest)" = "$REGISTRY/app@$whole"
status 0 kist-store inspect "$REGISTRY/app@$whole"
status 3 kist-pull --platform linux/riscv64 "$REGISTRY/app:multi"
complains riscv64
complains linux/arm64

# one platform out of the stream, and all of them; the copy is the same to the byte
pipe "kist-pull -o - --platform linux/arm64 $REGISTRY/app:multi" "kist-push -q -i - $REGISTRY/one:arm"
[ "$PIPE" = "0 0" ] || fail "one platform: $PIPE"
status 0 skopeo inspect --tls-verify=false --config --override-arch arm64 "docker://$REGISTRY/one:arm"
says arm64
pipe "kist-pull -o - --all-platforms $REGISTRY/app:multi" "kist-push -q -i - $REGISTRY/all:copy"
[ "$PIPE" = "0 0" ] || fail "all platforms: $PIPE"
status 0 skopeo inspect --tls-verify=false --raw "docker://$REGISTRY/all:copy"
check 'the index is the same' cmp out index
for arch in arm64 s390x; do
	status 0 kist-pull -q --root "all-$arch" --platform linux/$arch "$REGISTRY/all:copy"
done

# all tags, page by page
cp "$LAYOUT/index.json" one.json
jq -c '.manifests += [(.manifests[0] | .annotations["org.opencontainers.image.ref.name"] = "second"),
	(.manifests[0] | .annotations["org.opencontainers.image.ref.name"] = "third")]' one.json >"$LAYOUT/index.json"
serve pages
status 0 kist-pull -q -a --root tags "$SERVER/app"
check 'three tags' test "$(kist-store --root tags ls | wc -l)" = 3
check 'in three pages' test "$(asked "$LOG" tags/list)" = 3
status 2 kist-pull -a "$SERVER/app:multi"
complains "tag can't be used with --all-tags/-a"
