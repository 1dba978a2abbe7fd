# SPDX-License-Identifier: Apache-2.0
# inspect of a container: the whole document in docker's structure, and templates over it.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need jq
load_busybox
mkdir data
status 0 run -d --name web -e A=1 --label l=x -m 64m -v "$T/data:/data:ro" -v vol:/vol --entrypoint sleep busybox 1000
status 0 kist inspect web
jq -e '.[0] | .Name == "/web" and .Path == "sleep" and .Args == ["1000"] and .State.Running and
	.State.Pid > 0 and .Config.Image == "busybox" and .Config.Labels == {"l":"x"} and
	(.Config.Env | index("A=1")) and .HostConfig.Memory == 67108864 and .HostConfig.Binds != null and
	.HostConfig.NetworkMode == "none" and .HostConfig.RestartPolicy.Name == "no" and
	.HostConfig.CapAdd == null and .Config.Entrypoint == ["sleep"] and .Config.Cmd == ["1000"] and
	(.Mounts | length) == 2 and (.Mounts[0] | .Type == "bind" and .RW == false and .Destination == "/data") and
	(.Mounts[1] | .Type == "volume" and .Name == "vol") and .GraphDriver.Name == "overlay2" and
	.NetworkSettings.Networks.none and (.HostConfig.MaskedPaths | length) > 3' out >/dev/null ||
	fail 'the document'
# every member of docker's document
for key in Id Created Path Args State Image ResolvConfPath HostnamePath HostsPath LogPath Name \
	RestartCount Driver Platform MountLabel ProcessLabel AppArmorProfile ExecIDs HostConfig \
	GraphDriver Mounts Config NetworkSettings; do
	jq -e ".[0] | has(\"$key\")" out >/dev/null || fail "no $key"
done
status 0 kist inspect -f '{{range .Mounts}}{{.Destination}} {{end}}{{index .Config.Labels "l"}} {{json .Config.Cmd}}' web
says '/data /vol x ["1000"]'
status 0 kist inspect -f '{{.HostConfig.PidsLimit}}' web
says 2048
status 0 kist create --name unlimited --pids-limit 0 busybox true
status 0 kist inspect -f '{{.HostConfig.PidsLimit}}' unlimited
says '<nil>'
status 0 kist rm unlimited
status 0 kist create --name confined --security-opt apparmor=some-profile busybox true
status 0 kist inspect -f '{{.AppArmorProfile}}' confined
says some-profile
status 0 kist rm confined
status 64 kist inspect -f '{{' web
complains 'template parsing error: template: :1: unclosed action'
status 1 kist inspect -f '{{.Nope}}' web
complains 'map has no entry for key "Nope"'
status 1 kist inspect nosuch web
complains 'No such object: nosuch'
[ "$(jq length out)" = 1 ] || fail 'the one that is there is not printed'
status 1 kist container inspect nosuch
complains 'No such container: nosuch'
[ "$(cat out)" = '[]' ] || fail 'no empty list'
status 0 kist inspect -s -f '{{.SizeRw}} {{.SizeRootFs}}' web
status 0 kist network inspect bridge
[ "$(jq -r '.[0].Driver' out)" = bridge ] || fail 'network inspect'
status 0 kist network ls --format '{{.Name}} {{.Driver}}'
says 'none null'
status 0 kist system df
says 'Local Volumes'
status 0 kist info --format '{{.ContainersRunning}}'
says 1
status 0 kist version --format '{{.Server.Version}}'
status 0 kist rm -f web
status 0 kist volume rm vol
# info adds up what those that run may use, and do use
status 0 kist run -d --name small --net none -m 64m --pids-limit 10 --cpus 0.5 busybox sleep 100
status 0 kist run -d --name large --net none -m 128m --pids-limit -1 busybox sleep 100
status 0 kist create --name still --net none -m 1g busybox sleep 100
status 0 kist info -f '{{json .Limits}}'
jq -e '.Containers == 2 and .Memory == 201326592 and .MemoryUnlimited == 0 and .MemoryUsage > 0 and .Pids == 10 and
	.PidsUnlimited == 1 and .PidsUsage == 2 and .PidsMax > 1000 and .NanoCpus == 500000000 and .NanoCpusUnlimited == 1' out >/dev/null ||
	fail 'info adds up something else'
status 0 kist info
says '  Processes: 10 of '
status 0 kist rm -f small large still
nothing_left
