# SPDX-License-Identifier: Apache-2.0
# kist-spec config > bundle/config.json, run by kist-runtime, and by runc and crun where they are.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
busybox_layout
tar -C "$LAYOUT" -cf - . | kist-store load >/dev/null || fail 'load'
reference=$(kist-store ls | jq -r .reference)
mkdir -p bundle/rootfs
kist-store inspect "$reference" >image || fail 'inspect'
kist-store get "$(jq -r '.manifest.layers[0].digest' image)" | kist-layer unpack bundle/rootfs >/dev/null ||
	fail 'unpack'
kist-spec config --image "$reference" --cmd 'echo hi; id -u; exit 7' >bundle/config.json || fail 'kist-spec config'
status 0 kist-spec check bundle/config.json
status 7 kist-runtime run -b bundle c1
says hi
jq 'del(.process.terminal)' bundle/config.json >c && mv c bundle/config.json
if command -v runc >/dev/null; then
	status 7 runc --root "$T/runc" run -b bundle c2
	says hi
fi
if command -v crun >/dev/null; then
	# crun refuses the hybrid hierarchy
	status 7 unshare -m sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null
		exec crun --root "$T/crun" run -b bundle c3'
	says hi
fi
