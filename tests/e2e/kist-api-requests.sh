# SPDX-License-Identifier: Apache-2.0
# kist-api answers one connection on stdin and stdout: versions, errors, limits, what is no request.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
. "$KIST_SOURCE/tests/e2e/api.sh"
need_api
need jq python3
load_busybox

# CODE METHOD PATH [BODY]
answers() {
	want=$1
	shift
	request "$@"
	[ "$CODE" = "$want" ] || { cat "$T/answer"; fail "$CODE, expected $want: $*"; }
}
# TEXT: the message of the error
message() {
	[ "$(jq -r .message <"$T/body")" = "$1" ] || { cat "$T/body"; fail "the message is not: $1"; }
}

answers 200 GET /_ping
[ "$(cat "$T/body")" = OK ] || fail '_ping'
grep -qi '^Api-Version: 1\.47' "$T/head" || fail 'no Api-Version'
answers 200 HEAD /_ping
[ ! -s "$T/body" ] || fail 'HEAD has a body'

# versions: the oldest, the newest, none, and beyond
for v in '' /v1.24 /v1.41 /v1.47; do
	answers 200 GET "$v/version"
	[ "$(jq -r .ApiVersion <"$T/body")" = 1.47 ] || fail "$v/version"
done
answers 400 GET /v1.99/version
message 'client version 1.99 is too new. Maximum supported API version is 1.47'
answers 400 GET /v1.12/version
message 'client version 1.12 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version'

# several requests on one connection
printf 'GET /_ping HTTP/1.1\r\nHost: k\r\n\r\nGET /_ping HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n' |
	kist-api >"$T/answer"
[ "$(grep -o "HTTP/1.1 200" "$T/answer" | wc -l)" = 2 ] || fail 'two requests on one connection'

# what is not there, and what is wrong
answers 404 GET /nothing
message 'page not found'
answers 405 POST /version
answers 404 GET /containers/../../etc/json
answers 404 GET /containers/nosuch/json
message 'No such container: nosuch'
answers 404 POST /containers/nosuch/start
answers 404 DELETE /containers/nosuch
answers 404 GET /images/nosuch:1/json
answers 404 GET /exec/0123/json
message 'No such exec instance: 0123'
answers 400 POST /containers/create '{'
answers 400 POST /containers/create '[]'
answers 400 POST /containers/create '{}'
answers 400 POST /containers/create '{"Image":7}'
answers 404 POST /containers/create '{"Image":"nosuch:1"}'
message 'No such image: nosuch:1'
answers 400 POST '/containers/create?name=-' '{"Image":"busybox"}'
answers 400 GET '/containers/json?filters=x'
answers 400 POST /images/create
answers 400 POST '/images/create?fromImage=UPPER'
answers 501 POST '/images/create?fromSrc=-'

# the same verbs: a container by its body, as the command line shows it
answers 201 POST '/containers/create?name=c1' '{"Image":"busybox","Cmd":["sh","-c","echo hello; exit 3"],"HostConfig":{"NetworkMode":"none"}}'
id=$(jq -r .Id <"$T/body")
[ "$(jq -c .Warnings <"$T/body")" = '[]' ] || fail 'Warnings'
status 0 kist ps -aq --no-trunc
says "$id"
answers 409 POST '/containers/create?name=c1' '{"Image":"busybox"}'
answers 204 POST "/containers/c1/start"
answers 200 POST "/containers/c1/wait"
[ "$(jq .StatusCode <"$T/body")" = 3 ] || fail 'wait'
answers 304 POST "/containers/c1/stop"
answers 409 POST "/containers/c1/kill"
answers 200 GET "/containers/c1/json"
[ "$(jq -r '.Id + " " + .State.Status + " " + (.State.ExitCode | tostring)' <"$T/body")" = "$id exited 3" ] ||
	fail 'inspect'
answers 400 GET "/containers/c1/logs"
message 'Bad parameters: you must choose at least one stream (stdout and/or stderr)'
answers 200 GET "/containers/c1/logs?stdout=1"
grep -q hello "$T/body" || fail 'logs'
answers 200 GET '/containers/json?all=1'
[ "$(jq -r '.[0].Names[0] + " " + .[0].State' <"$T/body")" = '/c1 exited' ] || fail 'list'
answers 200 GET '/containers/json'
[ "$(jq -c . <"$T/body")" = '[]' ] || fail 'a list of what runs'
answers 200 GET '/containers/json?all=1&filters=%7B%22status%22%3A%5B%22running%22%5D%7D'
[ "$(jq -c . <"$T/body")" = '[]' ] || fail 'a filtered list'
answers 204 POST "/containers/c1/start"
answers 204 POST "/containers/c1/rename?name=c2"
answers 204 DELETE "/containers/c2?force=1"
answers 200 GET /images/json
[ "$(jq -r '.[0].RepoTags[0]' <"$T/body")" = busybox:latest ] || fail 'images'
answers 200 GET /info
[ "$(jq -r .Images <"$T/body")" = 1 ] || fail 'info'
[ "$(jq -r '[.MemoryLimit, .PidsLimit, .IPv4Forwarding, .CPUSet | type] | unique | join(" ")' <"$T/body")" = boolean ] ||
	fail 'info of limits'

