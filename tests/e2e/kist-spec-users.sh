# SPDX-License-Identifier: Apache-2.0
# Users are looked up in a root file system that may be hostile: never blocking, never outside, in
# linear time; a number is never a name (R12, R13).
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

# files of the kernel, which are regular files for stat(2), are not read: kmsg would never end
mkdir -p k/etc k/proc
mount -t proc proc k/proc
mount -t tmpfs tmpfs k/etc
for f in kmsg sys/kernel/hostname version; do
	ln -sf "/proc/$f" k/etc/passwd
	status 5 timeout 2 kist-spec config --rootfs k -u app sh
	complains "'etc/passwd' is on a file system of the kernel's"
done
# an ordinary one may be mounted
rm k/etc/passwd
printf 'app:x:1000:1000::/home/app:/bin/sh\n' >k/etc/passwd
status 0 kist-spec config --rootfs k -u app sh
umount k/etc k/proc

# a number is an id
mkdir -p n/etc
printf '1000:x:0:0::/:/bin/sh\nroot:x:0:0::/root:/bin/sh\nfive:x:5:6::/five:/bin/sh\n' >n/etc/passwd
printf '1000:x:0:\nroot:x:0:\n' >n/etc/group
user_is() {
	# shellcheck disable=SC2086 # options
	kist-spec config --rootfs n -u "$1" ${3:-} sh >out.json || fail "$1"
	[ "$(jq -c '.process.user' out.json)" = "$2" ] || fail "$1 is $(jq -c .process.user out.json)"
}
user_is 1000 '{"uid":1000,"gid":0,"additionalGids":[0]}'
user_is 1000:1000 '{"uid":1000,"gid":1000,"additionalGids":[1000]}'
user_is root:1000 '{"uid":0,"gid":1000,"additionalGids":[1000]}'
user_is 5 '{"uid":5,"gid":6,"additionalGids":[6]}'
user_is 5 '{"uid":5,"gid":6,"additionalGids":[6,1000]}' '--group-add 1000'

# twice the lines of group, at most two and a half times the instructions
if command -v valgrind >/dev/null && ! is_sanitized "$KIST_BUILD/tests/fuzz/passwd"; then
	mkdir many
	work() {
		{ printf 'root\nroot:x:0:0::/root:/bin/sh\n\n'; seq "$1" | sed 's/.*/g&:x:&:root/'; } >many/file
		valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null --log-file=vg \
			"$KIST_BUILD/tests/fuzz/passwd" many >/dev/null 2>&1 || fail "valgrind: $(cat vg)"
		awk '/I *refs:/ {gsub(",", "", $NF); print $NF}' vg
	}
	once=$(work 5000)
	twice=$(work 10000)
	[ $((twice * 10)) -le $((once * 25)) ] || fail "$once instructions became $twice"
fi
