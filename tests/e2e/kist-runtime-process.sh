# SPDX-License-Identifier: Apache-2.0
# User, groups, capabilities, limits, seccomp, no_new_privs, umask, keyring (R10, R12, R16, R18).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sh -c 'cat /proc/self/status; umask; ulimit -n; ulimit -Hn; cat /proc/self/oom_score_adj'
new_id
edit "$T/b" '
p = c["process"]
p["user"] = {"uid": 1000, "gid": 1001, "additionalGids": [5, 6, 7], "umask": 0o77}
p["rlimits"] = [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200}]
p["oomScoreAdj"] = 500
'
status 0 runtime run -b "$T/b" "$ID"
matches "user" "^Uid:.1000.1000.1000.1000" "^Gid:.1001.1001.1001.1001"
matches "groups" "^Groups:.5 6 7"
matches "R10" "^CapInh:.0000000000000000" "^CapAmb:.0000000000000000"
matches "caps" "^CapEff:.0000000000000000" "^CapBnd:.00000000a80425fb"
matches "no seccomp filter" "^Seccomp:.2"
matches "limits" "^0077$" "^100$" "^200$" "^500$"

# R10: exec gets what it is asked to get
edit "$T/b" 'c["process"].update(args=["sleep", "100"], user={"uid": 0, "gid": 0}, rlimits=[])'
status 0 runtime run -d -b "$T/b" "$ID"
status 0 runtime exec "$ID" cat /proc/self/status
matches "exec" "^CapEff:.00000000a80425fb" "^CapInh:.0000000000000000"
status 0 runtime exec --cap CAP_NET_ADMIN "$ID" cat /proc/self/status
matches "exec --cap" "^CapEff:.00000000a80435fb" "^CapAmb:.0000000000000000"
status 0 runtime exec -u 1:2 -g 8 -g 9 "$ID" cat /proc/self/status
matches "exec -u" "^Uid:.1.1.1.1" "^Gid:.2.2.2.2" "^Groups:.8 9"
matches "exec -u keeps capabilities" "^CapEff:.0000000000000000"
status 0 runtime exec -e NEW=value --cwd /tmp "$ID" sh -c 'pwd; echo $NEW'
says /tmp
says value
status 0 runtime exec --no-new-privs "$ID" cat /proc/self/status
matches "exec --no-new-privs" "^NoNewPrivs:.1"
echo '{"args": ["sh", "-c", "echo $X; exit 6"], "cwd": "/", "env": ["PATH=/bin", "X=from-file"], "user": {"uid": 0, "gid": 0}}' >"$T/p.json"
status 6 runtime exec --process "$T/p.json" "$ID"
says from-file
# without a file: a pipe, stdin, a memfd; the program gets none of them
mkfifo "$T/p.fifo"
cat "$T/p.json" >"$T/p.fifo" &
status 6 runtime exec --process "$T/p.fifo" "$ID"
says from-file
status 6 runtime exec --process - "$ID" <"$T/p.json"
says from-file
# shellcheck disable=SC2002 # a pipe it is to be
cat "$T/p.json" | status 6 runtime exec --process /proc/self/fd/0 "$ID"
cat >"$T/by-memfd" <<-'END'
	import os, sys
	fd = os.memfd_create("process", 0)
	os.write(fd, b'{"args": ["ls", "/proc/self/fd"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}}')
	os.execvp("kist-runtime", ["kist-runtime", "--root", sys.argv[1], "exec", "--process", f"/proc/self/fd/{fd}", sys.argv[2]])
END
status 0 python3 "$T/by-memfd" "$STATE" "$ID"
[ "$(tr '\n' ' ' <"$T/out")" = "0 1 2 3 " ] || fail "a descriptor of the caller was inherited"
status 3 runtime exec --process "$T/none" "$ID"
complains "process file '$T/none'"
echo '{' | runtime exec --process - "$ID" 2>"$T/err" && fail "half a document"
complains "process file '-'"
status 0 runtime exec -d --pid-file "$T/pid" "$ID" sleep 50
check "pid file" kill -0 "$(cat "$T/pid")"
status 2 runtime exec "$ID"
echo in | runtime exec "$ID" cat >"$T/out" && says in
status 0 runtime delete --force "$ID"
no_leftovers

# ambient capabilities reach a user's program
edit "$T/b" '
k = ["CAP_NET_RAW"]
c["process"].update(args=["cat", "/proc/self/status"], user={"uid": 1000, "gid": 0},
    capabilities={"bounding": k, "effective": k, "permitted": k, "inheritable": k, "ambient": k})'
status 0 runtime run -b "$T/b" "$ID"
matches "ambient" "^CapEff:.0000000000002000" "^CapAmb:.0000000000002000"

# seccomp, with and without no_new_privs, by an argument too; the second start reads the cache
for nnp in True False; do
	edit "$T/b" '
del c["process"]["capabilities"]
c["process"]["capabilities"] = {"bounding": ["CAP_CHOWN"], "effective": ["CAP_CHOWN"], "permitted": ["CAP_CHOWN"]}
c["process"].update(args=["sh", "-c", "mkdir /tmp/d; echo still here; grep NoNew /proc/self/status"], user={"uid": 0, "gid": 0}, noNewPrivileges='$nnp')
c["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
    "syscalls": [{"names": ["mkdir", "mkdirat", "no_such_call"], "action": "SCMP_ACT_ERRNO", "errnoRet": 97}]}'
	for _ in 1 2; do
		status 0 runtime run -b "$T/b" "$ID"
		says "still here"
		complains "Address family not supported"
	done
