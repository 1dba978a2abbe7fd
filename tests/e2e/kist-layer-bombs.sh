# SPDX-License-Identifier: Apache-2.0
# Compressed input that is to cost more than it is (U04): windows that take gigabytes, layers of compression that
# nobody asked for, millions of entries. Refused at once, with little memory, and nothing is left.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need zstd xz gzip bzip2 python3
if nm "$KIST_BUILD/bin/kist-layer" 2>/dev/null | grep -q __asan; then skip 'memory of a sanitized build means nothing'; fi
head -c 1000 /dev/urandom >noise
tar cf layer.tar noise

# unpacks STATUS MESSAGE FILE [OPTION...]: within 16 MiB and a few seconds
unpacks() {
	want=$1 message=$2 file=$3
	shift 3
	started=$(date +%s)
	peak_kb kist-layer unpack "$@" new <"$file" >"$T/out" 2>"$T/err"
	[ $? = "$want" ] || fail "$file: not status $want"
	complains "$message"
	[ $(($(date +%s) - started)) -le 10 ] || fail "$file took long"
	[ "$PEAK" -lt 16384 ] || fail "$file took $PEAK KiB"
	[ ! -e new ] || fail "$file left something"
}
# frames that say that their windows are 128 MiB, 256 MiB, 1, 2 and 4 GiB; the decoder is not asked for more than the
# first, and takes what it needs
for window in 27 28 30 31 32; do
	python3 - $window layer.tar >long.zst <<-'END2'
		import sys
		data = open(sys.argv[2], "rb").read()
		out = b"\x28\xb5\x2f\xfd\0" + bytes([(int(sys.argv[1]) - 10) << 3])
		sys.stdout.buffer.write(out + (1 | len(data) << 3).to_bytes(3, "little") + data)
	END2
	if [ $window = 27 ]; then
		status 0 kist-layer unpack new <long.zst
		rm -r new
	else
		unpacks 1 'too much memory' long.zst
	fi
done
# what is compressed otherwise, or twice, is no layer
xz -c layer.tar >layer.tar.xz
bzip2 -c layer.tar >layer.tar.bz2
gzip -c layer.tar | gzip >twice.gz
zstd -q -c layer.tar | gzip >zstd.gz
for file in layer.tar.xz layer.tar.bz2 twice.gz zstd.gz; do
	unpacks 1 'not a tar archive' $file
done
# a million entries in some kilobytes: a limit of entries ends it where it is reached
python3 - <<'END2'
import tarfile, zlib
i = tarfile.TarInfo('again')
block = i.tobuf(tarfile.USTAR_FORMAT) * 10000
with open('entries.gz', 'wb') as f:
    z = zlib.compressobj(1, zlib.DEFLATED, 31)
    for _ in range(100): f.write(z.compress(block))
    f.write(z.compress(bytes(1024)) + z.flush())
END2
unpacks 1 'more than 5000 entries' entries.gz --max-entries 5000
# a pax header of a gigabyte, of which only the length is there
python3 - >pax.tar <<'END2'
import sys, tarfile
i = tarfile.TarInfo('x')
i.type, i.size = tarfile.XHDTYPE, 1 << 30
sys.stdout.buffer.write(i.tobuf(tarfile.USTAR_FORMAT))
END2
unpacks 1 'at most 1048576' pax.tar
