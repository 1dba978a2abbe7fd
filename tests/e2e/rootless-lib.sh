# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Read by tests of kist without root, behind lib.sh: an ordinary user of the machine, with files in /etc that only the
# test sees.
#
#   as_user COMMAND...      as that user, with HOME, KIST_ROOT and KIST_RUN of its own in $HOME_OF_USER
#   ranges TEXT             what /etc/subuid and /etc/subgid say
#   user_context DIR        a context for kist build: busybox, two users, files of several owners
# who has entered a user namespace cannot be traced, which is how LeakSanitizer looks
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS

need setpriv newuidmap newgidmap
user=12345
HOME_OF_USER=$T/user
mkdir -p "$HOME_OF_USER" etc
chmod 755 "$T"
chown $user:$user "$HOME_OF_USER"
cp /etc/passwd /etc/group etc/
echo "kistuser:x:$user:$user::$HOME_OF_USER:/bin/sh" >>etc/passwd
echo "kistuser:x:$user:" >>etc/group
for file in passwd group subuid subgid; do
	touch etc/$file
	[ -e /etc/$file ] || skip "there is no /etc/$file to hide"
	mount --bind etc/$file /etc/$file
done
on_exit 'umount /etc/passwd /etc/group /etc/subuid /etc/subgid'

ranges() {
	printf '%s' "$1" >etc/subuid
	printf '%s' "$1" >etc/subgid
}

as_user() {
	HOME=$HOME_OF_USER KIST_ROOT=$HOME_OF_USER/root KIST_RUN=$HOME_OF_USER/run \
		setpriv --reuid $user --regid $user --clear-groups sh -c 'cd && exec "$@"' sh "$@"
}

as_user unshare --user true 2>/dev/null || skip 'user namespaces are forbidden here'

user_context() {
	mkdir -p "$1"
	busybox_root "$T/busybox"
	mkdir "$T/busybox/home"
	echo hers >"$T/busybox/home/hers"
	chmod 600 "$T/busybox/home/hers"
	chown 1000:1000 "$T/busybox/home/hers"
	ln "$T/busybox/home/hers" "$T/busybox/home/again"
	tar -C "$T/busybox" --numeric-owner -cf "$1/root.tar" .
	rm -rf "$T/busybox"
	echo data >"$1/data"
	chown -R $user:$user "$1"
}
