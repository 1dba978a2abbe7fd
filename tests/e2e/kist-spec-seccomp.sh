# SPDX-License-Identifier: Apache-2.0
# The default policy as the kernel enforces it: what is refused, and with which errno.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need runc
cat >probe.c <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static void probe(const char *name, long result)
{
	printf("%s %s\n", name, result >= 0 ? "ok" : errno == EPERM ? "EPERM" : errno == ENOSYS ? "ENOSYS" : "other");
}

int main(void)
{
	probe("inet", syscall(SYS_socket, 2, 1, 0));
	probe("alg", syscall(SYS_socket, 38, 5, 0));
	probe("vsock", syscall(SYS_socket, 40, 1, 0));
	probe("alg-in-64-bits", syscall(SYS_socket, (1L << 32) + 38, 5, 0));
	probe("vsock-in-64-bits", syscall(SYS_socket, (1L << 32) + 40, 1, 0));
	probe("unshare-user", syscall(SYS_unshare, 0x10000000));
	probe("clone-user", syscall(SYS_clone, 0x10000000 | 17, 0, 0, 0, 0));
	probe("clone3", syscall(435, 0, 0));
	probe("keyctl", syscall(SYS_keyctl, 0, 0, 0));
	probe("bpf", syscall(SYS_bpf, 0, 0, 0));
	probe("mount", syscall(SYS_mount, 0, 0, 0, 0, 0));
	probe("io_uring", syscall(425, 1, 0));
	probe("personality", syscall(SYS_personality, 0x40000));
	probe("personality-ask", syscall(SYS_personality, 0xffffffff));
	return 0;
}
END
mkdir -p bundle/rootfs
# shellcheck disable=SC2086
${CC:-cc} -static -o bundle/rootfs/probe probe.c 2>/dev/null || skip 'no static C library'
kist-spec config /probe >bundle/config.json || fail 'kist-spec config'
status 0 runc --root "$T/runc" run -b bundle c1
cat >expected <<'END'
inet ok
alg EPERM
vsock EPERM
alg-in-64-bits EPERM
vsock-in-64-bits EPERM
unshare-user EPERM
clone-user EPERM
clone3 ENOSYS
keyctl EPERM
bpf EPERM
mount EPERM
io_uring EPERM
personality EPERM
personality-ask ok
END
cmp expected "$T/out" || fail 'the default policy'

# a capability opens what belongs to it
kist-spec config --cap-add SYS_ADMIN /probe >bundle/config.json || fail 'kist-spec config'
status 0 runc --root "$T/runc" run -b bundle c2
says 'unshare-user ok'
says 'clone3 other'
says 'keyctl EPERM'

kist-spec config --seccomp-unconfined /probe >bundle/config.json || fail 'kist-spec config'
status 0 runc --root "$T/runc" run -b bundle c3
says 'unshare-user ok'
