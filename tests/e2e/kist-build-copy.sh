#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The forms of COPY and ADD: what arrives where, as what, and what .dockerignore keeps away.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

base_image
cd "$T/context" || exit 1
mkdir -p dir/deep many
echo a >a.txt
echo b >b.txt
echo c >'with space'
echo deep >dir/deep/file
echo top >dir/file
ln -s file dir/link
ln a.txt many/one
ln a.txt many/two
chmod 4755 dir/file
touch -d '2001-02-03 04:05:06' a.txt
chmod 700 dir/deep

printf 'FROM busybox\nWORKDIR /w\nCOPY a.txt ./new/name\nCOPY *.txt /txt/\nCOPY dir /tree\nCOPY ["with space", "/json/"]\nCOPY --chown=user:extra --chmod=640 a.txt /owned\nCOPY --chown=1000 dir/ /tree2/\nCOPY --chmod=u=rwX,go=rX dir /tree3\nCOPY many /many/\nCOPY a.txt b.txt ./\nCOPY ../../a.txt /confined\nCOPY --exclude=deep --exclude=*.txt . /excluded/\nCOPY <<ONE <<-"TWO" /docs/\n$PATH and text\nONE\n\t$PATH\n\tTWO\nCOPY --from=busybox /bin/busybox /other/\nENV d=variable\nCOPY a.txt /$d/${d%%able}\n' |
	dockerfile
check "all forms" build
cached 0
in_image app '
set -e
[ "$(cat w/new/name)" = a ] && [ "$(stat -c %U:%G:%a w/new)" = root:root:755 ] || exit 1
[ "$(stat -c %Y w/new/name)" = "$(stat -c %Y '"$T"'/context/a.txt)" ]
[ "$(ls txt | tr "\n" " ")" = "a.txt b.txt " ]
[ "$(cat tree/deep/file)" = deep ] && [ "$(readlink tree/link)" = file ] || exit 1
[ "$(stat -c %a tree/deep)" = 700 ] && [ "$(stat -c %a tree/file)" = 4755 ] || exit 1
[ "$(cat "json/with space")" = c ]
[ "$(stat -c %u:%g:%a owned)" = 1000:2000:640 ]
[ "$(stat -c %u:%g tree2/file)" = 1000:1000 ] && [ "$(stat -c %u:%g tree2)" = 1000:1000 ] || exit 1
[ "$(stat -c %a tree3/deep tree3/deep/file tree3/file | tr "\n" " ")" = "755 644 755 " ]
[ "$(stat -c %h many/one)" = 2 ] && [ many/one -ef many/two ] || exit 1
[ "$(cat w/a.txt w/b.txt)" = "a
b" ]
[ "$(cat confined)" = a ]
[ ! -e excluded/deep ] && [ ! -e excluded/a.txt ] && [ -e excluded/dir/deep/file ] || exit 1
case $(cat docs/ONE) in */bin*" and text") ;; *) exit 1 ;; esac
[ "$(cat docs/TWO)" = "\$PATH" ] && [ "$(stat -c %a docs/TWO)" = 644 ] || exit 1
cmp other/busybox bin/busybox
[ "$(cat variable/vari)" = a ]
' || fail "something is not as it should be"
check "again" build
cached 15

# what changes nothing in the layer changes no key: times do not count, content and modes do
touch a.txt
check "touched" build
cached 15
chmod 600 b.txt
check "another mode" build
[ "$(grep -c CACHED "$T/err")" -lt 15 ] || fail "a changed mode was CACHED"

# .dockerignore
mkdir -p logs/keep
echo 1 >logs/x.log
echo 2 >logs/keep/y.log
echo 3 >root.log
printf '# comment\n**/*.log\n!logs/keep\nmany\n/dir/deep/\n.dockerignore\nDockerfile\n' >.dockerignore
printf 'FROM scratch\nCOPY . /\n' | dockerfile
check "with .dockerignore" build
in_image app 'find . -type f | sort' >"$T/list"
printf './a.txt\n./b.txt\n./dir/file\n./logs/keep/y.log\n./with space\n' | cmp - "$T/list" || fail "$(cat "$T/list")"
printf 'FROM scratch\nCOPY many/one /\n' | dockerfile
status 1 kist-build "$T/context"
complains '"/many/one": not found'
printf 'b.txt\n' >Dockerfile.dockerignore
printf 'FROM scratch\nCOPY . /\n' | dockerfile
check "with Dockerfile.dockerignore" build
in_image app 'test -e root.log && test ! -e b.txt' || fail "the wrong file was read"
rm .dockerignore Dockerfile.dockerignore
# an exception that is not there brings no directory back
printf '**\n!dir/nofile\n!lo*/none\n' >.dockerignore
for source in dir logs/ 'd*' dir/deep; do
	printf 'FROM scratch\nCOPY %s /x/\n' "$source" | dockerfile
	status 1 kist-build "$T/context"
	complains 'not found'
done
printf 'FROM scratch\nCOPY . /\n' | dockerfile
check "of a context that is left out as a whole" build
[ -z "$(in_image app 'find . -mindepth 1')" ] || fail "something was let in: $(in_image app 'find .')"
rm .dockerignore

# ADD unpacks archives by their content, COPY does not
tar -C dir -cf plain.tar .
tar -C dir -czf zipped .
echo text | gzip >text.gz
printf 'FROM scratch\nADD plain.tar /plain/\nADD zipped /zipped\nADD text.gz /text/\nADD --unpack=false plain.tar /kept/\nCOPY plain.tar /copied/\n' |
	dockerfile
check "ADD of archives" build
in_image app '
[ "$(cat plain/deep/file zipped/deep/file)" = "deep
deep" ] && [ -f text/text.gz ] && [ -f kept/plain.tar ] && [ -f copied/plain.tar ]' || fail "ADD"
check "again" build
cached 5
