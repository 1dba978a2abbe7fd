# SPDX-License-Identifier: Apache-2.0
# run passes on the container's status; 125, 126 and 127 mean what they mean in docker.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
status 0 run --rm busybox true
status 7 run --rm busybox sh -c 'exit 7'
status 137 run --rm busybox sh -c 'sh -c "kill -9 \$\$"; exit $?'
status 127 run --rm busybox nosuch
complains 'exec: "nosuch": executable file not found in $PATH'
status 127 run --rm busybox /no/such
complains '/no/such'
status 126 run --rm busybox /etc/passwd
complains 'exec: "/etc/passwd": permission denied'
status 126 run --rm busybox /etc
mkdir scripts
printf '#!/no/interpreter\n' >scripts/s
chmod 755 scripts/s
status 127 run --rm -v "$T/scripts:/s" busybox /s/s
complains '/no/interpreter'
status 125 run --nosuch busybox
complains 'unknown flag: --nosuch'
status 125 run -m 10x busybox
complains 'invalid argument "10x" for "-m, --memory" flag: invalid size: '"'10x'"
status 125 run -m 1m busybox
complains 'Minimum memory limit allowed is 6MB'
status 125 run --gpus all busybox
complains '"--gpus" flag'
status 125 run --name 'a b' busybox
complains 'Invalid container name (a b)'
status 125 kist run --network nosuch busybox
complains 'network nosuch not found'
status 125 run BUSYBOX
complains 'invalid reference format: repository name (library/BUSYBOX) must be lowercase'
status 125 run --pull never nosuch
complains 'No such image: nosuch:latest'
status 125 run -u nobody-knows busybox true
complains 'unable to find user nobody-knows: no matching entries in passwd file'
status 125 run --restart always --rm busybox
complains 'Conflicting options: --restart and --rm'
status 1 kist create --name 'a b' busybox
status 1 kist rm
complains '"kist rm" requires at least 1 argument.'
status 1 kist nosuch
complains "kist: 'nosuch' is not a kist command."
kist >out 2>err || fail 'kist alone is no success'
[ ! -s out ] || fail 'kist alone writes to stdout'
complains 'Usage:  kist'
# what could not be started stays, without --rm, as created
status 127 run --name left busybox nosuch
status 0 kist inspect -f '{{.State.Status}} {{.State.ExitCode}}' left
says 'created 127'
status 0 kist rm left
# without permission
chmod 755 "$T"
need setpriv
status 1 setpriv --reuid 65534 --clear-groups kist ps
complains 'Permission denied'
nothing_left
