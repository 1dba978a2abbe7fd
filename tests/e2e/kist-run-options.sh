# SPDX-License-Identifier: Apache-2.0
# What the flags ask for is what the container sees.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
printf '# comment\nFROM_FILE=f\n\nSHELL_VALUE\n' >variables
SHELL_VALUE=s status 0 run --rm -e A=1 -e B= --env-file variables -w /tmp -u user --hostname box busybox \
	sh -c 'echo $A-$B-$FROM_FILE-$SHELL_VALUE $(pwd) $(id -un) $(id -G) $(hostname)'
says '1--f-s /tmp user 1000 2000 box'
status 0 run --rm -u 5:6 --group-add extra busybox id
says 'uid=5 gid=6 groups=6,2000(extra)'
status 0 run --rm --entrypoint echo busybox entry point
says 'entry point'
status 1 run --rm --read-only busybox touch /x
complains 'Read-only file system'
status 0 run --rm --tmpfs /t:size=1m,mode=1770 busybox sh -c 'stat -c %a /t; df -k /t | tail -1'
says 1770
says 1024
status 0 run --rm --ulimit nofile=100:200 busybox sh -c 'ulimit -n; ulimit -Hn'
says 100
says 200
status 0 run --rm --cap-drop ALL --cap-add CHOWN busybox grep CapEff /proc/self/status
says 0000000000000001
status 0 run --rm --security-opt no-new-privileges busybox grep NoNewPrivs /proc/self/status
says '1'
status 0 run --rm --security-opt seccomp=unconfined busybox grep Seccomp: /proc/self/status
says '0'
status 0 run --rm --sysctl net.ipv4.ip_forward=1 busybox cat /proc/sys/net/ipv4/ip_forward
says 1
status 0 run --rm --device /dev/null:/dev/nil:r busybox ls -l /dev/nil
says '1,   3'
status 0 run --rm --add-host db:10.0.0.2 --dns 9.9.9.9 --dns-search example.org busybox cat /etc/hosts /etc/resolv.conf
says 'db'
says 'nameserver 9.9.9.9'
says 'search example.org'
status 0 run --rm --shm-size 1m busybox df -k /dev/shm
says 1024
status 0 run --rm --pid host busybox sh -c 'readlink /proc/self/ns/pid'
[ "$(cat out)" = "$(readlink /proc/self/ns/pid)" ] || fail '--pid host is another namespace'
# limits, as the container finds them in its cgroup
status 0 run --rm -m 64m --cpus 0.5 --pids-limit 50 busybox sh -c '
	cd /sys/fs/cgroup
	cat memory/memory.limit_in_bytes memory.max 2>/dev/null
	cat cpu/cpu.cfs_quota_us cpu.max 2>/dev/null
	cat pids/pids.max pids.max 2>/dev/null; true'
says 67108864
says 50000
grep -qx 50 out || fail 'no limit of 50 processes'
status 125 run --rm --cidfile /no/such/dir/id busybox true
status 0 run --rm --cidfile cid busybox true
grep -qE '^[0-9a-f]{64}' cid || fail 'no id in the cidfile'
status 125 run --rm --cidfile cid busybox true
complains 'container ID file found'
nothing_left
