# SPDX-License-Identifier: Apache-2.0
# Nothing that belongs to a namespace is set without one of the container's own: the host keeps its names.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" true
new_id
cp "$T/b/config.json" "$T/plain.json"
# the "host" is a uts namespace of this test
host() { unshare --uts sh -c 'hostname host; domainname host; "$@"; s=$?; echo "names: $(hostname) $(domainname)"; exit $s' sh "$@"; }

# $1: what is said; $2: the change
refused() {
	cp "$T/plain.json" "$T/b/config.json"
	edit "$T/b" 'l = c["linux"]; c["hostname"] = ""; '"$2"
	host kist-runtime --root "$STATE" run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" && fail "accepted: $2"
	complains "$1"
	says "names: host host"
	no_leftovers
}
without() { echo 'l["namespaces"] = [n for n in l["namespaces"] if n["type"] != "'"$1"'"]; '; }
hosts() { echo "$(without "$1")"'l["namespaces"].append({"type": "'"$1"'", "path": "/proc/self/ns/'"$1"'"}); '; }

for uts in "$(without uts)" "$(hosts uts)"; do
	refused "hostname is set, but the container has no uts namespace of its own" "$uts"'c["hostname"] = "evil"'
	refused "domainname is set, but the container has no uts namespace of its own" "$uts"'c["domainname"] = "evil"'
	refused "sysctl 'kernel.domainname'" "$uts"'l["sysctl"] = {"kernel.domainname": "evil"}'
done
refused "sysctl 'kernel.hostname'" 'l["sysctl"] = {"kernel.hostname": "evil"}'
refused "linux.timeOffsets is set, but the container has no time namespace of its own" \
	'l["timeOffsets"] = {"boottime": {"secs": 1000}}'
refused "linux.timeOffsets is set, but the container has no time namespace of its own" \
	"$(hosts time)"'l["timeOffsets"] = {"boottime": {"secs": 1000}}'
refused "linux.uidMappings is set, but the container has no user namespace of its own" \
	'l["uidMappings"] = l["gidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 65536}]'
refused "belongs to the network namespace, which is the host's" \
	"$(without network)"'l["sysctl"] = {"net.ipv4.ip_forward": "1"}'
refused "belongs to the ipc namespace, which is the host's" "$(without ipc)"'l["sysctl"] = {"kernel.sem": "1 2 3 4"}'
refused "no mount namespace" "$(without mount)"

# one's own is named, and no name is no wish
cp "$T/plain.json" "$T/b/config.json"
edit "$T/b" 'c["hostname"] = "inside"; c["domainname"] = "inner"; c["process"]["args"] = ["sh", "-c", "hostname; cat /proc/sys/kernel/domainname"]'
status 0 host kist-runtime --root "$STATE" run -b "$T/b" "$ID"
[ "$(tr '\n' ' ' <"$T/out")" = "inside inner names: host host " ] || fail "names: $(cat "$T/out")"
edit "$T/b" 'l = c["linux"]; c["hostname"] = c["domainname"] = ""; '"$(without uts)"
status 0 host kist-runtime --root "$STATE" run -b "$T/b" "$ID"
[ "$(tr '\n' ' ' <"$T/out")" = "host host names: host host " ] || fail "names: $(cat "$T/out")"

# that of another is joined and named, as pods do
touch "$T/uts"
unshare --uts="$T/uts" hostname pod
on_exit "umount '$T/uts'"
edit "$T/b" 'c["hostname"] = "member"; c["linux"]["namespaces"].append({"type": "uts", "path": "'"$T"'/uts"})'
status 0 host kist-runtime --root "$STATE" run -b "$T/b" "$ID"
[ "$(head -1 "$T/out")" = member ] || fail "names: $(cat "$T/out")"
says "names: host host"
no_leftovers
