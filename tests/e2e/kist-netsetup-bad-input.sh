# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# N05: hostile names and values are refused before anything is made.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"

refused() { # JQ TEXT
	config 1 "$1" >"$T/config"
	status 1 kist-netsetup setup "$T/netns/1" <"$T/config"
	complains "$2"
	[ ! -s "$T/out" ] || fail "a result was printed"
	[ ! -e "$T/netns" ] || fail "a network namespace was made"
}
long=$(printf '%0300d' 1)
for name in ../../x a/b '' . .. "$long" 'a
b' '$(touch x)' '`id`' 'x; flush ruleset' '{ } drop' '-x' 'ä' '"'; do
	quoted=$(jq -n --arg s "$name" '$s')
	refused ".container_id = $quoted" "invalid container_id"
	[ -z "$name" ] || refused ".network = $quoted" "invalid network name"
	[ -z "$name" ] || refused ".name = $quoted" "invalid container name"
	case $name in
	'' | . | .. | -x) ;;
	*) refused ".hostname = $quoted" "invalid hostname" ;;
	esac
	refused ".dns = [$quoted]" "invalid dns address"
	refused ".extra_hosts = [$quoted]" "invalid extra_hosts entry"
	refused ".ports = [{\"container_port\":80,\"protocol\":$quoted}]" "is none of tcp, udp and sctp"
	[ -z "$name" ] || refused ".ports = [{\"container_port\":80,\"host_ip\":$quoted}]" "invalid host_ip"
	case $name in
	'' | ../../x | . | .. | -x | "$long") ;;
	*) refused ".dns_search = [$quoted]" "invalid dns_search domain" ;;
	esac
	case $name in
	"$long" | -x) ;;
	*) refused ".dns_options = [$quoted]" "invalid dns_options" ;;
	esac
	status 2 kist-netsetup create -- "$name"
	status 2 kist-netsetup rm -- "$name"
done
refused '.extra_hosts = ["db:1.2.3.4\n6.6.6.6 evil"]' "invalid extra_hosts entry"
refused '.extra_hosts = ["db:1.2.3.400"]' "invalid extra_hosts entry"
refused '.ports = [{"container_port":0}]' "container_port 0 (1 in a row) is not within 1 to 65535"
refused '.ports = [{"container_port":80,"host_port":99999}]' "host_port 99999 (1 in a row) is not within 0 to 65535"
refused '.ports = [{"container_port":80,"host_port":-1}]' "host_port: "
refused '.ports = [{"container_port":80,"host_ip":"127.0.0.01"}]' "invalid host_ip"
refused '.ports = [{"container_port":80,"host_ip":"::1"}]' "only IPv4"
refused '.network = "none" | .ports = [{"container_port":80}]' "are nothing for network none"
refused 'del(.container_id)' "container_id"
refused '.ports = [range(5000) | {container_port: 80}]' "more than 4096"

printf '{"container_id":"x","container_id":"y"}' >"$T/config"
status 1 kist-netsetup setup "$T/netns/1" <"$T/config"
complains "occurs twice"
head -c 2000000 /dev/zero | tr '\0' ' ' >"$T/config"
status 1 kist-netsetup setup "$T/netns/1" <"$T/config"
complains "larger than"
: >"$T/config"
status 1 kist-netsetup setup "$T/netns/1" <"$T/config"
status 2 kist-netsetup setup
status 3 sh -c 'jq -n "{container_id: \"x\", endpoints: [{network: \"nosuch\"}]}" | kist-netsetup setup "$1"' - "$T/netns/1"
complains "network nosuch not found"
[ ! -e "$T/netns/1" ] || fail "the network namespace is left"

# a path that is no namespace is not removed; one below a file cannot be made
echo precious >"$T/file"
config 1 >"$T/config"
status 0 kist-netsetup teardown "$T/nosuch" <"$T/config"
mkdir "$T/dir"
status 0 kist-netsetup teardown "$T/dir" <"$T/config"
status 0 kist-netsetup teardown "$T/file" <"$T/config"
[ -d "$T/dir" ] || fail "a directory was removed"
is "$(cat "$T/file")" precious
status 4 kist-netsetup setup "$T/file" <"$T/config"
is "$(cat "$T/file")" precious
status 1 kist-netsetup setup "$T/file/x" <"$T/config"

# the result cannot be written: nothing stays
mkdir -p "$T/files-1"
status 1 sh -c 'kist-netsetup setup "$1" <"$2" >/dev/full' - "$T/netns/1" "$T/config"
nothing_left
rm -r "$T/files-1"
status 3 kist-netsetup setup "$T/netns/1" <"$T/config"
complains "cannot open '$T/files-1'"
nothing_left

# without root
if command -v setpriv >/dev/null; then
	chmod 755 "$T"
	status 5 setpriv --reuid=65534 --clear-groups kist-netsetup --run /nonexistent setup /tmp/x <"$T/config"
	complains "networks and published ports need root"
fi
