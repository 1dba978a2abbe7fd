# SPDX-License-Identifier: Apache-2.0
# Published ports as ps, port and inspect show them; networks of one's own; nothing left behind.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need curl jq
load_busybox
serve='echo hello >/index.html; httpd -f -p 80 -h /'
port=$(free_port)
status 0 kist run -d --name web -p "127.0.0.1:$port:80" --expose 90/udp busybox sh -c "$serve"
wait_for 5 curl -fs "http://127.0.0.1:$port/"
status 0 kist ps --format '{{.Ports}}'
says "90/udp, 127.0.0.1:$port->80/tcp"
status 0 kist port web
says "80/tcp -> 127.0.0.1:$port"
status 0 kist port web 80
[ "$(cat out)" = "127.0.0.1:$port" ] || fail 'port of one'
status 1 kist port web 81
complains "no public port '81/tcp' published for web"
status 0 kist inspect web
jq -e ".[0].NetworkSettings | .Ports[\"80/tcp\"][0].HostPort == \"$port\" and .Ports[\"90/udp\"] == null and
	(.IPAddress | length) > 6 and .Networks.bridge.IPAddress == .IPAddress" out >/dev/null || fail 'NetworkSettings'
address=$(jq -r '.[0].NetworkSettings.IPAddress' out)
status 0 kist run --rm busybox wget -qO- "http://$address/"
says hello
# the port is taken: the id is said, and the container stays, created
status 125 kist run -d --name second -p "127.0.0.1:$port:80" busybox true
grep -qxE '[0-9a-f]{64}' out || fail 'no id'
complains "127.0.0.1:$port/tcp: port is already allocated"
status 0 kist inspect -f '{{.State.Status}}' second
says created
status 0 kist rm second
status 0 kist run -d --name any -P --expose 80 busybox sh -c "$serve"
status 0 kist port any 80
wait_for 5 curl -fs "http://127.0.0.1:$(sed 's/.*://' out)/"
status 0 kist rm -f any
# killed with its monitor: the next command takes the network down
kill_hard "$(cat "$KIST_RUN"/containers/*/lock)"
wait_for 5 sh -c 'kist ps -a --format "{{.Status}}" | grep -qF "Exited (137)"'
status 0 kist start web
wait_for 5 curl -fs "http://127.0.0.1:$port/"
status 0 kist stop -t 0 web
status 0 kist rm web
status 0 kist network create --subnet 10.99.0.0/16 own
status 1 kist network create own
complains 'network with name own already exists'
status 0 kist network ls --format '{{.Name}} {{.Driver}}'
says 'own bridge'
status 0 kist run --rm --network own busybox ip -4 addr
says 'inet 10.99.'
status 1 kist network rm bridge
complains 'bridge is a pre-defined network and cannot be removed'
status 0 kist network rm own
status 1 kist network rm own
complains 'network own not found'
# the script of a run with a network, and its result
status 0 kist run --rm -h box busybox sh -c 'hostname; ip -4 addr | grep -c eth0; tail -1 /etc/hosts | cut -f2'
cp out out.done
kist --plan run --rm -h box busybox sh -c 'hostname; ip -4 addr | grep -c eth0; tail -1 /etc/hosts | cut -f2' >script
grep -q 'kist-netsetup setup' script || fail 'no kist-netsetup in the script'
status 0 sh script
check 'the same by script' cmp out out.done
# several networks: each shows what was asked for, before the start, while it runs, and after its end
status 0 kist network create --subnet 10.91.0.0/24 one
status 0 kist network create --subnet 10.92.0.0/24 two
status 0 kist create --name both --network name=one,alias=db,alias=store,ip=10.91.0.7 --network two busybox sleep 100
asked() {
	status 0 kist inspect both
	jq -e ".[0].NetworkSettings.Networks | (keys == [\"one\", \"two\"]) and .one.Aliases == [\"db\", \"store\"] and
		.one.IPAMConfig == {\"IPv4Address\": \"10.91.0.7\"} and .two.Aliases == null and .two.IPAMConfig == null and
		(.one.NetworkID | length) == 64 and .one.IPAddress == \"$1\" and (.two.IPAddress | startswith(\"$2\"))" out >/dev/null ||
		fail "Networks $3: $(jq -c '.[0].NetworkSettings.Networks' out)"
}
asked '' '' 'before the start'
status 0 kist start both
asked 10.91.0.7 10.92.0. 'while it runs'
status 0 kist stop -t 0 both
asked '' '' 'after the end'
status 0 kist rm both
status 0 kist network rm one two
nothing_left
