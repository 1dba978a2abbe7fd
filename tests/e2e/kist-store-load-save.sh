# SPDX-License-Identifier: Apache-2.0
# Archives of both kinds, as skopeo, umoci and podman make and read them, go in and out unchanged.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq skopeo umoci zstd
busybox_layout
ids() { kist-store ${1:+--root "$1"} ls | jq -r .id | sort -u; }

# an OCI layout made by umoci
tar -C "$LAYOUT" -cf layout.tar .
status 0 kist-store load <layout.tar
says '"reference":"docker.io/library/busybox:latest"'
id=$(ids)
[ -n "$id" ] || fail 'no image'
status 0 kist-store inspect busybox
[ "$(jq -r .manifest.config.digest "$T/out")" = "$id" ] || fail 'the id is not the digest of the config'
[ "$(jq -r '.config.config.Cmd[0]' "$T/out")" = sh ] || fail 'config'

# the same bytes every time, in an order that a reader can follow
kist-store save busybox >saved.tar || fail 'save'
kist-store save busybox | cmp - saved.tar || fail 'save is not deterministic'
tar tf saved.tar >names
[ "$(head -n 2 names | tr '\n' ' ')" = 'oci-layout index.json ' ] || fail 'oci-layout and index.json are not first'
manifest=$(kist-store ls | jq -r .digest)
[ "$(sed -n 3p names)" = "blobs/sha256/${manifest#sha256:}" ] || fail 'the manifest does not come third'
status 0 skopeo inspect oci-archive:saved.tar
[ "$(jq -r .Digest "$T/out")" = "$manifest" ] || fail "skopeo sees another digest"

# round trips: plain, compressed, and through docker's format
gzip -k saved.tar
zstd -q saved.tar
for archive in saved.tar saved.tar.gz saved.tar.zst; do
	status 0 kist-store --root "$T/r-$archive" load -i $archive
	[ "$(ids "$T/r-$archive")" = "$id" ] || fail "$archive gives another image"
	kist-store --root "$T/r-$archive" save busybox | cmp - saved.tar || fail "$archive: another save"
done
kist-store tag busybox other:2 || fail 'tag'
kist-store save --format docker-archive busybox other:2 >docker.tar || fail 'save as docker-archive'
kist-store save --format docker-archive busybox other:2 | cmp - docker.tar || fail 'docker-archive is not deterministic'
status 0 skopeo inspect docker-archive:docker.tar:docker.io/library/other:2
status 0 kist-store --root "$T/d" load <docker.tar
[ "$(ids "$T/d")" = "$id" ] || fail 'docker-archive gives another image'
status 0 kist-store --root "$T/d" inspect other:2
kist-store save -o file.tar busybox || fail 'save -o'
cmp file.tar saved.tar || fail 'save -o'

# a compressed layer is uncompressed by a prisoner, whose complaint is told
mkdir -p layer && head -c 3000000 /dev/urandom >layer/noise
tar -C layer -cf layer.tar . && gzip -c layer.tar >layer.gz
cat >layered.py <<'END'
import hashlib, io, json, sys, tarfile
blob, plain = open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").read()
files = {}
def add(data):
    digest = hashlib.sha256(data).hexdigest()
    files["blobs/sha256/" + digest] = data
    return {"digest": "sha256:" + digest, "size": len(data)}
config = add(json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers",
    "diff_ids": ["sha256:" + hashlib.sha256(plain).hexdigest()]}}).encode())
kind = "application/vnd.oci.image."
manifest = add(json.dumps({"schemaVersion": 2, "mediaType": kind + "manifest.v1+json",
    "config": {"mediaType": kind + "config.v1+json", **config},
    "layers": [{"mediaType": kind + "layer.v1.tar+gzip", **add(blob)}]}).encode())
index = {"schemaVersion": 2, "manifests": [{"mediaType": kind + "manifest.v1+json", **manifest,
    "annotations": {"org.opencontainers.image.ref.name": "docker.io/library/layered:latest"}}]}
files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": json.dumps(index).encode(), **files}
out = tarfile.open(fileobj=sys.stdout.buffer, mode="w|")
for name, data in files.items():
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    out.addfile(entry, io.BytesIO(data))
out.close()
END
python3 layered.py layer.gz layer.tar >layered.tar
status 0 kist-store --root "$T/e" load <layered.tar
kist-store --root "$T/e" save --format docker-archive layered >layered.docker || fail 'save of a compressed layer'
tar -xOf layered.docker "$(sha256sum <layer.tar | cut -c1-64).tar" | cmp - layer.tar || fail 'the layer is another one'
blob=$T/e/images/blobs/sha256/$(sha256sum <layer.gz | cut -c1-64)
head -c 2000000 layer.gz >"$blob"
status 1 sh -c "kist-store --root '$T/e' save --format docker-archive layered >cut.docker"
complains 'ends in the middle'

# a docker-archive made by skopeo (its layers are uncompressed, and links lead to them)
skopeo copy -q "oci:$LAYOUT:busybox" docker-archive:skopeo.tar:made/by:skopeo || fail 'skopeo copy'
status 0 kist-store --root "$T/s" load <skopeo.tar
says docker.io/made/by:skopeo
container=$(printf '%064d' 1)
status 0 kist-store --root "$T/s" create "$container" made/by:skopeo
mkdir mnt
status 0 kist-store --root "$T/s" mount "$container" mnt -- mnt/bin/busybox true

status 3 kist-store save nosuch
complains "there is no image 'nosuch:latest'"
[ ! -s "$T/out" ] || fail 'a failed save wrote something'
status 2 kist-store save --format zip busybox
