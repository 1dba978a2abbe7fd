# SPDX-License-Identifier: Apache-2.0
# U04: memory stays flat, whatever the layer is made of, and limits end it at once.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need python3 gzip
mount -t tmpfs tmpfs "$T/home" || skip 'no tmpfs'
on_exit "umount -l '$T/home'"
cd "$T/home" || exit 99
LIMIT=16384
! is_sanitized "$KIST_BUILD/bin/kist-layer" || skip 'memory of a sanitized build means nothing'

# 300,000 entries of one name, and a bomb of 3 GiB, made without memory of ours either
python3 - <<'END'
import tarfile, zlib
i = tarfile.TarInfo('again')
i.size = 0
block = i.tobuf(tarfile.USTAR_FORMAT)
with open('entries.gz', 'wb') as f:
    z = zlib.compressobj(1, zlib.DEFLATED, 31)
    for _ in range(300): f.write(z.compress(block * 1000))
    f.write(z.compress(bytes(1024)) + z.flush())
dirs = '/'.join(['d'] * 2000)
i = tarfile.TarInfo(dirs + '/f')
with open('deep.tar', 'wb') as f:
    for n in range(50):
        i.name = '/'.join(['d%d' % n] + ['d'] * 1900) + '/f'
        f.write(i.tobuf(tarfile.PAX_FORMAT))
    f.write(bytes(1024))
i = tarfile.TarInfo('zeros')
i.size = 3 << 30
with open('bomb.gz', 'wb') as f:
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    f.write(z.compress(i.tobuf(tarfile.PAX_FORMAT)))
    for _ in range(3 << 10): f.write(z.compress(bytes(1 << 20)))
    f.write(z.compress(bytes(1024)) + z.flush())
END
peak_kb sh -c 'kist-layer unpack --whiteouts=overlay entries <entries.gz >/dev/null' || fail 'entries'
[ "$PEAK" -lt $LIMIT ] || fail "300,000 entries took $PEAK KiB"
peak_kb sh -c 'kist-layer unpack deep <deep.tar >/dev/null' || fail 'deep directories'
[ "$PEAK" -lt $LIMIT ] || fail "deep directories took $PEAK KiB"
peak_kb sh -c 'kist-layer pack deep >/dev/null' || fail 'packing deep directories'
[ "$PEAK" -lt $LIMIT ] || fail "packing deep directories took $PEAK KiB"
status 1 kist-layer unpack e2 --max-entries 1000 <entries.gz
complains 'more than 1000 entries'
peak_kb sh -c 'kist-layer unpack bomb --max-size 100m <bomb.gz 2>/dev/null' && fail 'the bomb went off'
[ "$PEAK" -lt $LIMIT ] || fail "the bomb took $PEAK KiB"
[ ! -e bomb ] || fail 'the bomb left something'
