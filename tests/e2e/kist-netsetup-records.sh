# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Records of older programs, damaged and newer ones: taken away, or named; none hides another.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"

# an endpoint as it was written before a container could have several
mkdir -p "$KIST_RUN/endpoints" "$KIST_RUN/ports/tcp-8080" "$KIST_RUN/networks/default" "$T/netns"
: >"$T/netns/1"
ip link add kist0 type bridge
unshare --net="$T/netns/1" true
ip link add veth0123456789a type veth peer name eth0 netns "$T/netns/1"
jq -nc --arg id "$(id 1)" --arg netns "$T/netns/1" '{id: $id, netns: $netns, network: "default", bridge: "kist0",
	link: "veth0123456789a", address: "10.88.0.2",
	ports: [{host_ip: "", host_port: 8080, container_port: 80, protocol: "tcp"}]}' >"$KIST_RUN/endpoints/$(id 1).json"
printf '%s\n' '{"name":"default","bridge":"kist0","subnet":"10.88.0.0/16","gateway":"10.88.0.1"}' \
	>"$KIST_RUN/networks/default/active.json"
printf '%s\n' "$(id 1)" >"$KIST_RUN/networks/default/10.88.0.2"
printf %s "$(id 1)" >"$KIST_RUN/ports/tcp-8080/0.0.0.0"
jq -nc --arg id "$(id 1)" '{container_id: $id, network: "default"}' >"$T/config"
status 0 kist-netsetup teardown "$T/netns/1" <"$T/config"
nothing_left
# and a wish in that form is refused, it does not become a container without a network
status 1 kist-netsetup setup "$T/netns/1" <"$T/config"
complains 'endpoints: missing'
nothing_left

# definitions that are damaged, or from the future
mkdir -p "$KIST_ROOT"
status 0 kist-netsetup create good
echo '{"name":"torn","bri' >"$KIST_ROOT/networks/torn.json"
echo '{"name":"odd","driver":"ether","subnet":{"v7":1}}' >"$KIST_ROOT/networks/odd.json"
status 1 kist-netsetup ls
is "$(jq -r .name "$T/out" | tr '\n' ' ')" 'default good '
complains "network torn: '$KIST_ROOT/networks/torn.json'"
complains "network odd: '$KIST_ROOT/networks/odd.json'"
is "$(jq -r '"\(.driver) \(.internal) \(.id | length)"' "$KIST_ROOT/networks/good.json")" 'bridge false 64'
status 1 kist network ls --format '{{.Name}} {{.Driver}}'
for line in 'bridge bridge' 'good bridge' 'host host' 'none null'; do
	grep -qxF "$line" "$T/out" || fail "'$line' is missing: $(cat "$T/out")"
done
complains "'$KIST_ROOT/networks/torn.json'"
status 0 kist network inspect good
is "$(jq -r '.[0].Id' "$T/out")" "$(jq -r .id "$KIST_ROOT/networks/good.json")"
id=$(jq -r '.[0].Id' "$T/out")
# they can be removed, and a successor of the same name is another network
for n in torn odd good; do status 0 kist-netsetup rm $n; done
status 0 kist-netsetup create good
[ "$(jq -r .id "$T/out")" != "$id" ] || fail 'the id comes again'
status 0 kist-netsetup rm good

# one letter is a name, with every verb
status 0 kist network create a
status 0 kist network ls --filter name=a --format '{{.Name}}'
grep -qx a "$T/out" || fail 'a is not listed'
check 'a container in it' up 2 '.network = "a"'
down 2
status 0 kist network rm a
[ ! -e "$KIST_ROOT/networks/a.json" ] || fail 'a is left'
status 1 kist network create -- -x
[ -z "$(find "$KIST_ROOT/networks" -name '*.json')" ] || fail 'something was made'

# a record of a container, and of a network that is set up
check 'setup' up 3
echo '{' >"$KIST_RUN/endpoints/$(id 3)/.container"
status 0 kist-netsetup teardown "$T/netns/3" <"$T/config"
config 3 >"$T/config"
status 0 kist-netsetup teardown "$T/netns/3" <"$T/config"
complains "$KIST_RUN/endpoints/$(id 3)"
umount "$T/netns/3" && rm "$T/netns/3" # whose it is stood in the record
nothing_left
check 'setup' up 3
echo '{' >"$KIST_RUN/networks/default/active.json"
config 4 >"$T/config"
mkdir -p "$T/files-4"
status 1 kist-netsetup setup "$T/netns/4" <"$T/config"
complains "$KIST_RUN/networks/default"
check 'the last one takes it down all the same' down 3
nothing_left
