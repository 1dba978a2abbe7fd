# SPDX-License-Identifier: Apache-2.0
# A container from the JSON that docker's client posts: made, run, and shown as it was asked for.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
. "$KIST_SOURCE/tests/e2e/api.sh"

need jq
need_api
load_busybox
# post NAME FILTER: what docker 28 posts for "docker run -it --rm -p 8080:80 -v /a:/b -e A=b IMG", changed
post() {
	jq "$2" "$KIST_SOURCE/tests/data/create/docker-28.json" >body
	post_create "$1" body >out 2>err || fail "create $1: $(cat err)"
	grep -qxE '[0-9a-f]{64}' out || fail "no id for $1"
}
mkdir shared
echo from-host >shared/f
post all ".Image = \"busybox\" | .Tty = false | .OpenStdin = false | .HostConfig.NetworkMode = \"none\" |
	.NetworkingConfig = {} | .HostConfig.PortBindings = {} | .HostConfig.AutoRemove = false |
	.HostConfig.Binds = [\"$T/shared:/b:ro\", \"vol:/v\"] | .Volumes = {\"/anonymous\":{}} | .User = \"1:2\" |
	.Cmd = [\"sh\", \"-c\", \"cat /b/f; echo \$A; id -u; id -g; grep ' /anonymous ' /proc/mounts | wc -l\"] |
	.HostConfig.Memory = 67108864"
status 0 kist start -a all
[ "$(tr '\n' ' ' <out)" = 'from-host b 1 2 1 ' ] || fail "the container said: $(cat out)"
status 0 kist inspect all
jq -e ".[0] | .HostConfig.Binds == [\"$T/shared:/b:ro\", \"vol:/v\"] and .HostConfig.PidsLimit == 2048 and
	.HostConfig.MemorySwap == 134217728 and .Config.Volumes == {\"/anonymous\":{}} and .HostConfig.ConsoleSize == [33,101] and
	(.Config.Env | index(\"A=b\")) and .Config.User == \"1:2\"" out >/dev/null ||
	fail "inspect shows something else than what was asked for: $(jq -c '.[0].HostConfig' out)"
status 0 kist rm -v all
# every member of docker's HostConfig and Config is there
status 0 kist create --name shape busybox true
for key in $(jq -r '.HostConfig | keys[]' "$KIST_SOURCE/tests/data/create/docker-28.json"); do
	kist inspect shape | jq -e ".[0].HostConfig | has(\"$key\")" >/dev/null || fail "no HostConfig.$key"
done
status 0 kist rm shape
# a mistake is told, and nothing is made of it
echo '{"Image":"busybox","HostConfig":{"Links":["a:b"]}}' >body
status 1 post_create '' body
complains 'HostConfig.Links: kist does not have this'
echo '{"Image":"busybox","Env":"A=b"}' >body
status 1 post_create '' body
complains 'Env: expected an array of strings'
echo '{"Image":"nosuch"}' >body
status 1 post_create '' body
complains 'No such image: nosuch'
echo '{"Image":"busybox"' >body
status 1 post_create '' body
complains 'not valid JSON'
status 0 kist volume rm vol
nothing_left
