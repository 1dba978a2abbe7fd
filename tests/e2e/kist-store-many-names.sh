# SPDX-License-Identifier: Apache-2.0
# There is no number of names that a store cannot have more of; one archive with very many is refused
# before anything is done for it.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
cat >make.py <<'END'
import hashlib, io, json, sys, tarfile

def digest(data):
    return hashlib.sha256(data).hexdigest()

buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w") as tar:
    tar.addfile(tarfile.TarInfo("x"))
layer = buffer.getvalue()
config = json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                     "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest(layer)]}}).encode()
manifest = json.dumps([{"Config": digest(config) + ".json", "Layers": ["layer.tar"],
                        "RepoTags": ["n%d:1" % i for i in range(int(sys.argv[1]))]}]).encode()
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
    for name, data in ((digest(config) + ".json", config), ("layer.tar", layer), ("manifest.json", manifest)):
        info = tarfile.TarInfo(name)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
END
python3 make.py 20000 >many.tar || fail make.py
status 0 kist-store load -i many.tar
[ "$(wc -l <"$T/out")" = 20000 ] || fail 'names that were loaded'
[ "$(kist-store ls | wc -l)" = 20000 ] || fail 'names that are listed'
# the store goes on as before
status 0 kist-store tag n19999:1 another
status 0 kist-store untag n0:1
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar || fail archive.py
status 0 kist-store load -i good.tar
[ "$(kist-store ls | jq -r .reference | sort -u | wc -l)" = 20001 ] || fail 'a name was lost'
status 0 kist-store gc
status 0 kist-store fsck
# saved and loaded again: index.json of an archive has room for them, too
kist-store ls | jq -r .reference | sed -n 1,6000p | xargs -x -n 6000 -s 1000000 kist-store save -o saved.tar || fail save
KIST_ROOT=$T/second
status 0 kist-store load -i saved.tar
[ "$(wc -l <"$T/out")" = 6000 ] || fail 'names through save and load'
# and too many at once
KIST_ROOT=$T/third
python3 make.py 100001 >many.tar || fail make.py
status 1 kist-store load -i many.tar
complains 'more than 100000 names of images'
[ ! -s "$T/out" ] || fail 'something was loaded'
[ -z "$(kist-store ls)" ] || fail 'something was tagged'
