#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# image.sh CPU PROGRAM OUT.tar OUT.h: the embedded image hello-world as an OCI layout in a tar,
# and its image ID as a C header. The same program gives the same bytes, on any machine.
set -eu
export LC_ALL=C
cpu=$1 program=$2 out=$3 header=$4

case $cpu in
x86_64) arch=amd64 ;;
aarch64) arch=arm64 ;;
i?86) arch=386 ;;
arm*) arch=arm ;;
powerpc64le) arch=ppc64le ;;
*) arch=$cpu ;;
esac

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
blobs=$dir/layout/blobs/sha256
mkdir -p "$blobs" "$dir/root"
cp "$program" "$dir/root/hello"

archive() { # OUT DIRECTORY FILE...: a tar that depends on the files' names and bytes alone
	to=$1 from=$2
	shift 2
	tar --format=ustar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
		--mode=u=rwX,go=rX -cf "$to" -C "$from" "$@"
}

put() { # FILE: into the blobs; sets $digest and $size
	digest=$(sha256sum "$1" | cut -d' ' -f1)
	size=$(wc -c <"$1" | tr -d ' ')
	mv "$1" "$blobs/$digest"
}

archive "$dir/layer" "$dir/root" hello
put "$dir/layer"
layer=$digest layer_size=$size

printf '{"created":"1970-01-01T00:00:00Z","architecture":"%s","os":"linux","config":{"Env":["PATH=/"],"Cmd":["/hello"],"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"COPY hello / # built with kist"}]}' \
	"$arch" "$layer" >"$dir/config"
put "$dir/config"
config=$digest config_size=$size

printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%s}]}' \
	"$config" "$config_size" "$layer" "$layer_size" >"$dir/manifest"
put "$dir/manifest"

printf '{"imageLayoutVersion":"1.0.0"}' >"$dir/layout/oci-layout"
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"docker.io/library/hello-world:latest"},"platform":{"architecture":"%s","os":"linux"}}]}' \
	"$digest" "$size" "$arch" >"$dir/layout/index.json"

# the order in which a reader needs no temporary file (docs/pipes.md)
archive "$out" "$dir/layout" oci-layout index.json "blobs/sha256/$digest" \
	"blobs/sha256/$config" "blobs/sha256/$layer"
printf '/* made by image.sh */\n#define HELLO_IMAGE_ID "sha256:%s"\n' "$config" >"$header"
