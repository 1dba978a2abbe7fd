# SPDX-License-Identifier: Apache-2.0
# ADD unpacks bzip2 and xz, a context may come in them, and what only looks like them is copied or refused.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need bzip2 xz
mkdir -p files context
head -c 3000000 /dev/urandom >files/big
echo hello >files/small
for kind in bzip2 xz gzip; do
	tar -C files -cf - . | $kind -c >"context/files.$kind"
done
echo 'no tar in here' | xz -c >context/text.xz
head -c 1000000 context/files.xz >context/cut.xz
cat >context/Dockerfile <<-END
	FROM scratch
	ADD files.bzip2 /bzip2/
	ADD files.xz /xz/
	ADD files.gzip /gzip/
	ADD text.xz /copied/
	ADD --unpack=false files.xz /kept/
END
status 0 kist-build -q -t app context
in_image app "
set -e
for kind in bzip2 xz gzip; do diff -r '$T/files' \$kind; done
cmp '$T/context/text.xz' copied/text.xz
cmp '$T/context/files.xz' kept/files.xz
" || fail 'the archives are not in the image as they should be'

printf 'FROM scratch\nADD cut.xz /x/\n' >context/Dockerfile
status 1 kist-build -q context
complains 'cut.xz'

printf 'FROM scratch\nCOPY small /small\n' >files/Dockerfile
for kind in bzip2 xz; do
	tar -C files -cf - . | $kind -c >context.$kind
	status 0 kist-build -q -t from-$kind - <context.$kind
	head -c 1000000 context.$kind >short
	status 1 kist-build -q - <short
	complains 'no whole bzip2 or xz stream'
done