# who waits for a removal is answered when it is over: directory, volume and what it had in RUN
answers 201 POST '/containers/create?name=many' '{"Image":"busybox","Volumes":{"/v":{}},"HostConfig":{"NetworkMode":"none","AutoRemove":true},
	"Cmd":["sh","-c","for d in /v /w; do mkdir -p $d; cd $d; seq 4000 | xargs touch; done"]}'
for condition in removed next-exit; do
	printf 'POST /containers/many/wait?condition=%s HTTP/1.0\r\nHost: k\r\nConnection: close\r\n\r\n' "$condition" |
		kist-api >"$T/$condition" &
	eval "${condition%-*}=\$!"
done
wait_for 5 sh -c "[ \$(ls '$KIST_RUN'/containers/*/*.waiting | wc -l) = 2 ]"
answers 204 POST /containers/many/start
# shellcheck disable=SC2154
wait "$removed"
nothing_left
status 0 kist volume ls -q
[ ! -s "$T/out" ] || fail 'a volume is left'
# shellcheck disable=SC2154
wait "$next"
for condition in removed next-exit; do
	[ "$(tail -n 1 "$T/$condition")" = '{"StatusCode":0}' ] || fail "wait for $condition"
done

# networks, by name and by a part of the ID
answers 201 POST /networks/create '{"Name":"back","Driver":"bridge","IPAM":{"Driver":"default","Config":[{"Subnet":"10.99.7.0/24"}]},"Options":{"com.docker.network.driver.mtu":"1400"}}'
net=$(jq -r .Id <"$T/body")
answers 409 POST /networks/create '{"Name":"back"}'
answers 400 POST /networks/create '{}'
answers 501 POST /networks/create '{"Name":"x","Internal":true}'
message "Internal: kist's networks do not have it"
answers 501 POST /networks/create '{"Name":"x","Driver":"overlay"}'
answers 200 GET /networks
[ "$(jq -r '[.[].Name] | join(" ")' <"$T/body")" = 'back bridge host none' ] || fail 'networks'
answers 200 GET "/networks/$(echo "$net" | cut -c1-12)"
[ "$(jq -r '.Name + " " + .IPAM.Config[0].Subnet' <"$T/body")" = 'back 10.99.7.0/24' ] || fail 'a network'
answers 404 GET /networks/nosuch
answers 403 DELETE /networks/bridge
answers 204 DELETE "/networks/$net"
answers 404 DELETE /networks/back

# volumes
answers 201 POST /volumes/create '{"Name":"data","Labels":{"a":"b"}}'
[ "$(jq -r '.Name + " " + .Labels.a + " " + .Driver' <"$T/body")" = 'data b local' ] || fail 'a new volume'
answers 201 POST /volumes/create
anonymous=$(jq -r .Name <"$T/body")
answers 501 POST /volumes/create '{"Name":"x","Driver":"nfs"}'
answers 501 POST /volumes/create '{"Name":"x","DriverOpts":{"type":"nfs"}}'
answers 400 POST /volumes/create '{"Name":"-"}'
answers 200 GET '/volumes?filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D'
[ "$(jq -c '[.Volumes[].Name, .Warnings]' <"$T/body")" = '["data",[]]' ] || fail 'volumes'
answers 200 GET /volumes/data
answers 404 GET /volumes/nosuch
answers 201 POST '/containers/create?name=c3' '{"Image":"busybox","Cmd":["sleep","100"],"HostConfig":{"NetworkMode":"none","Binds":["data:/data"]}}'
answers 409 DELETE /volumes/data
answers 409 GET /containers/c3/top
answers 204 POST /containers/c3/start
answers 200 GET '/containers/c3/top?ps_args=-o%20pid,args'
[ "$(jq -c '[.Titles, (.Processes | length), .Processes[0][1]]' <"$T/body")" = '[["PID","COMMAND"],1,"sleep 100"]' ] || fail 'top'

