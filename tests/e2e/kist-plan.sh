# SPDX-License-Identifier: Apache-2.0
# kist --plan prints a script of the small tools and runs nothing; the script gives the same result.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
# the command, then the script of the same command
both() {
	want=$1
	shift
	status "$want" "$@"
	cp out out.done
	shift
	kist --plan "$@" >script || fail "--plan $*"
	[ -z "$(kist ps -aq)" ] || fail '--plan made a container'
	status "$want" sh script
	cmp -s out out.done || fail "the script's output differs: $*"
}
set -- run --rm --net none
both 0 kist "$@" busybox echo "it's" '$HOME' 'a  b'
both 7 kist "$@" -e A=1 -w /tmp -u user -h box busybox sh -c 'env | sort; pwd; id; hostname; exit 7'
both 127 kist "$@" busybox nosuch
both 126 kist "$@" busybox /etc/passwd
both 0 kist "$@" --read-only -m 64m --cap-drop ALL --tmpfs /t -v "$T/h:/h" busybox sh -c 'grep Cap /proc/self/status; ls -d /t /h'
for tool in 'kist-store create' kist-spec kist-monitor; do
	grep -q "$tool" script || fail "$tool is not in the script"
done
both 0 kist "$@" -v named:/etc busybox cat /etc/group
kist volume rm named >/dev/null
echo hi | kist "$@" -i busybox cat >out.done
kist --plan "$@" -i busybox cat >script
echo hi | sh script >out
check 'the same through stdin' cmp out out.done
nothing_left
# detached, and what ends it
kist --plan run -d --net none --name planned busybox sleep 1000 >script
status 0 sh script
id=$(cat out)
status 0 kist ps --no-trunc -q
says "$id"
kist --plan exec planned echo inside >script
status 0 sh script
says inside
kist --plan stop -t 1 planned >script
status 0 sh script
status 0 kist inspect -f '{{.State.Status}} {{.State.ExitCode}}' planned
says 'exited 137'
kist --plan start planned >script
status 0 sh script
status 0 kist ps -q
[ -s out ] || fail 'start by script'
kist --plan rm -f planned >script
status 0 sh script
nothing_left
# a failure undoes what was done
kist --plan run --net none -u nobody-knows busybox true >script
status 125 sh script
complains 'unable to find user nobody-knows'
# an image that is not here yet: the script pulls it, and then makes the rest of the plan
start_registry
umoci tag --image "$LAYOUT:busybox" volumes >/dev/null || fail 'umoci tag'
umoci config --image "$LAYOUT:volumes" --config.volume /data --config.user user >/dev/null || fail 'umoci config'
push_busybox plain:1
skopeo copy -q --dest-tls-verify=false "oci:$LAYOUT:volumes" "docker://$REGISTRY/volumes:1" || fail 'skopeo copy'
mkdir empty
KIST_ROOT=$T/empty/root KIST_RUN=$T/empty/run kist --plan run --rm --net none "$REGISTRY/plain:1" echo pulled >script
[ -z "$(ls empty)" ] || fail '--plan made a store'
status 0 sh script
says pulled
KIST_ROOT=$T/empty/root KIST_RUN=$T/empty/run kist --plan run --rm --net none "$REGISTRY/volumes:1" id -un >script
status 0 sh script
says user
KIST_ROOT=$T/empty/root KIST_RUN=$T/empty/run kist --plan run --rm --pull always --net none "$REGISTRY/volumes:1" id -un >script
status 0 sh script
says user
[ -z "$(KIST_ROOT=$T/empty/root KIST_RUN=$T/empty/run kist volume ls -q)" ] || fail 'the anonymous volume stayed'
status 0 kist --plan pull 127.0.0.1:1/x:2
says 'kist-pull'
status 1 kist --plan ps
complains 'only looks'
nothing_left
