#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A user without ranges, or without newuidmap: one id, which is said; and where user namespaces are forbidden, by what.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/rootless-lib.sh"

user_context "$HOME_OF_USER/context"
printf 'FROM scratch\nADD root.tar /\n' >"$HOME_OF_USER/context/Dockerfile"
ranges 'kistuser:300000:65536
'
status 0 as_user sh -c 'kist build -q -t app context && kist save app >app.tar && kist rmi app'

for text in '' 'somebody:300000:65536
' 'kistuser:x:y
'; do
	ranges "$text"
	status 0 as_user kist load -q -i app.tar
	complains '/etc/subuid has no range for user '"'kistuser'"
	status 0 as_user kist run --rm --net none app sh -c 'id -u; stat -c %u:%g /home/hers'
	check 'all is root'"'"'s' test "$(tr '\n' ' ' <"$T/out")" = '0 0:0 '
	status 0 as_user kist rmi app
done
ranges 'kistuser:300000:65536
'
status 1 as_user setpriv --no-new-privs kist load -q -i nosuch.tar
complains "'newuidmap' failed"

# an owner that the ranges do not have
ranges 'kistuser:300000:100
'
status 1 as_user kist load -q -i app.tar
complains "owner 1000:1000 is not among this user's ids"

# forbidden, in a user namespace in which that can be said
cat >forbid <<'END'
#!/bin/sh
echo 0 >/proc/sys/user/max_user_namespaces || exit 77
exec setpriv --reuid 12345 --regid 12345 --clear-groups "$@"
END
chmod 755 forbid
ranges 'root:0:70000
kistuser:300000:65536
'
KIST_ROOT=$HOME_OF_USER/root KIST_RUN=$HOME_OF_USER/run unshare --user --map-users=0,0,70000 --map-groups=0,0,70000 \
	./forbid kist load -q -i "$HOME_OF_USER/app.tar" >out 2>err
got=$?
[ $got != 77 ] || skip 'user namespaces cannot be forbidden here'
check 'it fails' test $got = 1
complains '/proc/sys/user/max_user_namespaces allows: 0'
status 0 as_user kist images
