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

# who waits for a removal is answered when it is over: directory, volume and what it had in RUN
answers 201 POST '/containers/create?name=many' '{"Image":"busybox","Volumes":{"/v":{}},"HostConfig":{"NetworkMode":"none","AutoRemove":true},
	"Cmd":["sh","-c","for d in /v /w; do mkdir -p $d; cd $d; seq 4000 | xargs touch; done"]}'
for condition in removed next-exit; do
	mkdir "$T/$condition"
	(T=$T/$condition; request POST "/containers/many/wait?condition=$condition") &
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
	[ "$(cat "$T/$condition/body")" = '{"StatusCode":0}' ] || fail "wait for $condition"
done

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
