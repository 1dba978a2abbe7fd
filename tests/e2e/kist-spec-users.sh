# SPDX-License-Identifier: Apache-2.0
# Users are looked up in a root file system that may be hostile: never blocking, never outside.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
mkdir -p r/etc
spec() { kist-spec config --rootfs r -u "$1" sh; }

printf 'app:x:1000:1000::/home/app:/bin/sh\n' >r/etc/passwd
printf 'video:x:44:app\n' >r/etc/group
spec app >out.json || fail 'look-up'
[ "$(jq -c '.process.user' out.json)" = '{"uid":1000,"gid":1000,"additionalGids":[1000,44]}' ] || fail "user is $(jq -c .process.user out.json)"
jq -e '.process.env | index("HOME=/home/app")' out.json >/dev/null || fail 'HOME'

status 3 spec nosuch
complains 'unable to find user nosuch: no matching entries in passwd file'
status 3 spec app:nosuch
complains 'unable to find group nosuch: no matching entries in group file'
status 1 spec 4294967296
complains 'uids and gids must be in range'

# what is no regular file is refused at once
rm r/etc/passwd
mkfifo r/etc/passwd
status 1 timeout 2 kist-spec config --rootfs r -u app sh
complains "'etc/passwd' is not a regular file"
# ... and not needed for numbers
status 0 spec 12:34
rm r/etc/passwd
mknod r/etc/passwd c 1 5
status 1 timeout 2 kist-spec config --rootfs r -u app sh
complains "'etc/passwd' is not a regular file"
rm r/etc/passwd
truncate -s 1G r/etc/passwd
status 1 timeout 2 kist-spec config --rootfs r -u app sh
complains 'the limit is 4194304'

# a link stays inside: the host's users are not there
rm r/etc/passwd
mkdir outside
printf 'spy:x:666:666::/:/bin/sh\n' >outside/passwd
ln -s "$T/outside/passwd" r/etc/passwd
status 3 spec spy
rm r/etc/passwd
ln -s ../../../../../../../../../../etc/passwd r/etc/passwd
status 1 spec root
# a link inside is followed
rm r/etc/passwd
mkdir r/usr
printf 'lib:x:77:77::/:/bin/sh\n' >r/usr/passwd
ln -s /usr/passwd r/etc/passwd
spec lib >out.json || fail 'a link inside the root'
[ "$(jq .process.user.uid out.json)" = 77 ] || fail 'a link inside the root'
