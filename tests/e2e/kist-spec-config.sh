# SPDX-License-Identifier: Apache-2.0
# A config that kist-spec makes from an image config is one that Debian's runtimes run as docker would.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
command -v runc >/dev/null || command -v crun >/dev/null || skip 'neither runc nor crun is installed'
busybox_root bundle/rootfs
mkdir -p data
echo from-the-host >data/file
cat >image <<'END'
{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},
 "config":{"User":"user","Env":["A=image","B=image"],"Entrypoint":["sh","-c"],"Cmd":["exit 9"],"WorkingDir":"/tmp"}}
END

# run_bundle STATUS TEXT: by each runtime; it must write exactly TEXT
run_bundle() {
	check 'config.json' kist-spec check --kind config <bundle/config.json >/dev/null
	if command -v runc >/dev/null; then
		status "$1" runc --root "$T/runc" run -b bundle c1
		wrote "$2"
	fi
	if command -v crun >/dev/null; then
		# crun refuses the hybrid hierarchy
		status "$1" unshare -m sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null
			exec crun --root "$T/crun" run -b bundle c2'
		wrote "$2"
	fi
}

wrote() { [ "$(cat "$T/out")" = "$1" ] || fail "expected: $1"; }

make_config() { kist-spec config --image-config image --rootfs bundle/rootfs "$@" >bundle/config.json || fail "kist-spec config $*"; }

make_config
run_bundle 9 ''

make_config -e A=option -v "$T/data:/data:ro" --tmpfs /scratch:size=1m --read-only --hostname web \
	'id -u; id -G; pwd; echo $A $B $HOME; cat /data/file; hostname
	grep -E "Cap(Inh|Eff|Bnd|Amb)|Seccomp:" /proc/self/status
	touch /scratch/x && echo scratch; touch /x /data/x || echo refused'
run_bundle 0 '1000
1000 2000
/tmp
option image /home
from-the-host
web
CapInh:	0000000000000000
CapEff:	0000000000000000
CapBnd:	00000000a80425fb
CapAmb:	0000000000000000
Seccomp:	2
scratch
refused'

make_config -u 0:0 --entrypoint '' --cap-drop ALL --no-new-privileges --ulimit nofile=100:200 \
	sh -c 'grep -E "CapEff|NoNewPrivs" /proc/self/status; ulimit -n; unshare -U true || echo denied'
run_bundle 0 'CapEff:	0000000000000000
NoNewPrivs:	1
100
denied'

# masked and read-only paths
make_config -u root --entrypoint '' --cmd 'head -c 1 /proc/kcore | wc -c; echo x >/proc/sys/kernel/hostname || echo readonly'
run_bundle 0 '0
readonly'

# options as JSON, with a flag over them
echo '{"args":["echo","json"],"entrypoint":[],"env":["X=1"],"user":{"uid":7,"gid":8}}' >options
kist-spec config --options options sh -c 'echo "$X $(id -u) $(id -g)"' >bundle/config.json || fail 'options and a command'
run_bundle 0 '1 7 8'
kist-spec config --options - <options >bundle/config.json || fail 'options alone'
run_bundle 0 json
# with a root file system the image's user is looked up there
make_config --options options --group-add extra --group-add 5 -u user:users sh -c 'id -u; id -G'
run_bundle 0 '1000
1000 5 2000'
