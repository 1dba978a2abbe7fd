# SPDX-License-Identifier: Apache-2.0
# U05: what of a layer's attributes is kept, and what is dropped; implied directories are reported.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need python3
cat >"$T/make.py" <<'END'
import io, sys, tarfile
t = tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=tarfile.PAX_FORMAT)
def add(name, type=tarfile.REGTYPE, mode=0o644, **pax):
    i = tarfile.TarInfo(name)
    i.type, i.mode, i.mtime, i.uid, i.gid = type, mode, 1000, 7, 8
    i.pax_headers = {'SCHILY.xattr.' + k.replace('__', '.'): v for k, v in pax.items()}
    i.size = 1 if type == tarfile.REGTYPE else 0
    t.addfile(i, io.BytesIO(b'x'))
cap = '\1\0\0\2\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
add('suid', mode=0o6755, security__capability=cap)
add('kept', user__a='b')
add('dropped', trusted__overlay__origin='x', user__overlay__opaque='y', security__selinux='s',
    security__ima='i', security__evm='e', security__apparmor='p', security__SMACK64='k', trusted__x='t')
add('od', tarfile.DIRTYPE, 0o2755, trusted__overlay__opaque='y', user__overlay__opaque='y')
add('od/inherits-no-group')
add('fifo', tarfile.FIFOTYPE)
add('sticky', tarfile.DIRTYPE, 0o1777)
add('not/named/file')
add('not/named/\u017c')
add('n\u0105t/f')
t.close()
END
python3 "$T/make.py" >"$T/layer.tar"
status 0 sh -c "kist-layer unpack '$T/d' --implied-fd 6 <'$T/layer.tar' 6>'$T/implied'"
check 'set-id bits and owner' test "$(stat -c %a-%u-%g-%Y "$T/d/suid")" = 6755-7-8-1000
check 'set-gid directory' test "$(stat -c %a-%u-%g-%Y "$T/d/od")" = 2755-7-8-1000
check 'owner inside it' test "$(stat -c %a-%u-%g "$T/d/od/inherits-no-group")" = 644-7-8
check 'sticky directory' test "$(stat -c %a "$T/d/sticky")" = 1777
check 'fifo' test "$(stat -c %F-%a "$T/d/fifo")" = fifo-644
check 'directories without an entry' test "$(stat -c %a-%u-%g-%Y "$T/d/not" "$T/d/not/named" | tr '\n' ' ')" = \
	'755-0-0-1000 755-0-0-1000 '
list() { python3 -c 'import os, sys; print(*sorted(os.listxattr(sys.argv[1])))' "$1"; }
check 'file capabilities stay' test "$(list "$T/d/suid")" = security.capability
# version 3 is of a user namespace
python3 - >"$T/layer3.tar" <<'END'
import sys, tarfile
t = tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=tarfile.PAX_FORMAT)
i = tarfile.TarInfo('cap3')
i.pax_headers = {'SCHILY.xattr.security.capability': '\1\0\0\3\0\x20' + 16 * '\0' + '\1\0'}
t.addfile(i)
t.close()
END
status 0 sh -c "kist-layer unpack '$T/d3' <'$T/layer3.tar'"
check 'also those of a user namespace' test "$(list "$T/d3/cap3")" = security.capability
check 'user attributes stay' test "$(list "$T/d/kept")" = user.a
check 'others go' test -z "$(list "$T/d/dropped")$(list "$T/d/od")"
check 'implied directories are reported' test "$(cat "$T/implied")" = '{"path":"not"}
{"path":"not/named"}
{"path_hex":"6ec48574"}'

# without root: everything belongs to the caller, in a user namespace of its own
chmod 755 "$T"
mkdir "$T/theirs"
chown 65534:65534 "$T/theirs"
cp "$KIST_BUILD/bin/kist-layer" "$T/kist-layer"
setpriv --reuid 65534 --regid 65534 --clear-groups unshare -U true 2>/dev/null ||
	{ echo 'no user namespaces here: not tried without root'; exit 0; }
mknod "$T/null" c 1 3
tar -C "$T" -rf "$T/layer.tar" null
status 0 setpriv --reuid 65534 --regid 65534 --clear-groups sh -c \
	"'$T/kist-layer' unpack --whiteouts=overlay '$T/theirs/d' <'$T/layer.tar'"
says '"skipped":1'
check 'files are the caller'\''s' test "$(stat -c %u-%g-%a "$T/theirs/d/kept")" = 65534-65534-644
