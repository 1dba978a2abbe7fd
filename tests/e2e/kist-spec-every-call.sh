# SPDX-License-Identifier: Apache-2.0
# Every system call of x86-64 under the default policy: these are refused with EPERM, as by docker's, and no other
# (R14; kist-spec-seccomp.sh has those whose arguments decide).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

[ "$(uname -m)" = x86_64 ] || skip 'the numbers are those of x86-64'
LAST=456 # what is newer than the policy is another matter
make_bundle "$T/b" /every_call $LAST
cp "$KIST_BUILD/tests/e2e/every_call" "$T/b/rootfs/"
new_id
status 0 runtime run -b "$T/b" "$ID"
sort -n >expected <<'LIST'
103 syslog
134 uselib
136 ustat
139 sysfs
153 vhangup
155 pivot_root
156 _sysctl
163 acct
164 settimeofday
165 mount
166 umount2
167 swapon
168 swapoff
169 reboot
170 sethostname
171 setdomainname
172 iopl
173 ioperm
174 create_module
175 init_module
176 delete_module
177 get_kernel_syms
178 query_module
179 quotactl
180 nfsservctl
181 getpmsg
182 putpmsg
183 afs_syscall
184 tuxcall
185 security
212 lookup_dcookie
227 clock_settime
236 vserver
237 mbind
238 set_mempolicy
239 get_mempolicy
246 kexec_load
248 add_key
249 request_key
250 keyctl
256 migrate_pages
272 unshare
279 move_pages
298 perf_event_open
300 fanotify_init
304 open_by_handle_at
308 setns
312 kcmp
313 finit_module
320 kexec_file_load
321 bpf
323 userfaultfd
425 io_uring_setup
426 io_uring_enter
427 io_uring_register
428 open_tree
429 move_mount
430 fsopen
431 fsconfig
432 fsmount
433 fspick
438 pidfd_getfd
440 process_madvise
442 mount_setattr
443 quotactl_fd
450 set_mempolicy_home_node
LIST
# numbers between the tables of 32 and 64 bits are nobody's
awk '$1 < 335 || $1 > 423' out >refused
awk '{print $1, 1}' expected | diff - refused || fail 'what is expected to be refused (<), and what is (>)'

# a capability brings its calls with it, and no others
brings() { # CAPABILITY NUMBER...
	kist-spec config --cap-add "$1" /every_call $LAST >"$T/b/config.json" || fail 'kist-spec config'
	shift
	status 0 runtime run -b "$T/b" "$ID"
	printf '%s\n' "$@" | sort -n >brought
	awk '$1 < 335 || $1 > 423' out | diff refused - | sed -n 's/^< \([0-9]*\) 1$/\1/p' | sort -n | diff brought - ||
		fail 'what a capability should bring (<), and what it brings (>)'
	! awk '$1 < 335 || $1 > 423' out | diff refused - | grep '^>' || fail 'a capability takes calls away'
}
brings SYS_TIME 164 227
brings SYS_MODULE 175 176 313
brings SYS_PTRACE 312 438 440