# what is used, and what nobody uses
answers 200 GET /system/df
[ "$(jq -c '[(.Images | length), .Images[0].Containers, .Containers[0].Names[0], (.Containers[0].SizeRw >= 0),
	([.Volumes[] | .UsageData.RefCount] | add), (.LayersSize > 0)]' <"$T/body")" = '[1,1,"/c3",true,1,true]' ] || fail 'system df'
answers 200 GET '/system/df?type=volume'
[ "$(jq -c '[.Images, (.Volumes | length)]' <"$T/body")" = '[[],2]' ] || fail 'system df of volumes'
answers 200 POST /containers/prune
[ "$(jq -c . <"$T/body")" = '{"ContainersDeleted":null,"SpaceReclaimed":0}' ] || fail 'a prune of nothing'
answers 200 POST /volumes/prune
[ "$(jq -c .VolumesDeleted <"$T/body")" = "[\"$anonymous\"]" ] || fail 'prune of volumes'
answers 204 POST '/containers/c3/stop?t=0'
answers 200 POST /containers/prune
[ "$(jq -r '(.ContainersDeleted | length | tostring) + " " + (.SpaceReclaimed >= 0 | tostring)' <"$T/body")" = '1 true' ] || fail 'prune of containers'
answers 204 DELETE /volumes/data
answers 404 DELETE /volumes/data
answers 204 DELETE '/volumes/data?force=1'

# images: another name, out, and away
answers 201 POST '/images/busybox/tag?repo=other/name&tag=7'
answers 400 POST '/images/busybox/tag'
answers 404 POST '/images/nosuch/tag?repo=x'
answers 200 GET /images/other/name:7/json
answers 200 GET /images/other/name:7/get
tar -tf "$T/body" >"$T/names" || fail 'a saved image is no archive'
grep -qx index.json "$T/names" || fail 'a saved image'
answers 200 GET '/images/get?names=other%2Fname%3A7&names=busybox'
tar -xOf "$T/body" index.json | jq -e '.manifests | length == 2' >/dev/null || fail 'two saved images'
answers 404 GET '/images/get?names=busybox&names=nosuch'
answers 200 DELETE /images/other/name:7
[ "$(jq -c . <"$T/body")" = '[{"Untagged":"other/name:7"}]' ] || fail 'an untagged image'
answers 404 DELETE /images/nosuch
answers 201 POST '/containers/create?name=c4' '{"Image":"busybox"}'
answers 409 DELETE /images/busybox
answers 204 DELETE /containers/c4
answers 200 POST '/images/prune'
[ "$(jq -c .ImagesDeleted <"$T/body")" = null ] || fail 'prune of named images'
answers 200 POST '/images/prune?filters=%7B%22dangling%22%3A%5B%22false%22%5D%7D'
[ "$(jq -c '[.ImagesDeleted[0].Untagged, .SpaceReclaimed > 100000]' <"$T/body")" = '["busybox:latest",true]' ] || fail 'prune of images'

# what docker's API has and kist does not serve
for what in 'GET /events' 'POST /build' 'GET /containers/x/stats' 'POST /images/a/b/push' 'GET /swarm'; do
	# shellcheck disable=SC2086
	answers 501 $what
done
answers 404 GET /containers/x/nothing

# limits: headers, a body, a path; garbage
python3 - <<'END' | kist-api >"$T/answer"
import sys
sys.stdout.write("GET /_ping HTTP/1.1\r\nHost: k\r\nX: " + "a" * 10000000 + "\r\n\r\n")
END
grep -qE '^HTTP/1.1 (413|431) ' "$T/answer" || fail 'long headers are not refused'
python3 - <<'END' | kist-api >"$T/answer"
import sys
n = 5 << 20
sys.stdout.write("POST /containers/create HTTP/1.1\r\nHost: k\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % n)
sys.stdout.write(" " * n)
END
grep -q '^HTTP/1.1 413 ' "$T/answer" || fail 'a long body is not refused'
python3 - <<'END' | kist-api >"$T/answer"
import sys
sys.stdout.write("POST /containers/create HTTP/1.1\r\nHost: k\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n")
END
grep -q '^HTTP/1.1 400 ' "$T/answer" || fail 'a wrong chunk is not refused'
head -c 100000 /dev/urandom | kist-api >"$T/answer" 2>"$T/err"
: | kist-api >"$T/answer" || fail 'an empty connection is no error'
[ ! -s "$T/answer" ] || fail 'an empty connection is answered'
nothing_left