done
[ "$(find "$STATE/@seccomp" -type f | wc -l)" = 2 ] || fail "not one cached filter per policy"
# a cache that somebody changed is not used
for f in "$STATE"/@seccomp/*; do
	printf x | dd of="$f" bs=1 seek=200 conv=notrunc 2>/dev/null
done
status 0 runtime run -b "$T/b" "$ID"
complains "Address family not supported"
chmod 666 "$STATE"/@seccomp/*
status 0 runtime run -b "$T/b" "$ID"
complains "Address family not supported"

# a call that is newer than the policy is one that the kernel lacks; one that it could have named is refused
cat >"$T/call.c" <<'END'
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	while (argc-- > 1) {
		long number = atol(*++argv);

		errno = 0;
		syscall(number, -1, -1, -1, -1, -1, -1);
		printf("%ld %d\n", number, errno);
	}
	return 0;
}
END
if command -v "${CC:-cc}" >/dev/null && [ "$(uname -m)" = x86_64 ] &&
	${CC:-cc} -static -w -o "$T/b/rootfs/bin/call" "$T/call.c" 2>/dev/null; then
	# faccessat2 is 439, the last one that is named; clone3 is 435
	for architectures in '["SCMP_ARCH_X86_64"]' '["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]' '[]'; do
		for default in ', "defaultErrnoRet": 1' ''; do
			edit "$T/b" '
import subprocess
c["process"].update(args=["call", "435", "439", "440", "1000"])
names = "'"$(ausyscall --dump 2>/dev/null | awk '$1 <= 334 {print $2}' | tr '\n' ' ')"'".split() or ["read", "write", "openat", "open",
    "close", "brk", "mmap", "munmap", "mprotect", "exit_group", "exit", "fstat", "newfstatat", "uname", "readlink", "readlinkat", "execve",
    "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "prlimit64", "getrandom", "futex", "capset", "prctl", "ioctl", "writev",
    "sendto", "recvfrom", "close_range", "rt_sigaction", "rt_sigprocmask", "access", "pread64", "poll", "fcntl", "getpid", "gettid", "tgkill"]
c["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ERRNO"'"$default"', "architectures": '"$architectures"',
    "syscalls": [{"names": names, "action": "SCMP_ACT_ALLOW"}, {"names": ["faccessat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": 97}]}'
			status 0 runtime run -b "$T/b" "$ID"
			[ "$(tr '\n' ';' <"$T/out")" = "435 1;439 97;440 38;1000 38;" ] || fail "$architectures $default: $(cat "$T/out")"
		done
	done
	edit "$T/b" 'c["linux"]["seccomp"].update(defaultAction="SCMP_ACT_LOG", defaultErrnoRet=None); c["process"]["args"] = ["call", "1000"]; del c["linux"]["seccomp"]["defaultErrnoRet"]'
	status 0 runtime run -b "$T/b" "$ID"
	says "1000 38"
fi

# R18: setuid gains nothing with no_new_privs
cat >"$T/id.c" <<'END'
#include <stdio.h>
#include <unistd.h>
int main(void) { printf("euid %d\n", geteuid()); return 0; }
END
if command -v "${CC:-cc}" >/dev/null && ${CC:-cc} -static -o "$T/b/rootfs/bin/euid" "$T/id.c" 2>/dev/null; then
	chmod 4755 "$T/b/rootfs/bin/euid"
	edit "$T/b" 'del c["linux"]["seccomp"]; c["process"].update(args=["euid"], user={"uid": 1000, "gid": 0}, noNewPrivileges=True)'
	status 0 runtime run -b "$T/b" "$ID"
	says "euid 1000"
	edit "$T/b" 'c["process"]["noNewPrivileges"] = False'
	status 0 runtime run -b "$T/b" "$ID"
	says "euid 0"
fi

# R16: two containers have two session keyrings; /proc/keys shows nothing
edit "$T/b" 'c["process"].update(args=["sh", "-c", "cat /proc/keys"], user={"uid": 0, "gid": 0})'
status 0 runtime run -b "$T/b" "$ID"
[ ! -s "$T/out" ] || fail "R16: keys are visible"
if command -v keyctl >/dev/null && keyctl show @s >/dev/null 2>&1; then
	edit "$T/b" 'c["linux"]["maskedPaths"] = []'
	for n in 1 2; do
		runtime run -b "$T/b" "$ID" | grep -o "_ses[^:]*" | sort -u >"$T/keys$n"
		grep -qx "_ses.$ID" "$T/keys$n" || fail "R16: no keyring of its own"
	done
fi
no_leftovers

# R05: descriptors of socket activation are passed on when they are meant for the runtime, and only then
cat >"$T/activate" <<-'END'
	import os, sys
	os.dup2(os.open(sys.argv[1], os.O_RDONLY), 3)
	os.set_inheritable(3, True)
	os.environ["LISTEN_FDS"] = "1"
	if sys.argv[2]:
	    os.environ["LISTEN_PID"] = str(os.getpid() + int(sys.argv[2]))
	os.execvp(sys.argv[3], sys.argv[3:])
END
rm -rf --one-file-system "$T/b"
make_bundle "$T/b" sh -c 'echo "$LISTEN_FDS,$LISTEN_PID"; cat <&3'
for pid in "" 1 -1; do
	python3 "$T/activate" "$T/p.json" "$pid" kist-runtime --root "$STATE" run -b "$T/b" "$ID" >"$T/out" 2>"$T/err"
	[ "$(cat "$T/out")" = , ] || fail "LISTEN_FDS is believed with LISTEN_PID of ours plus '$pid'"
done
status 0 python3 "$T/activate" "$T/p.json" 0 kist-runtime --root "$STATE" run -b "$T/b" "$ID"
says "1,1"
says from-file
no_leftovers
