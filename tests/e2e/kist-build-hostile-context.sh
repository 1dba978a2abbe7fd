#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# U09, U10: links in a context and in an image never lead out of them; what names no directory runs nothing.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

base_image
echo secret >"$T/victim"
mkdir "$T/victims"
echo secret >"$T/victims/file"
cd "$T/context" || exit 1
ln -s "$T/victim" absolute
ln -s ../victim relative
ln -s ../victims directory
ln -s "$T/victims" absolute-directory

for source in absolute relative directory absolute-directory directory/file absolute-directory/file \
	../victim "$T/victim" 'dir*/file' 'abs*'; do
	printf 'FROM scratch\nCOPY %s /out/\n' "$source" | dockerfile
	if kist-build -t app "$T/context" >"$T/out" 2>"$T/err"; then
		in_image app 'grep -r secret . && exit 1; exit 0' || fail "COPY $source read outside of the context"
	else
		complains 'not found'
	fi
done

# links that are copied stay links
printf 'FROM scratch\nCOPY . /out/\n' | dockerfile
check "the whole context" build
[ "$(in_image app 'readlink out/absolute')" = "$T/victim" ] || fail "a link was followed"

# the same for what steers the build
rm -f Dockerfile
ln -s "$T/evil" Dockerfile
printf 'FROM scratch\nCOPY <<E /f\nE\n' >"$T/evil"
status 1 kist-build "$T/context"
complains 'leads out of the context'
rm Dockerfile
printf 'FROM scratch\nCOPY . /\n' | dockerfile
ln -s ../victim .dockerignore
status 1 kist-build "$T/context"
complains 'leads out of the context'
rm .dockerignore

# links in the destination are followed inside the image
printf 'FROM busybox\nCOPY links /\nCOPY payload /out/payload\nCOPY payload /up/payload\nWORKDIR /out/made\n' |
	dockerfile
mkdir links
ln -s "$T/victims" links/out
ln -s ../../../../../../../victims links/up
echo payload >payload
check "links in the destination" build
[ "$(cat "$T/victims/file")" = secret ] || fail "a file outside was changed"
[ "$(ls "$T/victims")" = file ] || fail "something was written outside"
in_image app "test \"\$(cat .$T/victims/payload)\" = payload && test -d .$T/victims/made" ||
	fail "not inside the image's root"

# a link in a stage that is copied from
printf 'FROM busybox AS evil\nCOPY links /\nFROM scratch\nCOPY --from=evil /out/file /x\n' | dockerfile
status 1 kist-build "$T/context"
complains '"/out/file": not found'

# a tar that climbs out of its directory
printf 'climbed' >"$T/climb"
(cd "$T/victims" && tar -cf "$T/climbing.tar" -P ../climb 2>/dev/null)
rm "$T/climb"
status 1 kist-build - <"$T/climbing.tar"
if [ -e "$T/climb" ] || [ -e "$KIST_ROOT/cache/build/climb" ]; then fail "the tar climbed out"; fi
mkfifo fifo
mknod device c 1 3
printf 'FROM scratch\nCOPY fifo device /x/\n' | dockerfile
status 1 kist-build "$T/context"
complains "'device' of the build context is a device"

# contexts that name a program or an option of one
for where in 'https://example.org/x.git#--upload-pack=touch /x' 'git://example.org/x#r:../../x' "ext::touch $T/ran" \
	"git@example.org:--upload-pack=touch $T/ran" "ssh://-oProxyCommand=touch $T/ran/x" "github.com/-x"; do
	status 1 kist-build "$where"
done
status 2 kist-build "--upload-pack=touch $T/ran"
[ ! -e "$T/ran" ] || fail "a context was executed"
