#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""archive.py KIND OUT [N]: small archives of images for the tests of load, good and bad ones.

Layer i of N has the file d/f<i> and, when i is odd, removes d/f<i-1>. Layer 0 has the directory d
(mode 0711, owner 77), which the others only imply.
"""
import gzip
import hashlib
import io
import json
import sys
import tarfile

OCI = "application/vnd.oci.image."
kind, out = sys.argv[1], sys.argv[2]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 2
files = {}  # name -> bytes, in the order in which they are written


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def blob(data, media_type):
    files["blobs/sha256/" + digest(data)[7:]] = data
    return {"mediaType": media_type, "digest": digest(data), "size": len(data)}


def layer(i):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        if i == 0:
            directory = tarfile.TarInfo("d")
            directory.type, directory.mode, directory.uid = tarfile.DIRTYPE, 0o711, 77
            tar.addfile(directory)
        entry = tarfile.TarInfo("d/f%d" % i)
        entry.size = 3
        tar.addfile(entry, io.BytesIO(b"xyz" if kind == "no-layer" else b"abc"))
        if i % 2:
            tar.addfile(tarfile.TarInfo("d/.wh.f%d" % (i - 1)))
    return buffer.getvalue()


def image(diff_ids=None, architecture="amd64"):
    raw = [layer(i) for i in range(count)]
    if kind == "repeated":
        raw.append(raw[0])
    config = {
        "architecture": architecture,
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": diff_ids or [digest(r) for r in raw]},
    }
    layers = [blob(gzip.compress(r, mtime=0), OCI + "layer.v1.tar+gzip") for r in raw]
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI + "manifest.v1+json",
        "config": blob(json.dumps(config).encode(), OCI + "config.v1+json"),
        "layers": layers,
    }
    if kind == "size":
        layers[0]["size"] += 1
    if kind == "long":
        layers[0]["size"] -= 1
    return manifest


def manifest_entry(manifest):
    return blob(json.dumps(manifest).encode(), OCI + "manifest.v1+json")


def index(entries):
    return json.dumps({"schemaVersion": 2, "manifests": entries}).encode()


def named(entry, name):
    return dict(entry, annotations={"org.opencontainers.image.ref.name": name})


def bad_name(tar, name, type_=tarfile.REGTYPE, link=""):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = type_, link
    tar.addfile(entry, io.BytesIO(b""))


files["oci-layout"] = b'{"imageLayoutVersion":"1.0.0"}'
manifest = image(["sha256:" + "0" * 64] * count if kind == "diff-id" else None)
entry = manifest_entry(manifest)
if kind == "several":
    other = image(architecture="s390x")
    inner = [dict(manifest_entry(other), platform={"os": "linux", "architecture": "s390x"}),
             dict(entry, platform={"os": "linux", "architecture": "amd64"})]
    entry = blob(index(inner), OCI + "index.v1+json")
if kind == "foreign":
    inner = [dict(manifest_entry(image(architecture="s390x")),
                  platform={"os": "linux", "architecture": "s390x"})]
    entry = blob(index(inner), OCI + "index.v1+json")
files["index.json"] = index([named(entry, kind + ":1")])
layer_name = "blobs/sha256/" + manifest["layers"][0]["digest"][7:]
if kind == "corrupt":
    files[layer_name] = files[layer_name][:-1] + b"x"
elif kind == "no-layer":
    del files[layer_name]
elif kind == "no-config":
    del files["blobs/sha256/" + manifest["config"]["digest"][7:]]
elif kind == "no-index":
    del files["index.json"]
elif kind == "large-index":
    files["index.json"] += b" " * (16 << 20)
elif kind == "version":
    files["oci-layout"] = b'{"imageLayoutVersion":"2.0.0"}'
elif kind == "name":
    files["index.json"] = index([named(entry, "Bad Name")])
elif kind == "blob-name":
    files["blobs/sha256/" + "x" * 64] = b""
elif kind == "docker":
    raw = [layer(i) for i in range(count)]
    config = files["blobs/sha256/" + manifest["config"]["digest"][7:]]
    files = {"%d/layer.tar" % i: r for i, r in enumerate(raw)}
    files["%s.json" % digest(config)[7:]] = config
    files["repositories"] = b"{}"
    files["manifest.json"] = json.dumps([{
        "Config": digest(config)[7:] + ".json", "RepoTags": ["docker:1", "docker:2"],
        "Layers": ["alias/layer.tar" if i == 0 else "%d/layer.tar" % i for i in range(count)],
    }]).encode()

names = list(files)
if kind == "reversed":
    names.reverse()
with tarfile.open(out, "w") as tar:
    for name in names:
        info = tarfile.TarInfo(("./" if kind == "dotted" else "") + name)
        info.size = len(files[name])
        tar.addfile(info, io.BytesIO(files[name]))
    if kind == "docker":
        bad_name(tar, "alias/layer.tar", tarfile.SYMTYPE, "../0/layer.tar")
    elif kind == "unknown":
        bad_name(tar, "extra/README")
    elif kind == "outside":
        bad_name(tar, "../evil")
    elif kind == "absolute":
        bad_name(tar, "/evil")
    elif kind == "device":
        bad_name(tar, "dev", tarfile.CHRTYPE)
    elif kind == "link":
        bad_name(tar, "blobs/sha256/" + "0" * 64, tarfile.SYMTYPE, "../../index.json")
