# SPDX-License-Identifier: Apache-2.0
# A directory that a layer only implies keeps what the layers beneath gave it, whatever its name is
# made of: not ASCII, not UTF-8, line feeds, quotes. Through load and through pull.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
cat >make.py <<'END'
import hashlib, io, json, sys, tarfile
names = [b"caf\xc3\xa9", b"\xff\xfe", b"line\nfeed", b"quote\"d", b"back\\slash", b" blank ", b"{\"path\":\"x\"}", b"\x01\x7f\x9b", b"plain"]
files = {}

def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()

def blob(data, media_type):
    files["blobs/sha256/" + digest(data)[7:]] = data
    return {"mediaType": "application/vnd.oci.image." + media_type, "digest": digest(data), "size": len(data)}

def layer(number):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape") as tar:
        for raw in names:
            name = raw.decode("utf-8", "surrogateescape")
            if number == 0:
                entry = tarfile.TarInfo(name)
                entry.type, entry.mode, entry.uid, entry.gid, entry.mtime = tarfile.DIRTYPE, 0o711, 77, 78, 1000
                tar.addfile(entry)
            else:
                tar.addfile(tarfile.TarInfo(name + ("/deux" if number == 1 else "/.wh.deux")))
    return out.getvalue()

layers = [layer(i) for i in range(3)]
config = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [digest(l) for l in layers]}}
manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": blob(json.dumps(config).encode(), "config.v1+json"),
            "layers": [blob(l, "layer.v1.tar") for l in layers]}
entry = blob(json.dumps(manifest).encode(), "manifest.v1+json")
entry["annotations"] = {"org.opencontainers.image.ref.name": sys.argv[1]}
files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode()
files["oci-layout"] = b'{"imageLayoutVersion":"1.0.0"}'
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
    for name, data in files.items():
        info = tarfile.TarInfo(name)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
END
cat >look.py <<'END'
import os, sys
for name in sorted(os.listdir(b"mnt")):
    st = os.stat(b"mnt/" + name)
    print(name, oct(st.st_mode & 0o7777), st.st_uid, st.st_gid, int(st.st_mtime), os.listdir(b"mnt/" + name))
END
mkdir mnt
look() {
	status 0 kist-store create "$(printf '%064d' "$1")" "$2"
	status 0 kist-store mount "$(printf '%064d' "$1")" mnt -- python3 look.py
	[ "$(grep -c ' 0o711 77 78 1000 \[\]$' "$T/out")" = 9 ] || fail 'attributes of an implied directory'
	[ "$(wc -l <"$T/out")" = 9 ] || fail 'directories'
}
python3 make.py names:1 >names.tar || fail make.py
status 0 kist-store load <names.tar
look 1 names:1
status 0 kist-store fsck
status 0 sh -c 'kist-store save names:1 >saved.tar'
KIST_ROOT=$T/second
status 0 kist-store load -i saved.tar
look 2 names:1

# what kist itself makes of them: the difference of two is a layer again
mkdir lower upper again
status 0 kist-store mount "$(printf '%064d' 2)" mnt -- cp -a mnt/. upper/
status 0 sh -c 'kist-layer diff lower upper >diff.tar'
status 0 sh -c 'kist-layer unpack again <diff.tar'
[ "$(tree_of upper)" = "$(tree_of again)" ] || fail 'names through diff and unpack'

# through a registry
start_registry
status 0 kist-store tag names:1 "$REGISTRY/names:1"
status 0 kist-push -q "$REGISTRY/names:1"
KIST_ROOT=$T/third
status 0 kist-pull -q "$REGISTRY/names:1"
look 3 "$REGISTRY/names:1"
